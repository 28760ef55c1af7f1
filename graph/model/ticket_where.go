package model

import (
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// TicketWhere is conditions on tickets.
type TicketWhere struct {
	Status      *TicketStatusFilter
	Priority    *PriorityFilter
	Number      *IntFilter
	Category    *IDFilter
	Queue       *IDFilter
	Requester   *IDFilter
	Assignee    *IDFilter
	Participant *IDFilter
	Field       *TicketFieldFilter
	Tag         *TagFilter
	TagID       *IDFilter
	OpenedAt    *DateTimeFilter
	ActivityAt  *DateTimeFilter
	ResolvedAt  *DateTimeFilter
	ClosedAt    *DateTimeFilter
	Turn        *TurnFilter
	Deadline    *DateTimeFilter

	SnoozedUntil *DateTimeFilter

	Tree[TicketWhere]
}

func (w *TicketWhere) conditions() conditions {
	var c conditions
	add(&c, ticket.FieldStatus, w.Status, plain)
	add(&c, ticket.FieldPriority, w.Priority, rank)
	add(&c, ticket.FieldNumber, w.Number, func(n int64) any { return n })
	add(&c, ticket.FieldCategory, w.Category, idOf[id.Category](scalar.Category))
	add(&c, ticket.FieldQueue, w.Queue, idOf[id.Queue](scalar.Queue))
	add(&c, ticket.FieldRequester, w.Requester, idOf[id.Member](scalar.Member))
	add(&c, ticket.FieldAssignee, w.Assignee, idOf[id.Member](scalar.Member))
	add(&c, ticket.FieldParticipant, w.Participant, idOf[id.Member](scalar.Member))
	add(&c, ticket.FieldTag, w.Tag, plain)
	add(&c, ticket.FieldTagID, w.TagID, idOf[id.Tag](scalar.Tag))
	add(&c, ticket.FieldOpenedAt, w.OpenedAt, micros)
	add(&c, ticket.FieldActivityAt, w.ActivityAt, micros)
	add(&c, ticket.FieldResolvedAt, w.ResolvedAt, micros)
	add(&c, ticket.FieldClosedAt, w.ClosedAt, micros)
	add(&c, ticket.FieldTurn, w.Turn, plain)
	add(&c, ticket.FieldDeadline, w.Deadline, micros)
	add(&c, ticket.FieldSnoozed, w.SnoozedUntil, micros)
	return append(c, w.Field.conditions()...)
}

// TicketQuery gives conditions and sort keys for the service.
func TicketQuery(w *TicketWhere, order []*Order) ticket.Query {
	return ticket.Query{Where: where(w), Order: orders(order)}
}
