package sqlstore

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/domain/ticket"
)

// ticketColumns are a ticket's, whole. They come from its row alone, so that a
// row that was waited for gives what is true then; only what its tags are called
// does not, which tags tells. The subject, which may hold any text, is the last.
func ticketColumns(tags string) string {
	return `t.id, t.workspace_id, t.number, t.version, t.status, t.priority, t.category_id, t.queue_id,
	t.requester_id, COALESCE(t.assignee_id, 0), t.locale, t.channel, t.opened_at, t.activity_at,
	COALESCE(t.first_reply_at, 0), COALESCE(t.resolved_at, 0), COALESCE(t.closed_at, 0),
	t.last_message_id, t.message_count, t.turn, ` + clocksColumn + `,
	` + tags + `, t.participants, t.answers` + subjectColumn
}

const subjectColumn = `, t.subject`

// ticketTexts are the statements that read tickets, as a database wants them.
type ticketTexts struct {
	columns, view, facts, lockFree string
	lock                           locking
	lockAll                        func(these string) string
}

// ticketTextsOf makes them for a database that tells in these words, as JSON without
// spaces, what the tags of the IDs in t.tags are called, and locks a ticket in this form.
func ticketTextsOf(names string, form lockForm) ticketTexts {
	columns, locked := ticketColumns(`CASE WHEN t.tags = '[]' THEN t.tags ELSE (`+names+`) END`), ticketColumns(`t.tags`)
	return ticketTexts{
		columns: columns, view: viewSQL(strings.TrimSuffix(columns, subjectColumn), form.begin, form.behind),
		facts: factsSQL(columns), lockFree: lockFreeSQL(locked),
		lock: locking{form.sql("", locked), form.sql(heard, locked)},
		lockAll: func(these string) string {
			// The plus keeps SQLite, as long as it knows nothing of the rows, from walking all of the workspace.
			return form.start("", locked) + ` WHERE +t.workspace_id = ? AND ` + these + ` ORDER BY t.id` + form.end
		},
	}
}

// lockForm is how a ticket's wide row is read to be changed: what stands before all
// columns, before the ticket's own and behind them, what is joined to it, and the end. Its
// tags come as their IDs, see Tx.tagNames.
type lockForm struct{ begin, before, behind, join, end string }

func (f lockForm) sql(first, columns string) string {
	return f.start(first, columns) + ` WHERE t.id = ? AND t.workspace_id = ?` + f.end
}

func (f lockForm) start(first, columns string) string {
	return `SELECT ` + f.begin + first + f.before + columns + f.behind + ` FROM tickets t` + f.join
}

const (
	// The rows of the search table cost a fraction of what it takes to read t.tags as JSON.
	tagNamesSQLite = `SELECT json_group_array(i.name) FROM ticket_tags j JOIN tags g ON g.id = j.tag_id JOIN tags i ON i.id = g.target_id
		WHERE j.ticket_id = t.id`
	// An array's elements are looked up in the index, each once.
	tagNamesPostgres = `SELECT COALESCE(CAST(array_to_json(array_agg(i.name)) AS TEXT), '[]') FROM tags g JOIN tags i ON i.id = g.target_id
		WHERE g.id = ANY(CAST(string_to_array(btrim(t.tags, '[]'), ',') AS BIGINT[]))`
)

const (
	// remembering are the versions by which a process remembers what a locked ticket's
	// workspace promises and what its tags are called, where several processes write.
	remembering = `p.promises, p.words`
	ofWorkspace = ` JOIN workspaces p ON p.id = t.workspace_id`
)

// clocksColumn is what is kept of a ticket by promises, of its snooze, and of what the
// helpdesk says by itself, as one column: it is empty where there never was any, and
// costs such tickets next to nothing.
const clocksColumn = `CASE WHEN t.kept_by = 0 AND t.snoozed_until IS NULL THEN ''
	ELSE t.kept_by || ' ' || t.deadline || ' ' || COALESCE(t.due_at, 0) || ' ' || COALESCE(t.snoozed_until, 0)
	|| ' ' || COALESCE(t.spoke_at, 0) || ' ' || COALESCE(t.told_until, 0) || ' ' || t.clocks END`

// ticketRow is a ticket on its way out of the database.
type ticketRow struct {
	rank, opened, activity, first, resolved, closed int64
	kept, tags, participants, answers               string
}

