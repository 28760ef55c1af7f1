package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/graphtest"
)

// inside is what an error must never tell: statements, files, stacks, libraries.
var inside = regexp.MustCompile(`(?i)\b(select|insert|update) .*\b(from|into|set)\b|sqlite|postgres|pgx|sqlstate|goroutine|panic|\.go\b|/srv/|/tmp/|gqlgen|runtime error|hunter2`)

// corpus is bad input of all kinds.
func corpus(h *house) []string {
	bad := []string{
		"nonsense", "", "tkt_", "tkt_zzzzzzzzzzzzzzzzzzzz", "'; DROP TABLE tickets; --", "\x00", strings.Repeat("x", 10_000),
		"tkt_0000000000000", memberID(h.Lea), "../../etc/passwd", "\u202e", `"`, `\`,
	}
	var all []string
	for _, b := range bad {
		for _, query := range []string{
			`query($x: ID!) { node(id: $x) { id } ticket(id: $x) { id } }`,
			`query($x: Cursor) { tickets(after: $x) { nodes { id } } }`,
			`query($x: String) { members(where: {name: $x}) { nodes { id } } }`,
			`query($x: DateTime) { tickets(where: {openedAt: {gte: $x}}) { nodes { id } } }`,
			`query($x: Int!) { ticketByNumber(number: $x) { id } }`,
			`mutation($x: ID!) { resolveTicket(input: {ticketId: $x}) { ticket { id } userErrors { code message } } }`,
			`mutation($x: Locale!) { setMyLocale(input: {locale: $x}) { userErrors { code message } } }`,
			`mutation($x: String!) { openTicket(input: {categoryId: "x", subject: $x, body: $x}) { userErrors { code message } } }`,
			`query { viewer { ` + strings.Trim(quote(b), `"`) + ` } }`, `{ node(id: ` + quote(b) + `) { id } }`,
		} {
			all = append(all, `{"query": `+quote(query)+`, "variables": {"x": `+quote(b)+`}}`)
		}
	}
	for _, a := range graphtest.Attacks() {
		all = append(all, a.Body)
	}
	return append(all, "", "null", "1", `"x"`, `{"query": {}}`, `{"query": "{", "variables": "x"}`, "\xff\xfe")
}

func quote(s string) string { b, _ := json.Marshal(s); return string(b) }

// Whatever one sends, an error tells nothing of what is inside.
func TestErrorsTellNothingOfTheInside(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.Opens(t, h.Lea, h.Help)
		for _, body := range corpus(h) {
			for _, a := range []*answer{h.post(t, h.Lea, body), h.post(t, h.Sam, body), h.post(t, nil, body)} {
				said := ""
				for _, e := range a.Errors {
					said += e.Message + "\n"
				}
				if leak := inside.FindString(said); leak != "" || a.status >= 500 {
					t.Errorf("%.200s: %d tells %q: %.500s", body, a.status, leak, a.body)
				}
			}
		}
		if strings.Contains(h.log.String(), "ERROR") {
			t.Errorf("bad input is logged as our fault: %.2000s", h.log)
		}
	})
}

// failing is a store of tickets that fails, as databases do.
type failing struct {
	ticket.Repository
}

var errDatabase = errors.New(`ERROR: relation "tickets" does not exist (SQLSTATE 42P01): SELECT * FROM tickets at /srv/db/tickets.go:12, password hunter2`)

func (failing) Find(context.Context, access.TicketFilter, ...id.Ticket) ([]*ticket.View, error) {
	return nil, errDatabase
}

func (failing) ByNumber(context.Context, access.TicketFilter, int64) (*ticket.View, error) {
	return nil, errDatabase
}

func (failing) List(context.Context, ticket.Visibility, ticket.Query, page.Window) (page.Page[*ticket.View], error) {
	return page.Page[*ticket.View]{}, errDatabase
}

func (failing) Head(context.Context, id.Workspace) (int64, error) { return 0, errDatabase }

func TestAStoreThatFailsIsNotQuoted(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	s := h.store
	h.services.Tickets = ticket.NewService(failing{s.Tickets()}, s.Categories(), s.Members(), s.Queues(), s.Workspaces(), s.IDs())
	h.handler = graph.NewHandler(h.services)
	url := h.serve(t).URL
	for _, query := range []string{`{ tickets { nodes { id } } }`, `{ ticketByNumber(number: 1) { id } }`, `{ node(id: "` + ticketID(tk) + `") { id } }`} {
		if a := h.run(t, h.Lea, query, nil); a.refused() != "INTERNAL" || inside.MatchString(a.body) {
			t.Errorf("%s: %s", query, a.body)
		}
	}
	for name, subscribe := range ways() {
		if e := subscribe(h, t, url, h.Lea, vars{"t": ticketID(tk)}).next(); !strings.Contains(e.text, "INTERNAL") || inside.MatchString(e.text) {
			t.Errorf("%s: %s %s", name, e.kind, e.text)
		}
	}
}

// When the database is gone, whatever is asked for or changed, nothing tells of it.
func TestADatabaseThatIsGoneIsNotQuoted(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.guests = map[string]auth.Subject{}
		m, ada, tk := settled(t, h, h.Desk)
		known, err := h.services.Auth.Authenticate(t.Context(), h.Ada.Name, h.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := h.store.Close(); err != nil {
			t.Fatal(err)
		}
		failed := 0
		for _, r := range rows() {
			if strings.HasPrefix(r.name, "Subscription.") {
				continue
			}
			body, _ := json.Marshal(vars{"query": r.document, "variables": m.named(r, ada, tk)})
			w, request := httptest.NewRecorder(), httptest.NewRequestWithContext(access.NewContext(t.Context(), known), http.MethodPost, "/graphql", bytes.NewReader(body))
			request.Header.Set("Content-Type", "application/json")
			h.handler.ServeHTTP(w, request)
			if leak := inside.FindString(w.Body.String()); leak != "" || strings.Contains(w.Body.String(), "database is closed") {
				t.Errorf("%s tells %q: %.500s", r.name, leak, w.Body)
			}
			if strings.Contains(w.Body.String(), `"INTERNAL"`) {
				failed++
			}
		}
		if failed < 60 {
			t.Errorf("only %d operations failed", failed)
		}
		if a := h.run(t, h.Ada, `{ viewer { id } }`, nil); inside.MatchString(a.body) || !strings.Contains(a.body, "INTERNAL") { // nobody is known any more
			t.Errorf("%d %s", a.status, a.body)
		}
	})
}
