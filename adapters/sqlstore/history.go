package sqlstore

import (
	"cmp"
	"context"
	"slices"
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
	// numberedSQL places an event whose number is known.
	numberedSQL = insertEventSQL + `VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	// placeSQL raises the workspace's counter and places an event by it.
	placeSQL = `WITH seq AS (` + countSQL + `) ` + insertEventSQL + `SELECT CAST(? AS BIGINT), seq.value,
		CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS TEXT),
		CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BOOLEAN), CAST(? AS BIGINT), CAST(? AS BIGINT) FROM seq`
	// placeAllSQL does so for any number of events: back is how far each stands
	// before the end.
	placeAllSQL = `WITH seq AS (` + countSQL + `) ` + insertEventSQL + `SELECT CAST(? AS BIGINT), seq.value - e.back,
		e.id, e.ticket, e.type, e.version, e.data, e.actor, e.channel, e.external, e.correlation, e.causation, e.internal, e.occurred, e.recorded
		FROM seq CROSS JOIN unnest(CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS TEXT[]), CAST(? AS BIGINT[]),
			CAST(? AS TEXT[]), CAST(? AS BIGINT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]),
			CAST(? AS BOOLEAN[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]))
		AS e (back, id, ticket, type, version, data, actor, channel, external, correlation, causation, internal, occurred, recorded)`
)

// news is an event on its way into the history.
type news struct {
	workspace id.Workspace
	ticket    id.Ticket
	kind      event.Type
	version   int
	data      string
	event.Draft
}

// publish writes the events at the end of the workspace's history when the
// transaction commits, and makes them heard.
func publish(tx *Tx, t *ticket.Ticket, drafts []event.Draft) error {
	for _, d := range drafts {
		tx.Publish(event.Envelope{
			ID: d.ID, Workspace: t.Workspace, Ticket: t.ID, Actor: d.Actor, Channel: d.Origin.Channel,
			ExternalID: d.Origin.ExternalID, CorrelationID: d.Origin.CorrelationID, CausationID: d.Origin.CausationID,
			Internal: d.Internal, OccurredAt: d.At, RecordedAt: d.RecordedAt, TicketChannel: t.Channel, Echo: d.Echo, Data: d.Data,
		})
	}
	return record(tx, t, drafts)
}

// record writes the events at the end of the workspace's history when the
// transaction commits.
func record(tx *Tx, t *ticket.Ticket, drafts []event.Draft) error {
	for _, d := range drafts {
		kind, version, data, err := event.Encode(d.Data)
		if err != nil {
			return err
		}
		tx.news = append(tx.news, news{workspace: t.Workspace, ticket: t.ID, kind: kind, version: version, data: string(data), Draft: d})
	}
	return nil
}

// placing adds the statements that write the news. Workspaces go in the order
// of their IDs, so that two transactions that share some never wait for each other.
func (tx *Tx) placing(ctx context.Context, all []statement) ([]statement, error) {
	slices.SortStableFunc(tx.news, func(a, b news) int { return cmp.Compare(a.workspace, b.workspace) })
	var err error
	for rest := tx.news; err == nil && len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].workspace == rest[0].workspace {
			n++
		}
		all, err = tx.dialect.history(ctx, tx.Conn, all, rest[:n])
		rest = rest[n:]
	}
	return all, err
}

// appended adds a workspace's events for a database with one writer: the end of
// the history is what its last event says, and nobody else moves it. One statement
// for all of them, fed by JSON or with a row for each, takes up to twice as long.
func appended(ctx context.Context, c Conn, to []statement, all []news) ([]statement, error) {
	w := all[0].workspace
	last, err := c.dialect.lengthen(ctx, c, w, len(all))
	for i, e := range all {
		to = append(to, statement{sql: numberedSQL, args: e.columns(int64(w), last-int64(len(all)-1-i))})
	}
	return to, err
}

// columns are the event's, from its ID on, after others.
func (e *news) columns(first ...any) []any {
	const own = 13
	return append(append(make([]any, 0, len(first)+own), first...),
		int64(e.ID), int64(e.ticket), string(e.kind), e.version, e.data, int64(e.Actor),
		string(e.Origin.Channel), e.Origin.ExternalID, int64(e.Origin.CorrelationID), int64(e.Origin.CausationID),
		e.Internal, Micros(e.At), Micros(e.RecordedAt),
	)
}

// placed adds a workspace's events by its counter, for a database with several
// writers: who raises the counter keeps the others waiting until the commit.
func placed(_ context.Context, _ Conn, to []statement, all []news) ([]statement, error) {
	last, w := len(all)-1, all[0].workspace
	if last == 0 {
		return append(to, statement{sql: placeSQL, args: all[0].columns(eventCounter(w), 1, int64(w))}), nil
	}
	return append(to, statement{sql: placeAllSQL, args: []any{
		eventCounter(w), len(all), int64(w),
		column(all, func(i int, _ news) int64 { return int64(last - i) }),
		column(all, func(_ int, e news) int64 { return int64(e.ID) }),
		column(all, func(_ int, e news) int64 { return int64(e.ticket) }),
		column(all, func(_ int, e news) string { return string(e.kind) }),
		column(all, func(_ int, e news) int64 { return int64(e.version) }),
		column(all, func(_ int, e news) string { return e.data }),
		column(all, func(_ int, e news) int64 { return int64(e.Actor) }),
		column(all, func(_ int, e news) string { return string(e.Origin.Channel) }),
		column(all, func(_ int, e news) string { return e.Origin.ExternalID }),
		column(all, func(_ int, e news) int64 { return int64(e.Origin.CorrelationID) }),
		column(all, func(_ int, e news) int64 { return int64(e.Origin.CausationID) }),
		column(all, func(_ int, e news) bool { return e.Internal }),
		column(all, func(_ int, e news) int64 { return Micros(e.At) }),
		column(all, func(_ int, e news) int64 { return Micros(e.RecordedAt) }),
	}}), nil
}

// column gives one column of many rows, as an array is sent.
func column[R, T any](rows []R, of func(i int, row R) T) []T {
	all := make([]T, len(rows))
	for i, row := range rows {
		all[i] = of(i, row)
	}
	return all
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
