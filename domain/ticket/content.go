package ticket

import (
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// The fields by which the messages and the events of a ticket are chosen and put
// in order. Values are strings for kinds, sides and types, int64 for all others.
const (
	FieldKind       Field = "kind"     // of a message
	FieldSide       Field = "side"     // of a message
	FieldAuthor     Field = "author"   // of a message; isNull: the helpdesk itself
	FieldType       Field = "type"     // of an event
	FieldActor      Field = "actor"    // of an event; isNull: the helpdesk itself
	FieldSequence   Field = "sequence" // of an event, in its workspace
	FieldOccurredAt Field = "occurredAt"
)

// MessageTerms are what messages can be put in order by. Without an order: by
// when they were written.
func MessageTerms() query.Terms {
	return query.Terms{Numbers: []Field{FieldOccurredAt}, Usual: []query.Order{{Field: FieldOccurredAt}}}
}

// SortKey gives what puts a message in its place in an order by the field.
func (m *Message) SortKey(f Field) any {
	if f == FieldOccurredAt {
		return m.OccurredAt.UnixMicro()
	}
	return int64(m.ID)
}

// MessageCursor gives a message's place in its ticket, in the usual order.
func MessageCursor(m *Message) page.Cursor {
	return MessageTerms().CursorOf(query.Query{}, m.SortKey)
}

// TimelineTerms are what events can be put in order by. Without an order: as the
// log has them.
func TimelineTerms() query.Terms {
	return query.Terms{
		Numbers: []Field{FieldSequence, FieldOccurredAt},
		Usual:   []query.Order{{Field: FieldSequence}},
		Tie:     []Field{FieldSequence},
	}
}

// EventCursor gives an event's place in a query's order.
func EventCursor(q query.Query, e event.Envelope) page.Cursor {
	return TimelineTerms().CursorOf(q, func(f Field) any {
		if f == FieldOccurredAt {
			return e.OccurredAt.UnixMicro()
		}
		return e.Sequence
	})
}
