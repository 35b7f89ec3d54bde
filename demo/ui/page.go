// Package ui is the program's side of the page: elements, events, frames.
package ui

import "syscall/js"

// A Page hands out elements and remembers what it registered on them.
type Page struct {
	document js.Value
	release  []func()
}

// NewPage returns the page the program runs in.
func NewPage() *Page {
	return &Page{document: js.Global().Get("document")}
}

// Find returns the first element for a CSS selector.
func (p *Page) Find(selector string) js.Value {
	return p.document.Call("querySelector", selector)
}

// All returns the elements for a CSS selector.
func (p *Page) All(selector string) []js.Value {
	list := p.document.Call("querySelectorAll", selector)
	all := make([]js.Value, list.Length())
	for i := range all {
		all[i] = list.Index(i)
	}
	return all
}

// Add appends a new element to a parent.
func (p *Page) Add(parent js.Value, tag, class, text string) js.Value {
	element := p.document.Call("createElement", tag)
	element.Set("className", class)
	SetText(element, text)
	parent.Call("append", element)
	return element
}

// On calls handle for each event until Release.
func (p *Page) On(target js.Value, event string, handle func(event js.Value)) {
	listener := js.FuncOf(func(_ js.Value, args []js.Value) any {
		handle(args[0])
		return nil
	})
	target.Call("addEventListener", event, listener)
	p.release = append(p.release, func() {
		target.Call("removeEventListener", event, listener)
		listener.Release()
	})
}

// OnInput calls handle with the number of a slider, now and at each change.
func (p *Page) OnInput(slider js.Value, handle func(value float64)) {
	handle(slider.Get("valueAsNumber").Float())
	p.On(slider, "input", func(js.Value) { handle(slider.Get("valueAsNumber").Float()) })
}

// Animate calls frame before each repaint, with the page's seconds.
func (p *Page) Animate(frame func(seconds float64)) {
	var id js.Value
	var next js.Func
	next = js.FuncOf(func(_ js.Value, args []js.Value) any {
		id = js.Global().Call("requestAnimationFrame", next)
		frame(args[0].Float() / 1000)
		return nil
	})
	id = js.Global().Call("requestAnimationFrame", next)
	p.release = append(p.release, func() {
		js.Global().Call("cancelAnimationFrame", id)
		next.Release()
	})
}

// After calls do once, in some milliseconds. The browser keeps the timer: it
// does not end with the program.
func After(milliseconds int, do func()) {
	var once js.Func
	once = js.FuncOf(func(js.Value, []js.Value) any {
		once.Release()
		do()
		return nil
	})
	js.Global().Call("setTimeout", once, milliseconds)
}

// Release takes back everything that was registered on the page.
func (p *Page) Release() {
	for _, release := range p.release {
		release()
	}
	p.release = nil
}
