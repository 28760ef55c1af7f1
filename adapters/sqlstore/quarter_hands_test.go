package sqlstore_test

import (
	"fmt"
	"slices"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// hand is a clock that is read every minute.
type hand struct {
	target   sla.Target
	within   int
	business bool
	state    state
	stretch
	breached bool
	broken   int
	steps    []step
	taken    int // up to which use steps were taken; never: all were
}

// stretch is time that is counted since a minute, by what holds now, and what was
// counted before.
type stretch struct{ used, before, since int }

// banks lets what was counted stay as it was.
func (s *stretch) banks(m int) { s.before, s.since = s.used, m }

// recounts counts the present stretch by other hours.
func (s *stretch) recounts(open []bool, m int) {
	s.used = s.before
	for at := s.since; at < m; at++ {
		if open[at] {
			s.used++
		}
	}
}

// reaches gives the minute in which so much was counted.
func (s *stretch) reaches(use int, counts func(m int) bool) int {
	m, used := s.since, s.before
	for ; used < use; m++ {
		if counts(m) {
			used++
		}
	}
	return m
}

// state is what a clock does.
type state int

const (
	idle state = iota
	running
	paused
	ended
)

func (j *judge) breaksAt(m int, h *hand) {
	h.breached = true
	h.broken++
	j.expect(m, "%s breached", h.target)
}

// follows lets what is promised from a minute on hold, and the hours of then.
func (j *judge) follows(m int) {
	j.open = j.openAt(j.queue, m)
	for _, h := range j.clocks {
		if h.state == running && h.business {
			h.recounts(j.open, m)
		}
	}
	for _, b := range j.bells {
		if b.on && b.business {
			b.recounts(j.open, m)
			b.reached = b.reached[:b.taken]
			for len(b.reached) < b.most && b.used >= b.after+len(b.reached)*b.every {
				b.reached = append(b.reached, b.reaches(b.after+len(b.reached)*b.every, func(m int) bool { return j.open[m] }))
			}
		}
	}
	j.retimes(m)
	j.breaks(m) // nothing was broken before it was promised
}

// retimes gives the clocks the terms of the first rule that is for the ticket.
func (j *judge) retimes(m int) {
	all := j.inForce(m)
	r := all[slices.IndexFunc(all, func(r rule) bool { return r.holds(j.level, j.vip) })]
	for _, h := range j.clocks {
		if h.state == running && h.business != r.business {
			h.banks(m)
		}
		h.within, h.business, h.steps = r.within[h.target], r.business, r.steps
	}
}

// rises ends a snooze whose time has come.
func (j *judge) rises(m int) {
	j.snoozed, j.until = false, never
	j.expect(m, "woken")
	j.turn = turnOf(j.status)
	j.waits(m, false, j.status)
	j.expects(m, false)
}

// turnOf tells who is to go on with a ticket that stands so.
func turnOf(s ticket.Status) ticket.Turn {
	switch s {
	case ticket.Pending, ticket.Resolved:
		return ticket.RequestersTurn
	case ticket.OnHold, ticket.Closed:
		return ticket.NobodysTurn
	case ticket.New, ticket.Open:
	}
	return ticket.StaffsTurn
}

// goesTo lets time count by the hours of another queue.
func (j *judge) goesTo(m int, queue id.Queue) {
	j.queue, j.open = queue, j.openAt(queue, m)
	for _, h := range j.clocks {
		if h.state == running && h.business {
			h.banks(m)
		}
	}
	for _, b := range j.bells {
		if b.on && b.business {
			b.banks(m)
		}
	}
}

// arranged takes up what else was done to a ticket.
func (j *judge) arranged(m int, data event.Data) {
	switch d := data.(type) {
	case event.PriorityChanged:
		j.level = priority.Level(d.To)
	case event.TagAdded:
		j.vip = true
	case event.TagRemoved:
		j.vip = false
	case event.TicketTransferred:
		j.goesTo(m, d.To)
	case event.TicketSnoozed:
		j.snoozed, j.until = true, never
		if !d.Until.IsZero() {
			j.until = j.minute(d.Until)
		}
		if j.turn == ticket.StaffsTurn {
			j.turn = ticket.NobodysTurn
		}
	case event.TicketWoken:
		if d.Reason == ticket.WokenByTime {
			j.got = append(j.got, fmt.Sprintf("%06d woken", m))
			return
		}
		j.snoozed, j.until = false, never
		if j.turn == ticket.NobodysTurn {
			j.turn = turnOf(j.status)
		}
	}
}
