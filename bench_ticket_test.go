package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// ticketQuery is a ticket as an agent's app shows it when it is opened.
const ticketQuery = `{ ticket(id: "%s") { id number subject status priority tags openedAt
	requester { id name } assignee { id name } queue { id name }
	messages(last: 100) { nodes { id kind side body occurredAt author { id name } } }
	timeline(last: 30) { nodes { __typename ... on Event { id occurredAt actor { id name } } } } } }`

// BenchmarkTicketView compares a ticket with its last 100 messages and 30 events
// through GraphQL over HTTP with a hand-written handler that reads the same rows
// with three statements, behind the same server, token check and access rule.
func BenchmarkTicketView(b *testing.B) {
	eachStore(b, func(b *testing.B, databaseURL string) {
		w := newBenchWorld(b, databaseURL)
		w.open(1)
		w.talk(w.tickets[0], 120)
		token := w.token(w.agent.Member)
		whole, floor := httptest.NewServer(w.handler()), httptest.NewServer(w.behindTheDoor(w.floorTicket))
		defer whole.Close()
		defer floor.Close()
		query := fmt.Sprintf(ticketQuery, opaque(scalar.Ticket, int64(w.tickets[0].ID)))
		for _, url := range []string{whole.URL, floor.URL} {
			w.full(get(b, url, token, query))
		}
		compete(b, runtime.GOMAXPROCS(0),
			func(int, int) error { return drain(whole.URL, token, query) },
			func(int, int) error { return drain(floor.URL, token, query) })
	})
}

// talk lets requester and agent write in turns.
func (w *benchWorld) talk(t *ticket.Ticket, messages int) {
	for i := range messages {
		who := w.agent
		if i%2 == 0 {
			who = w.members[0]
		}
		_, err := w.app.tickets.Reply(w.b.Context(), w.call(who), ticket.Ref{ID: t.ID}, benchBody)
		w.check(err)
	}
}

// full makes sure that an answer has all that is asked for.
func (w *benchWorld) full(raw []byte) {
	var answer struct {
		Data struct {
			Ticket struct {
				Subject            string
				Messages, Timeline struct{ Nodes []json.RawMessage }
			}
		}
	}
	w.check(json.Unmarshal(raw, &answer))
	if t := answer.Data.Ticket; t.Subject == "" || len(t.Messages.Nodes) != 100 || len(t.Timeline.Nodes) != 30 {
		w.b.Fatalf("%d messages, %d events: %.300s", len(t.Messages.Nodes), len(t.Timeline.Nodes), raw)
	}
}

type (
	floorSaid struct {
		ID         string `json:"id"`
		Kind       string `json:"kind"`
		Side       string `json:"side"`
		Body       string `json:"body"`
		OccurredAt string `json:"occurredAt"`
		Author     *named `json:"author"`
	}
	floorEvent struct {
		Type       string `json:"__typename"`
		ID         string `json:"id"`
		OccurredAt string `json:"occurredAt"`
		Actor      *named `json:"actor"`
	}
	floorNodes[T any] struct {
		Nodes []T `json:"nodes"`
	}
	floorView struct {
		floorTicket
		OpenedAt string                 `json:"openedAt"`
		Messages floorNodes[floorSaid]  `json:"messages"`
		Timeline floorNodes[floorEvent] `json:"timeline"`
	}
)

const (
	floorTicketSQL = `SELECT t.id, t.number, t.subject, t.status, t.priority, ` + floorTags + `, t.opened_at,
			r.id, r.name, COALESCE(a.id, 0), COALESCE(a.name, ''), q.id, q.name
		FROM tickets t JOIN members r ON r.id = t.requester_id JOIN queues q ON q.id = t.queue_id LEFT JOIN members a ON a.id = t.assignee_id
		WHERE t.id = ? AND t.workspace_id = ? AND (t.requester_id = ? OR t.assignee_id = ? OR t.queue_id IN (%s))`
	floorMessagesSQL = `SELECT m.id, m.kind, m.side, v.body, m.occurred_at, COALESCE(a.id, 0), COALESCE(a.name, '')
		FROM messages m JOIN message_versions v ON v.message_id = m.id AND v.number = m.version LEFT JOIN members a ON a.id = m.author_id
		WHERE m.ticket_id = ? ORDER BY m.occurred_at DESC, m.id DESC LIMIT 100`
	floorEventsSQL = `SELECT e.id, e.type, e.occurred_at, COALESCE(a.id, 0), COALESCE(a.name, '')
		FROM events e LEFT JOIN members a ON a.id = e.actor_id WHERE e.ticket_id = ? ORDER BY e.sequence DESC LIMIT 30`
)

