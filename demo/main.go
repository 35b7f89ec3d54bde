// Demo is Tides, a board of the water levels along a small coast. The page
// starts it; it ends when the page closes it, or by one of the mistakes it
// makes on request (see mistakes.go).
package main

import (
	"os"
	"syscall/js"

	"example.com/demo/ui"
)

func main() {
	// The page may name the settings to begin with.
	store := "settings"
	if len(os.Args) > 1 {
		store = os.Args[1]
	}
	h := newHarbour(ui.NewPage())
	h.restore(store)
	if err := h.open("stations.json"); err != nil {
		h.say("The stations could not be loaded: " + err.Error())
		return
	}
	defer h.close()
	h.run()
}

// restore takes up the settings of the last visit.
func (h *harbour) restore(store string) {
	settings := ui.LoadSettings(js.Global().Get("tides").Get(store))
	h.feet, h.selected = settings.Feet, settings.Station
}
