// Package feed brings the data: stations from the server, readings from their
// gauges, predictions from a pool of workers.
package feed

import (
	"errors"
	"strconv"
	"syscall/js"

	"example.com/demo/tide"
)

// Load fetches the stations. It waits for the server, so it must not be called
// in a callback from JavaScript.
func Load(url string) ([]*tide.Station, error) {
	response, err := await(js.Global().Call("fetch", url))
	if err != nil {
		return nil, err
	}
	if !response.Get("ok").Bool() {
		return nil, errors.New(url + ": status " + strconv.Itoa(response.Get("status").Int()))
	}
	list, err := await(response.Call("json"))
	if err != nil {
		return nil, err
	}
	stations := make([]*tide.Station, list.Length())
	for i := range stations {
		stations[i] = station(list.Index(i))
	}
	return stations, nil
}

// station reads one station out of its JSON.
func station(v js.Value) *tide.Station {
	s := &tide.Station{
		Name: v.Get("name").String(),
		Mean: v.Get("mean").Float(),
	}
	constituents := v.Get("constituents")
	for i := 0; i < constituents.Length(); i++ {
		c := constituents.Index(i)
		s.Constituents = append(s.Constituents, tide.Constituent{
			Speed:     c.Get("speed").Float(),
			Amplitude: c.Get("amplitude").Float(),
			Phase:     c.Get("phase").Float(),
		})
	}
	return s
}

// await blocks the goroutine until a promise is settled.
func await(promise js.Value) (js.Value, error) {
	resolved := make(chan js.Value, 1)
	rejected := make(chan js.Value, 1)
	onResolve := js.FuncOf(func(_ js.Value, args []js.Value) any {
		resolved <- args[0]
		return nil
	})
	defer onResolve.Release()
	onReject := js.FuncOf(func(_ js.Value, args []js.Value) any {
		rejected <- args[0]
		return nil
	})
	defer onReject.Release()
	promise.Call("then", onResolve, onReject)
	select {
	case value := <-resolved:
		return value, nil
	case reason := <-rejected:
		return js.Undefined(), js.Error{Value: reason}
	}
}

// A Question is sent to the server; its answer arrives on Answer.
type Question struct {
	Answer chan string
}

// Ask sends a question without waiting for the answer.
func Ask(url string) *Question {
	q := &Question{Answer: make(chan string, 1)}
	go func() {
		response, err := await(js.Global().Call("fetch", url))
		if err != nil {
			q.Answer <- err.Error()
			return
		}
		q.Answer <- response.Get("statusText").String()
	}()
	return q
}

// Wait returns the answer. In a callback from JavaScript that cannot end: the
// answer comes by the event loop, which stands still until the callback returns.
func (q *Question) Wait() string {
	return <-q.Answer // FAIL deadlock-in-callback
}
