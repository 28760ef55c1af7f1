package model

import (
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// QueueWhere is conditions on queues.
type QueueWhere struct {
	Name *TextFilter
	Team *IDFilter

	Tree[QueueWhere]
}

func (w *QueueWhere) conditions() conditions {
	var c conditions
	add(&c, queue.FieldName, w.Name, plain)
	add(&c, queue.FieldTeam, w.Team, idOf[id.Team](scalar.Team))
	return c
}

// QueueQuery gives conditions and sort keys for the service.
func QueueQuery(w *QueueWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// GrantWhere is conditions on grants.
type GrantWhere struct {
	Role       *RoleFilter
	Permission *GrantPermissionFilter
	Effect     *GrantEffectFilter
	Queue      *IDFilter
	Category   *IDFilter

	Tree[GrantWhere]
}

func (w *GrantWhere) conditions() conditions {
	var c conditions
	add(&c, queue.FieldRole, w.Role, plain)
	add(&c, queue.FieldPermission, w.Permission, plain)
	add(&c, queue.FieldEffect, w.Effect, plain)
	add(&c, queue.FieldQueue, w.Queue, idOf[id.Queue](scalar.Queue))
	add(&c, queue.FieldCategory, w.Category, idOf[id.Category](scalar.Category))
	return c
}

// GrantQuery gives conditions and sort keys for the service.
func GrantQuery(w *GrantWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// The connections of queues and of the grants on them.
type (
	// QueueConnection is a page of queues.
	QueueConnection = Connection[*queue.Queue, *queue.Queue]
	// QueueEdge is a queue and its place.
	QueueEdge = Edge[*queue.Queue]
	// GrantConnection is a page of grants.
	GrantConnection = Connection[access.Grant, *Grant]
	// GrantEdge is a grant and its place.
	GrantEdge = Edge[*Grant]
)

// NewQueuePage makes the page of a query's queues; count counts them all.
func NewQueuePage(q query.Query, p page.Page[*queue.Queue], count Counted) *QueueConnection {
	return Connect(p, func(q *queue.Queue) *queue.Queue { return q }, placed[*queue.Queue](queue.Terms(), q), count)
}

// NewGrantPage makes the page of a query's grants; count counts them all.
func NewGrantPage(rows *load.Rows, q query.Query, p page.Page[access.Grant], count Counted) *GrantConnection {
	cursor := func(g access.Grant) page.Cursor {
		return queue.GrantTerms().CursorOf(q, func(f query.Field) any { return queue.GrantSortKey(g, f) })
	}
	return Connect(p, func(g access.Grant) *Grant { return NewGrant(rows, &g) }, cursor, count)
}
