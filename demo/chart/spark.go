package chart

import (
	"math"
	"syscall/js"

	"example.com/demo/feed"
)

// A Spark is the small picture of a station: its newest levels.
type Spark struct {
	surface
}

// NewSpark returns a spark on a canvas.
func NewSpark(canvas js.Value) *Spark {
	return &Spark{newSurface(canvas)}
}

// Draw paints the levels of a ring, the newest at the right.
func (s *Spark) Draw(levels *feed.Ring, slots int, p Palette) {
	s.clear()
	if levels.Len() < 2 {
		return
	}
	low, high := math.Inf(1), math.Inf(-1)
	for i := 0; i < levels.Len(); i++ {
		level := levels.Ago(i)
		low, high = math.Min(low, level), math.Max(high, level)
	}
	// A calm hour is a flat line, not a stretched one.
	middle, span := (low+high)/2, math.Max(high-low, 0.5)
	s.ctx.Call("beginPath")
	for i := 0; i < levels.Len(); i++ {
		x := s.width - 3 - float64(i)*(s.width-6)/float64(slots-1)
		y := s.height/2 - (levels.Ago(i)-middle)/span*(s.height-10)
		s.ctx.Call("lineTo", x, y)
	}
	s.ctx.Set("lineWidth", 1.5)
	s.ctx.Set("lineJoin", "round")
	s.ctx.Set("strokeStyle", p.line)
	s.ctx.Call("stroke")
	s.dot(s.width-3, s.height/2-(levels.Ago(0)-middle)/span*(s.height-10), 2.5, p.accent)
}
