package chart

import (
	"math"
	"syscall/js"
)

// A surface is a canvas that is sharp on any screen.
type surface struct {
	canvas, ctx   js.Value
	width, height float64 // CSS pixels
}

func newSurface(canvas js.Value) surface {
	s := surface{canvas: canvas, ctx: canvas.Call("getContext", "2d")}
	s.Resize()
	return s
}

// Resize takes the size the page gives the canvas.
func (s *surface) Resize() {
	ratio := js.Global().Get("devicePixelRatio").Float()
	s.width, s.height = s.canvas.Get("clientWidth").Float(), s.canvas.Get("clientHeight").Float()
	s.canvas.Set("width", math.Round(s.width*ratio))
	s.canvas.Set("height", math.Round(s.height*ratio))
	s.ctx.Call("setTransform", ratio, 0, 0, ratio, 0, 0)
	s.ctx.Set("font", "11px system-ui, sans-serif")
}

func (s *surface) clear() {
	s.ctx.Call("clearRect", 0, 0, s.width, s.height)
}

func (s *surface) segment(x0, y0, x1, y1 float64) {
	s.ctx.Call("beginPath")
	s.ctx.Call("moveTo", x0, y0)
	s.ctx.Call("lineTo", x1, y1)
	s.ctx.Call("stroke")
}

func (s *surface) dot(x, y, radius float64, colour string) {
	s.ctx.Set("fillStyle", colour)
	s.ctx.Call("beginPath")
	s.ctx.Call("arc", x, y, radius, 0, 2*math.Pi)
	s.ctx.Call("fill")
}

func (s *surface) text(text string, x, y float64, colour, align string) {
	s.ctx.Set("fillStyle", colour)
	s.ctx.Set("textAlign", align)
	s.ctx.Call("fillText", text, x, y)
}

func (s *surface) gradient(top, bottom string) js.Value {
	g := s.ctx.Call("createLinearGradient", 0, 0, 0, s.height)
	g.Call("addColorStop", 0, top)
	g.Call("addColorStop", 1, bottom)
	return g
}
