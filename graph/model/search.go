package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/graph/load"
)

// SearchHit is something that was found.
type SearchHit struct {
	search.Hit

	rows *load.Rows
}

// Ticket gives where it stands; nil, if the caller may not see it any more.
func (h *SearchHit) Ticket(ctx context.Context) (*Ticket, error) {
	found, err := h.rows.Tickets.Get(ctx, h.Hit.Ticket)
	return NewTicket(h.rows.OfTickets(), found), err
}

// Message gives the message, nil if it is the ticket that was found.
func (h *SearchHit) Message(ctx context.Context) (*Message, error) {
	return messageOf(ctx, h.rows, h.Hit.Message)
}

// Excerpt gives why it was found.
func (h *SearchHit) Excerpt() *SearchExcerpt { return &SearchExcerpt{h.Hit.Excerpt} }

// SearchExcerpt is what of a text is shown.
type SearchExcerpt struct{ search.Excerpt }

// Source tells of what it is a part.
func (e *SearchExcerpt) Source() search.PartKind { return e.Kind }

// Label gives the question of a form.
func (e *SearchExcerpt) Label() *string { return orNil(e.Excerpt.Label) }

// SearchPiece is a piece of an excerpt.
type SearchPiece = search.Piece

type (
	// SearchHitConnection is a page of hits.
	SearchHitConnection = Connection[search.Hit, *SearchHit]
	// SearchHitEdge is a hit and its place.
	SearchHitEdge = Edge[*SearchHit]
)

// NewSearch makes the page of what was found.
func NewSearch(rows *load.Rows, o search.Order, p page.Page[search.Hit]) *SearchHitConnection {
	for _, h := range p.Items {
		rows.Tickets.Want(h.Ticket)
		rows.Messages.Want(h.Message)
	}
	return Connect(p, func(h search.Hit) *SearchHit { return &SearchHit{h, rows} },
		func(h search.Hit) page.Cursor { return h.Cursor(o) }, nil)
}
