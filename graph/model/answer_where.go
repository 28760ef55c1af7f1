package model

import (
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// Filters on what fields hold.
type (
	// NumberFilter is conditions on a decimal number.
	NumberFilter = Filter[float64]
	// DateFilter is conditions on a day.
	DateFilter = Filter[string]
)

// TicketFieldFilter is conditions on what a field holds.
type TicketFieldFilter struct {
	Key    string
	Value  *TextFilter
	Number *NumberFilter
	Date   *DateFilter
	Member *IDFilter
	IsNull *bool
}

func (f *TicketFieldFilter) conditions() conditions {
	var c conditions
	if f == nil {
		return c
	}
	add(&c, ticket.FieldAnswer, f.Value, plain)
	add(&c, ticket.FieldAmount, f.Number, func(n float64) any { return n })
	add(&c, ticket.FieldAnswer, f.Date, plain)
	add(&c, ticket.FieldAnswer, f.Member, func(s string) any { return scalar.Of[id.Member](scalar.Member, s).String() })
	if f.IsNull != nil {
		c = append(c, query.Condition{Field: ticket.FieldAnswer, Op: query.IsNull, Values: []any{*f.IsNull}})
	}
	for i := range c {
		c[i].Key = f.Key
	}
	return c
}
