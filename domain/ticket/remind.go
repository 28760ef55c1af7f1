package ticket

import (
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// The templates of reminders, by which channels know whom to call.
const (
	StaffReminder     = "helpdesk.reminder.staff"
	RequesterReminder = "helpdesk.reminder.requester"
)

// remind tells whose turn it is that the ticket waits for them.
func (t *Ticket) remind(c Cause, target sla.Target, say Words) {
	key := StaffReminder
	if target == sla.RemindRequester {
		key = RequesterReminder
	}
	text, tag := say(t.Locale, key, nil)
	m := t.post(c, Message{Kind: System, Side: FromSystem, Body: text, Locale: tag, Template: key})
	t.SpokeAt = stored(c.Now)
	t.reminded(c, target, event.Reminded{Message: m.ID})
}

// overtaken records a reminder that was not given, since by when it could be a later
// one was due.
func (t *Ticket) overtaken(c Cause, m sla.Change) {
	t.reminded(t.own(c, m), m.Clock.Target, event.Reminded{Overtaken: true})
}

func (t *Ticket) reminded(c Cause, target sla.Target, e event.Reminded) {
	e.Turn, e.Member = string(StaffsTurn), t.Assignee
	if target == sla.RemindRequester {
		e.Turn, e.Member = string(RequestersTurn), t.Requester
	}
	t.record(c, true, e)
}

// Calls gives whom a message of the helpdesk's own is to call: the member, or with
// staff set and no member the teams that serve the ticket's queue. Who was overtaken
// by what was said or done since is called no more.
func (t *Ticket) Calls(m *Message) (who id.Member, staff bool) {
	if m.ID < t.LastMessage || m.Kind != System {
		return 0, false
	}
	switch {
	case m.Template == RequesterReminder && t.Turn == RequestersTurn:
		return t.Requester, false
	case m.Template == StaffReminder && t.Turn == StaffsTurn:
		return t.Assignee, true
	default:
		return 0, false
	}
}
