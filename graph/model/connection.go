package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Connection is a page of a list: R is a row as the domain has it, N the node
// that it is in the schema.
type Connection[R, N any] struct {
	page.Page[R]

	nodes  []N
	cursor func(R) page.Cursor
	count  func(context.Context) (int, error)
}

// Counted counts the rows of all pages.
type Counted = func(context.Context) (int, error)

// Connect makes a connection of a page.
func Connect[R, N any](p page.Page[R], node func(R) N, cursor func(R) page.Cursor, count Counted) *Connection[R, N] {
	c := &Connection[R, N]{Page: p, nodes: make([]N, len(p.Items)), cursor: cursor, count: count}
	for i, row := range p.Items {
		c.nodes[i] = node(row)
	}
	return c
}

// Nodes gives the rows.
func (c *Connection[R, N]) Nodes() []N { return c.nodes }

// Edges gives the rows with their places.
func (c *Connection[R, N]) Edges() []*Edge[N] {
	edges := make([]*Edge[N], len(c.nodes))
	for i, n := range c.nodes {
		edges[i] = &Edge[N]{Node: n, Cursor: c.cursor(c.Items[i])}
	}
	return edges
}

// PageInfo tells how to go on.
func (c *Connection[R, N]) PageInfo() *PageInfo { return pageInfo(c.Page, c.cursor) }

// TotalCount counts the rows of all pages.
func (c *Connection[R, N]) TotalCount(ctx context.Context) (int, error) { return c.count(ctx) }

// Edge is a row and its place.
type Edge[N any] struct {
	Cursor page.Cursor
	Node   N
}

// sortable is a row that knows its place in any order of its kind of list.
type sortable interface{ SortKey(f query.Field) any }

// placed gives the places of rows in a query's order.
func placed[R sortable](t query.Terms, q query.Query) func(R) page.Cursor {
	return func(row R) page.Cursor { return t.CursorOf(q, row.SortKey) }
}

// The connections of the schema.
type (
	// TicketConnection is a page of tickets.
	TicketConnection = Connection[*ticket.View, *Ticket]
	// TicketEdge is a ticket and its place.
	TicketEdge = Edge[*Ticket]
)
