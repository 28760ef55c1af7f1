package graph_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/graphtest"
)

// Every attack is answered with a clear error, or at the price of a normal query.
func TestAttacksAreAnswered(t *testing.T) {
	h := sqlite(t)
	for _, a := range graphtest.Attacks() {
		t.Run(a.Name, func(t *testing.T) {
			began := time.Now()
			got := h.post(t, h.Lea, a.Body)
			took := time.Since(began)
			if got.refused() != a.Code || got.status != a.Status {
				t.Errorf("%d %q %.300s, want %d %q", got.status, got.refused(), got.body, a.Status, a.Code)
			}
			if len(got.Errors) > 0 && got.Errors[0].Message == "" {
				t.Errorf("nothing is said: %s", got.body)
			}
			if len(got.body) > 20_000 || len(got.Errors) > 10 {
				t.Errorf("the answer has %d bytes and %d errors", len(got.body), len(got.Errors))
			}
			t.Logf("%v", took)
		})
	}
	h.ask(t, h.Lea, `{ viewer { name } }`, nil)
	if h.log.Len() > 0 {
		t.Errorf("attacks are logged as our faults: %.1000s", h.log)
	}
}

// What is refused before validation is told as clearly as by it.
func TestDocumentsThatAreVeryWrongAreToldSo(t *testing.T) {
	h := sqlite(t)
	h.ask(t, h.Lea, "{ viewer { ...A ...B } } fragment A on Member { ...B } fragment B on Member { id }", nil) // no circle
	unknown := func(n int) string { return "{ viewer { id } " + strings.Repeat("fo ", n) + "}" }
	for query, want := range map[string]struct {
		errors  int
		message string
	}{
		"{ ...A } fragment A on Query { ...A }":                                                    {1, `Cannot spread fragment "A" within itself.`},
		"{ ...A } fragment A on Query { viewer { id } ...B } fragment B on Query { ... { ...A } }": {1, `Cannot spread fragment "A" within itself via "B".`},
		"{ viewer { id } } fragment A on Member { ...A }":                                          {1, `Cannot spread fragment "A" within itself.`},
		"{ viwer { id } }": {1, `Cannot query field "viwer" on type "Query". Did you mean "viewer"?`},
		unknown(100):       {10, `Cannot query field "fo" on type "Query".`},
		unknown(101):       {1, `More than 100 fields do not exist, the first of them "fo" on type "Query".`},
		"query { nodes(ids: []) { ... on Member { " + strings.Repeat("fo ", 101) + "} ... on Nobody { x } } }": {1, `More than 100 fields do not exist, the first of them "fo" on type "Member".`},
	} {
		a := h.run(t, h.Lea, query, nil)
		if a.refused() != "GRAPHQL_VALIDATION_FAILED" || a.status != 400 || len(a.Errors) != want.errors || a.Errors[0].Message != want.message {
			t.Errorf("%.80s: %d %.300s", query, a.status, a.body)
		}
	}
}

// The same by WebSocket, where they come as messages.
func TestAttacksByWebSocketAreAnswered(t *testing.T) {
	h := sqlite(t)
	url := h.serve(t).URL
	for _, a := range graphtest.Attacks() {
		c := client{t, h.dial(t, url, "Léa")}
		c.conn.SetReadLimit(4 << 20)
		if err := c.conn.Write(t.Context(), websocket.MessageText, []byte(`{"id": "1", "type": "subscribe", "payload": `+a.Body+`}`)); err != nil {
			t.Fatal(err)
		}
		f, err := c.next()
		switch {
		case err != nil && websocket.CloseStatus(err) >= 1000: // closed for what it sent
		case err != nil:
			t.Errorf("%s: %v", a.Name, err)
		case a.Code != "" && a.Status != 200 && !strings.Contains(string(f.Payload), `"code"`) && !strings.Contains(string(f.Payload), "invalid"):
			t.Errorf("%s: %s %.300s", a.Name, f.Type, f.Payload)
		}
	}
}

func TestASlowBodyIsGivenUp(t *testing.T) {
	h := sqlite(t)
	s := httptest.NewUnstartedServer(h)
	s.Config.ReadTimeout = 200 * time.Millisecond
	s.Start()
	t.Cleanup(s.Close)
	pipe, write := io.Pipe()
	go func() { _, _ = io.WriteString(write, `{"query": `) }() // and nothing more
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/graphql", pipe)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer Léa")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	said, _ := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusRequestTimeout || !strings.Contains(string(said), `"TIMEOUT"`) {
		t.Errorf("%s %s", response.Status, said)
	}
	_ = write.Close()
}

// A WebSocket that does not say who it is, is closed.
func TestAnIdleWebSocketIsClosed(t *testing.T) {
	h := sqlite(t, func(c *graph.Config) { c.Limits.Init = 100 * time.Millisecond })
	c, _, err := websocket.Dial(t.Context(), h.serve(t).URL+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}}) //nolint:bodyclose // there is none
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.CloseNow() }()
	var f frame
	if err := wsjson.Read(t.Context(), c, &f); err == nil {
		t.Errorf("it hears %+v", f)
	}
}

func TestStreamsAreBounded(t *testing.T) {
	h := sqlite(t, func(c *graph.Config) { c.Limits.Streams, c.Limits.Sockets = 2, 4 })
	tk, url := h.Opens(t, h.Lea, h.Help), h.serve(t).URL
	open := func(who string) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/graphql", strings.NewReader(
			`{"query": "subscription { ticketEvents(ticketId: \"`+ticketID(tk)+`\") { cursor } }"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "text/event-stream")
		r.Header.Set("Authorization", "Bearer "+who)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = response.Body.Close() })
		return response.StatusCode
	}
	for i, c := range []struct {
		who    string
		status int
	}{{"Léa", 200}, {"Léa", 200}, {"Léa", 429}, {"Chidi", 200}, {"Sam", 200}, {"Dana", 429}} {
		if got := open(c.who); got != c.status {
			t.Errorf("stream %d, of %s: %d, want %d", i+1, c.who, got, c.status)
		}
	}
	_, response, err := websocket.Dial(t.Context(), url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}}) //nolint:bodyclose // dial closes it
	if err == nil || response == nil || response.StatusCode != 429 {
		t.Errorf("a WebSocket too many: %v %v", response, err)
	}
}

func TestTheOperationsOfAMemberAreBoundedAcrossWebSockets(t *testing.T) {
	h := sqlite(t, func(c *graph.Config) { c.Limits.Streams = 1 })
	url := h.serve(t).URL
	first := client{t, h.dial(t, url, "Léa")}
	first.asks("1", `{ viewer { name } }`)
	var f frame
	if err := wsjson.Read(t.Context(), h.dial(t, url, "Léa"), &f); websocket.CloseStatus(err) != 4403 || !strings.Contains(err.Error(), "1") {
		t.Errorf("%+v %v", f, err)
	}
	if said := (client{t, h.dial(t, url, "Sam")}).asks("1", `{ viewer { name } }`); !strings.Contains(said, "Sam") {
		t.Error(said)
	}
	_ = first.conn.Close(websocket.StatusNormalClosure, "")
	for range 100 { // the place is free as soon as the server has noticed
		if err := wsjson.Read(t.Context(), h.dial(t, url, "Léa"), &f); err == nil {
			return
		}
	}
	t.Error("the place is not free again")
}
