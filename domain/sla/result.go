package sla

import (
	"context"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Result is what became of one promise, as the history of its ticket tells it. That it
// was broken is never forgotten: not when the ticket is reopened or moved, nor when the
// policy changes or is there no more.
type Result struct {
	Workspace   id.Workspace
	Ticket      id.Ticket
	Target      Target
	Number      int       // of the ticket's promises of this target, from 1 on
	Policy      id.Policy // by which it was broken, or else that held last
	Queue       id.Queue  // in which it was broken, or else was last; 0: not known
	State       State
	Begun       time.Time
	Breached    time.Time // zero: it was not broken
	Ended       time.Time // zero: it is not over
	PausedSince time.Time // zero: it is not paused
	Paused      time.Duration
}

// Told is a movement of a clock as the history tells it.
type Told struct {
	Workspace id.Workspace
	Ticket    id.Ticket
	Target    Target
	Movement  Movement
	Policy    id.Policy
	Queue     id.Queue // 0: not known
	At        time.Time
}

// Follow takes up what became of the promise; it was made if it is new.
func (r *Result) Follow(m Told) {
	if r.Breached.IsZero() {
		r.Policy = m.Policy
		if m.Queue != 0 {
			r.Queue = m.Queue
		}
	}
	switch m.Movement {
	case Activated, Resumed:
		r.goOn(m.At)
		r.State, r.Ended = Running, time.Time{}
	case Suspended:
		r.State, r.PausedSince = Paused, m.At
	case Kept:
		r.goOn(m.At)
		r.State, r.Ended = Fulfilled, m.At
	case Dropped:
		r.goOn(m.At)
		r.State, r.Ended = Cancelled, m.At
	case Broke:
		r.Breached = m.At
	case Rescheduled, Warned, Overtaken:
	}
}

// goOn ends a pause.
func (r *Result) goOn(at time.Time) {
	if !r.PausedSince.IsZero() && at.After(r.PausedSince) {
		r.Paused += at.Sub(r.PausedSince)
	}
	r.PausedSince = time.Time{}
}

// Begins tells whether a movement makes another promise of the target than before, of
// which last is the latest; nil: there was none. A next reply is promised anew each
// time; all else goes on when a ticket is reopened or comes under another policy.
func (m Told) Begins(last *Result) bool {
	return last == nil || m.Movement == Activated && m.Target == NextReply
}

// Asked is what a report is asked for: what became of the promises that were made from
// one moment on until before another.
type Asked struct {
	From, To time.Time
	Policies []id.Policy // none: all
	Queues   []id.Queue  // none: all
	Targets  []Target    // none: all
}

// Compliance is what became of the promises of a target that were made by a policy, or
// broken by it, in a queue. All but Broken tell of those that were not broken, and
// together with Broken they are all.
type Compliance struct {
	Policy    id.Policy
	Queue     id.Queue // 0: not known
	Target    Target
	Kept      int
	Broken    int
	Late      int // of Broken: fulfilled since
	Running   int
	Paused    int
	Cancelled int
	PausedFor time.Duration // in all, of pauses that are over
}

// All counts the promises.
func (c Compliance) All() int { return c.Kept + c.Broken + c.Running + c.Paused + c.Cancelled }

// Rate gives the part of the promises that are decided which was kept, 0 to 1; nil
// while none is.
func (c Compliance) Rate() *float64 {
	decided := c.Kept + c.Broken
	if decided == 0 {
		return nil
	}
	return new(float64(c.Kept) / float64(decided))
}

// MostReported is how long the time of a report may be.
const MostReported = 366 * 24 * time.Hour

// ErrReported refuses a report of no time, or of too much.
var ErrReported = fault.New(fault.Invalid, "fault.sla.reported")

// Report tells what became of promises, by policy, queue and target, to staff: of the
// queues whose tickets are all open to them. It takes one statement. Codes:
// unauthenticated, forbidden, invalid.
func (s *Service) Report(ctx context.Context, c access.Call, asked Asked) ([]Compliance, error) {
	if err := access.Require(c.Actor, access.MemberSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	notes, err := access.Filter(c.Actor, access.NoteSee)
	if err != nil {
		return nil, err
	}
	if d := asked.To.Sub(asked.From); d <= 0 || d > MostReported {
		return nil, ErrReported.On("to")
	}
	if max(len(asked.Policies), len(asked.Queues), len(asked.Targets)) > MaxMatch {
		return nil, errTooMany.With("Most", MaxMatch).On("where")
	}
	all, err := s.repo.Report(ctx, c.Actor.Workspace, asked)
	return slices.DeleteFunc(all, func(r Compliance) bool { return !notes.Covers(r.Queue) }), err
}

// followedAtOnce is how many events of a history are taken up in one transaction.
const followedAtOnce = 250

// Follow takes up what the histories tell of promises since it last did. Any number of
// processes may: each event is taken up once.
func (s *Service) Follow(ctx context.Context, _ time.Time) error {
	behind, err := s.repo.Behind(ctx)
	if err != nil {
		return err
	}
	for _, w := range behind {
		for more := true; more; {
			if more, err = s.repo.Follow(ctx, w, followedAtOnce); err != nil {
				return err
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}