// fields gives where ticketColumns go.
func (r *ticketRow) fields(t *ticket.Ticket) []any {
	return []any{
		(*int64)(&t.ID), (*int64)(&t.Workspace), &t.Number, &t.Version, (*string)(&t.Status), &r.rank,
		(*int64)(&t.Category), (*int64)(&t.Queue), (*int64)(&t.Requester), (*int64)(&t.Assignee),
		(*string)(&t.Locale), (*string)(&t.Channel), &r.opened, &r.activity, &r.first, &r.resolved, &r.closed,
		(*int64)(&t.LastMessage), &t.MessageCount, (*string)(&t.Turn), &r.kept, &r.tags, &r.participants, &r.answers, &t.Subject,
	}
}

// finish turns what was read into what the domain knows.
func (r *ticketRow) finish(t *ticket.Ticket) error {
	t.Priority = levelOf(r.rank)
	t.OpenedAt, t.ActivityAt = Moment(r.opened), Moment(r.activity)
	t.FirstReplyAt, t.ResolvedAt, t.ClosedAt = Moment(r.first), Moment(r.resolved), Moment(r.closed)
	tags, err := namesFromJSON(r.tags)
	t.Tags = tags
	return errors.Join(err, keptClocks(r.kept, t), fromJSON(r.participants, &t.Participants), fromJSON(r.answers, &t.Answers))
}

// namesFromJSON reads what a ticket's tags are called: each once, in their order.
func namesFromJSON(text string) ([]string, error) {
	var names []string
	err := textsFromJSON(text, &names)
	slices.Sort(names)
	return slices.Compact(names), err
}

// keptClocks reads clocksColumn.
func keptClocks(text string, t *ticket.Ticket) error {
	if text == "" {
		return nil
	}
	var deadline, due, snooze, spoke, told int64
	parts := strings.SplitN(text, " ", 7)
	if len(parts) < 7 {
		return fmt.Errorf("a ticket's clocks can't be read: %q", text)
	}
	for i, into := range []*int64{&t.KeptBy, &deadline, &due, &snooze, &spoke, &told} {
		n, err := strconv.ParseInt(parts[i], 10, 64)
		if err != nil {
			return err
		}
		*into = n
	}
	t.DueAt, t.SpokeAt, t.ToldUntil = Moment(due), Moment(spoke), Moment(told)
	if deadline != noDeadline {
		t.Deadline = Moment(deadline)
	}
	t.Snoozed = snooze != 0
	if snooze != untilReply {
		t.SnoozedUntil = Moment(snooze)
	}
	return fromJSON(parts[6], &t.Clocks)
}

// untilReply is stored where a snooze ends at no moment, so that it ends after all others.
const untilReply = math.MaxInt64

func snoozeOf(t *ticket.Ticket) any {
	switch {
	case !t.Snoozed:
		return nil
	case t.SnoozedUntil.IsZero():
		return int64(untilReply)
	default:
		return Micros(t.SnoozedUntil)
	}
}

// noDeadline is stored where no clock runs, so that such tickets come last.
const noDeadline = math.MaxInt64

func deadlineOf(t *ticket.Ticket) int64 {
	if t.Deadline.IsZero() {
		return noDeadline
	}
	return Micros(t.Deadline)
}

// messageColumns are a message's with the text of its version; a deleted one
// has none.
const messageColumns = `m.id, m.workspace_id, m.ticket_id, m.kind, m.side, m.author_id, m.version, m.locale, m.template,
	m.channel, m.external_id, m.occurred_at, m.recorded_at, m.edited_at, m.deleted_at, m.edited_by,
	CASE WHEN m.deleted_at = 0 THEN COALESCE(v.body, '') ELSE '' END`

// versionJoin finds the text of a message.
const versionJoin = ` LEFT JOIN message_versions v ON v.message_id = m.id AND v.number = m.version`

// messageRow is a message on its way out of the database.
type messageRow struct{ occurred, recorded, edited, deleted int64 }

// fields gives where messageColumns go.
func (r *messageRow) fields(m *ticket.Message) []any {
	return []any{
		(*int64)(&m.ID), (*int64)(&m.Workspace), (*int64)(&m.Ticket), (*string)(&m.Kind), (*string)(&m.Side),
		(*int64)(&m.Author), &m.Version, (*string)(&m.Locale), &m.Template, (*string)(&m.Channel), &m.ExternalID,
		&r.occurred, &r.recorded, &r.edited, &r.deleted, (*int64)(&m.EditedBy), &m.Body,
	}
}

func (r *messageRow) finish(m *ticket.Message) {
	m.OccurredAt, m.RecordedAt = Moment(r.occurred), Moment(r.recorded)
	m.EditedAt, m.DeletedAt = Moment(r.edited), Moment(r.deleted)
}

func scanMessage(row scanner) (*ticket.Message, error) {
	m, r := &ticket.Message{}, messageRow{}
	if err := row.Scan(r.fields(m)...); err != nil {
		return nil, err
	}
	r.finish(m)
	return m, nil
}
