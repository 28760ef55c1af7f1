package model

import (
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// CategoryWhere is conditions on categories.
type CategoryWhere struct {
	Intent     *CategoryIntentFilter
	Queue      *IDFilter
	Priority   *PriorityFilter
	Position   *IntFilter
	IsArchived *BooleanFilter

	Tree[CategoryWhere]
}

func (w *CategoryWhere) conditions() conditions {
	var c conditions
	add(&c, category.FieldIntent, w.Intent, plain)
	add(&c, category.FieldQueue, w.Queue, idOf[id.Queue](scalar.Queue))
	add(&c, category.FieldPriority, w.Priority, rank)
	add(&c, category.FieldPosition, w.Position, func(n int64) any { return n })
	add(&c, category.FieldArchived, w.IsArchived, yes)
	return c
}

// CategoryQuery gives conditions and sort keys for the service.
func CategoryQuery(w *CategoryWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// The connection of categories.
type (
	// CategoryConnection is a page of categories.
	CategoryConnection = Connection[*category.Category, *Category]
	// CategoryEdge is a category and its place.
	CategoryEdge = Edge[*Category]
)

// NewCategoryPage makes the page of a query's categories; count counts them all.
func NewCategoryPage(rows *load.Rows, q query.Query, p page.Page[*category.Category], count Counted) *CategoryConnection {
	node := func(c *category.Category) *Category { return NewCategory(rows, c) }
	return Connect(p, node, placed[*category.Category](category.Terms(), q), count)
}
