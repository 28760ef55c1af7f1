package sqlstore

import (
	"strings"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// countSQL raises a counter by n from what it is, or from 0.
const countSQL = `INSERT INTO counters (name, value) VALUES (?, ?)
	ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING value`

// The names of a workspace's counters.
func eventCounter(w id.Workspace) string  { return "events/" + w.String() }
func ticketCounter(w id.Workspace) string { return "tickets/" + w.String() }

const (
	insertEventSQL = `INSERT INTO events (workspace_id, sequence, id, ticket_id, type, version, data, actor_id,
		channel, external_id, correlation_id, causation_id, internal, occurred_at, recorded_at) `
	// appendSQL places an event after the last one that the workspace has.
	appendSQL = insertEventSQL + `VALUES (?, (SELECT COALESCE(MAX(l.sequence), 0) + 1 FROM events l WHERE l.workspace_id = ?),
		?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	// placeSQL places events by the counter that seq has raised: column2 is how
	// far each stands before the end.
	placeSQL = insertEventSQL + `SELECT e.column1, seq.value - e.column2, e.column3, e.column4, e.column5, e.column6, e.column7, e.column8,
		e.column9, e.column10, e.column11, e.column12, e.column13, e.column14, e.column15
		FROM seq CROSS JOIN (VALUES `
	eventArgs = `(CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT),
		CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT),
		CAST(? AS BOOLEAN), CAST(? AS BIGINT), CAST(? AS BIGINT))`
)

// publish writes the events at the end of the workspace's history when the
// transaction commits, and makes them heard.
func publish(tx *Tx, t *ticket.Ticket, drafts []event.Draft) error {
	if len(drafts) == 0 {
		return nil
	}
	rows := make([][]any, len(drafts))
	for i, d := range drafts {
		kind, version, data, err := event.Encode(d.Data)
		if err != nil {
			return err
		}
		rows[i] = []any{
			int64(t.Workspace), nil, int64(d.ID), int64(t.ID), string(kind), version, string(data), int64(d.Actor),
			string(d.Origin.Channel), d.Origin.ExternalID, int64(d.Origin.CorrelationID), int64(d.Origin.CausationID),
			d.Internal, Micros(d.At), Micros(d.RecordedAt),
		}
		tx.Publish(event.Envelope{
			ID: d.ID, Workspace: t.Workspace, Ticket: t.ID, Actor: d.Actor, Channel: d.Origin.Channel,
			ExternalID: d.Origin.ExternalID, CorrelationID: d.Origin.CorrelationID, CausationID: d.Origin.CausationID,
			Internal: d.Internal, OccurredAt: d.At, RecordedAt: d.RecordedAt, TicketChannel: t.Channel, Data: d.Data,
		})
	}
	tx.Last(tx.dialect.history(t.Workspace, rows)...)
	return nil
}

// appended adds events one by one, for a database with one writer: the end of
// the history is what its last event says.
func appended(w id.Workspace, rows [][]any) []statement {
	all := make([]statement, len(rows))
	for i, row := range rows {
		row[1] = int64(w)
		all[i] = statement{sql: appendSQL, args: row}
	}
	return all
}

// placed adds events by the workspace's counter, for a database with several
// writers: who raises the counter keeps the others waiting until the commit.
func placed(w id.Workspace, rows [][]any) []statement {
	var args []any
	for i, row := range rows {
		row[1] = len(rows) - 1 - i
		args = append(args, row...)
	}
	return []statement{
		{name: "seq", late: true, sql: countSQL, args: []any{eventCounter(w), len(rows)}},
		{late: true, sql: repeated(placeSQL+eventArgs, eventArgs, len(rows)) + `) e`, args: args},
	}
}

// repeated lengthens a text that ends in a row of arguments to n such rows.
func repeated(text, row string, n int) string {
	if n == 1 {
		return text
	}
	return text + strings.Repeat(", "+row, n-1)
}

const envelopeColumns = `e.workspace_id, e.sequence, e.id, e.ticket_id, e.type, e.version, e.data, e.actor_id,
	e.channel, e.external_id, e.correlation_id, e.causation_id, e.internal, e.occurred_at, e.recorded_at`

func scanEnvelope(row scanner) (event.Envelope, error) {
	var e event.Envelope
	var kind, data string
	var version int
	var occurred, recorded int64
	err := row.Scan((*int64)(&e.Workspace), &e.Sequence, (*int64)(&e.ID), (*int64)(&e.Ticket), &kind, &version, &data, (*int64)(&e.Actor),
		(*string)(&e.Channel), &e.ExternalID, (*int64)(&e.CorrelationID), (*int64)(&e.CausationID), &e.Internal, &occurred, &recorded)
	if err != nil {
		return e, err
	}
	e.OccurredAt, e.RecordedAt = Moment(occurred), Moment(recorded)
	e.Data, err = event.Decode(event.Type(kind), version, []byte(data))
	return e, err
}
