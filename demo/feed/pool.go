package feed

import (
	"context"

	"example.com/demo/tide"
)

// A Job asks for the prediction of one station.
type Job struct {
	Index    int // index of the station
	Station  *tide.Station
	From, To float64 // simulated hours
}

// A Prediction answers a Job.
type Prediction struct {
	Index    int
	Curve    *tide.Curve
	Extremes []tide.Extreme
}

// A Pool predicts with several workers, so that no station waits for another.
type Pool struct {
	Jobs        chan Job
	Predictions chan Prediction
}

// NewPool starts the workers; they end with the context.
func NewPool(ctx context.Context, workers int) *Pool {
	p := &Pool{Jobs: make(chan Job, 16), Predictions: make(chan Prediction)}
	for i := 0; i < workers; i++ {
		go p.work(ctx)
	}
	return p
}

func (p *Pool) work(ctx context.Context) {
	for {
		select {
		case job := <-p.Jobs:
			curve, extremes := job.Station.Predict(job.From, job.To)
			select {
			case p.Predictions <- Prediction{job.Index, curve, extremes}:
			case <-ctx.Done():
				return
			}
		case <-ctx.Done():
			return
		}
	}
}
