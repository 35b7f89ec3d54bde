// Package tide computes water levels from harmonic constituents, as tide
// tables do: each constituent is a cosine with its own speed, and the level
// is their sum over the mean.
package tide

import "math"

// A Constituent is one cosine of a station's tide.
type Constituent struct {
	Speed     float64 // degrees per hour
	Amplitude float64 // metres
	Phase     float64 // degrees
}

// A Station is a place with a tide of its own.
type Station struct {
	Name         string
	Mean         float64 // metres above chart datum
	Constituents []Constituent
}

// Height returns the astronomical level in metres at an hour since the epoch
// of the tables.
func (s *Station) Height(hour float64) float64 {
	height := s.Mean
	for _, c := range s.Constituents {
		height += c.Amplitude * math.Cos((c.Speed*hour-c.Phase)*math.Pi/180)
	}
	return height
}

// An Extreme is a high or a low water.
type Extreme struct {
	Hour   float64
	Height float64 // metres
	High   bool
}

// step is the distance of two samples of a curve in hours.
const step = 1.0 / 6

// Predict samples the level between two hours and finds the high and low
// waters among the samples.
func (s *Station) Predict(from, to float64) (*Curve, []Extreme) {
	curve := &Curve{From: from}
	for hour := from; hour <= to; hour += step {
		curve.Heights = append(curve.Heights, s.Height(hour))
	}
	var extremes []Extreme
	for i := 1; i < len(curve.Heights)-1; i++ {
		before, here, after := curve.Heights[i-1], curve.Heights[i], curve.Heights[i+1]
		if (here > before) == (here >= after) {
			extremes = append(extremes, Extreme{from + float64(i)*step, here, here > before})
		}
	}
	return curve, extremes
}
