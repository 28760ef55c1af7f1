package model

import (
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// BulkTicketInput names a ticket of a bulk change. Its ID is given back as it came.
type BulkTicketInput struct {
	Expecting

	ID string
}

// BulkInput is what every bulk change of tickets takes.
type BulkInput struct {
	Keyed

	Tickets []BulkTicketInput
	OnError ticket.OnError
}

// Bulk gives the tickets for the service.
func (in BulkInput) Bulk() ticket.Bulk {
	b := ticket.Bulk{Tickets: make([]ticket.Ref, len(in.Tickets)), OnError: in.OnError}
	for i, t := range in.Tickets {
		b.Tickets[i] = ticket.Ref{ID: scalar.TicketOf(t.ID), Version: t.Expected()}
	}
	return b
}

// The inputs of bulk changes.
type (
	// BulkAssignTicketsInput names an agent.
	BulkAssignTicketsInput struct {
		BulkInput

		AssigneeID id.Member
	}
	// BulkTransferTicketsInput names a queue.
	BulkTransferTicketsInput struct {
		BulkInput

		QueueID id.Queue
	}
	// BulkTagTicketsInput tells tags.
	BulkTagTicketsInput struct {
		BulkInput

		Add    []string
		Remove []string
	}
	// BulkSetTicketPriorityInput tells a priority.
	BulkSetTicketPriorityInput struct {
		BulkInput

		Priority priority.Level
	}
	// BulkSetTicketStatusInput tells a status.
	BulkSetTicketStatusInput struct {
		BulkInput

		Status ticket.Status
	}
)
