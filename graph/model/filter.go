package model

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// Filter is the conditions on one field, nil for those that are not given. Each
// filter type of the schema has some of them.
type Filter[T any] struct {
	Eq       *T
	In       []T
	Gte, Lt  *T
	Contains *T
	IsNull   *bool
}

// The filters of the schema.
type (
	// TextFilter is conditions on a text.
	TextFilter = Filter[string]
	// LocaleFilter is conditions on a language.
	LocaleFilter = Filter[locale.Tag]
	// BooleanFilter is a condition on what is so or not.
	BooleanFilter = Filter[bool]
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
	// MessageKindFilter is conditions on a message's kind.
	MessageKindFilter = Filter[ticket.Kind]
	// MessageSideFilter is conditions on for whom a message's author spoke.
	MessageSideFilter = Filter[ticket.Side]
	// EventTypeFilter is conditions on what kind of thing happened.
	EventTypeFilter = Filter[event.Type]
	// RoleFilter is conditions on a role.
	RoleFilter = Filter[access.Role]
	// GrantPermissionFilter is conditions on a grant's permission.
	GrantPermissionFilter = Filter[access.Class]
	// GrantEffectFilter is conditions on a grant's effect.
	GrantEffectFilter = Filter[access.Effect]
	// AvailabilityFilter is conditions on an availability.
	AvailabilityFilter = Filter[member.Availability]
	// CategoryIntentFilter is conditions on an intent.
	CategoryIntentFilter = Filter[category.Intent]
	// ChannelFilter is conditions on a channel.
	ChannelFilter = Filter[event.Channel]
	// AuditObjectKindFilter is conditions on what kind of object was changed.
	AuditObjectKindFilter = Filter[audit.Kind]
	// AuditActionFilter is conditions on what was done.
	AuditActionFilter = Filter[audit.Action]
	// TurnFilter is conditions on whose turn it is.
	TurnFilter = Filter[ticket.Turn]
	// PriorityFilter is conditions on a priority.
	PriorityFilter = Filter[priority.Level]
)

type conditions []query.Condition

// add appends the conditions of a filter; value gives an operand as the domain has it.
func add[T any](c *conditions, f query.Field, filter *Filter[T], value func(T) any) {
	if filter == nil {
		return
	}
	for _, one := range []struct {
		op      query.Op
		operand *T
	}{{query.Eq, filter.Eq}, {query.Gte, filter.Gte}, {query.Lt, filter.Lt}, {query.Contains, filter.Contains}} {
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

// Operands as the domain has them.

func idOf[T ~int64](k scalar.Kind) func(string) any {
	return func(s string) any { return int64(scalar.Of[T](k, s)) }
}

// anyID is an ID of an object of whatever kind.
func anyID(s string) any {
	_, n, _ := scalar.Decode(s)
	return n
}

func micros(t time.Time) any { return t.UnixMicro() }

func plain[T ~string](v T) any { return string(v) }

func rank(p priority.Level) any { return int64(p.Rank()) }

func yes(so bool) any {
	if so {
		return int64(1)
	}
	return int64(0)
}
