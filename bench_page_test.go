package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/api"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// pageQuery is the list as an agent's app shows it.
const pageQuery = `{ tickets(first: 25) { nodes { id number subject status priority tags activityAt
	requester { id name } assignee { id name } queue { id name } lastMessage { id body } } pageInfo { hasNextPage } } }`

// BenchmarkTicketPage compares the 25-ticket page through GraphQL over HTTP with
// a hand-written handler that reads the same rows with one statement and writes
// them as JSON, behind the same server, token check and access rule.
func BenchmarkTicketPage(b *testing.B) {
	eachStore(b, func(b *testing.B, databaseURL string) {
		w := newBenchWorld(b, databaseURL)
		w.open(2000)
		token := w.token(w.agent.Member)
		whole, floor := httptest.NewServer(w.handler()), httptest.NewServer(w.behindTheDoor(w.floorPage))
		defer whole.Close()
		defer floor.Close()
		same(b, get(b, whole.URL, token, pageQuery), get(b, floor.URL, token, pageQuery))
		compete(b, runtime.GOMAXPROCS(0),
			func(int, int) error { return drain(whole.URL, token, pageQuery) },
			func(int, int) error { return drain(floor.URL, token, pageQuery) })
	})
}

// behindTheDoor puts a handler in GraphQL's place in the server.
func (w *benchWorld) behindTheDoor(h http.HandlerFunc) http.Handler {
	return api.New(api.Config{Auth: w.auth, GraphQL: h, Catalogue: w.catalogue, Now: w.now, Logger: w.logger})
}

func request(url, token, query string) (*http.Response, error) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %s", response.Status)
	}
	return response, err
}

func drain(url, token, query string) error {
	response, err := request(url, token, query)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return errorsOf(err, response.Body.Close())
}

func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func get(b *testing.B, url, token, query string) []byte {
	b.Helper()
	response, err := request(url, token, query)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		b.Fatal(err)
	}
	return raw
}

// same makes sure that the two answer with the same page.
func same(b *testing.B, x, y []byte) {
	b.Helper()
	var p, q struct{ Data floorData }
	if err := errorsOf(json.Unmarshal(x, &p), json.Unmarshal(y, &q)); err != nil {
		b.Fatal(err)
	}
	px, _ := json.Marshal(p)
	qx, _ := json.Marshal(q)
	if len(p.Data.Tickets.Nodes) != 25 || !bytes.Equal(px, qx) {
		b.Fatalf("the pages differ:\n%s\n%s", px, qx)
	}
}

type (
	named struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	floorMessage struct {
		ID   string `json:"id"`
		Body string `json:"body"`
	}
	floorTicket struct {
		ID          string          `json:"id"`
		Number      int64           `json:"number"`
		Subject     string          `json:"subject"`
		Status      string          `json:"status"`
		Priority    string          `json:"priority"`
		Tags        json.RawMessage `json:"tags"`
		ActivityAt  string          `json:"activityAt"`
		Requester   named           `json:"requester"`
		Assignee    *named          `json:"assignee"`
		Queue       named           `json:"queue"`
		LastMessage *floorMessage   `json:"lastMessage"`
	}
	floorData struct {
		Tickets struct {
			Nodes    []floorTicket `json:"nodes"`
			PageInfo struct {
				HasNextPage bool `json:"hasNextPage"`
			} `json:"pageInfo"`
		} `json:"tickets"`
	}
)

// floorTags tells what a ticket's tags are called.
const floorTags = `COALESCE((SELECT '["' || string_agg(i.name, '","') || '"]' FROM ticket_tags x JOIN tags g ON g.id = x.tag_id
	JOIN tags i ON i.id = g.target_id WHERE x.ticket_id = t.id), '[]')`

const floorSQL = `SELECT t.id, t.number, t.subject, t.status, t.priority, ` + floorTags + `, t.activity_at,
		r.id, r.name, COALESCE(a.id, 0), COALESCE(a.name, ''), q.id, q.name, COALESCE(m.id, 0), COALESCE(v.body, '')
	FROM tickets t%s LEFT JOIN members r ON r.id = t.requester_id LEFT JOIN queues q ON q.id = t.queue_id
	LEFT JOIN members a ON a.id = t.assignee_id LEFT JOIN messages m ON m.id = t.last_message_id AND m.deleted_at = 0
	LEFT JOIN message_versions v ON v.message_id = m.id AND v.number = m.version
	WHERE t.workspace_id = ? AND (t.requester_id = ? OR t.assignee_id = ? OR t.queue_id IN (%s)
		OR EXISTS (SELECT 1 FROM ticket_participants p WHERE p.member_id = ? AND p.ticket_id = t.id))
	ORDER BY t.activity_minute DESC, t.activity_at DESC, t.id DESC LIMIT 26`

// walked says by which index the page's tickets come, as somebody would who found that
// SQLite sorts them all otherwise.
func (w *benchWorld) walked() string {
	if w.sqlite {
		return " INDEXED BY tickets_minute"
	}
	return ""
}

// floorPage is the page as somebody would write it who needs nothing else.
func (w *benchWorld) floorPage(out http.ResponseWriter, r *http.Request) {
	session := access.FromContext(r.Context())
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		panic(err)
	}
	data, err := w.floorRows(r.Context(), session.Actor)
	if err != nil {
		panic(err)
	}
	out.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(out).Encode(map[string]any{"data": data}); err != nil {
		panic(err)
	}
}

func (w *benchWorld) floorRows(ctx context.Context, a access.Actor) (*floorData, error) {
	args := []any{int64(a.Workspace), int64(a.Member), int64(a.Member)}
	for _, q := range a.Queues {
		args = append(args, int64(q))
	}
	args = append(args, int64(a.Member))
	query := fmt.Sprintf(floorSQL, w.walked(), strings.TrimSuffix(strings.Repeat("?,", len(a.Queues)), ","))
	rows, err := w.store.Read(ctx).Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	data := &floorData{}
	for rows.Next() {
		t, err := floorScan(rows.Scan)
		if err != nil {
			return nil, err
		}
		data.Tickets.Nodes = append(data.Tickets.Nodes, t)
	}
	if len(data.Tickets.Nodes) > 25 {
		data.Tickets.Nodes, data.Tickets.PageInfo.HasNextPage = data.Tickets.Nodes[:25], true
	}
	return data, rows.Err()
}

var floorPriorities = [...]string{"", "LOW", "NORMAL", "HIGH", "URGENT"}

func floorScan(scan func(...any) error) (floorTicket, error) {
	var t floorTicket
	var ticket, requester, assignee, queue, message, rank, activity int64
	var assigneeName, body, tags string
	err := scan(&ticket, &t.Number, &t.Subject, &t.Status, &rank, &tags, &activity, &requester, &t.Requester.Name,
		&assignee, &assigneeName, &queue, &t.Queue.Name, &message, &body)
	t.ID, t.Requester.ID, t.Queue.ID = opaque(scalar.Ticket, ticket), opaque(scalar.Member, requester), opaque(scalar.Queue, queue)
	t.Status, t.Priority, t.Tags = strings.ToUpper(t.Status), floorPriorities[rank], json.RawMessage(tags)
	t.ActivityAt = floorTime(activity)
	t.Assignee = floorPerson(assignee, assigneeName)
	if message != 0 {
		t.LastMessage = &floorMessage{opaque(scalar.Message, message), body}
	}
	return t, err
}

func opaque[T ~int64](k scalar.Kind, n T) string { return scalar.Encode(k, int64(n)) }
