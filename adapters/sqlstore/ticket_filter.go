package sqlstore

import (
	"github.com/ticketsys/ticketsys/domain/access"
)

// allowed adds the rule of access that a ticket t passes if the filter lets it
// through: the same as access.TicketFilter.Passes, in SQL. A part is left out
// where it can't be true, so that an index can be found for the rest.
func (q *selection) allowed(f access.TicketFilter) {
	mine := "t.workspace_id = ?"
	switch {
	case q.byID:
		// SQLite takes a list of IDs for longer than the list of a workspace's tickets.
		mine = "+" + mine
	case q.nearly:
		mine = q.conn.dialect.few(mine)
	}
	q.add(mine, int64(f.Workspace))
	if f.All {
		return
	}
	if !f.AsRequester {
		q.and("t.requester_id <> ?", int64(f.Member))
	}
	q.add(" AND ")
	if !f.AnyQueue && len(f.Queues)+len(f.Categories) == 0 {
		q.personal(f)
		return
	}
	var any alternatives
	if f.AsRequester {
		any.add("t.requester_id = ?", int64(f.Member))
	}
	if f.AsAssignee {
		any.add("t.assignee_id = ?", int64(f.Member))
	}
	if f.AsParticipant {
		any.add("t.id IN (SELECT p.ticket_id FROM ticket_participants p WHERE p.member_id = ?)", int64(f.Member))
	}
	if len(f.Categories) > 0 {
		any.add(among(q.conn, "t.category_id", f.Categories))
	}
	q.byQueue(f, &any)
	q.either(any)
}

// personal is the rule for one who has nothing but their own tickets: those are
// few, and looked up rather than searched for among all.
func (q *selection) personal(f access.TicketFilter) {
	var own alternatives
	if f.AsRequester {
		own.add("SELECT x.id FROM tickets x WHERE x.workspace_id = ? AND x.requester_id = ?", int64(f.Workspace), int64(f.Member))
	}
	if f.AsAssignee {
		own.add("SELECT x.id FROM tickets x WHERE x.workspace_id = ? AND x.assignee_id = ?", int64(f.Workspace), int64(f.Member))
	}
	if f.AsParticipant {
		own.add("SELECT p.ticket_id FROM ticket_participants p WHERE p.member_id = ?", int64(f.Member))
	}
	if len(own) == 0 {
		q.add("FALSE")
		return
	}
	for i, c := range own {
		q.add([]string{"t.id IN (", " UNION ALL "}[min(i, 1)]+c.text, c.args...)
	}
	q.add(")")
}

// byQueue is the part of the rule that asks for the ticket's queue.
func (q *selection) byQueue(f access.TicketFilter, any *alternatives) {
	var queues alternatives
	if len(f.Queues) > 0 {
		queues.add(among(q.conn, "t.queue_id", f.Queues))
	}
	if f.AnyQueue {
		if len(f.NotQueues) > 0 {
			these, list := among(q.conn, "t.queue_id", f.NotQueues)
			queues.add("NOT ("+these+")", list)
		} else {
			queues = alternatives{{text: "TRUE"}}
		}
	}
	if len(queues) == 0 {
		return
	}
	part := &selection{conn: q.conn}
	part.either(queues)
	if len(f.NotCategories) > 0 {
		these, list := among(q.conn, "t.category_id", f.NotCategories)
		part.and("NOT ("+these+")", list)
	}
	any.add(part.text(), part.args...)
}

// alternatives are conditions of which one must hold.
type alternatives []condition

type condition struct {
	text string
	args []any
}

func (a *alternatives) add(text string, args ...any) {
	*a = append(*a, condition{text: text, args: args})
}

// either adds alternatives; none can't hold.
func (q *selection) either(any alternatives) {
	if len(any) == 0 {
		q.add("FALSE")
		return
	}
	for i, c := range any {
		q.add([]string{"(", " OR "}[min(i, 1)])
		q.add(c.text, c.args...)
	}
	q.add(")")
}
