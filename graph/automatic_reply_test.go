package graph_test

import (
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/graph/scalar"
)

const saveReplies = `mutation($in: SaveCategoryInput!) { saveCategory(input: $in) {
	category { automaticReplies { on after business texts { locale text } } } userErrors { code field message } } }`

// replies saves what the helpdesk says by itself in the house's first category.
func (h *house) replies(t *testing.T, in vars) *answer {
	t.Helper()
	in["id"] = gid(scalar.Category, h.Help.ID)
	return h.ask(t, h.Ada, saveReplies, vars{"in": in})
}

// opensTicket opens a ticket as Léa, and gives its ID and what she is greeted with.
func (h *house) opensTicket(t *testing.T) (n, greeting string) {
	t.Helper()
	a := h.ask(t, h.Lea, `mutation($c: ID!) { openTicket(input: {categoryId: $c, subject: "Oven"}) { ticket { id lastMessage { body } } } }`,
		vars{"c": gid(scalar.Category, h.Help.ID)})
	return a.at("openTicket.ticket.id").(string), a.at("openTicket.ticket.lastMessage.body").(string)
}

func (h *house) lastSaid(t *testing.T, n string) string {
	t.Helper()
	return h.ask(t, h.Lea, `query($t: ID!) { ticket(id: $t) { lastMessage { body } } }`, vars{"t": n}).at("ticket.lastMessage.body").(string)
}

func TestTheHelpdeskSaysByItselfWhatACategorySays(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		text := func(s string) []vars { return []vars{{"locale": "en", "text": s}} }
		h.replies(t, vars{"automaticReplies": []vars{{"on": "PENDING", "texts": text("Hello {{name}}")}}}).want("saveCategory.userErrors", []vars{{
			"code": "INVALID", "field": []any{"automaticReplies"},
			"message": "The text uses “name”, which is not known. These can be used: number (number), subject (text), category (text).",
		}})
		h.replies(t, vars{"greetings": text("Within {{waiting_time}}")}).want("saveCategory.userErrors.0.field", []any{"greetings"})
		pending, resolved := vars{"on": "PENDING", "texts": text("#{{number}} waits for you.")}, vars{"on": "RESOLVED", "texts": text("Done: {{subject}}")}
		h.replies(t, vars{"greetings": text("Hello {{requester}}."), "automaticReplies": []vars{pending, resolved}}).want("saveCategory.category.automaticReplies", []vars{
			{"on": "PENDING", "after": nil, "business": false, "texts": pending["texts"]},
			{"on": "RESOLVED", "after": nil, "business": false, "texts": resolved["texts"]},
		})
		h.ask(t, h.Lea, `query($c: ID!) { node(id: $c) { ... on Category { automaticReplies { on } } } }`, vars{"c": gid(scalar.Category, h.Help.ID)}).
			want("node.automaticReplies", nil)

		one, _ := h.opensTicket(t)
		two, _ := h.opensTicket(t)
		h.Clock.Advance(time.Hour)
		h.ask(t, h.Sam, `mutation($t: ID!) { markTicketPending(input: {ticketId: $t}) { userErrors { message } } }`, vars{"t": one})
		if got := h.lastSaid(t, one); got[0] != '#' || got[len(got)-len(" waits for you."):] != " waits for you." {
			t.Errorf("the helpdesk says %q", got)
		}
		h.Clock.Advance(time.Hour)
		h.ask(t, h.Sam, `mutation($a: ID!, $b: ID!) { bulkSetTicketStatus(input: {tickets: [{id: $a}, {id: $b}], status: RESOLVED}) { userErrors { message } } }`, vars{"a": one, "b": two})
		for _, n := range []string{one, two} {
			if got := h.lastSaid(t, n); got != "Done: Oven" {
				t.Errorf("in bulk the helpdesk says %q", got)
			}
		}
	})
}

// Only what was true of enough tickets at this hour is told to who opens one.
func TestGreetingsTellTheUsualWait(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.replies(t, vars{"greetings": []vars{{"locale": "en", "text": "Hello.{{#waiting_time}} Most wait {{waiting_time}}.{{/waiting_time}}"}}})
		now := h.Clock.Now()
		h.Clock.Advance(now.Truncate(time.Hour).Add(time.Hour + time.Minute).Sub(now))
		begun := h.Clock.Now()
		var all []string
		for range 20 {
			n, greeting := h.opensTicket(t)
			if greeting != "Hello." {
				t.Fatalf("the greeting is %q", greeting)
			}
			all = append(all, n)
		}
		for i, n := range all {
			if i == 16 { // the fifth in five waits for longer
				h.Clock.Advance(5 * time.Hour)
			}
			if i == 0 {
				h.Clock.Advance(30 * time.Minute)
			}
			h.ask(t, h.Sam, replyOnce, vars{"in": vars{"ticketId": n, "body": "Which oven?"}})
		}
		h.Clock.Advance(24*time.Hour - h.Clock.Now().Sub(begun))
		if _, greeting := h.opensTicket(t); greeting != "Hello. Most wait 35 minutes." {
			t.Errorf("the greeting is %q", greeting)
		}
		h.Clock.Advance(2 * time.Hour)
		if _, greeting := h.opensTicket(t); greeting != "Hello." {
			t.Errorf("at another hour the greeting is %q", greeting)
		}
		h.Clock.Advance(28 * 24 * time.Hour)
		h.Clock.Advance(-2 * time.Hour)
		if _, greeting := h.opensTicket(t); greeting != "Hello." {
			t.Errorf("after four weeks the greeting is %q", greeting)
		}
	})
}
