package main

import (
	"os"
	"syscall/js"
	"time"
	"unsafe"

	"example.com/demo/feed"
	"example.com/demo/tide"
	"example.com/demo/ui"
)

// arm registers the buttons of "Make it fail". Each does something a harbour
// might do, with a mistake in it. The comment FAIL stands on the line that fails.
func (h *harbour) arm() {
	mistakes := map[string]func(){
		"nil-map":              h.signVisitor,
		"nil-pointer":          h.askUnknownStation,
		"index":                h.lookPastTheEnd,
		"divide":               h.averageNothing,
		"type-assertion":       h.readBuoy,
		"custom-panic":         h.plan,
		"after-sleep":          h.signLater,
		"deep-recursion":       h.measureWaves,
		"panic-in-callback":    h.nameBerths,
		"js-getter-throws":     h.borrowSettings,
		"js-setter-throws":     h.meterOfPuddle,
		"out-of-bounds":        h.replay,
		"unreachable":          h.inspect,
		"bad-table-index":      h.flash,
		"stack-overflow":       h.followCurrent,
		"fatal-error":          h.rewind,
		"deadlock-in-callback": h.askMaster,
		"after-exit":           h.sayGoodnight,
		"exit-code":            h.checkItself,
		"exit-zero":            h.closeForToday,
		"console":              h.reportDrift,
		"bridge":               h.countWaves,
		"handles":              h.hoistFlags,
	}
	for _, button := range h.page.All("[data-failure]") {
		// Some buttons are the page's own: see main.js.
		if do, ok := mistakes[button.Get("dataset").Get("failure").String()]; ok {
			h.page.On(button, "click", func(js.Value) { do() })
		}
	}
}

// signVisitor writes into the visitors' book, which nobody made with New.
func (h *harbour) signVisitor() {
	b := h.berths[h.selected]
	h.visitors.Record(b.station.Name, h.clock.Now(), "A visitor came")
}

// signLater does the same after a sleep, in a goroutine of its own.
func (h *harbour) signLater() {
	go func() {
		time.Sleep(200 * time.Millisecond)
		h.signVisitor()
	}()
}

// askUnknownStation looks for a station that is not there and uses its curve.
func (h *harbour) askUnknownStation() {
	low, high := h.curveOf("Atlantis").Range()
	h.say(ui.Level(low, h.feet) + " to " + ui.Level(high, h.feet))
}

func (h *harbour) curveOf(name string) *tide.Curve {
	for _, b := range h.berths {
		if b.station.Name == name {
			return b.curve
		}
	}
	return nil
}

// lookPastTheEnd reads the sample after the last one.
func (h *harbour) lookPastTheEnd() {
	curve, _ := h.berths[h.selected].station.Predict(0, 23.9)
	h.say(ui.Level(curve.Sample(len(curve.Heights)), h.feet))
}

// averageNothing asks for the mean of no samples.
func (h *harbour) averageNothing() {
	curve, _ := h.berths[h.selected].station.Predict(0, 24)
	window := int(h.asked) - int(h.asked)
	h.say(ui.Level(float64(curve.MeanOfLast(window))/100, h.feet))
}

// readBuoy reads a buoy that sends its swell with a unit.
func (h *harbour) readBuoy() {
	report := feed.Report{"buoy": "North Light", "swell": "1.8 m"}
	h.say(ui.Level(report.Swell(), h.feet))
}

// plan makes a station with a phase written in hours.
func (h *harbour) plan() {
	planned := &tide.Station{Name: "New Pier", Mean: 2}
	for _, phase := range []string{"40", "72.5", "7 o'clock"} {
		planned.Constituents = append(planned.Constituents, tide.Constituent{
			Speed:     28.984,
			Amplitude: 1,
			Phase:     feed.MustPhase(phase),
		})
	}
	h.say(planned.Name)
}

// measureWaves sums the energy of two thousand waves and of one more.
func (h *harbour) measureWaves() {
	h.say(ui.Level(tide.Train(2000).Energy(), h.feet))
}

// nameBerths gives a berth to each boat. There are more boats than berths.
func (h *harbour) nameBerths() {
	boats := js.ValueOf([]any{"Anna", "Bosun", "Clio", "Dory", "Emma", "Fulmar", "Grebe"})
	ui.Each(boats, func(i int, boat js.Value) {
		berth := h.berths[i] // FAIL panic-in-callback
		h.log.Record(berth.station.Name, h.clock.Now(), boat.String()+" made fast")
	})
}

