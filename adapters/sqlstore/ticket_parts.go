package sqlstore

import (
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// rewriting is a statement that writes some columns of a ticket's row. Columns
// that change together are written together, so that the texts are few enough to
// be kept ready.
type rewriting struct {
	sql  string
	args []any
}

func (w *rewriting) set(columns string, values ...any) {
	if w.sql != "" {
		w.sql += ", "
	}
	w.sql += columns
	w.args = append(w.args, values...)
}

// rewritten writes those parts of a ticket's row that changed: SQLite writes the
// entries of an index, and looks for what a column refers to, whenever the column
// is named, whether or not it changes.
func rewritten(m marking, ids tagIDs) []statement {
	w := rewritingOf(m, ids)
	if w.sql == "" {
		return nil
	}
	return []statement{{
		sql:  `UPDATE tickets SET ` + w.sql + ` WHERE id = ? AND workspace_id = ?`,
		args: append(w.args, int64(m.after.ID), int64(m.after.Workspace)),
	}}
}

func rewritingOf(m marking, ids tagIDs) *rewriting {
	before, t := m.before, m.after
	w := &rewriting{args: make([]any, 0, 8)}
	if t.Version != before.Version { // by one: the row is locked
		w.set("version = version + 1")
	}
	w.state(before, t)
	w.place(before, t)
	w.lists(before, t)
	if m.changes.Tags {
		w.set("tags = ?", listText(ids.has(m)))
	}
	w.activity(before, t)
	w.promised(before, t)
	return w
}

// rewrittenAlike writes tickets of one workspace, those whose rows change in the same
// way by one statement.
func rewrittenAlike(c Conn, all []marking, ids tagIDs) []statement {
	var alike []*rewriting
	tickets := map[*rewriting][]marking{}
	for _, m := range all {
		w := rewritingOf(m, ids)
		if w.sql == "" {
			continue
		}
		i := slices.IndexFunc(alike, w.equals)
		if i < 0 {
			i, alike = len(alike), append(alike, w)
		}
		tickets[alike[i]] = append(tickets[alike[i]], m)
	}
	var statements []statement
	for _, w := range alike {
		of := tickets[w]
		if len(of) == 1 {
			statements = append(statements, rewritten(of[0], ids)...)
			continue
		}
		these, list := among(c, "id", column(of, func(_ int, m marking) id.Ticket { return m.after.ID }))
		statements = append(statements, statement{
			sql:  `UPDATE tickets SET ` + w.sql + ` WHERE +workspace_id = ? AND ` + these,
			args: append(w.args, int64(of[0].after.Workspace), list),
		})
	}
	return statements
}

// equals tells whether both write the same into the same columns.
func (w *rewriting) equals(other *rewriting) bool {
	return w.sql == other.sql && slices.Equal(w.args, other.args)
}

func (w *rewriting) state(before, t *ticket.Ticket) {
	if t.Status != before.Status || !sameMoment(t.ResolvedAt, before.ResolvedAt) || !sameMoment(t.ClosedAt, before.ClosedAt) {
		w.set("status = ?, resolved_at = ?, closed_at = ?", string(t.Status), momentOrNull(t.ResolvedAt), momentOrNull(t.ClosedAt))
	}
	if t.Priority != before.Priority {
		w.set("priority = ?", t.Priority.Rank())
	}
}

func (w *rewriting) promised(before, t *ticket.Ticket) {
	if t.Turn != before.Turn {
		w.set("turn = ?", string(t.Turn))
	}
	if t.KeptBy != before.KeptBy || !sameMoment(t.DueAt, before.DueAt) || !sameMoment(t.Deadline, before.Deadline) || !slices.Equal(t.Clocks, before.Clocks) {
		w.set("clocks = ?, kept_by = ?, deadline = ?, due_at = ?", listText(t.Clocks), t.KeptBy, deadlineOf(t), momentOrNull(t.DueAt))
	}
	if !sameMoment(t.SpokeAt, before.SpokeAt) || !sameMoment(t.ToldUntil, before.ToldUntil) {
		w.set("spoke_at = ?, told_until = ?", momentOrNull(t.SpokeAt), momentOrNull(t.ToldUntil))
	}
	if t.Snoozed != before.Snoozed || !sameMoment(t.SnoozedUntil, before.SnoozedUntil) {
		w.set("snoozed_until = ?", snoozeOf(t))
	}
}

func (w *rewriting) place(before, t *ticket.Ticket) {
	switch {
	case t.Category != before.Category:
		w.set("category_id = ?, queue_id = ?", int64(t.Category), int64(t.Queue))
	case t.Queue != before.Queue: // a transfer, which need not look for the category
		w.set("queue_id = ?", int64(t.Queue))
	}
	if t.Assignee != before.Assignee {
		w.set("assignee_id = ?", orNull(int64(t.Assignee)))
	}
}

func (w *rewriting) lists(before, t *ticket.Ticket) {
	if !sameList(t.Participants, before.Participants) {
		w.set("participants = ?", listText(t.Participants))
	}
	if !sameList(t.Answers, before.Answers) {
		w.set("answers = ?", listText(t.Answers))
	}
}

func (w *rewriting) activity(before, t *ticket.Ticket) {
	if !sameMoment(t.ActivityAt, before.ActivityAt) {
		w.set("activity_at = ?", Micros(t.ActivityAt))
	}
	if !sameMoment(t.FirstReplyAt, before.FirstReplyAt) {
		w.set("first_reply_at = ?", momentOrNull(t.FirstReplyAt))
	}
	if t.LastMessage != before.LastMessage || t.MessageCount != before.MessageCount {
		w.set("last_message_id = ?, message_count = ?", int64(t.LastMessage), t.MessageCount)
	}
	if activityMinute(t) != activityMinute(before) {
		w.set("activity_minute = ?", activityMinute(t))
	}
}

// minute is how coarse the list of what happened last is walked, in microseconds: the
// rows of one are sorted. Finer, each message would move its ticket in the index.
const minute = 60_000_000

func activityMinute(t *ticket.Ticket) int64 { return Micros(t.ActivityAt) / minute }

func sameMoment(a, b time.Time) bool { return Micros(a) == Micros(b) }

// sameList compares lists as they are stored. Most are the very same, and are
// known to be without being written.
func sameList[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || listText(a) == listText(b))
}
