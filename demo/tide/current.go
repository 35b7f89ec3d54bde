package tide

// A Current is a stream of water fed by another one.
type Current struct {
	Name string
	From *Current
}

// Source follows a current to where it rises. Currents that feed each other
// in a circle have no source, and nobody looks for that here.
func (c *Current) Source() *Current { // FAIL stack-overflow
	if c.From == nil {
		return c
	}
	return c.From.Source()
}

// A Wave is one of a train of waves.
type Wave struct {
	Height float64 // metres
	Next   *Wave
}

// Train returns the first of n waves that grow smaller.
func Train(n int) *Wave {
	var first *Wave
	for i := n; i > 0; i-- {
		first = &Wave{Height: 1 / float64(i), Next: first}
	}
	return first
}

// Energy sums the energy of a wave and of all that follow it. The end of the
// train was forgotten: behind the last wave there is no wave to ask. It is not
// inlined into itself, so that each wave has a frame.
//
//go:noinline
func (w *Wave) Energy() float64 {
	own := w.Height * w.Height // FAIL deep-recursion
	return own + w.Next.Energy()
}
