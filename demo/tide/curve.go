package tide

// A Curve is a level sampled six times an hour.
type Curve struct {
	From    float64   // hour of the first sample
	Heights []float64 // metres
}

// Hour returns the hour of a sample.
func (c *Curve) Hour(i int) float64 {
	return c.From + float64(i)*step
}

// Sample returns the level of a sample in metres.
func (c *Curve) Sample(i int) float64 {
	return c.Heights[i] // FAIL index
}

// At returns the level at an hour, between the two samples around it. Before
// and after the curve it is the level of the nearest end.
func (c *Curve) At(hour float64) float64 {
	x := (hour - c.From) / step
	last := len(c.Heights) - 1
	switch i := int(x); {
	case x <= 0:
		return c.Sample(0)
	case i >= last:
		return c.Sample(last)
	default:
		low, high := c.Sample(i), c.Sample(i+1)
		return low + (high-low)*(x-float64(i))
	}
}

// Range returns the lowest and the highest level.
func (c *Curve) Range() (low, high float64) {
	for i, height := range c.Heights { // FAIL nil-pointer
		if i == 0 || height < low {
			low = height
		}
		if i == 0 || height > high {
			high = height
		}
	}
	return low, high
}

// MeanOfLast returns the mean level of the last n samples in centimetres.
func (c *Curve) MeanOfLast(n int) int {
	sum := 0
	for _, height := range c.Heights[len(c.Heights)-n:] {
		sum += int(height * 100)
	}
	return sum / n // FAIL divide
}
