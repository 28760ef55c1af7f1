package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph"
)

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

const follow = `subscription($t: ID!, $after: Cursor) { ticketEvents(ticketId: $t, after: $after) { cursor node { __typename
	... on Event { actor { name } } ... on MessagePostedEvent { message { body } } ... on NoteAddedEvent { message { body } } } } }`

// heard is one message of a stream.
type heard struct {
	kind string // next, error, complete, closed
	text string
	edge struct {
		Cursor string
		Node   struct {
			Typename string `json:"__typename"`
			Message  struct{ Body string }
		}
		Ticket struct{ ID string }
	}
}

func (e *heard) parse(t *testing.T, raw []byte) {
	var response struct{ Data map[string]json.RawMessage }
	e.text = string(raw)
	if err := json.Unmarshal(raw, &response); err != nil {
		t.Errorf("%v in %s", err, raw)
	}
	for _, field := range response.Data {
		if err := json.Unmarshal(field, &e.edge); err != nil {
			t.Errorf("%v in %s", err, raw)
		}
	}
}

// stream is a running subscription.
type stream struct {
	t      *testing.T
	events chan heard
	stop   func()
}

func (s *stream) next() heard {
	s.t.Helper()
	select {
	case e := <-s.events:
		return e
	case <-time.After(patience):
		s.t.Fatal("nothing came")
		return heard{}
	}
}

// wants takes the next event and compares its type and message.
func (s *stream) wants(kind, text string) heard {
	s.t.Helper()
	e := s.next()
	if e.kind != "next" || e.edge.Node.Typename != kind || e.edge.Node.Message.Body != text {
		s.t.Fatalf("%s %s, want %s %q", e.kind, e.text, kind, text)
	}
	return e
}

func (h *house) serve(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// sse subscribes over server-sent events.
func (h *house) sse(t *testing.T, url string, who *member.Member, v vars) *stream {
	t.Helper()
	return h.sseOf(t, url, who, follow, v)
}

func (h *house) sseOf(t *testing.T, url string, who *member.Member, query string, v vars) *stream {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	body, _ := json.Marshal(map[string]any{"query": query, "variables": v})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Authorization", "Bearer "+who.Name)
	response, err := http.DefaultClient.Do(r) //nolint:bodyclose // closed below, by who reads it
	if err != nil {
		t.Fatal(err)
	}
	s := &stream{t: t, events: make(chan heard, 100), stop: cancel}
	go func() {
		defer response.Body.Close()
		kind := ""
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				kind = name
			}
			if data, ok := strings.CutPrefix(lines.Text(), "data:"); ok {
				e := heard{kind: kind}
				if kind == "next" {
					e.parse(t, []byte(data))
				}
				s.events <- e
			}
		}
		s.events <- heard{kind: "closed"}
	}()
	return s
}

// frame is a message of graphql-transport-ws.
type frame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// dial opens a WebSocket and says who asks.
func (h *house) dial(t *testing.T, url, token string) *websocket.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c, _, err := websocket.Dial(ctx, url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-ws", "graphql-transport-ws"}}) //nolint:bodyclose // there is none
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.CloseNow() })
	if c.Subprotocol() != "graphql-transport-ws" {
		t.Fatalf("it speaks %q", c.Subprotocol())
	}
	payload, _ := json.Marshal(map[string]string{"Authorization": "Bearer " + token})
	if err := wsjson.Write(ctx, c, frame{Type: "connection_init", Payload: payload}); err != nil {
		t.Fatal(err)
	}
	return c
}

// ws subscribes over a WebSocket.
func (h *house) ws(t *testing.T, url string, who *member.Member, v vars) *stream {
	t.Helper()
	return h.wsOf(t, url, who, follow, v)
}

func (h *house) wsOf(t *testing.T, url string, who *member.Member, query string, v vars) *stream {
	t.Helper()
	c := h.dial(t, url, who.Name)
	body, _ := json.Marshal(map[string]any{"query": query, "variables": v})
	if err := wsjson.Write(t.Context(), c, frame{ID: "1", Type: "subscribe", Payload: body}); err != nil {
		t.Fatal(err)
	}
	s := &stream{t: t, events: make(chan heard, 100), stop: func() { _ = c.CloseNow() }}
	go func() {
		for {
			var f frame
			if err := wsjson.Read(t.Context(), c, &f); err != nil {
				s.events <- heard{kind: "closed", text: err.Error()}
				return
			}
			e := heard{kind: f.Type, text: string(f.Payload)}
			switch f.Type {
			case "connection_ack", "ping", "pong":
				continue
			case "next":
				e.parse(t, f.Payload)
			}
			s.events <- e
		}
	}()
	return s
}

