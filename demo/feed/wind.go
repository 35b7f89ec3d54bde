package feed

import (
	"math"
	"sync/atomic"
)

// Wind is shared by all gauges and changed by a slider.
type Wind struct {
	bits atomic.Uint64
}

// Speed returns metres per second.
func (w *Wind) Speed() float64 {
	return math.Float64frombits(w.bits.Load())
}

// Set changes the speed, in metres per second.
func (w *Wind) Set(speed float64) {
	w.bits.Store(math.Float64bits(speed))
}
