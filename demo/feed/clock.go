package feed

import (
	"sync"
	"time"
)

// A Clock tells simulated hours, which run faster than real ones.
type Clock struct {
	mu     sync.Mutex
	hour   float64   // simulated hour at since
	since  time.Time // when speed or hour changed last
	speed  float64   // simulated hours per second
	paused bool
}

// NewClock returns a clock that runs.
func NewClock(hour, speed float64) *Clock {
	return &Clock{hour: hour, speed: speed, since: time.Now()}
}

// Now returns the simulated hour.
func (c *Clock) Now() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() float64 {
	if c.paused {
		return c.hour
	}
	return c.hour + time.Since(c.since).Seconds()*c.speed
}

// SetSpeed changes the speed, in simulated hours per second.
func (c *Clock) SetSpeed(speed float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hour, c.since, c.speed = c.now(), time.Now(), speed
}

// Pause stops the clock or lets it run again.
func (c *Clock) Pause(paused bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hour, c.since, c.paused = c.now(), time.Now(), paused
}

// Rewind sets the clock back. The early return unlocks, and so does what
// follows it.
func (c *Clock) Rewind(hours float64) {
	c.mu.Lock()
	hour := c.now() - hours
	if hour < 0 {
		hour = 0
		c.mu.Unlock()
	}
	c.hour, c.since = hour, time.Now()
	c.mu.Unlock() // FAIL fatal-error
}