// ways are the transports of subscriptions.
func ways() map[string]func(h *house, t *testing.T, url string, who *member.Member, v vars) *stream {
	return map[string]func(h *house, t *testing.T, url string, who *member.Member, v vars) *stream{
		"sse": (*house).sse, "websocket": (*house).ws,
	}
}

func (h *house) says(t *testing.T, who *member.Member, tk *ticket.Ticket, text string) {
	t.Helper()
	if _, err := h.services.Tickets.Reply(t.Context(), h.Call(t, who), h.Ref(tk), text); err != nil {
		t.Fatal(err)
	}
}

func (h *house) notes(t *testing.T, who *member.Member, tk *ticket.Ticket, text string) {
	t.Helper()
	if _, err := h.services.Tickets.AddNote(t.Context(), h.Call(t, who), h.Ref(tk), text); err != nil {
		t.Fatal(err)
	}
}

// A subscriber hears each event once, in order, and whoever comes back with a
// cursor hears exactly what they missed.
func TestSubscriptionsResumeWithoutGapOrDouble(t *testing.T) {
	for name, subscribe := range ways() {
		t.Run(name, func(t *testing.T) {
			eachStore(t, func(t *testing.T, h *house) {
				tk, other := h.Opens(t, h.Lea, h.Help), h.Opens(t, h.Lea, h.Help)
				url := h.serve(t).URL
				begun := h.ask(t, h.Chidi, `query($t: ID!) { ticket(id: $t) { timeline(last: 1) { pageInfo { endCursor } } } }`,
					vars{"t": ticketID(tk)}).at("ticket.timeline.pageInfo.endCursor")
				h.says(t, h.Chidi, tk, "one")
				s := subscribe(h, t, url, h.Chidi, vars{"t": ticketID(tk), "after": begun})
				s.wants("MessagePostedEvent", "one")
				s.wants("StatusChangedEvent", "")
				h.says(t, h.Lea, other, "elsewhere")
				h.says(t, h.Lea, tk, "two")
				at := s.wants("MessagePostedEvent", "two")
				s.stop()

				h.notes(t, h.Chidi, tk, "three")
				for i := range 120 { // more than a page
					h.says(t, h.Lea, tk, string(rune('A'+i%26)))
				}
				s = subscribe(h, t, url, h.Chidi, vars{"t": ticketID(tk), "after": at.edge.Cursor})
				s.wants("NoteAddedEvent", "three")
				for i := range 120 {
					s.wants("MessagePostedEvent", string(rune('A'+i%26)))
				}
				h.says(t, h.Lea, tk, "now")
				s.wants("MessagePostedEvent", "now")
			})
		})
	}
}

func TestSubscriptionsShowEachWhatTheyMaySee(t *testing.T) {
	for name, subscribe := range ways() {
		t.Run(name, func(t *testing.T) {
			h := sqlite(t)
			tk := h.Opens(t, h.Lea, h.Help)
			url := h.serve(t).URL
			begun := vars{"t": ticketID(tk), "after": h.ask(t, h.Chidi, `query($t: ID!) { ticket(id: $t) { timeline(last: 1) { pageInfo { endCursor } } } }`,
				vars{"t": ticketID(tk)}).at("ticket.timeline.pageInfo.endCursor")}
			staff, requester := subscribe(h, t, url, h.Chidi, begun), subscribe(h, t, url, h.Lea, begun)
			h.notes(t, h.Chidi, tk, "secret")
			h.says(t, h.Chidi, tk, "public")
			staff.wants("NoteAddedEvent", "secret")
			staff.wants("MessagePostedEvent", "public")
			requester.wants("MessagePostedEvent", "public") // and no note before it
			requester.wants("StatusChangedEvent", "")
			staff.wants("StatusChangedEvent", "")

			// Who is no agent any more hears no more, and is told so, without a new connection.
			if err := h.Members.SetRole(t.Context(), member.Ref{Workspace: h.Workspace.ID, ID: h.Chidi.ID}, access.RoleRequester); err != nil {
				t.Fatal(err)
			}
			h.notes(t, h.Sam, tk, "after the demotion")
			h.says(t, h.Lea, tk, "still here")
			requester.wants("MessagePostedEvent", "still here")
			if e := staff.next(); !strings.Contains(e.text, "NOT_FOUND") || e.edge.Cursor != "" {
				t.Errorf("who was demoted hears %s %s", e.kind, e.text)
			}
			stranger := subscribe(h, t, url, h.Bob, vars{"t": ticketID(tk)})
			if e := stranger.next(); !strings.Contains(e.text, "NOT_FOUND") {
				t.Errorf("a stranger hears %s %s", e.kind, e.text)
			}
			for _, bad := range []vars{{"t": "nonsense"}, {"t": memberID(h.Lea)}, {"t": ticketID(tk), "after": "nonsense"}} {
				if e := subscribe(h, t, url, h.Lea, bad).next(); !strings.Contains(e.text, "NOT_FOUND") && !strings.Contains(e.text, "INVALID") {
					t.Errorf("%v: %s %s", bad, e.kind, e.text)
				}
			}
		})
	}
}

