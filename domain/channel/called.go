package channel

import (
	"slices"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Called is who is called to a message, by their external IDs.
type Called struct {
	People []string
	Roles  []string
}

// Called gives who is called to a message of the helpdesk's own that stands on the
// ticket's surface, or with direct in its requester's direct messages: nobody who is
// not there.
func (f *Facts) Called(m *ticket.Message, direct bool) Called {
	who, staff := f.Ticket.Calls(m)
	elsewhere := f.Kind() == category.InDM && !direct
	switch {
	case who == 0 && !staff, staff && direct, !staff && elsewhere, f.Quiet():
		return Called{}
	case who == 0:
		return Called{Roles: slices.Sorted(slices.Values(f.Roles))}
	case staff:
		return f.Assignee.called()
	default:
		return f.Requester.called()
	}
}

// Quiet reports whether nobody is called to the ticket, since nothing in its category
// is urgent.
func (f *Facts) Quiet() bool { return f.Category.Intent == category.NonUrgent }

func (p Person) called() Called {
	if p.ExternalID == "" {
		return Called{}
	}
	return Called{People: []string{p.ExternalID}}
}
