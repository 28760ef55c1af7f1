package live

import (
	"slices"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Wish is what a follower wants to hear of: a ticket, or a queue, or, if it
// names neither, all that concerns the follower.
type Wish struct {
	Ticket id.Ticket
	Queue  id.Queue
	Only   event.Type // "": events of all kinds
}

// kind tells whether events of this kind are wished for.
func (w Wish) kind(e event.Envelope) bool { return w.Only == "" || e.Data.Type() == w.Only }

// Check refuses a wish that the actor has no right to. The view is the wished
// ticket as it is now, nil if it isn't there. Codes: unauthenticated, forbidden,
// not_found.
func (w Wish) Check(a access.Actor, v *ticket.View) error {
	see, err := access.Filter(a, access.TicketSee)
	switch {
	case err != nil:
		return err
	case w.Ticket != 0 && (v == nil || !see.Passes(v.Scope(a))):
		return ticket.ErrNotFound
	case w.Queue != 0 && !see.Reaches(w.Queue):
		return access.ErrForbidden
	}
	return nil
}

// wants tells whether an event of a circle is among what is wished for, whoever
// may hear it.
func (w Wish) wants(m id.Member, c ticket.Circle, e event.Envelope) bool {
	switch {
	case !w.kind(e):
		return false
	case w.Ticket != 0:
		return e.Ticket == w.Ticket
	case w.Queue != 0:
		return slices.Contains(c.Queues, w.Queue)
	}
	return slices.Contains(c.Members, m)
}
