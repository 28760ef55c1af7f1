package ticket

import "github.com/ticketsys/ticketsys/domain/event"

// The reasons why a ticket was closed.
const (
	ClosedByConfirmation = "confirmed"
	ClosedByStaff        = "staff"
	ClosedByDelay        = "delay"        // it was resolved, and left alone since
	ClosedBySilence      = "silence"      // its requester, who was to answer, said nothing
	ClosedByLoss         = "surface_lost" // somebody removed its place in the channel
)

// Pend makes the ticket wait for the requester. Codes: invalid_transition.
func (t *Ticket) Pend(c Cause) error { return t.moveTo(c, movePend) }

// Hold makes the ticket wait for something else. Codes: invalid_transition.
func (t *Ticket) Hold(c Cause) error { return t.moveTo(c, moveHold) }

func (t *Ticket) moveTo(c Cause, m move) error {
	next, err := t.Status.after(m)
	if err != nil {
		return err
	}
	t.arrive(c, next)
	return nil
}

// Resolve says that the work is done. Codes: invalid_transition.
func (t *Ticket) Resolve(c Cause) error {
	next, err := t.Status.after(moveResolve)
	if err != nil {
		return err
	}
	t.recordAspect(c, false, event.TicketResolved{From: string(t.Status)})
	t.enter(c, next)
	return nil
}

// Confirm is the requester agreeing that a resolved ticket is done; it closes
// it. Codes: invalid_transition.
func (t *Ticket) Confirm(c Cause) error {
	next, err := t.Status.after(moveConfirm)
	if err != nil {
		return err
	}
	t.recordAspect(c, false, event.TicketConfirmed{})
	t.close(c, next, ClosedByConfirmation)
	return nil
}

// Close ends a resolved ticket. Codes: invalid_transition.
func (t *Ticket) Close(c Cause) error {
	next, err := t.Status.after(moveClose)
	if err != nil {
		return err
	}
	t.close(c, next, ClosedByStaff)
	return nil
}

func (t *Ticket) close(c Cause, next Status, reason string) {
	t.recordAspect(c, false, event.TicketClosed{Reason: reason})
	t.enter(c, next)
}

// Reopen takes the work up again. Codes: invalid_transition.
func (t *Ticket) Reopen(c Cause) error {
	next, err := t.Status.after(moveReopen)
	if err != nil {
		return err
	}
	t.recordAspect(c, false, event.TicketReopened{From: string(t.Status)})
	t.enter(c, next)
	t.wake(c, WokenByStatus)
	return nil
}
