package channel

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Unstored is what people left in a place and the helpdesk does not hold.
type Unstored struct {
	Pending int // files that are being copied
	Failed  int // files that are there and could not be copied
	// Threads that people opened in the place, as far as its adapter looked.
	Threads int
	Hidden  bool // whether there are threads is kept from the adapter
}

// Lasting reports whether something stands there that goes into the helpdesk by no
// waiting, so that nobody knows when the place goes.
func (u Unstored) Lasting() bool { return u.Failed > 0 || u.Threads > 0 || u.Hidden }

// RemovedAt is when the ticket's place goes; zero: it stays. The place of a
// closed ticket goes after the time that its category says, what is public stays.
func (f *Facts) RemovedAt() time.Time {
	t := f.Ticket
	if t.Status != ticket.Closed || t.ClosedAt.IsZero() || f.Category.Kept <= 0 || f.Surface.Kind == category.InForum {
		return time.Time{}
	}
	return t.ClosedAt.Add(f.Category.Kept)
}

// Overdue reports whether the ticket's place has had its time.
func (f *Facts) Overdue(now time.Time) bool {
	at := f.RemovedAt()
	return !at.IsZero() && !now.Before(at)
}

// Stands reports whether the ticket should have a place: all tickets should that
// go on, and a closed one keeps its place until it has had its time and all that
// stands there is stored.
func (f *Facts) Stands(now time.Time) bool {
	if f.Surface.ExternalID == "" {
		return f.Ticket.Status != ticket.Closed
	}
	return !f.Overdue(now) || f.Unstored != Unstored{}
}
