package ticket

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// MostSnooze is how far away a snooze may end.
const MostSnooze = 366 * 24 * time.Hour

// ErrSnooze refuses a snooze that would end in the past, or too far away.
var ErrSnooze = fault.New(fault.Invalid, "fault.ticket.snooze")

// The reasons why a snooze ended.
const (
	WokenByTime   = "time"   // its moment came
	WokenByReply  = "reply"  // the requester or a participant said something
	WokenByStatus = "status" // the ticket was resolved, closed or reopened
	WokenByStaff  = "staff"
)

// Snooze takes the ticket from staff's work until a moment, or until the requester
// or a participant says something; that ends it in any case. A zero moment is none.
// What is promised runs on. Codes: invalid, invalid_transition.
func (t *Ticket) Snooze(c Cause, until time.Time) error {
	if _, err := t.Status.after(moveSnooze); err != nil {
		return err
	}
	if !until.IsZero() && (!until.After(c.Now) || until.After(c.Now.Add(MostSnooze))) {
		return ErrSnooze.On("until")
	}
	until = stored(until)
	if t.Snoozed && t.SnoozedUntil.Equal(until) {
		return nil
	}
	t.recordAspect(c, true, event.TicketSnoozed{Until: until})
	t.Snoozed, t.SnoozedUntil = true, until
	t.changes.Clocks = true
	t.next(t.Turn)
	return nil
}

// Wake ends the snooze; that of a ticket that is not snoozed is over already.
func (t *Ticket) Wake(c Cause) { t.wake(c, WokenByStaff) }

// wake ends the snooze. By its moment staff wanted to look again, even if the
// requester has not answered since; otherwise who was waited for is waited for.
func (t *Ticket) wake(c Cause, reason string) {
	if !t.Snoozed {
		return
	}
	t.recordAspect(c, true, event.TicketWoken{Reason: reason})
	t.Snoozed, t.SnoozedUntil = false, time.Time{}
	t.changes.Clocks = true
	if t.Turn == NobodysTurn || reason == WokenByTime {
		t.next(turnIn(t.Status))
	}
}

// rise ends the snooze whose moment has come.
func (t *Ticket) rise(c Cause) {
	if t.Snoozed && !t.SnoozedUntil.IsZero() && !t.SnoozedUntil.After(c.Now) {
		t.wake(t.own(c, sla.Change{At: t.SnoozedUntil}), WokenByTime)
	}
}

// TurnFor gives whose turn it is as somebody may know it: that staff put the ticket
// off is not told to those who may not see its notes.
func (t *Ticket) TurnFor(notes bool) Turn {
	if t.Turn == NobodysTurn && !notes {
		return turnIn(t.Status)
	}
	return t.Turn
}

// next gives the turn; a snoozed ticket is not staff's.
func (t *Ticket) next(turn Turn) {
	if t.Snoozed && turn == StaffsTurn {
		turn = NobodysTurn
	}
	t.changes.Turn = t.changes.Turn || t.Turn != turn
	t.Turn = turn
}

// Snooze takes the ticket from staff's work until a moment, or with a zero one until
// the requester says something. Codes besides: invalid.
func (s *Service) Snooze(ctx context.Context, c access.Call, r Ref, until time.Time) (*Ticket, error) {
	return s.change(ctx, c, r, access.TicketWork, func(cause Cause, t *Ticket) error { return t.Snooze(cause, until) })
}

// Wake ends the ticket's snooze.
func (s *Service) Wake(ctx context.Context, c access.Call, r Ref) (*Ticket, error) {
	return s.change(ctx, c, r, access.TicketWork, func(cause Cause, t *Ticket) error { t.Wake(cause); return nil })
}
