package model

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// WakeReason is why a snooze ended.
type WakeReason string

// The reasons.
const (
	WokenByTime   WakeReason = ticket.WokenByTime
	WokenByReply  WakeReason = ticket.WokenByReply
	WokenByStatus WakeReason = ticket.WokenByStatus
	WokenByStaff  WakeReason = ticket.WokenByStaff
)

// SnoozeTicketInput tells until when a ticket is put off.
type SnoozeTicketInput struct {
	TicketInput

	Until time.Time
}

// Turn gives whose turn it is, as the viewer may know it.
func (t *Ticket) Turn() ticket.Turn { return t.TurnFor(t.promisesShown()) }

// IsSnoozed reports whether staff put the ticket off.
func (t *Ticket) IsSnoozed() bool { return t.Snoozed && t.promisesShown() }

// SnoozedUntil gives when its snooze ends.
func (t *Ticket) SnoozedUntil() time.Time {
	if !t.promisesShown() {
		return time.Time{}
	}
	return t.View.SnoozedUntil
}

// The events of what staff puts off.
type (
	// TicketSnoozedEvent is an event of type TicketSnoozed.
	TicketSnoozedEvent struct {
		Base

		data event.TicketSnoozed
	}
	// TicketWokenEvent is an event of type TicketWoken.
	TicketWokenEvent struct {
		Base

		data event.TicketWoken
	}
)

// Until gives when the snooze ends.
func (e *TicketSnoozedEvent) Until() time.Time { return e.data.Until }

// Reason gives why the snooze ended.
func (e *TicketWokenEvent) Reason() WakeReason { return WakeReason(e.data.Reason) }
