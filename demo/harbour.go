package main

import (
	"context"
	"strconv"
	"sync"
	"syscall/js"
	"time"

	"example.com/demo/chart"
	"example.com/demo/feed"
	"example.com/demo/logbook"
	"example.com/demo/tide"
	"example.com/demo/ui"
)

const (
	gaugePeriod = 250 * time.Millisecond
	framePeriod = 0.03 // seconds
	workers     = 3
	sparkSlots  = 64
	logLines    = 4
	// A prediction reaches this far around the hour it was asked at.
	hoursBack, hoursAhead = 12.0, 30.0
	// Predictions are renewed this often, in simulated hours.
	renewEvery = 4.0
)

// A harbour is the whole program: its data, and the page that shows them.
//
// Callbacks from the page and run use its fields without a lock: wasm has one
// thread, and neither of them blocks while it is in the middle of a change.
type harbour struct {
	page     *ui.Page
	clock    *feed.Clock
	wind     feed.Wind
	pool     *feed.Pool
	readings chan feed.Reading
	quit     chan struct{} // closed by the page
	gauges   sync.WaitGroup
	ctx      context.Context
	cancel   context.CancelFunc

	berths   []*berth
	selected int
	feet     bool
	asked    float64 // simulated hour of the last predictions
	log      *logbook.Book
	visitors logbook.Book
	flags    []js.Value

	chart   *chart.Chart
	palette chart.Palette
	drawn   float64 // time of the last frame, in the page's seconds
}

// A berth is one station with all that is known and shown of it.
type berth struct {
	station  *tide.Station
	curve    *tide.Curve
	extremes []tide.Extreme
	levels   *feed.Ring
	level    float64
	ahead    int // index of the next extreme
	card     js.Value
	value    js.Value
	spark    *chart.Spark
}

