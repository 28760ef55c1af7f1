package model

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Reminder is when somebody is reminded.
type Reminder struct{ category.Reminder }

// Every gives the time between two, nil if there is one only.
func (r *Reminder) Every() *time.Duration { return positive(r.Reminder.Every) }

// StaffReminder gives when staff is reminded, to staff.
func (c *Category) StaffReminder() *Reminder {
	if a := c.rows.Call.Actor; !access.Allowed(a, access.MemberSee, access.InWorkspace(a.Workspace)) {
		return nil
	}
	return reminder(c.Reminders.Staff)
}

// RequesterReminder gives when requesters are reminded.
func (c *Category) RequesterReminder() *Reminder { return reminder(c.Reminders.Requester) }

func reminder(r category.Reminder) *Reminder {
	if r.After <= 0 {
		return nil
	}
	return &Reminder{r}
}

// ReminderInput says when somebody is reminded.
type ReminderInput struct {
	After    time.Duration
	Every    time.Duration
	Most     int
	Business bool
}

// reminder gives it for the service; nil is never.
func (in *ReminderInput) reminder() category.Reminder {
	if in == nil {
		return category.Reminder{}
	}
	r := category.Reminder{After: max(in.After, 1), Every: in.Every, Most: in.Most, Business: in.Business}
	if r.Most == 0 {
		r.Most = -1 // which is refused: 0 is what is not said
	}
	return r
}

// RemindedEvent is an event of type Reminded.
type RemindedEvent struct {
	Base

	data event.Reminded
}

// Turn gives whose turn it was.
func (e *RemindedEvent) Turn() ticket.Turn { return ticket.Turn(e.data.Turn) }

// Member gives who was reminded, nil for the teams of the ticket's queue.
func (e *RemindedEvent) Member(ctx context.Context) (*Member, error) {
	return memberOf(ctx, e.rows, e.data.Member)
}

// Message gives what was said, nil if it was overtaken.
func (e *RemindedEvent) Message(ctx context.Context) (*Message, error) {
	return messageOf(ctx, e.rows, e.data.Message)
}

// IsOvertaken reports whether a later reminder was due by when it could be given.
func (e *RemindedEvent) IsOvertaken() bool { return e.data.Overtaken }
