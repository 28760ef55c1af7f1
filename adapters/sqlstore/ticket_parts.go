package sqlstore

import (
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/ticket"
)

// part is columns of a ticket's row that change together. There are few, so that
// the statements that write some of them are few enough to be kept ready.
type part struct {
	set    string
	values []any
}

// parts are all that can change in a ticket's row.
func parts(t *ticket.Ticket) []part {
	return []part{
		{"version = ?", []any{t.Version}},
		{"status = ?, resolved_at = ?, closed_at = ?", []any{string(t.Status), momentOrNull(t.ResolvedAt), momentOrNull(t.ClosedAt)}},
		{"priority = ?", []any{t.Priority.Rank()}},
		{"category_id = ?, queue_id = ?", []any{int64(t.Category), int64(t.Queue)}},
		{"assignee_id = ?", []any{orNull(int64(t.Assignee))}},
		{"tags = ?", []any{listText(t.Tags)}},
		{"participants = ?", []any{listText(t.Participants)}},
		{"answers = ?", []any{listText(t.Answers)}},
		{"activity_at = ?, first_reply_at = ?, last_message_id = ?, message_count = ?", []any{
			Micros(t.ActivityAt), momentOrNull(t.FirstReplyAt), int64(t.LastMessage), t.MessageCount,
		}},
	}
}

// rewritten writes those parts of a ticket's row that changed: SQLite writes the
// entries of an index, and looks for what a column refers to, whenever the column
// is named, whether or not it changes.
func rewritten(before, t *ticket.Ticket) []statement {
	var sets []string
	var args []any
	was := parts(before)
	for i, p := range parts(t) {
		if !slices.Equal(p.values, was[i].values) {
			sets, args = append(sets, p.set), append(args, p.values...)
		}
	}
	if len(sets) == 0 {
		return nil
	}
	return []statement{{
		sql:  `UPDATE tickets SET ` + strings.Join(sets, ", ") + ` WHERE id = ? AND workspace_id = ?`,
		args: append(args, int64(t.ID), int64(t.Workspace)),
	}}
}
