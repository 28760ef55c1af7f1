package rest

import (
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// ticketList is what tickets can be chosen and ordered by.
func ticketList() list {
	return list{
		name: "TicketWhere",
		columns: columns{
			"status":       words(ticket.FieldStatus, "On the status.", statuses()...),
			"priority":     ranks(ticket.FieldPriority, "On the priority."),
			"number":       numbers(ticket.FieldNumber, "On the number."),
			"category":     ids(ticket.FieldCategory, opaque.Category, "On the category."),
			"queue":        ids(ticket.FieldQueue, opaque.Queue, "On the queue."),
			"requester":    ids(ticket.FieldRequester, opaque.Member, "On who asked for help."),
			"assignee":     ids(ticket.FieldAssignee, opaque.Member, "On the agent who has it; isNull: true: nobody.", query.IsNull),
			"participant":  ids(ticket.FieldParticipant, opaque.Member, "On who takes part."),
			"tag":          {field: ticket.FieldTag, ops: equal(query.IsNull), form: "string", value: text, about: "On staff's marks, for who may see notes."},
			"field":        fieldColumn(),
			"openedAt":     moments(ticket.FieldOpenedAt, "On when it was opened."),
			"activityAt":   moments(ticket.FieldActivityAt, "On when something last happened."),
			"resolvedAt":   moments(ticket.FieldResolvedAt, "On when it was resolved.", query.IsNull),
			"closedAt":     moments(ticket.FieldClosedAt, "On when it was closed.", query.IsNull),
			"turn":         words(ticket.FieldTurn, "On who is to do something next.", "staff", "requester", "nobody"),
			"deadline":     moments(ticket.FieldDeadline, "On when the next promise is broken, for staff; isNull: true: no clock runs.", query.IsNull),
			"snoozedUntil": moments(ticket.FieldSnoozed, "On when its snooze ends, for staff; isNull: true: it is not snoozed. A snooze until the requester says something ends after all moments.", query.IsNull),
		},
		orders: sorted(ticket.FieldNumber, ticket.FieldPriority, ticket.FieldOpenedAt, ticket.FieldActivityAt, ticket.FieldDeadline),
	}
}

// fieldColumn is what a field of a form holds.
func fieldColumn() column {
	member := ids(ticket.FieldAnswer, opaque.Member, "On a member.")
	member.value = func(v any) (any, bool) {
		s, ok := v.(string)
		return opaque.Of[id.Member](opaque.Member, s).String(), ok
	}
	return column{
		field: ticket.FieldAnswer, ops: []query.Op{query.IsNull},
		about: "On what a field holds. Fields that staff keeps hold nothing for who may not see the ticket's notes.",
		parts: columns{
			"value":  texts(ticket.FieldAnswer, "On a text, of which the first 200 characters count, or on an option by its name for programs."),
			"number": {field: ticket.FieldAmount, ops: []query.Op{query.Eq, query.Gte, query.Lt}, form: "number", value: decimal, about: "On a number."},
			"date":   {field: ticket.FieldAnswer, ops: []query.Op{query.Eq, query.Gte, query.Lt}, form: "date", value: day, about: "On a day."},
			"member": member,
		},
	}
}

// TicketsInput chooses tickets.
type TicketsInput struct {
	Paging

	Status      []string `query:"status" nullable:"false" enum:"new,open,pending,on_hold,resolved,closed" doc:"With one of these statuses."`
	Priority    []string `query:"priority" nullable:"false" enum:"low,normal,high,urgent" doc:"With one of these priorities."`
	Number      int64    `query:"number" minimum:"1" doc:"With this number."`
	Category    []string `query:"category" nullable:"false" doc:"In one of these categories."`
	Queue       []string `query:"queue" nullable:"false" doc:"In one of these queues."`
	Requester   []string `query:"requester" nullable:"false" doc:"Opened for one of these members; me: the caller."`
	Assignee    []string `query:"assignee" nullable:"false" doc:"With one of these agents; me: the caller; none, alone: with nobody."`
	Participant []string `query:"participant" nullable:"false" doc:"With one of these members taking part; me: the caller."`
	Tag         []string `query:"tag" nullable:"false" doc:"With one of these marks, for who may see notes."`
}

// narrowTickets adds the conditions that parameters of their own make.
func (l list) narrowTickets(c access.Call, in *TicketsInput, q *query.Query) error {
	var own query.Where
	for _, p := range []struct {
		name   string
		values []string
	}{
		{"status", in.Status},
		{"priority", in.Priority},
		{"category", in.Category},
		{"queue", in.Queue},
		{"requester", in.Requester},
		{"assignee", in.Assignee},
		{"participant", in.Participant},
		{"tag", in.Tag},
	} {
		if len(p.values) == 0 {
			continue
		}
		if p.name == "assignee" && slices.Equal(p.values, []string{"none"}) {
			own.Conditions = append(own.Conditions, query.Condition{Field: ticket.FieldAssignee, Op: query.IsNull, Values: []any{true}})
			continue
		}
		values, ok := l.columns[p.name].operands(query.In, each(p.values, func(v string) any { return myself(c, v) }))
		if !ok {
			return errValue.On(p.name)
		}
		own.Conditions = append(own.Conditions, query.Condition{Field: l.columns[p.name].field, Op: query.In, Values: values})
	}
	if in.Number != 0 {
		own.Conditions = append(own.Conditions, query.Condition{Field: ticket.FieldNumber, Op: query.Eq, Values: []any{in.Number}})
	}
	switch {
	case own.Always():
	case q.Where.Always():
		q.Where = own
	default:
		own.And = []query.Where{q.Where}
		q.Where = own
	}
	return nil
}

// myself gives the caller's ID where they say me.
func myself(c access.Call, v string) string {
	if strings.EqualFold(v, "me") {
		return external(opaque.Member, c.Actor.Member)
	}
	return v
}
