package sla

import (
	"encoding/json"
	"math"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
)

// State is what a clock does.
type State string

// The states.
const (
	Running   State = "running"
	Paused    State = "paused"
	Fulfilled State = "fulfilled"
	Cancelled State = "cancelled"
)

// Clock counts the time of one promise in one ticket. There is one for each target
// at most; that of the next reply begins anew for what is asked later.
type Clock struct {
	Target   Target
	State    State
	Policy   id.Policy
	Within   time.Duration
	Business bool
	Hours    id.Queue      // whose hours count business time
	Begun    time.Time     // when it was activated
	Since    time.Time     // from when on Used does not count yet, while it runs
	Used     time.Duration // of Within
	Due      time.Time     // when the promise is broken, or was; zero while the clock is paused
	Breached time.Time     // when the promise was broken; zero: it was not. Nothing takes this back
	Ended    time.Time     // zero: it is active
	Broken   int           // promises of this target that were broken in this ticket, so far
	Taken    time.Duration // of Within: up to which use steps were taken
}

// allTaken is Taken when no step is left.
const allTaken = time.Duration(math.MaxInt64)

// Active reports whether the clock may still run on.
func (c Clock) Active() bool { return c.State == Running || c.State == Paused }

// storedClock is a clock as stores keep it: moments in microseconds since 1970.
type storedClock struct {
	Target   Target        `json:"t"`
	State    State         `json:"s"`
	Policy   id.Policy     `json:"p"`
	Within   time.Duration `json:"w"`
	Business bool          `json:"b,omitempty"`
	Hours    id.Queue      `json:"h,omitempty"`
	Begun    int64         `json:"g"`
	Since    int64         `json:"c,omitempty"`
	Used     time.Duration `json:"u,omitempty"`
	Due      int64         `json:"d,omitempty"`
	Breached int64         `json:"x,omitempty"`
	Ended    int64         `json:"e,omitempty"`
	Broken   int           `json:"n,omitempty"`
	Taken    time.Duration `json:"k,omitempty"`
}

// MarshalJSON implements json.Marshaler.
func (c Clock) MarshalJSON() ([]byte, error) {
	return json.Marshal(storedClock{
		c.Target, c.State, c.Policy, c.Within, c.Business, c.Hours, micros(c.Begun), micros(c.Since), c.Used,
		micros(c.Due), micros(c.Breached), micros(c.Ended), c.Broken, c.Taken,
	})
}

// UnmarshalJSON implements json.Unmarshaler.
func (c *Clock) UnmarshalJSON(raw []byte) error {
	var s storedClock
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	*c = Clock{
		s.Target, s.State, s.Policy, s.Within, s.Business, s.Hours, moment(s.Begun), moment(s.Since), s.Used,
		moment(s.Due), moment(s.Breached), moment(s.Ended), s.Broken, s.Taken,
	}
	return nil
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func moment(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// Deadline gives when the first of the promises that clocks count is broken, or
// was; zero if none runs.
func Deadline(clocks []Clock) time.Time {
	var first time.Time
	for _, c := range clocks {
		if c.State == Running && c.Target.Promised() && (first.IsZero() || c.Due.Before(first)) {
			first = c.Due
		}
	}
	return first
}
