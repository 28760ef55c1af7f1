package ticket

import (
	"slices"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/page"
)

// ErrCondition refuses a comparison that its field does not know, or that has
// values of another type.
var ErrCondition = fault.New(fault.Invalid, "fault.query.condition")

// Bounds of a query.
const (
	MaxConditions = 50 // and parts in which they are
	MaxNesting    = 5
	MaxValues     = 100
	MaxOrder      = 3
)

// Field is an aspect by which tickets are chosen or put in order.
type Field string

// The fields. Values are strings for Status and Tag, int64 for all others:
// IDs, numbers, a priority's rank, and microseconds since 1970 for times.
const (
	FieldID          Field = "id"
	FieldNumber      Field = "number"
	FieldStatus      Field = "status"
	FieldPriority    Field = "priority"
	FieldCategory    Field = "category"
	FieldQueue       Field = "queue"
	FieldRequester   Field = "requester"
	FieldAssignee    Field = "assignee"    // isNull: nobody
	FieldParticipant Field = "participant" // eq, in
	FieldTag         Field = "tag"         // eq, in; isNull: no tag at all
	FieldOpenedAt    Field = "openedAt"
	FieldActivityAt  Field = "activityAt"
	FieldResolvedAt  Field = "resolvedAt" // isNull: not resolved
	FieldClosedAt    Field = "closedAt"   // isNull: not closed
)

// Op compares a field with values.
type Op string

// The operators.
const (
	Eq     Op = "eq"
	In     Op = "in"
	Gte    Op = "gte"
	Gt     Op = "gt"
	Lte    Op = "lte"
	Lt     Op = "lt"
	IsNull Op = "isNull" // one value: a bool
)

// Condition is one comparison. In with no values holds for no ticket.
type Condition struct {
	Field  Field
	Op     Op
	Values []any
}

// Where is a tree of conditions: all of its parts must hold. The zero Where holds always.
type Where struct {
	Conditions []Condition
	And        []Where
	Or         []Where // one of them must hold, if there are any
	Not        *Where
}

// Order is one sort key. Only fields that every ticket has serve for it:
// number, priority, openedAt, activityAt.
type Order struct {
	Field      Field
	Descending bool
}

// Query chooses and orders tickets. Without an order: newest activity first.
type Query struct {
	Where Where
	Order []Order
}

// Keys gives the sort keys, completed by the ID in the direction of the last
// one, so that the order is total.
func (q Query) Keys() []Order {
	keys := q.Order
	if len(keys) == 0 {
		keys = []Order{{Field: FieldActivityAt, Descending: true}}
	}
	return append(slices.Clip(keys), Order{Field: FieldID, Descending: keys[len(keys)-1].Descending})
}

// Check refuses a query that is too large or orders by what not every ticket has. Codes: invalid.
func (q Query) Check() error {
	if len(q.Order) > MaxOrder {
		return fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxOrder).On("orderBy")
	}
	seen := map[Field]bool{}
	for _, o := range q.Order {
		switch o.Field {
		case FieldNumber, FieldPriority, FieldOpenedAt, FieldActivityAt:
		default:
			return fault.New(fault.Invalid, "fault.query.order").With("Field", string(o.Field)).On("orderBy")
		}
		if seen[o.Field] {
			return fault.New(fault.Invalid, "fault.query.order_twice").With("Field", string(o.Field)).On("orderBy")
		}
		seen[o.Field] = true
	}
	left := MaxConditions
	return q.Where.check(&left, MaxNesting)
}

func (w Where) check(left *int, depth int) error {
	if depth == 0 {
		return fault.New(fault.Invalid, "fault.query.nesting").With("Most", MaxNesting).On("where")
	}
	for _, c := range w.Conditions {
		if err := spend(left); err != nil {
			return err
		}
		if len(c.Values) > MaxValues {
			return fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxValues).On("where." + string(c.Field))
		}
	}
	parts := append(slices.Clip(w.And), w.Or...)
	if w.Not != nil {
		parts = append(parts, *w.Not)
	}
	for _, p := range parts {
		if err := spend(left); err != nil { // even if nothing is in it
			return err
		}
		if err := p.check(left, depth-1); err != nil {
			return err
		}
	}
	return nil
}

// spend takes one of the conditions and parts that a query may have.
func spend(left *int) error {
	if *left--; *left < 0 {
		return fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxConditions).On("where")
	}
	return nil
}

// CursorOf gives the ticket's place in the query's order.
func (q Query) CursorOf(t *Ticket) page.Cursor {
	keys := q.Keys()
	c := make(page.Cursor, len(keys))
	for i, k := range keys {
		c[i] = t.sortKey(k.Field)
	}
	return c
}

func (t *Ticket) sortKey(f Field) int64 {
	switch f {
	case FieldNumber:
		return t.Number
	case FieldPriority:
		return int64(t.Priority.Rank())
	case FieldOpenedAt:
		return t.OpenedAt.UnixMicro()
	case FieldActivityAt:
		return t.ActivityAt.UnixMicro()
	default:
		return int64(t.ID)
	}
}

// MessageCursor gives a message's place in its ticket.
func MessageCursor(m *Message) page.Cursor {
	return page.Cursor{m.OccurredAt.UnixMicro(), int64(m.ID)}
}
