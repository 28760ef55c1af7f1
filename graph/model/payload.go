package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/graph/load"
)

// UserError is a refusal of a mutation.
type UserError struct {
	Code    fault.Code
	Field   []string
	Message string
}

// Refused is the part of each payload that tells why nothing was done.
type Refused struct{ UserErrors []*UserError }

// TicketPayload is the result of a verb on a ticket.
type TicketPayload struct {
	Refused

	rows *load.Rows
	id   id.Ticket
}

// NewTicketPayload makes the result of a verb on a ticket, which is read when it
// is asked for; 0: there is none to show.
func NewTicketPayload(rows *load.Rows, t id.Ticket, r Refused) TicketPayload {
	return TicketPayload{Refused: r, rows: rows, id: t}
}

// Ticket gives the ticket as it is now, nil if there is none to show.
func (p *TicketPayload) Ticket(ctx context.Context) (*Ticket, error) {
	if p.id == 0 {
		return nil, nil
	}
	found, err := p.rows.Tickets.Get(ctx, p.id)
	return NewTicket(p.rows, found), err
}

// MessagePayload is the result of a verb on what is said in a ticket.
type MessagePayload struct {
	TicketPayload

	Message *Message
}

// The results of configuration.
type (
	// QueuePayload is the result of saving a queue.
	QueuePayload struct {
		Refused

		Queue *queue.Queue
	}
	// TeamPayload is the result of a change of a team.
	TeamPayload struct {
		Refused

		Team *Team
	}
	// CategoryPayload is the result of saving a category.
	CategoryPayload struct {
		Refused

		Category *Category
	}
	// GrantPayload is the result of a change of a grant.
	GrantPayload struct {
		Refused

		Grant *Grant
	}
	// MemberPayload is the result of a change of a member.
	MemberPayload struct {
		Refused

		Member *Member
	}
)
