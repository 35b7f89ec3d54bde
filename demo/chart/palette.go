package chart

import (
	"strings"
	"syscall/js"
)

// A Palette holds the colours of the page's theme as CSS colours.
type Palette struct {
	text, dim, grid, line, shallow, deep, accent string
}

// ReadPalette takes the colours from the custom properties of an element.
func ReadPalette(element js.Value) Palette {
	style := js.Global().Call("getComputedStyle", element)
	get := func(name string) string {
		return strings.TrimSpace(style.Call("getPropertyValue", name).String())
	}
	return Palette{
		text:    get("--text"),
		dim:     get("--dim"),
		grid:    get("--grid"),
		line:    get("--water-line"),
		shallow: get("--water-shallow"),
		deep:    get("--water-deep"),
		accent:  get("--accent"),
	}
}
