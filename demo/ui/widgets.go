package ui

import (
	"math"
	"strconv"
	"syscall/js"
)

// SetText changes an element's text, if it is another one.
func SetText(element js.Value, text string) {
	if element.Get("textContent").String() != text {
		element.Set("textContent", text)
	}
}

// SetMeter shows where a value lies between two others. With no room between
// them that is not a number, which a <meter> does not take.
func SetMeter(meter js.Value, value, low, high float64) {
	meter.Set("value", (value-low)/(high-low)) // FAIL js-setter-throws
}

// Each calls visit for every item of a JavaScript array, by its forEach.
func Each(list js.Value, visit func(i int, item js.Value)) {
	callback := js.FuncOf(func(_ js.Value, args []js.Value) any {
		visit(args[1].Int(), args[0])
		return nil
	})
	defer callback.Release()
	list.Call("forEach", callback)
}

// Settings are kept by the page for the next time.
type Settings struct {
	Feet    bool
	Station int
}

// LoadSettings reads settings out of the page's store.
func LoadSettings(store js.Value) Settings {
	return Settings{
		Feet:    get(store, "units").String() == "feet",
		Station: get(store, "station").Int(),
	}
}

// get is one line, and so inlined.
func get(store js.Value, name string) js.Value {
	return store.Get(name) // FAIL js-getter-throws
}

// Level writes a level in metres or feet.
func Level(metres float64, feet bool) string {
	if feet {
		return strconv.FormatFloat(metres/0.3048, 'f', 1, 64) + " ft"
	}
	return strconv.FormatFloat(metres, 'f', 2, 64) + " m"
}

// Time writes an hour as the time of the day.
func Time(hour float64) string {
	minutes := int(math.Mod(hour, 24)*60 + 0.5)
	return strconv.Itoa(100 + minutes/60%24)[1:] + ":" + strconv.Itoa(100 + minutes%60)[1:]
}
