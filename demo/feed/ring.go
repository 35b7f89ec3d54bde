package feed

import "unsafe"

// A Ring keeps the newest levels of a gauge. It reads its slots through a
// pointer to save the bounds check, so the caller must keep to the ring.
type Ring struct {
	slots []float32
	next  int
	full  bool
}

// NewRing returns a ring of n slots.
func NewRing(n int) *Ring {
	return &Ring{slots: make([]float32, n)}
}

// Push forgets the oldest level when the ring is full.
func (r *Ring) Push(level float64) {
	r.slots[r.next] = float32(level)
	r.next++
	if r.next == len(r.slots) {
		r.next, r.full = 0, true
	}
}

// Len returns how many levels there are.
func (r *Ring) Len() int {
	if r.full {
		return len(r.slots)
	}
	return r.next
}

// Ago returns the level that was pushed n pushes ago; 0 is the newest.
func (r *Ring) Ago(n int) float64 {
	slot := r.next - 1 - n
	if slot < 0 {
		slot += len(r.slots)
	}
	return r.read(slot)
}

//go:noinline
func (r *Ring) read(slot int) float64 {
	return float64(*(*float32)(unsafe.Add(unsafe.Pointer(&r.slots[0]), slot*4))) // FAIL out-of-bounds
}
