package model

import (
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// SLAPolicyWhere is conditions on policies.
type SLAPolicyWhere struct {
	Name     *TextFilter
	Position *IntFilter

	Tree[SLAPolicyWhere]
}

func (w *SLAPolicyWhere) conditions() conditions {
	var c conditions
	add(&c, sla.FieldName, w.Name, plain)
	add(&c, sla.FieldPosition, w.Position, func(n int64) any { return n })
	return c
}

// SLAPolicyQuery gives conditions and sort keys for the service.
func SLAPolicyQuery(w *SLAPolicyWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// BusinessHoursWhere is conditions on business hours.
type BusinessHoursWhere struct {
	Queue *IDFilter

	Tree[BusinessHoursWhere]
}

func (w *BusinessHoursWhere) conditions() conditions {
	var c conditions
	add(&c, sla.FieldQueue, w.Queue, idOf[id.Queue](scalar.Queue))
	return c
}

// BusinessHoursQuery gives conditions and sort keys for the service.
func BusinessHoursQuery(w *BusinessHoursWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// The connections of policies and of business hours.
type (
	// SLAPolicyConnection is a page of policies.
	SLAPolicyConnection = Connection[*sla.Policy, *SLAPolicy]
	// SLAPolicyEdge is a policy and its place.
	SLAPolicyEdge = Edge[*SLAPolicy]
	// BusinessHoursConnection is a page of business hours.
	BusinessHoursConnection = Connection[*sla.Hours, *BusinessHours]
	// BusinessHoursEdge is business hours and their place.
	BusinessHoursEdge = Edge[*BusinessHours]
)

// NewSLAPolicyPage makes the page of a query's policies; count counts them all.
func NewSLAPolicyPage(rows *load.Rows, q query.Query, p page.Page[*sla.Policy], count Counted) *SLAPolicyConnection {
	return Connect(p, func(p *sla.Policy) *SLAPolicy { return NewSLAPolicy(rows, p) }, placed[*sla.Policy](sla.PolicyTerms(), q), count)
}

// NewBusinessHoursPage makes the page of a query's hours; count counts them all.
func NewBusinessHoursPage(rows *load.Rows, q query.Query, p page.Page[*sla.Hours], count Counted) *BusinessHoursConnection {
	return Connect(p, func(h *sla.Hours) *BusinessHours { return NewBusinessHours(rows, h) }, placed[*sla.Hours](sla.HoursTerms(), q), count)
}