// floorTicket is the ticket as somebody would write it who needs nothing else.
func (w *benchWorld) floorTicket(out http.ResponseWriter, r *http.Request) {
	session := access.FromContext(r.Context())
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		panic(err)
	}
	view := &floorView{}
	t := int64(w.tickets[0].ID)
	err := errors.Join(
		w.floorRow(r.Context(), session.Actor, t, view),
		floorRead(r.Context(), w, floorMessagesSQL, t, &view.Messages.Nodes, floorScanMessage),
		floorRead(r.Context(), w, floorEventsSQL, t, &view.Timeline.Nodes, floorScanEvent),
	)
	if err != nil {
		panic(err)
	}
	out.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(out).Encode(map[string]any{"data": map[string]any{"ticket": view}}); err != nil {
		panic(err)
	}
}

func (w *benchWorld) floorRow(ctx context.Context, a access.Actor, t int64, v *floorView) error {
	args := []any{t, int64(a.Workspace), int64(a.Member), int64(a.Member)}
	for _, q := range a.Queues {
		args = append(args, int64(q))
	}
	query := fmt.Sprintf(floorTicketSQL, strings.TrimSuffix(strings.Repeat("?,", len(a.Queues)), ","))
	var ticketID, requester, assignee, queue, rank, opened int64
	var assigneeName, tags string
	err := w.store.Read(ctx).QueryRow(ctx, query, args...).Scan(&ticketID, &v.Number, &v.Subject, &v.Status, &rank, &tags, &opened,
		&requester, &v.Requester.Name, &assignee, &assigneeName, &queue, &v.Queue.Name)
	v.ID, v.Requester.ID, v.Queue.ID = opaque(scalar.Ticket, ticketID), opaque(scalar.Member, requester), opaque(scalar.Queue, queue)
	v.Status, v.Priority, v.Tags, v.OpenedAt = strings.ToUpper(v.Status), floorPriorities[rank], json.RawMessage(tags), floorTime(opened)
	v.Assignee = floorPerson(assignee, assigneeName)
	return err
}

func floorRead[T any](ctx context.Context, w *benchWorld, query string, t int64, into *[]T, scan func(func(...any) error) (T, error)) error {
	rows, err := w.store.Read(ctx).Query(ctx, query, t)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		one, err := scan(rows.Scan)
		if err != nil {
			return err
		}
		*into = append(*into, one)
	}
	return rows.Err()
}

func floorScanMessage(scan func(...any) error) (m floorSaid, err error) {
	var message, occurred, author int64
	var name string
	err = scan(&message, &m.Kind, &m.Side, &m.Body, &occurred, &author, &name)
	m.ID, m.Kind, m.Side = opaque(scalar.Message, message), strings.ToUpper(m.Kind), strings.ToUpper(m.Side)
	m.OccurredAt, m.Author = floorTime(occurred), floorPerson(author, name)
	return m, err
}

func floorScanEvent(scan func(...any) error) (e floorEvent, err error) {
	var event, occurred, actor int64
	var name string
	err = scan(&event, &e.Type, &occurred, &actor, &name)
	e.ID, e.OccurredAt, e.Actor = opaque(scalar.Event, event), floorTime(occurred), floorPerson(actor, name)
	return e, err
}

func floorPerson(member int64, name string) *named {
	if member == 0 {
		return nil
	}
	return &named{opaque(scalar.Member, member), name}
}

func floorTime(micros int64) string {
	return time.UnixMicro(micros).UTC().Format("2006-01-02T15:04:05.000000Z")
}
