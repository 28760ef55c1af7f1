package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// client speaks graphql-transport-ws.
type client struct {
	t    *testing.T
	conn *websocket.Conn
}

func (c client) send(f frame) {
	c.t.Helper()
	if err := wsjson.Write(c.t.Context(), c.conn, f); err != nil {
		c.t.Fatal(err)
	}
}

func (c client) begin(id, query string, v vars) {
	c.t.Helper()
	payload, _ := json.Marshal(map[string]any{"query": query, "variables": v})
	c.send(frame{ID: id, Type: "subscribe", Payload: payload})
}

// next gives the next message that is about an operation.
func (c client) next() (frame, error) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	for {
		var f frame
		if err := wsjson.Read(ctx, c.conn, &f); err != nil || f.ID != "" {
			return f, err
		}
	}
}

// asks runs a query to its end.
func (c client) asks(id, query string) string {
	c.t.Helper()
	c.begin(id, query, nil)
	said := ""
	for {
		f, err := c.next()
		if err != nil {
			c.t.Fatal(err)
		}
		if said += string(f.Payload); f.ID == id && f.Type != "next" {
			return said
		}
	}
}

// Who is demoted has no more rights on an open WebSocket than on a new one, and
// can't give them back to themself.
func TestAWebSocketKnowsWhoItsCallerIsByNow(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.Opens(t, h.Lea, h.Help)
		c := client{t, h.dial(t, h.serve(t).URL, "Ada")}
		const query = `{ viewer { role } tickets { totalCount } grants { nodes { role } } }`
		if said := c.asks("1", query); !strings.Contains(said, `"ADMIN"`) || !strings.Contains(said, `"totalCount":1`) {
			t.Fatal(said)
		}
		if err := h.Members.SetRole(t.Context(), member.Ref{Workspace: h.Workspace.ID, ID: h.Ada.ID}, access.RoleRequester); err != nil {
			t.Fatal(err)
		}
		if said := c.asks("2", `{ viewer { role } tickets { totalCount } }`); !strings.Contains(said, `"REQUESTER"`) || !strings.Contains(said, `"totalCount":0`) {
			t.Error(said)
		}
		back := fmt.Sprintf(`mutation { setMemberRole(input: {memberId: %q, role: ADMIN}) { userErrors { code } } }`, memberID(h.Ada))
		for id, query := range map[string]string{"3": query, "4": back} {
			if said := c.asks(id, query); !strings.Contains(said, "FORBIDDEN") {
				t.Errorf("%s: %s", query, said)
			}
		}
	})
}

// An agent whose team does not serve the ticket's queue any more is told so.
func TestASubscriptionEndsWhenTheTicketGoesElsewhere(t *testing.T) {
	for name, subscribe := range ways() {
		t.Run(name, func(t *testing.T) {
			h := sqlite(t)
			tk := h.Opens(t, h.Lea, h.Help)
			begun := h.ask(t, h.Chidi, `query($t: ID!) { ticket(id: $t) { timeline(last: 1) { pageInfo { endCursor } } } }`,
				vars{"t": ticketID(tk)}).at("ticket.timeline.pageInfo.endCursor")
			s := subscribe(h, t, h.serve(t).URL, h.Chidi, vars{"t": ticketID(tk), "after": begun})
			h.says(t, h.Lea, tk, "hello")
			s.wants("MessagePostedEvent", "hello")
			h.Changes(t, h.Sam, tk, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Transfer(c, h.Billing.ID) })
			if e := s.next(); !strings.Contains(e.text, "NOT_FOUND") {
				t.Errorf("%s %s", e.kind, e.text)
			}
		})
	}
}

