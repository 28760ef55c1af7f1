package ticket

import (
	"math"
	"slices"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// Field is an aspect by which tickets are chosen or put in order.
type Field = query.Field

// The fields. Values are strings for Status and Tag, int64 for all others:
// IDs, numbers, a priority's rank, and microseconds since 1970 for times.
const (
	FieldNumber      Field = "number"
	FieldStatus      Field = "status"
	FieldPriority    Field = "priority"
	FieldCategory    Field = "category"
	FieldQueue       Field = "queue"
	FieldRequester   Field = "requester"
	FieldAssignee    Field = "assignee"    // isNull: nobody
	FieldParticipant Field = "participant" // eq, in
	FieldTag         Field = "tag"         // eq, in: names that the tag has or had; isNull: no tag at all
	FieldTagID       Field = "tagId"       // eq, in
	FieldAnswer      Field = "field"       // text: a field of the form, by key
	FieldAmount      Field = "amount"      // float64: the same for those that hold numbers
	FieldOpenedAt    Field = "openedAt"
	FieldActivityAt  Field = "activityAt"
	FieldResolvedAt  Field = "resolvedAt" // isNull: not resolved
	FieldClosedAt    Field = "closedAt"   // isNull: not closed
	FieldTurn        Field = "turn"
	FieldDeadline    Field = "deadline" // isNull: no clock runs
	FieldSnoozed     Field = "snoozed"  // until when; isNull: not snoozed
)

// terms are what tickets can be put in order by. Without an order: newest
// activity first.
func terms() query.Terms {
	return query.Terms{
		Numbers: []Field{FieldNumber, FieldPriority, FieldOpenedAt, FieldActivityAt, FieldDeadline},
		Usual:   []query.Order{{Field: FieldActivityAt, Descending: true}},
	}
}

// Query chooses and orders tickets.
type Query query.Query

// Keys gives the sort keys, completed by the ID.
func (q Query) Keys() []query.Order { return terms().Keys(query.Query(q)) }

// Check refuses a query that is too large or orders by what not every ticket has. Codes: invalid.
func (q Query) Check() error { return terms().Check(query.Query(q)) }

// Window checks the query and the request for a page of its tickets. Codes: invalid.
func (q Query) Window(r page.Request) (page.Window, error) { return terms().Window(query.Query(q), r) }

// CursorOf gives the ticket's place in the query's order.
func (q Query) CursorOf(t *Ticket) page.Cursor { return terms().CursorOf(query.Query(q), t.sortKey) }

func (t *Ticket) sortKey(f Field) any {
	switch f {
	case FieldNumber:
		return t.Number
	case FieldPriority:
		return int64(t.Priority.Rank())
	case FieldOpenedAt:
		return t.OpenedAt.UnixMicro()
	case FieldDeadline:
		if t.Deadline.IsZero() {
			return int64(math.MaxInt64) // after all others
		}
		return t.Deadline.UnixMicro()
	case FieldActivityAt:
		return t.ActivityAt.UnixMicro()
	default:
		return int64(t.ID)
	}
}

// permitted refuses an order that only staff has: a place in it would tell what is
// promised of a ticket. Codes: forbidden.
func (q Query) permitted(a access.Actor) error {
	if slices.ContainsFunc(q.Order, func(o query.Order) bool { return o.Field == FieldDeadline }) {
		return access.Require(a, access.MemberSee, access.InWorkspace(a.Workspace))
	}
	return nil
}
