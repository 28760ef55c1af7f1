package discordtest

import (
	"slices"
	"sync"
)

// Failure is a fault that is armed for some of the requests, or of the events, that match.
type Failure struct {
	s        *Server
	match    Match
	fault    Fault
	name     string // of the event, "" for any
	strike   EventFault
	skip     int
	left     int
	hits     int
	undo     []func()
	once     sync.Once
	disarmed chan struct{}
}

// Fail arms a fault for the next request that matches.
func (s *Server) Fail(m Match, f Fault) *Failure { return s.FailTimes(m, f, 1) }

// FailTimes arms a fault for the next n requests that match.
func (s *Server) FailTimes(m Match, f Fault, n int) *Failure {
	return s.arm(&Failure{match: m, fault: f, left: n})
}

// FailNth arms a fault for the n-th request that matches from now on, counted from 1.
func (s *Server) FailNth(m Match, f Fault, n int) *Failure {
	return s.arm(&Failure{match: m, fault: f, left: 1, skip: n - 1})
}

// FailEvent arms a fault for the next event of that name ("" is any) which is sent to a connected bot.
func (s *Server) FailEvent(name string, f EventFault) *Failure { return s.FailEventNth(name, f, 1) }

// FailEventNth arms a fault for the n-th such event from now on, counted from 1.
func (s *Server) FailEventNth(name string, f EventFault, n int) *Failure {
	return s.arm(&Failure{name: name, strike: f, left: 1, skip: n - 1})
}

func (s *Server) arm(f *Failure) *Failure {
	f.s, f.disarmed = s, make(chan struct{})
	s.read(func() { s.failures = append(s.failures, f) })
	return f
}

// Hits is how many requests or events met the fault.
func (f *Failure) Hits() int {
	f.s.mu.Lock()
	defer f.s.mu.Unlock()
	return f.hits
}

// Disarm ends the fault and what it left behind: what it keeps back is let go, a gateway that is away returns.
func (f *Failure) Disarm() {
	f.once.Do(func() {
		close(f.disarmed)
		f.s.change(func() {
			f.left = 0
			f.s.failures = slices.DeleteFunc(f.s.failures, func(o *Failure) bool { return o == f })
			for _, undo := range f.undo {
				undo()
			}
		})
	})
}

// faultFor runs the matchers unlocked: they may look at the server.
func (s *Server) faultFor(r Request) (Fault, <-chan struct{}) {
	var armed []*Failure
	s.read(func() { armed = slices.Clone(s.failures) })
	for _, f := range armed {
		if f.match == nil || !f.match(r) {
			continue
		}
		taken := false
		s.read(func() { taken = f.take() })
		if taken {
			return f.fault, f.disarmed
		}
	}
	return Fault{}, nil
}

// take uses the fault once, unless it is used up or its turn has not come.
func (f *Failure) take() bool {
	switch {
	case f.left == 0:
		return false
	case f.skip > 0:
		f.skip--
		return false
	}
	f.left--
	f.hits++
	return true
}

// struck is the fault that an event meets, nil for none.
func (s *Server) struck(name string) *Failure {
	for _, f := range s.failures {
		if f.strike != nil && (f.name == "" || f.name == name) && f.take() {
			return f
		}
	}
	return nil
}
