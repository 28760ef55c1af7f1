package sqlstore

import (
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/ticket"
)

// part is columns of a ticket's row that change together. There are few, so that
// the statements that write some of them are few enough to be kept ready.
type part struct {
	set    string
	same   func(a, b *ticket.Ticket) bool
	values func(t *ticket.Ticket) []any
}

// parts are all that can change in a ticket's row.
func parts() []part {
	type tk = *ticket.Ticket
	return []part{
		{"version = ?", func(a, b tk) bool { return a.Version == b.Version }, func(t tk) []any { return []any{t.Version} }},
		{
			"status = ?, resolved_at = ?, closed_at = ?",
			func(a, b tk) bool {
				return a.Status == b.Status && sameMoment(a.ResolvedAt, b.ResolvedAt) && sameMoment(a.ClosedAt, b.ClosedAt)
			},
			func(t tk) []any {
				return []any{string(t.Status), momentOrNull(t.ResolvedAt), momentOrNull(t.ClosedAt)}
			},
		},
		{"priority = ?", func(a, b tk) bool { return a.Priority == b.Priority }, func(t tk) []any { return []any{t.Priority.Rank()} }},
		{
			"category_id = ?, queue_id = ?", func(a, b tk) bool { return a.Category == b.Category && a.Queue == b.Queue },
			func(t tk) []any { return []any{int64(t.Category), int64(t.Queue)} },
		},
		{"assignee_id = ?", func(a, b tk) bool { return a.Assignee == b.Assignee }, func(t tk) []any { return []any{orNull(int64(t.Assignee))} }},
		{"tags = ?", func(a, b tk) bool { return sameList(a.Tags, b.Tags) }, func(t tk) []any { return []any{listText(t.Tags)} }},
		{
			"participants = ?", func(a, b tk) bool { return sameList(a.Participants, b.Participants) },
			func(t tk) []any { return []any{listText(t.Participants)} },
		},
		{"answers = ?", func(a, b tk) bool { return sameList(a.Answers, b.Answers) }, func(t tk) []any { return []any{listText(t.Answers)} }},
		{
			"activity_at = ?, first_reply_at = ?, last_message_id = ?, message_count = ?",
			func(a, b tk) bool {
				return sameMoment(a.ActivityAt, b.ActivityAt) && sameMoment(a.FirstReplyAt, b.FirstReplyAt) &&
					a.LastMessage == b.LastMessage && a.MessageCount == b.MessageCount
			},
			func(t tk) []any {
				return []any{Micros(t.ActivityAt), momentOrNull(t.FirstReplyAt), int64(t.LastMessage), t.MessageCount}
			},
		},
	}
}

func sameMoment(a, b time.Time) bool { return Micros(a) == Micros(b) }

// sameList compares lists as they are stored. Most are the very same, and are
// known to be without being written.
func sameList[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || listText(a) == listText(b))
}

// rewritten writes those parts of a ticket's row that changed: SQLite writes the
// entries of an index, and looks for what a column refers to, whenever the column
// is named, whether or not it changes.
func rewritten(before, t *ticket.Ticket) []statement {
	var set strings.Builder
	args := make([]any, 0, 8)
	for _, p := range parts() {
		if p.same(before, t) {
			continue
		}
		if set.Len() > 0 {
			set.WriteString(", ")
		}
		set.WriteString(p.set)
		args = append(args, p.values(t)...)
	}
	if len(args) == 0 {
		return nil
	}
	return []statement{{
		sql:  `UPDATE tickets SET ` + set.String() + ` WHERE id = ? AND workspace_id = ?`,
		args: append(args, int64(t.ID), int64(t.Workspace)),
	}}
}
