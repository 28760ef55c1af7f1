package sqlstore_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// step is what is done so many minutes before a promise is broken; 0: when it is.
type step struct {
	before int
	action sla.Action
	level  priority.Level
	text   string
}

var (
	warns     = step{before: 45, action: sla.Alert, text: "Soon"}
	notes     = step{before: 20, action: sla.AddNote, text: "Hurry up"}
	hurries   = step{before: 20, action: sla.Raise, level: priority.High}
	raises    = step{action: sla.Raise, level: priority.Urgent}
	transfers = step{action: sla.Transfer} // to the third queue
	alerts    = step{action: sla.Alert, text: "Late"}
)

// taken gives the steps as policies have them.
func (q *quarter) taken(steps []step) []sla.Step {
	var all []sla.Step
	for _, s := range steps {
		one := sla.Step{Before: time.Duration(s.before) * time.Minute, Action: s.action, Priority: s.level, Text: s.text}
		if s.action == sla.Transfer {
			one.Queue = q.queues[2]
		}
		all = append(all, one)
	}
	return all
}

// escalates takes the steps that are due at a minute, and tells whether there were any.
func (j *judge) escalates(m int) bool {
	var all []func()
	for _, h := range j.clocks {
		if h.state != running || h.taken == never {
			continue
		}
		for _, s := range j.dueSteps(h) {
			all = append(all, func() { j.takes(m, s, h.target) })
		}
	}
	for _, take := range all {
		take()
	}
	return len(all) > 0
}

// dueSteps gives the last of a clock's steps that are due, those of one moment together.
// What comes before was overtaken; and after the breach nobody is warned of it.
func (j *judge) dueSteps(h *hand) []step {
	var due []step
	var at int
	overtaken := func() {
		if len(due) > 0 {
			j.expect(at, "%s overtaken", h.target)
		}
		due = nil
	}
	for _, s := range h.steps {
		use := h.within - s.before
		switch {
		case s.before == 0 && h.breached:
			if len(due) > 0 && due[0].before > 0 {
				overtaken()
			}
		case s.before > 0 && use > h.taken && h.used >= use:
			if len(due) > 0 && due[0].before != s.before {
				overtaken()
			}
			at = h.reaches(use, func(m int) bool { return !h.business || j.open[m] })
		default:
			continue
		}
		due = append(due, s)
	}
	switch {
	case h.breached:
		if len(due) > 0 && due[0].before > 0 {
			overtaken()
		}
		h.taken = never
	case len(due) > 0:
		h.taken = h.within - due[0].before
		j.expect(at, "%s warned", h.target)
	}
	return due
}

// takes does a step.
func (j *judge) takes(m int, s step, target sla.Target) {
	switch s.action {
	case sla.Raise:
		levels := []priority.Level{priority.Low, priority.Normal, priority.High, priority.Urgent}
		if slices.Index(levels, s.level) > slices.Index(levels, j.level) {
			j.level = s.level
			j.expect(m, "raised %s", s.level)
		}
	case sla.Transfer:
		if third := j.queues[2]; j.queue != third {
			j.goesTo(m, third)
			j.expect(m, "transferred third")
		}
	case sla.AddNote:
		j.expect(m, "noted %s", s.text)
	case sla.Alert:
		j.expect(m, "alerted %s %s %t", s.text, target, s.before == 0)
	case sla.Warn, sla.Remind:
	}
}

// did takes up what the helpdesk did and said by itself, and tells whether it is that.
func (j *judge) did(m int, data event.Data) bool {
	line := ""
	switch d := data.(type) {
	case event.PriorityChanged:
		line = "raised " + d.To
	case event.TicketTransferred:
		line = map[bool]string{true: "transferred third"}[d.To == j.queues[2]]
	case event.NoteAdded:
		line = "noted " + j.said[d.Message].Body
	case event.AlertRaised:
		line = fmt.Sprintf("alerted %s %s %t", d.Text, d.Target, d.Breached)
	case event.MessagePosted:
		line = "said " + j.said[d.Message].Template + ": " + j.said[d.Message].Body
	default:
		return false
	}
	j.got = append(j.got, fmt.Sprintf("%06d %s", m, line))
	return true
}
