package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/ticketsys/ticketsys/graph"
)

// What has more values than there may be is refused before it is read, whatever
// they are; signs in a text are none.
func TestTheValuesOfARequestAreBounded(t *testing.T) {
	h := sqlite(t, func(c *graph.Config) { c.Limits.Values = 50 })
	const ask = `{"query": "query($x: [String!]) { viewer { name } tickets(where: {tag: {in: $x}}) { nodes { id } } }", "variables": {"x": %s}}`
	texts := func(n int) string { return `["` + strings.TrimSuffix(strings.Repeat(`a","`, n), `,"`) + `]` }
	for name, c := range map[string]struct{ x, code string }{
		"some":              {texts(40), ""},
		"too many":          {texts(60), "VALUE_LIMIT_EXCEEDED"},
		"too many lists":    {strings.Repeat("[", 60) + strings.Repeat("]", 60), "VALUE_LIMIT_EXCEEDED"},
		"signs in a text":   {`["` + strings.Repeat(`,[{\",\\`, 60) + `"]`, ""},
		"after such a text": {`["\\\\", "\\\"", ` + texts(60)[1:], "VALUE_LIMIT_EXCEEDED"},
	} {
		a := h.post(t, h.Lea, fmt.Sprintf(ask, c.x))
		if a.refused() != c.code {
			t.Errorf("%s: %q, want %q: %s", name, a.refused(), c.code, a.body)
		}
		if c.code != "" && (a.status != 400 || !strings.Contains(a.Errors[0].Message, "50")) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}

	s := client{t, h.dial(t, h.serve(t).URL, "Léa")}
	if err := s.conn.Write(t.Context(), websocket.MessageText, []byte(`{"id": "1", "type": "subscribe", "payload": `+fmt.Sprintf(ask, texts(60))+`}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.next(); websocket.CloseStatus(err) != 4400 || !strings.Contains(err.Error(), "50") {
		t.Errorf("by WebSocket: %v", err)
	}
}
