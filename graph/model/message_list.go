package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// MessageWhere is conditions on messages.
type MessageWhere struct {
	Kind       *MessageKindFilter
	Side       *MessageSideFilter
	Author     *IDFilter
	OccurredAt *DateTimeFilter

	Tree[MessageWhere]
}

func (w *MessageWhere) conditions() conditions {
	var c conditions
	add(&c, ticket.FieldKind, w.Kind, plain)
	add(&c, ticket.FieldSide, w.Side, plain)
	add(&c, ticket.FieldAuthor, w.Author, idOf[id.Member](scalar.Member))
	add(&c, ticket.FieldOccurredAt, w.OccurredAt, micros)
	return c
}

// MessageQuery gives conditions and sort keys for the service.
func MessageQuery(w *MessageWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// The connection of messages.
type (
	// MessageConnection is a page of messages.
	MessageConnection = Connection[*ticket.Message, *Message]
	// MessageEdge is a message and its place.
	MessageEdge = Edge[*Message]
)

// Messages gives a page of what was said.
func (t *Ticket) Messages(ctx context.Context, where *MessageWhere, orderBy []*Order, first *int, after page.Cursor, last *int, before page.Cursor) (*MessageConnection, error) {
	p, err := PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	q := MessageQuery(where, orderBy)
	said, err := t.rows.Said(ctx, t.ID, q, p)
	if err != nil {
		return nil, err
	}
	node := func(m *ticket.Message) *Message { return NewMessage(said.Rows, m) }
	count := func(ctx context.Context) (int, error) { return t.rows.SaidInAll(ctx, t.ID, q.Where) }
	return Connect(said.Page, node, placed[*ticket.Message](ticket.MessageTerms(), q), count), nil
}