// borrowSettings reads settings that another tab has locked.
func (h *harbour) borrowSettings() {
	h.restore("lockedSettings")
}

// meterOfPuddle shows a tide that neither rises nor falls.
func (h *harbour) meterOfPuddle() {
	puddle := tide.Station{Name: "Puddle", Mean: 0.1}
	curve, _ := puddle.Predict(0, 24)
	low, high := curve.Range()
	ui.SetMeter(h.page.Find("#fill"), puddle.Height(12), low, high)
}

// replay asks a ring for a level from before there were gauges.
func (h *harbour) replay() {
	oldest := h.berths[h.selected].levels.Ago(-1 << 29)
	h.say(ui.Level(oldest, h.feet))
}

// inspect was used to debug the chart.
func (h *harbour) inspect() {
	h.chart.Resize()
	h.chart.Inspect()
}

// A beacon shows a light in its own rhythm.
type beacon struct {
	rhythm func() int
}

// light runs the beacon's rhythm.
//
//go:noinline
func (b *beacon) light() int {
	return b.rhythm() // FAIL bad-table-index
}

// flash runs a beacon whose rhythm was overwritten by something else.
func (h *harbour) flash() {
	storm := ^uintptr(0) >> 1
	overwritten := &storm
	b := beacon{rhythm: *(*func() int)(unsafe.Pointer(&overwritten))}
	h.say(ui.Level(float64(b.light()), h.feet))
}

// followCurrent asks where a current rises that flows in a circle.
func (h *harbour) followCurrent() {
	north, south := &tide.Current{Name: "North"}, &tide.Current{Name: "South"}
	north.From, south.From = south, north
	h.say(north.Source().Name)
}

// rewind sets the clock back to before its first hour.
func (h *harbour) rewind() {
	h.clock.Rewind(1e6)
}

// askMaster leaves the harbour and waits for the master's word, in a callback.
func (h *harbour) askMaster() {
	h.leave()
	h.say(feed.Ask("stations.json").Wait())
}

// sayGoodnight ends the program while the browser still has a timer for it.
func (h *harbour) sayGoodnight() {
	ui.After(700, func() { h.say("Good night") })
	close(h.quit)
}

// checkItself finds a fault and ends with its own exit code.
func (h *harbour) checkItself() {
	faults := 0
	for _, b := range h.berths {
		if b.station.Height(0) < 100 {
			faults++
		}
	}
	if faults > 0 {
		os.Exit(3) // FAIL exit-code
	}
}

// closeForToday ends the program the way it should end.
func (h *harbour) closeForToday() {
	close(h.quit)
}

// reportDrift tells the console of a buoy that has broken loose. Nothing fails: the error is there for its stack.
func (h *harbour) reportDrift() {
	drift := js.Global().Get("Error").New("A buoy has broken loose") // HERE console
	js.Global().Get("console").Call("error", drift)
}

// countWaves looks for the highest wave in a record of the page's, one sample at a time. Nothing fails: it is slow, for each
// sample crosses to JavaScript and back, and so does its length.
func (h *harbour) countWaves() {
	record := js.Global().Get("Float64Array").New(8192)
	highest := 0.0
	for i := 0; i < record.Length(); i++ {
		if wave := record.Index(i).Float(); wave > highest { // HERE bridge
			highest = wave
		}
	}
	h.say(writeDown(js.Global().Get("JSON").Call("stringify", record).String()))
}

// hoistFlags takes the signal flags in and hoists others. Nothing fails, and nothing is ever given back: nobody releases the listeners of
// flags that are gone, and h.flags keeps the flags themselves.
func (h *harbour) hoistFlags() {
	mast := h.page.Find("#mast")
	mast.Set("textContent", "")
	for _, letter := range "TIDE" {
		flag := h.page.Add(mast, "button", "flag", string(letter))
		flag.Call("addEventListener", "click", js.FuncOf(func(js.Value, []js.Value) any { // HERE handles
			h.say("Flag " + string(letter))
			return nil
		}))
		h.flags = append(h.flags, flag)
	}
}

// writeDown sends a record back as the text that it came as, and a picture of it ten times over.
func writeDown(text string) string {
	record := js.Global().Get("JSON").Call("parse", text)
	picture := make([]byte, 4*len(text))
	shown := js.Global().Get("Uint8Array").New(len(picture))
	for range 10 {
		js.CopyBytesToJS(shown, picture)
	}
	if record.Get("0").Float() > 0 {
		return "A wave was worth writing down"
	}
	return "No wave was worth writing down"
}