func newHarbour(page *ui.Page) *harbour {
	h := &harbour{
		page:     page,
		clock:    feed.NewClock(30, 0),
		readings: make(chan feed.Reading),
		quit:     make(chan struct{}),
		log:      logbook.New(),
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	return h
}

// open loads the stations, builds the page and starts the goroutines.
func (h *harbour) open(url string) error {
	stations, err := feed.Load(url)
	if err != nil {
		return err
	}
	h.chart = chart.New(h.page.Find("#chart"))
	h.pool = feed.NewPool(h.ctx, workers)
	for i, station := range stations {
		h.berths = append(h.berths, h.moor(i, station))
		gauge := &feed.Gauge{Index: i, Station: station, Clock: h.clock, Wind: &h.wind}
		h.gauges.Add(1)
		go func() {
			defer h.gauges.Done()
			gauge.Run(h.ctx, gaugePeriod, h.readings)
		}()
	}
	h.listen()
	h.arm()
	h.predict()
	h.choose(h.selected)
	return nil
}

// moor makes the card of a station.
func (h *harbour) moor(i int, station *tide.Station) *berth {
	b := &berth{station: station, levels: feed.NewRing(sparkSlots), level: station.Height(h.clock.Now())}
	b.card = h.page.Add(h.page.Find("#stations"), "button", "station", "")
	b.card.Set("type", "button")
	h.page.Add(b.card, "span", "name", station.Name)
	b.value = h.page.Add(b.card, "span", "value", "")
	b.spark = chart.NewSpark(h.page.Add(b.card, "canvas", "spark", ""))
	h.page.On(b.card, "click", func(js.Value) { h.choose(i) })
	return b
}

// listen registers the controls.
func (h *harbour) listen() {
	window := js.Global()
	theme := func(js.Value) { h.palette = chart.ReadPalette(h.page.Find("#app")) }
	theme(js.Null())
	h.page.On(window.Call("matchMedia", "(prefers-color-scheme: dark)"), "change", theme)
	h.page.On(window, "resize", func(js.Value) {
		h.chart.Resize()
		for _, b := range h.berths {
			b.spark.Resize()
		}
	})
	h.page.OnInput(h.page.Find("#speed"), func(minutes float64) {
		h.clock.SetSpeed(minutes / 60)
		ui.SetText(h.page.Find("#speed-value"), strconv.Itoa(int(minutes))+" min/s")
	})
	h.page.OnInput(h.page.Find("#wind"), func(speed float64) {
		h.wind.Set(speed)
		ui.SetText(h.page.Find("#wind-value"), strconv.Itoa(int(speed))+" m/s")
	})
	paused := false
	pause := h.page.Find("#pause")
	h.page.On(pause, "click", func(js.Value) {
		paused = !paused
		h.clock.Pause(paused)
		pause.Call("setAttribute", "aria-pressed", paused)
	})
	units := h.page.Find("#units")
	h.page.On(units, "click", func(js.Value) {
		h.feet = !h.feet
		units.Call("setAttribute", "aria-pressed", h.feet)
		h.show()
	})
	h.page.On(window.Get("tides"), "close", func(js.Value) { close(h.quit) })
	h.page.Animate(h.draw)
}

// run is the program's loop: what the goroutines send ends here.
func (h *harbour) run() {
	for {
		select {
		case reading := <-h.readings:
			h.observe(reading)
		case p := <-h.pool.Predictions:
			h.renew(h.berths[p.Index], p)
		case <-h.quit:
			return
		}
	}
}

// leave tells the goroutines to stop and takes its hands off the page.
func (h *harbour) leave() {
	h.cancel()
	h.page.Release()
}

// close leaves and waits until all is quiet. The browser still has a timer for
// the next tick of the gauges; if the program ended before it, it would be
// called after its end.
func (h *harbour) close() {
	h.leave()
	h.gauges.Wait()
	time.Sleep(gaugePeriod)
}

// predict asks the workers for new curves.
func (h *harbour) predict() {
	h.asked = h.clock.Now()
	for i, b := range h.berths {
		h.pool.Jobs <- feed.Job{Index: i, Station: b.station, From: h.asked - hoursBack, To: h.asked + hoursAhead}
	}
}

// renew takes in a prediction. What lies behind is in the log already, except
// at the start.
func (h *harbour) renew(b *berth, p feed.Prediction) {
	first := b.curve == nil
	b.curve, b.extremes, b.ahead = p.Curve, p.Extremes, 0
	for b.ahead < len(b.extremes) && b.extremes[b.ahead].Hour <= h.clock.Now() {
		if first {
			h.note(b, b.extremes[b.ahead])
		}
		b.ahead++
	}
}

// observe takes in a reading.
func (h *harbour) observe(r feed.Reading) {
	b := h.berths[r.Station]
	b.level = r.Level
	b.levels.Push(r.Level)
	b.spark.Draw(b.levels, sparkSlots, h.palette)
	for b.ahead < len(b.extremes) && b.extremes[b.ahead].Hour <= r.Hour {
		h.note(b, b.extremes[b.ahead])
		b.ahead++
	}
	if r.Hour-h.asked > renewEvery {
		h.predict()
	}
	h.show()
}

// note writes a high or low water into the log.
func (h *harbour) note(b *berth, e tide.Extreme) {
	kind := "Low water "
	if e.High {
		kind = "High water "
	}
	h.log.Record(b.station.Name, e.Hour, kind+ui.Level(e.Height, h.feet))
}

// choose shows a station in the chart.
func (h *harbour) choose(i int) {
	for j, b := range h.berths {
		b.card.Call("setAttribute", "aria-pressed", i == j)
	}
	h.selected = i
	h.show()
}

// show brings texts up to date.
func (h *harbour) show() {
	for _, b := range h.berths {
		ui.SetText(b.value, ui.Level(b.level, h.feet))
	}
	b, now := h.berths[h.selected], h.clock.Now()
	ui.SetText(h.page.Find("#name"), b.station.Name)
	ui.SetText(h.page.Find("#level"), ui.Level(b.level, h.feet))
	ui.SetText(h.page.Find("#time"), "day "+strconv.Itoa(int(now/24))+", "+ui.Time(now))
	if b.curve == nil {
		return
	}
	low, high := b.curve.Range()
	ui.SetMeter(h.page.Find("#fill"), b.level, low, high)
	entries := h.log.Latest(b.station.Name, logLines)
	for i, line := range h.page.All("#log li") {
		text := ""
		if i < len(entries) {
			text = ui.Time(entries[i].Hour) + "  " + entries[i].Text
		}
		ui.SetText(line, text)
	}
}

// draw paints one frame. Water is slow: half of the frames of a screen are enough.
func (h *harbour) draw(seconds float64) {
	b := h.berths[h.selected]
	if b.curve == nil || seconds-h.drawn < framePeriod {
		return
	}
	h.drawn = seconds
	h.chart.Draw(chart.View{
		Curve:    b.curve,
		Extremes: b.extremes,
		Now:      h.clock.Now(),
		Level:    b.level,
		Feet:     h.feet,
		Seconds:  seconds,
	}, h.palette)
}

// say shows a sentence instead of the station's name.
func (h *harbour) say(text string) {
	ui.SetText(h.page.Find("#name"), text)
}
