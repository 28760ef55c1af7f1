// Package model is what the schema's types are in Go: the domain's objects, each
// with the rows that it is listed with, so that what it is related to is fetched
// for all of them together.
package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/load"
)

// Ticket is a ticket in a list.
type Ticket struct {
	*ticket.View

	rows *load.Rows
}

// NewTicket makes a ticket of a list, nil of nil. What it may be asked for is
// known to the list already.
func NewTicket(rows *load.Rows, v *ticket.View) *Ticket {
	if v == nil {
		return nil
	}
	return &Ticket{View: v, rows: rows}
}

// Requester gives who asked for help.
func (t *Ticket) Requester() *Member { return NewMember(t.rows, t.RequesterMember) }

// Assignee gives the agent who has it, nil if nobody does.
func (t *Ticket) Assignee() *Member { return NewMember(t.rows, t.AssigneeMember) }

// Queue gives where it waits.
func (t *Ticket) Queue() *queue.Queue { return t.InQueue }

// LastMessage gives its newest public message, nil if there is none.
func (t *Ticket) LastMessage() *Message { return NewMessage(t.rows, t.Last) }

// Tags gives staff's marks, none to who may not see notes.
func (t *Ticket) Tags() []string {
	if a := t.rows.Call.Actor; !access.Allowed(a, access.NoteSee, t.Scope(a)) {
		return nil
	}
	return t.View.Tags
}

// Category gives what was chosen.
func (t *Ticket) Category(ctx context.Context) (*Category, error) {
	found, err := t.rows.Categories.Get(ctx, t.View.Category)
	return NewCategory(t.rows, found), err
}

// Participants gives who takes part.
func (t *Ticket) Participants(ctx context.Context) ([]*Member, error) {
	found, err := t.rows.Participants.Get(ctx, t.ID)
	return NewMembers(t.rows.OfParticipants(), found), err
}

// NewTickets makes the page of a query's tickets; count counts them all.
func NewTickets(rows *load.Rows, q ticket.Query, p page.Page[*ticket.View], count Counted) *TicketConnection {
	for _, v := range p.Items {
		rows.WantTicket(v)
	}
	return Connect(p, func(v *ticket.View) *Ticket { return NewTicket(rows, v) },
		func(v *ticket.View) page.Cursor { return q.CursorOf(v.Ticket) }, count)
}
