package sqlstore

import (
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

const (
	insertTicketsSQL = `INSERT INTO tickets (id, workspace_id, number, version, status, priority, category_id, queue_id,
		requester_id, assignee_id, locale, channel, opened_at, activity_at, first_reply_at, resolved_at, closed_at,
		last_message_id, message_count, subject, tags, participants, answers, turn, clocks, kept_by, deadline, due_at, told_until, activity_minute) VALUES `
	ticketArgs = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
)

// insert writes a new ticket and what opening it left.
func insert(tx *Tx, t *ticket.Ticket, c ticket.Changes, ids tagIDs) error {
	tx.Last(statement{sql: insertTicketsSQL + ticketArgs, args: ticketValues(t, ids)})
	tx.Last(said(c.Messages)...)
	tx.Last(tagged(t, nil, ids.has(marking{after: t}))...)
	tx.Last(joined(t, nil, t.Participants)...)
	tx.Last(filled(t, nil, t.Answers)...)
	return publish(tx, t, c.Events)
}

func ticketValues(t *ticket.Ticket, ids tagIDs) []any {
	return []any{
		int64(t.ID), int64(t.Workspace), t.Number, t.Version, string(t.Status), t.Priority.Rank(), int64(t.Category), int64(t.Queue),
		int64(t.Requester), orNull(int64(t.Assignee)), string(t.Locale), string(t.Channel), Micros(t.OpenedAt), Micros(t.ActivityAt),
		momentOrNull(t.FirstReplyAt), momentOrNull(t.ResolvedAt), momentOrNull(t.ClosedAt),
		int64(t.LastMessage), t.MessageCount, t.Subject, listText(ids.has(marking{after: t})), listText(t.Participants), listText(t.Answers),
		string(t.Turn), listText(t.Clocks), t.KeptBy, deadlineOf(t), momentOrNull(t.DueAt), momentOrNull(t.ToldUntil), activityMinute(t),
	}
}

// save writes what a change left.
func save(tx *Tx, m marking, ids tagIDs) error {
	m.raise()
	tx.Last(rewritten(m, ids)...)
	return saveParts(tx, m, ids)
}

// saveParts writes what a change left but for the ticket's row.
func saveParts(tx *Tx, m marking, ids tagIDs) error {
	before, t, c := m.before, m.after, m.changes
	tx.known.wrote(m)
	tx.Last(said(c.Messages)...)
	tx.Last(edited(c.Edited)...)
	tx.Last(copied(c.Copied)...)
	tx.Last(unfiled(c.Unfiled)...)
	if c.Tags {
		tx.Last(tagged(t, ids.had(t), ids.has(m))...)
	}
	if c.Members {
		tx.Last(joined(t, before.Participants, t.Participants)...)
	}
	if c.Fields {
		tx.Last(filled(t, before.Answers, t.Answers)...)
	}
	return publish(tx, t, c.Events)
}

const (
	insertMessagesSQL = `INSERT INTO messages (id, workspace_id, ticket_id, kind, side, author_id, version, locale, template,
		channel, external_id, occurred_at, recorded_at, edited_at, deleted_at, edited_by) VALUES `
	messageArgs       = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	insertVersionsSQL = `INSERT INTO message_versions (message_id, number, author_id, at, body) VALUES `
	versionArgs       = `(?, ?, ?, ?, ?)`
)

// said writes new messages with their first texts.
func said(messages []*ticket.Message) []statement {
	if len(messages) == 0 {
		return nil
	}
	rows, texts := messageValues(messages[0]), versionValues(messages[0])
	for _, m := range messages[1:] {
		rows, texts = append(rows, messageValues(m)...), append(texts, versionValues(m)...)
	}
	return []statement{
		{sql: repeated(insertMessagesSQL+messageArgs, messageArgs, len(messages)), args: rows},
		{sql: repeated(insertVersionsSQL+versionArgs, versionArgs, len(messages)), args: texts},
	}
}

func messageValues(m *ticket.Message) []any {
	return []any{
		int64(m.ID), int64(m.Workspace), int64(m.Ticket), string(m.Kind), string(m.Side), int64(m.Author), m.Version,
		string(m.Locale), m.Template, string(m.Channel), m.ExternalID, Micros(m.OccurredAt), Micros(m.RecordedAt),
		Micros(m.EditedAt), Micros(m.DeletedAt), int64(m.EditedBy),
	}
}

func versionValues(m *ticket.Message) []any {
	return []any{int64(m.ID), m.Version, int64(m.Author), Micros(written(m)), m.Body}
}

// written is when a new message got the text that it has.
func written(m *ticket.Message) time.Time {
	if m.EditedAt.IsZero() {
		return m.OccurredAt
	}
	return m.EditedAt
}

// edited writes changed messages. A deleted one gets no new text.
func edited(messages []*ticket.Message) []statement {
	var all []statement
	for i, m := range messages {
		if slices.Contains(messages[:i], m) {
			continue
		}
		all = append(all, statement{
			sql: `UPDATE messages SET version = ?, edited_at = ?, edited_by = ?, deleted_at = ? WHERE id = ? AND workspace_id = ?`,
			args: []any{
				m.Version, Micros(m.EditedAt), int64(m.EditedBy), Micros(m.DeletedAt), int64(m.ID), int64(m.Workspace),
			},
		})
		if m.DeletedAt.IsZero() {
			all = append(all, statement{
				sql:  insertVersionsSQL + versionArgs,
				args: []any{int64(m.ID), m.Version, int64(m.EditedBy), Micros(m.EditedAt), m.Body},
			})
		}
	}
	return all
}

// tagged brings the search table of tags from one list to another.
func tagged(t *ticket.Ticket, from, to []id.Tag) []statement {
	var all []statement
	for _, tag := range lacking(from, to) {
		all = append(all, statement{
			sql:  `DELETE FROM ticket_tags WHERE workspace_id = ? AND tag_id = ? AND ticket_id = ?`,
			args: []any{int64(t.Workspace), int64(tag), int64(t.ID)},
		})
	}
	for _, tag := range lacking(to, from) {
		all = append(all, statement{
			sql: `INSERT INTO ticket_tags (workspace_id, tag_id, ticket_id) VALUES (?, ?, ?)
				ON CONFLICT (workspace_id, tag_id, ticket_id) DO NOTHING`,
			args: []any{int64(t.Workspace), int64(tag), int64(t.ID)},
		})
	}
	return all
}

// joined brings the search table of participants from one list to another.
func joined(t *ticket.Ticket, from, to []id.Member) []statement {
	var all []statement
	for _, m := range lacking(from, to) {
		all = append(all, statement{
			sql:  `DELETE FROM ticket_participants WHERE member_id = ? AND ticket_id = ?`,
			args: []any{int64(m), int64(t.ID)},
		})
	}
	for _, m := range lacking(to, from) {
		all = append(all, statement{
			sql:  `INSERT INTO ticket_participants (member_id, ticket_id) VALUES (?, ?)`,
			args: []any{int64(m), int64(t.ID)},
		})
	}
	return all
}

// lacking gives those items of a list that another one has not.
func lacking[T comparable](list, other []T) []T {
	var all []T
	for _, item := range list {
		if !slices.Contains(other, item) {
			all = append(all, item)
		}
	}
	return all
}

// orNull stores 0 as NULL.
func orNull(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// momentOrNull stores a moment that did not come yet as NULL.
func momentOrNull(t time.Time) any { return orNull(Micros(t)) }
