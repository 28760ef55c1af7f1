package model

import (
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// Filter is the conditions on one field, nil for those that are not given. Each
// filter type of the schema has some of them.
type Filter[T any] struct {
	Eq      *T
	In      []T
	Gte, Lt *T
	IsNull  *bool
}

// The filters of the schema.
type (
	// IDFilter is conditions on an ID.
	IDFilter = Filter[string]
	// IntFilter is conditions on a number.
	IntFilter = Filter[int64]
	// DateTimeFilter is conditions on a moment.
	DateTimeFilter = Filter[time.Time]
	// TagFilter is conditions on tags.
	TagFilter = Filter[string]
	// TicketStatusFilter is conditions on a status.
	TicketStatusFilter = Filter[ticket.Status]
	// PriorityFilter is conditions on a priority.
	PriorityFilter = Filter[priority.Level]
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
	Tag         *TagFilter
	OpenedAt    *DateTimeFilter
	ActivityAt  *DateTimeFilter
	ResolvedAt  *DateTimeFilter
	ClosedAt    *DateTimeFilter

	And []*TicketWhere
	Or  []*TicketWhere
	Not *TicketWhere
}

// Where gives the conditions for the service, without parts that hold always:
// those only cost time.
func (w *TicketWhere) Where() query.Where {
	if w == nil {
		return query.Where{}
	}
	out := query.Where{Conditions: w.conditions()}
	for _, and := range w.And {
		if part := and.Where(); !always(part) {
			out.And = append(out.And, part)
		}
	}
	out.Or = alternatives(w.Or)
	if w.Not != nil {
		not := w.Not.Where()
		out.Not = &not
	}
	return out
}

// alternatives gives parts of which one must hold; none if one of them always does.
func alternatives(all []*TicketWhere) []query.Where {
	var out []query.Where
	for _, or := range all {
		part := or.Where()
		if always(part) {
			return nil
		}
		out = append(out, part)
	}
	return out
}

func always(w query.Where) bool {
	return len(w.Conditions)+len(w.And)+len(w.Or) == 0 && w.Not == nil
}

func (w *TicketWhere) conditions() []query.Condition {
	var c conditions
	add(&c, ticket.FieldStatus, w.Status, func(s ticket.Status) any { return string(s) })
	add(&c, ticket.FieldPriority, w.Priority, func(p priority.Level) any { return int64(p.Rank()) })
	add(&c, ticket.FieldNumber, w.Number, func(n int64) any { return n })
	add(&c, ticket.FieldCategory, w.Category, idOf[id.Category](scalar.Category))
	add(&c, ticket.FieldQueue, w.Queue, idOf[id.Queue](scalar.Queue))
	add(&c, ticket.FieldRequester, w.Requester, idOf[id.Member](scalar.Member))
	add(&c, ticket.FieldAssignee, w.Assignee, idOf[id.Member](scalar.Member))
	add(&c, ticket.FieldParticipant, w.Participant, idOf[id.Member](scalar.Member))
	add(&c, ticket.FieldTag, w.Tag, func(s string) any { return s })
	add(&c, ticket.FieldOpenedAt, w.OpenedAt, micros)
	add(&c, ticket.FieldActivityAt, w.ActivityAt, micros)
	add(&c, ticket.FieldResolvedAt, w.ResolvedAt, micros)
	add(&c, ticket.FieldClosedAt, w.ClosedAt, micros)
	return c
}

type conditions []query.Condition

// add appends the conditions of a filter; value gives an operand as the domain has it.
func add[T any](c *conditions, f ticket.Field, filter *Filter[T], value func(T) any) {
	if filter == nil {
		return
	}
	for _, one := range []struct {
		op      query.Op
		operand *T
	}{{query.Eq, filter.Eq}, {query.Gte, filter.Gte}, {query.Lt, filter.Lt}} {
		if one.operand != nil {
			*c = append(*c, query.Condition{Field: f, Op: one.op, Values: []any{value(*one.operand)}})
		}
	}
	if filter.In != nil {
		values := make([]any, len(filter.In))
		for i, v := range filter.In {
			values[i] = value(v)
		}
		*c = append(*c, query.Condition{Field: f, Op: query.In, Values: values})
	}
	if filter.IsNull != nil {
		*c = append(*c, query.Condition{Field: f, Op: query.IsNull, Values: []any{*filter.IsNull}})
	}
}

func idOf[T ~int64](k scalar.Kind) func(string) any {
	return func(s string) any { return int64(scalar.Of[T](k, s)) }
}

func micros(t time.Time) any { return t.UnixMicro() }

// TicketOrder is one sort key.
type TicketOrder struct {
	Field     ticket.Field
	Direction OrderDirection
}

// OrderDirection is which way.
type OrderDirection string

// The directions.
const (
	Ascending  OrderDirection = "ASC"
	Descending OrderDirection = "DESC"
)

// Query gives conditions and sort keys for the service.
func Query(w *TicketWhere, order []*TicketOrder) ticket.Query {
	q := ticket.Query{Where: w.Where()}
	for _, o := range order {
		q.Order = append(q.Order, query.Order{Field: o.Field, Descending: o.Direction == Descending})
	}
	return q
}

// RoleFilter is conditions on a role.
type RoleFilter = Filter[access.Role]

// NameFilter is conditions on a name.
type NameFilter struct{ Contains string }

// MemberWhere is conditions on members.
type MemberWhere struct {
	Role *RoleFilter
	Name *NameFilter
}

// Filter gives the conditions for the service. Both conditions on the role hold
// together: what is left may be no role at all, which no member has.
func (w *MemberWhere) Filter() member.ListFilter {
	var f member.ListFilter
	if w == nil {
		return f
	}
	if w.Name != nil {
		f.Name = w.Name.Contains
	}
	if w.Role != nil && (w.Role.Eq != nil || w.Role.In != nil) {
		f.Roles = []access.Role{""}
		for _, r := range access.Roles() {
			if (w.Role.Eq == nil || *w.Role.Eq == r) && (w.Role.In == nil || slices.Contains(w.Role.In, r)) {
				f.Roles = append(f.Roles, r)
			}
		}
	}
	return f
}
