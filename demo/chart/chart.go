// Package chart draws water levels on a 2D canvas.
package chart

import (
	"math"
	"runtime"
	"syscall/js"

	"example.com/demo/tide"
	"example.com/demo/ui"
)

// A Chart is the large picture of one station: a day of its tide.
type Chart struct {
	surface
}

// A View is what the chart shows.
type View struct {
	Curve    *tide.Curve
	Extremes []tide.Extreme
	Now      float64 // simulated hour
	Level    float64 // metres, as measured
	Feet     bool
	Seconds  float64 // time of the page; moves the ripples
}

// The chart begins some hours before now and ends some hours after it.
const (
	hoursBefore = 7.0
	hoursAfter  = 17.0
)

// Room for the labels above the highest level and below the water, in pixels.
const (
	head = 30.0
	foot = 24.0
)

// New returns a chart on a canvas.
func New(canvas js.Value) *Chart {
	return &Chart{newSurface(canvas)}
}

// frame maps hours and metres to pixels.
type frame struct {
	from, perHour   float64
	bottom, perUnit float64
}

func (f frame) x(hour float64) float64   { return (hour - f.from) * f.perHour }
func (f frame) y(metres float64) float64 { return f.bottom - metres*f.perUnit }

// Draw paints the view.
func (c *Chart) Draw(v View, p Palette) {
	c.clear()
	low, high := v.Curve.Range()
	low, high = math.Min(0, math.Floor(low-0.4)), high+0.2
	f := frame{from: v.Now - hoursBefore, perHour: c.width / (hoursBefore + hoursAfter)}
	f.perUnit = (c.height - head - foot) / (high - low)
	f.bottom = c.height - foot + low*f.perUnit
	c.grid(f, v, p, low, high)
	c.water(f, v, p)
	c.extremes(f, v, p)
	c.now(f, v, p)
}

// grid draws lines at full metres and every third hour.
func (c *Chart) grid(f frame, v View, p Palette, low, high float64) {
	c.ctx.Set("lineWidth", 1)
	c.ctx.Set("strokeStyle", p.grid)
	for metres := low + 1; metres < high; metres++ {
		y := math.Round(f.y(metres)) + 0.5
		c.segment(0, y, c.width, y)
	}
	every := 3.0
	if c.width < 520 {
		every = 6
	}
	for hour := math.Ceil(f.from/every) * every; hour < f.from+hoursBefore+hoursAfter; hour += every {
		if x := f.x(hour); x > 18 && x < c.width-18 {
			c.text(ui.Time(hour), x, c.height-8, p.dim, "center")
		}
	}
}

// water fills the area under the curve, with two lighter ripples in it.
func (c *Chart) water(f frame, v View, p Palette) {
	for layer := 0; layer < 3; layer++ {
		sink, swing := float64(layer)*14, float64(layer)*2.2
		c.ctx.Call("beginPath")
		c.ctx.Call("moveTo", 0, c.height-foot)
		for x := 0.0; x <= c.width+5; x += 8 {
			ripple := swing * math.Sin(x/46+v.Seconds*0.7+float64(layer)*2)
			y := f.y(v.Curve.At(f.from+x/f.perHour)) + sink + ripple
			c.ctx.Call("lineTo", x, math.Min(y, c.height-foot))
		}
		c.ctx.Call("lineTo", c.width, c.height-foot)
		c.ctx.Set("fillStyle", c.gradient(p.shallow, p.deep))
		c.ctx.Set("globalAlpha", 0.62)
		c.ctx.Call("fill")
	}
	c.ctx.Set("globalAlpha", 1)
	c.ctx.Call("beginPath")
	for x := -2.0; x <= c.width+5; x += 5 {
		c.ctx.Call("lineTo", x, f.y(v.Curve.At(f.from+x/f.perHour)))
	}
	c.ctx.Set("lineWidth", 2)
	c.ctx.Set("strokeStyle", p.line)
	c.ctx.Call("stroke")
}

// extremes marks high and low waters with level and time.
func (c *Chart) extremes(f frame, v View, p Palette) {
	for _, e := range v.Extremes {
		x, y := f.x(e.Hour), f.y(e.Height)
		if x < 28 || x > c.width-28 {
			continue
		}
		c.dot(x, y, 3, p.line)
		above := -24.0
		if !e.High {
			above = -26
		}
		c.text(ui.Level(e.Height, v.Feet), x, y+above, p.text, "center")
		c.text(ui.Time(e.Hour), x, y+above+14, p.dim, "center")
	}
}

// now marks the measured level.
func (c *Chart) now(f frame, v View, p Palette) {
	x, y := math.Round(f.x(v.Now))+0.5, f.y(v.Level)
	c.ctx.Set("lineWidth", 1)
	c.ctx.Set("strokeStyle", p.accent)
	c.segment(x, 6, x, c.height-foot)
	c.dot(x, y, 6, p.accent)
}

// Inspect stops a debugger at the chart's state. It was not taken out before
// the release, and on wasm it is a trap.
func (c *Chart) Inspect() {
	if c.width >= 0 {
		runtime.Breakpoint() // FAIL unreachable
	}
}
