package sqlstore

import (
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// aspect is how a field of a ticket can be compared.
type aspect struct {
	column   string // what is compared; for members of a list, within lists
	list     string // begins the condition that the ticket has a member of the list
	text     bool   // values are texts, not numbers
	ordered  bool   // gte, gt, lte, lt make sense
	nullable bool
	none     string // condition of having none, when that is not a column IS NULL
	staff    bool   // shown to who may read the ticket's notes
}

var aspects = map[ticket.Field]aspect{
	ticket.FieldID:         {column: "t.id", ordered: true},
	ticket.FieldNumber:     {column: "t.number", ordered: true},
	ticket.FieldStatus:     {column: "t.status", text: true},
	ticket.FieldPriority:   {column: "t.priority", ordered: true},
	ticket.FieldCategory:   {column: "t.category_id"},
	ticket.FieldQueue:      {column: "t.queue_id"},
	ticket.FieldRequester:  {column: "t.requester_id"},
	ticket.FieldAssignee:   {column: "t.assignee_id", nullable: true},
	ticket.FieldOpenedAt:   {column: "t.opened_at", ordered: true},
	ticket.FieldActivityAt: {column: "t.activity_at", ordered: true},
	ticket.FieldResolvedAt: {column: "t.resolved_at", ordered: true, nullable: true},
	ticket.FieldClosedAt:   {column: "t.closed_at", ordered: true, nullable: true},
	ticket.FieldParticipant: {
		column: "p.member_id", list: "t.id IN (SELECT p.ticket_id FROM ticket_participants p WHERE ",
	},
	ticket.FieldTag: {
		column: "g.tag", list: "t.id IN (SELECT g.ticket_id FROM ticket_tags g WHERE g.workspace_id = t.workspace_id AND ",
		text: true, nullable: true, none: "t.tags = '[]'", staff: true,
	},
}

var comparisons = map[ticket.Op]string{ticket.Gte: " >= ?", ticket.Gt: " > ?", ticket.Lte: " <= ?", ticket.Lt: " < ?"}

// where adds a tree of conditions as one condition. What only staff reads is
// compared where notes passes. Codes: invalid.
func (q *selection) where(w ticket.Where, notes access.TicketFilter) error {
	parts := 0
	next := func() {
		q.add([]string{"(", " AND "}[min(parts, 1)])
		parts++
	}
	for _, c := range w.Conditions {
		next()
		if err := q.shown(c, notes); err != nil {
			return err
		}
	}
	for _, and := range w.And {
		next()
		if err := q.where(and, notes); err != nil {
			return err
		}
	}
	for i, or := range w.Or {
		if i == 0 {
			next()
		}
		q.add([]string{"(", " OR "}[min(i, 1)])
		if err := q.where(or, notes); err != nil {
			return err
		}
	}
	if len(w.Or) > 0 {
		q.add(")")
	}
	if w.Not != nil {
		next()
		q.add("NOT ")
		if err := q.where(*w.Not, notes); err != nil {
			return err
		}
	}
	if parts == 0 {
		q.add("(TRUE")
	}
	q.add(")")
	return nil
}

// shown adds one comparison of what may be read. Where it may not be, it is
// false, so that nobody finds out by conditions what they are not shown.
func (q *selection) shown(c ticket.Condition, notes access.TicketFilter) error {
	if !aspects[c.Field].staff || notes.All {
		return q.condition(c)
	}
	q.add("(")
	if err := q.condition(c); err != nil {
		return err
	}
	q.add(" AND ")
	q.allowed(notes)
	q.add(")")
	return nil
}

// condition adds one comparison. It is true or false, never unknown, so that
// NOT gives what it says.
func (q *selection) condition(c ticket.Condition) error {
	refused := ticket.ErrCondition.With("Field", string(c.Field)).On("where")
	a, known := aspects[c.Field]
	if !known {
		return refused
	}
	if c.Op == ticket.IsNull {
		return q.isNull(a, c, refused)
	}
	for _, v := range c.Values {
		_, isText := v.(string)
		if _, isNumber := v.(int64); isText != a.text || !isText && !isNumber {
			return refused
		}
	}
	text, args := compare(q.conn, a, c)
	if text == "" {
		return refused
	}
	switch {
	case a.list != "":
		text = a.list + text + ")"
	case a.nullable:
		text = "(" + a.column + " IS NOT NULL AND " + text + ")"
	}
	q.add(text, args...)
	return nil
}

func (q *selection) isNull(a aspect, c ticket.Condition, refused error) error {
	if !a.nullable || len(c.Values) != 1 {
		return refused
	}
	null, isBool := c.Values[0].(bool)
	if !isBool {
		return refused
	}
	text := a.none
	if text == "" {
		text = a.column + " IS NULL"
	}
	if !null {
		text = "NOT (" + text + ")"
	}
	q.add(text)
	return nil
}

// compare writes the comparison of a column; "" if there is none such.
func compare(conn Conn, a aspect, c ticket.Condition) (string, []any) {
	if c.Op == ticket.In {
		text, list := amongValues(conn, a, c.Values)
		return text, []any{list}
	}
	if len(c.Values) != 1 {
		return "", nil
	}
	if c.Op == ticket.Eq {
		return a.column + " = ?", c.Values
	}
	if op, ok := comparisons[c.Op]; ok && a.ordered {
		return a.column + op, c.Values
	}
	return "", nil
}

func amongValues(conn Conn, a aspect, values []any) (string, any) {
	if a.text {
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i], _ = v.(string)
		}
		return amongTexts(conn, a.column, texts)
	}
	numbers := make([]int64, len(values))
	for i, v := range values {
		numbers[i], _ = v.(int64)
	}
	return among(conn, a.column, numbers)
}
