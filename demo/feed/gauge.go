package feed

import (
	"context"
	"math"
	"math/rand"
	"strconv"
	"time"

	"example.com/demo/tide"
)

// A Reading is what a gauge measured.
type Reading struct {
	Station int     // index of the station
	Hour    float64 // simulated hour
	Level   float64 // metres
}

// A Gauge measures the level of one station.
type Gauge struct {
	Index   int
	Station *tide.Station
	Clock   *Clock
	Wind    *Wind
}

// Run sends a reading at each tick until the context ends.
func (g *Gauge) Run(ctx context.Context, every time.Duration, out chan<- Reading) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	surge := 0.0
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		// Wind drives the level off the prediction; it comes back by itself.
		surge += (rand.Float64()-0.5)*g.Wind.Speed()*0.01 - surge*0.06
		hour := g.Clock.Now()
		select {
		case out <- Reading{g.Index, hour, g.Station.Height(hour) + surge}:
		case <-ctx.Done():
			return
		}
	}
}

// A PhaseError tells of a phase that is none.
type PhaseError struct {
	Text string
}

func (e *PhaseError) Error() string {
	return "feed: phase " + strconv.Quote(e.Text) + " is not between 0 and 360 degrees"
}

// MustPhase reads a phase in degrees. It is meant for phases written in the
// program and panics on anything else.
func MustPhase(text string) float64 {
	phase, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(phase) || phase < 0 || phase >= 360 {
		panic(&PhaseError{text}) // FAIL custom-panic
	}
	return phase
}

// A Report is what a buoy tells about itself, as it came from the wire.
type Report map[string]any

// Swell returns the height of the swell in metres. It trusts the buoy to send
// a number.
func (r Report) Swell() float64 {
	return r["swell"].(float64) // FAIL type-assertion
}