func TestSubscriptionsEndWithTheSession(t *testing.T) {
	for name, subscribe := range ways() {
		t.Run(name, func(t *testing.T) {
			h := sqlite(t, func(c *graph.Config) { c.Now = func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) } })
			h.services.Now = h.Clock.Now // time passes only where it is measured
			h.handler = graph.NewHandler(h.services)
			h.sessions = 300 * time.Millisecond
			tk := h.Opens(t, h.Lea, h.Help)
			s := subscribe(h, t, h.serve(t).URL, h.Lea, vars{"t": ticketID(tk)})
			e := s.next()
			if !strings.Contains(e.text, "UNAUTHENTICATED") || !strings.Contains(e.text, "session a expiré") {
				t.Errorf("it ends with %s %s", e.kind, e.text)
			}
			if name == "sse" {
				if e := s.next(); e.kind != "complete" {
					t.Errorf("then comes %s", e.kind)
				}
			}
		})
	}
}

func TestWebSocketsOfNobodyAreClosed(t *testing.T) {
	h := sqlite(t)
	url := h.serve(t).URL
	c := h.dial(t, url, "nobody")
	var f frame
	err := wsjson.Read(t.Context(), c, &f)
	if websocket.CloseStatus(err) != 4403 {
		t.Errorf("%+v %v", f, err)
	}
	for name, header := range map[string]http.Header{
		"another origin":      {"Origin": {"https://evil.example"}, "Sec-Websocket-Protocol": {"graphql-transport-ws"}},
		"another subprotocol": {"Sec-Websocket-Protocol": {"graphql-ws"}},
	} {
		_, response, err := websocket.Dial(t.Context(), url+"/graphql", &websocket.DialOptions{HTTPHeader: header}) //nolint:bodyclose // dial closes it
		if err == nil || response == nil || response.StatusCode < 400 {
			t.Errorf("%s: %v %v", name, response, err)
		}
	}
}

func TestAllowedOriginsMayOpenWebSockets(t *testing.T) {
	h := sqlite(t, func(c *graph.Config) { c.Origins = []string{"https://app.example"} })
	c, _, err := websocket.Dial(t.Context(), h.serve(t).URL+"/graphql", &websocket.DialOptions{ //nolint:bodyclose // there is none
		HTTPHeader: http.Header{"Origin": {"https://app.example"}}, Subprotocols: []string{"graphql-transport-ws"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = c.CloseNow()
}

// Queries and mutations go over a WebSocket too, by the same rules.
func TestOperationsOverAWebSocket(t *testing.T) {
	h := sqlite(t)
	c := h.dial(t, h.serve(t).URL, "Sam")
	replies := map[string]frame{}
	for id, query := range map[string]string{
		"q": `{ viewer { name } }`, "m": `mutation { setMyLocale(input: {locale: "de"}) { member { locale } } }`,
		"bad": `{ nobody }`, "deep": excessive()["aliases"].query,
	} {
		payload, _ := json.Marshal(map[string]string{"query": query})
		if err := wsjson.Write(t.Context(), c, frame{ID: id, Type: "subscribe", Payload: payload}); err != nil {
			t.Fatal(err)
		}
	}
	for len(replies) < 4 {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		var f frame
		err := wsjson.Read(ctx, c, &f)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if f.Type == "next" || f.Type == "error" {
			replies[f.ID] = f
		}
	}
	for id, want := range map[string]string{"q": `"Sam"`, "m": `"de"`, "bad": "GRAPHQL_VALIDATION_FAILED", "deep": "ALIAS_LIMIT_EXCEEDED"} {
		if !strings.Contains(string(replies[id].Payload), want) {
			t.Errorf("%s: %s %s, want %s", id, replies[id].Type, replies[id].Payload, want)
		}
	}
}