func TestAWebSocketCarriesSoManyOperations(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	c := client{t, h.dial(t, h.serve(t).URL, "Léa")}
	c.send(frame{ID: "0", Type: "complete"}) // of nothing
	for i := range 51 {
		c.begin(fmt.Sprint(i), follow, vars{"t": ticketID(tk)})
	}
	refused, err := c.next()
	if err != nil || !strings.Contains(string(refused.Payload), "OPERATION_LIMIT_EXCEEDED") || !strings.Contains(string(refused.Payload), "50") {
		t.Fatalf("%+v %s %v", refused, refused.Payload, err)
	}
	if f, err := c.next(); err != nil || f.ID != refused.ID || f.Type != "complete" {
		t.Fatalf("%+v %v", f, err)
	}
	other := "0"
	if refused.ID == other {
		other = "1"
	}
	c.send(frame{ID: other, Type: "complete"})
	for { // there is room as soon as that has ended
		said := c.asks(other, `{ viewer { name } }`)
		if strings.Contains(said, "Léa") {
			break
		}
		if !strings.Contains(said, "OPERATION_LIMIT_EXCEEDED") {
			t.Fatal(said)
		}
	}
}

func TestAnIDInUseClosesTheWebSocket(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	c := client{t, h.dial(t, h.serve(t).URL, "Léa")}
	for range 20 { // an ID is free as soon as its operation is ended
		c.begin("x", follow, vars{"t": ticketID(tk)})
		c.send(frame{ID: "x", Type: "complete"})
	}
	if said := c.asks("x", `{ viewer { name } }`); !strings.Contains(said, "Léa") {
		t.Error(said)
	}
	c.begin("x", follow, vars{"t": ticketID(tk)})
	c.begin("x", `{ viewer { name } }`, nil)
	for {
		f, err := c.next()
		if err == nil { // what was open may say that it ends
			if strings.Contains(string(f.Payload), "Léa") {
				t.Errorf("it answers %s", f.Payload)
			}
			continue
		}
		if websocket.CloseStatus(err) != 4409 {
			t.Error(err)
		}
		return
	}
}

// What came by an API key ends when that is revoked: a subscription, and all that is
// asked on its socket afterwards.
func TestARevokedKeyEndsWhatCameByIt(t *testing.T) {
	for name, subscribe := range ways() {
		t.Run(name, func(t *testing.T) {
			h := sqlite(t)
			tk := h.Opens(t, h.Lea, h.Help)
			k, secret, err := h.services.Auth.CreateKey(t.Context(), h.Call(t, h.Chidi), auth.KeyWish{Name: "Robot", Scopes: auth.ReadScopes()})
			if err != nil {
				t.Fatal(err)
			}
			robot, url := *h.Chidi, h.serve(t).URL
			robot.Name = secret
			begun := h.ask(t, &robot, `query($t: ID!) { ticket(id: $t) { timeline(last: 1) { pageInfo { endCursor } } } }`,
				vars{"t": ticketID(tk)}).at("ticket.timeline.pageInfo.endCursor")
			c := client{t, h.dial(t, url, secret)}
			if said := c.asks("1", "{ viewer { id } }"); !strings.Contains(said, memberID(h.Chidi)) {
				t.Fatal(said)
			}
			if said := c.asks("2", `mutation { claimTicket(input: {ticketId: "`+ticketID(tk)+`"}) { userErrors { code } } }`); !strings.Contains(said, "FORBIDDEN") {
				t.Errorf("on a socket it does more than it may: %s", said)
			}
			s := subscribe(h, t, url, &robot, vars{"t": ticketID(tk), "after": begun})
			h.says(t, h.Lea, tk, "hello")
			s.wants("MessagePostedEvent", "hello")
			if err := h.services.Auth.RevokeKey(t.Context(), h.Call(t, h.Chidi), k.ID); err != nil {
				t.Fatal(err)
			}
			if e := s.next(); !strings.Contains(e.text, "UNAUTHENTICATED") {
				t.Errorf("the subscription goes on with %s %s", e.kind, e.text)
			}
			if said := c.asks("3", "{ viewer { id } }"); !strings.Contains(said, "UNAUTHENTICATED") {
				t.Errorf("the socket answers %s", said)
			}
		})
	}
}
