package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// TimelineWhere is conditions on events.
type TimelineWhere struct {
	Type       *EventTypeFilter
	Actor      *IDFilter
	OccurredAt *DateTimeFilter

	Tree[TimelineWhere]
}

func (w *TimelineWhere) conditions() conditions {
	var c conditions
	add(&c, ticket.FieldType, w.Type, plain)
	add(&c, ticket.FieldActor, w.Actor, idOf[id.Member](scalar.Member))
	add(&c, ticket.FieldOccurredAt, w.OccurredAt, micros)
	return c
}

// TimelineQuery gives conditions and sort keys for the service.
func TimelineQuery(w *TimelineWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// The connection of events.
type (
	// TimelineConnection is a page of a ticket's history.
	TimelineConnection = Connection[event.Envelope, TimelineItem]
	// TimelineEdge is an event and its place.
	TimelineEdge = Edge[TimelineItem]
)

// Timeline gives a page of what happened.
func (t *Ticket) Timeline(ctx context.Context, where *TimelineWhere, orderBy []*Order, first *int, after page.Cursor, last *int, before page.Cursor) (*TimelineConnection, error) {
	p, err := PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	q := TimelineQuery(where, orderBy)
	history, err := t.rows.History(ctx, t.ID, q, p)
	if err != nil {
		return nil, err
	}
	made := &TimelineConnection{
		Page: history.Page, nodes: make([]TimelineItem, len(history.Items)),
		cursor: func(e event.Envelope) page.Cursor { return ticket.EventCursor(q, e) },
		count:  func(ctx context.Context) (int, error) { return t.rows.HistoryInAll(ctx, t.ID, q.Where) },
	}
	for i, e := range history.Items {
		if made.nodes[i], err = newItem(history.Rows, e); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// eventCursor gives an event's place in the usual order.
func eventCursor(e event.Envelope) page.Cursor { return ticket.EventCursor(query.Query{}, e) }
