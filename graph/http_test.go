package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/graph"
)

func body(query string) string {
	b, _ := json.Marshal(map[string]string{"query": query})
	return string(b)
}

const (
	newJSON = "application/graphql-response+json"
	oldJSON = "application/json"
)

func TestGraphQLOverHTTP(t *testing.T) {
	h := sqlite(t)
	for name, c := range map[string]struct {
		body, accept, contentType string
		status                    int
		code                      string
	}{
		"query":                         {body(`{ viewer { id } }`), newJSON, oldJSON, 200, ""},
		"query, old type":               {body(`{ viewer { id } }`), oldJSON, oldJSON, 200, ""},
		"query, any type":               {body(`{ viewer { id } }`), "*/*", oldJSON, 200, ""},
		"with charset":                  {body(`{ viewer { id } }`), "", oldJSON + "; charset=utf-8", 200, ""},
		"no JSON":                       {`{"query": "{ viewer`, newJSON, oldJSON, 400, "BAD_REQUEST"},
		"no JSON, old type":             {`secret words`, oldJSON, oldJSON, 400, "BAD_REQUEST"},
		"two values":                    {body(`{ viewer { id } }`) + `{}`, newJSON, oldJSON, 400, "BAD_REQUEST"},
		"array batch":                   {`[` + body(`{ viewer { id } }`) + `]`, newJSON, oldJSON, 400, "BAD_REQUEST"},
		"no query":                      {`{}`, newJSON, oldJSON, 400, "BAD_REQUEST"},
		"null query":                    {`{"query": null}`, newJSON, oldJSON, 400, "BAD_REQUEST"},
		"query of another type":         {`{"query": 7}`, newJSON, oldJSON, 400, "BAD_REQUEST"},
		"variables of another type":     {`{"query": "{ viewer { id } }", "variables": [1]}`, newJSON, oldJSON, 400, "BAD_REQUEST"},
		"nulls":                         {`{"query": "{ viewer { id } }", "variables": null, "operationName": null, "extensions": null}`, newJSON, oldJSON, 200, ""},
		"malformed document":            {body(`{ viewer {`), newJSON, oldJSON, 400, "GRAPHQL_PARSE_FAILED"},
		"malformed document, old type":  {body(`{ viewer {`), oldJSON, oldJSON, 200, "GRAPHQL_PARSE_FAILED"},
		"unknown field":                 {body(`{ nobody }`), newJSON, oldJSON, 400, "GRAPHQL_VALIDATION_FAILED"},
		"unknown operation":             {`{"query": "query A { viewer { id } }", "operationName": "B"}`, newJSON, oldJSON, 400, "GRAPHQL_VALIDATION_FAILED"},
		"missing variable":              {body(`query($id: ID!) { node(id: $id) { id } }`), newJSON, oldJSON, 400, "GRAPHQL_VALIDATION_FAILED"},
		"another content":               {`query`, newJSON, "text/plain", 415, "BAD_REQUEST"},
		"a form, as a page could send":  {`query=`, newJSON, "application/x-www-form-urlencoded", 415, "BAD_REQUEST"},
		"subscription without a stream": {body(`subscription { ticketEvents(ticketId: "x") { cursor } }`), newJSON, oldJSON, 400, "BAD_REQUEST"},
	} {
		a := h.post(t, h.Sam, c.body, "Accept", c.accept, "Content-Type", c.contentType)
		if a.status != c.status || a.refused() != c.code {
			t.Errorf("%s: %d %s, want %d %s", name, a.status, a.body, c.status, c.code)
		}
		want := oldJSON
		if c.accept == newJSON {
			want = newJSON
		}
		if got := a.header.Get("Content-Type"); got != want+"; charset=utf-8" {
			t.Errorf("%s: content type %s", name, got)
		}
		if c.code != "" && strings.Contains(a.body, `"data"`) {
			t.Errorf("%s: nothing was executed, but there is data: %s", name, a.body)
		}
		if strings.Contains(a.body, "secret words") {
			t.Errorf("%s: the body is repeated: %s", name, a.body)
		}
	}
}

func TestGET(t *testing.T) {
	h := sqlite(t)
	get := func(query url.Values, headers ...string) *answer {
		t.Helper()
		return h.send(t, h.Sam, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/graphql?"+query.Encode(), nil), headers...)
	}
	a := get(url.Values{"query": {`query A($n: Int!) { ticketByNumber(number: $n) { id } viewer { name } }`}, "variables": {`{"n": 1}`}, "operationName": {"A"}})
	a.want("viewer.name", "Sam")
	for name, c := range map[string]struct {
		query  url.Values
		status int
	}{
		"mutation":      {url.Values{"query": {`mutation { setMyLocale(input: {locale: "fr"}) { userErrors { code } } }`}}, 405},
		"bad variables": {url.Values{"query": {`{ viewer { id } }`}, "variables": {"{"}}, 400},
		"no query":      {url.Values{"variables": {"{}"}}, 400},
	} {
		if a := get(c.query); a.status != c.status || a.refused() != "BAD_REQUEST" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if a := get(url.Values{"query": {`mutation { setMyLocale(input: {locale: "fr"}) { userErrors { code } } }`}}); a.header.Get("Allow") != "POST" {
		t.Errorf("Allow is %q", a.header.Get("Allow"))
	}
	if a := h.send(t, h.Sam, httptest.NewRequestWithContext(t.Context(), http.MethodDelete, "/graphql", nil)); a.status != 405 {
		t.Errorf("DELETE: %d", a.status)
	}
	if m := h.ask(t, h.Sam, `{ viewer { locale } }`, nil); m.at("viewer.locale") != "en" {
		t.Error("a GET changed something")
	}
}

func TestNobodyIsUnauthenticated(t *testing.T) {
	h := sqlite(t)
	for _, accept := range []string{newJSON, oldJSON} {
		a := h.post(t, nil, body(`{ __typename }`), "Accept", accept)
		if a.status != 401 || a.refused() != "UNAUTHENTICATED" || a.header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("without a token: %d %s %v", a.status, a.body, a.header)
		}
		a = h.post(t, nil, body(`{ __typename }`), "Accept", accept, "Authorization", "Bearer nonsense")
		if a.status != 401 || a.refused() != "UNAUTHENTICATED" || !strings.Contains(a.header.Get("WWW-Authenticate"), "invalid_token") {
			t.Errorf("with a bad token: %d %s %v", a.status, a.body, a.header)
		}
	}
}

// operations that ask for too much, and what refuses them.
func excessive() map[string]struct{ query, code string } {
	fragments := "query { ...F0 } " // each spreads the next one twice
	for i := range 30 {
		fragments += "fragment F" + itoa(i) + " on Query { ...F" + itoa(i+1) + " ...F" + itoa(i+1) + " } "
	}
	fragments += "fragment F30 on Query { viewer { id } } "
	aliases := "{ "
	for i := range 31 {
		aliases += "a" + itoa(i) + ": __typename "
	}
	mutations := "mutation { "
	for i := range 6 {
		mutations += "m" + itoa(i) + `: setMyLocale(input: {locale: "fr"}) { userErrors { code } } `
	}
	where := strings.Repeat("{not: ", 4) + "{}" + strings.Repeat("}", 4)
	return map[string]struct{ query, code string }{
		"tokens":    {"{ " + strings.Repeat("__typename ", 2001) + "}", "TOKEN_LIMIT_EXCEEDED"},
		"aliases":   {aliases + "}", "ALIAS_LIMIT_EXCEEDED"},
		"mutations": {mutations + "}", "MUTATION_LIMIT_EXCEEDED"},
		"fragments": {fragments, "REPETITION_LIMIT_EXCEEDED"},
		"pages": {
			`{ tickets(first: 100, where: ` + where + `) { nodes { messages(first: 100) { nodes { versions { body author { name } } } } } } }`,
			"COMPLEXITY_LIMIT_EXCEEDED",
		},
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

func TestTooMuchIsRefusedAtOnce(t *testing.T) {
	h := sqlite(t)
	for name, c := range excessive() {
		for _, accept := range []string{newJSON, oldJSON} {
			sent := h.counter.During(func() {
				a := h.post(t, h.Sam, body(c.query), "Accept", accept)
				if a.refused() != c.code || a.status != 400 {
					t.Errorf("%s: %d %.300s, want %s", name, a.status, a.body, c.code)
				}
			})
			if sent > 1 { // who asks
				t.Errorf("%s: %d statements were sent", name, sent)
			}
		}
	}
	a := h.post(t, h.Sam, body("{ viewer { id } #"+strings.Repeat("x", 1<<20)+"\n }"))
	if a.status != 413 || a.refused() != "BODY_LIMIT_EXCEEDED" || len(a.body) > 500 {
		t.Errorf("body: %d %.300s", a.status, a.body)
	}
}

func TestDepth(t *testing.T) {
	h := sqlite(t, func(c *graph.Config) { c.Limits.Depth = 4 })
	fits := `{ tickets { edges { node { timeline { edges { node { ... on Event { actor { name } } } } } } } } }` // edges and nodes aside: 4
	h.ask(t, h.Sam, fits, nil)
	if a := h.run(t, h.Sam, strings.Replace(fits, "{ name }", "{ agent { skills } }", 1), nil); a.refused() != "DEPTH_LIMIT_EXCEEDED" {
		t.Errorf("%s", a.body)
	}
	h.ask(t, h.Sam, `{ __schema { types { fields { type { ofType { ofType { ofType { name } } } } } } } }`, nil)
}

func TestCostIsToldWhenAskedFor(t *testing.T) {
	h := sqlite(t)
	a := h.post(t, h.Sam, `{"query": "{ tickets(first: 10) { nodes { id subject } } }", "extensions": {"cost": true}}`)
	cost, _ := a.Extensions["cost"].(map[string]any)
	if cost["requested"] != 31.0 || cost["limit"] != 20000.0 {
		t.Errorf("%s", a.body)
	}
	if a := h.ask(t, h.Sam, `{ viewer { id } }`, nil); a.Extensions != nil {
		t.Errorf("nobody asked: %s", a.body)
	}
}

func TestBadArgumentsAreInvalid(t *testing.T) {
	h := sqlite(t)
	for query, field := range map[string]string{
		`{ tickets(first: 0) { totalCount } }`:                                                "first",
		`{ tickets(first: 101) { totalCount } }`:                                              "first",
		`{ tickets(last: -1) { totalCount } }`:                                                "last",
		`{ tickets(first: 1, last: 1) { totalCount } }`:                                       "first",
		`{ tickets(after: "nonsense") { totalCount } }`:                                       "after",
		`{ tickets(orderBy: [{field: NUMBER}, {field: NUMBER}]) { totalCount } }`:             "orderBy",
		`{ tickets(where: {openedAt: {gte: "yesterday"}}) { totalCount } }`:                   "",
		`{ tickets(first: 99999999999) { totalCount } }`:                                      "",
		`{ tickets(where: {not: {not: {not: {not: {not: {not: {}}}}}}}) { totalCount } }`:     "where",
		`{ members(after: "AgQ") { nodes { id } } }`:                                          "after",
		`query { nodes(ids: ["` + strings.Repeat(`x","`, 100) + `"]) { id } }`:                "ids",
		`{ tickets(first: 1) { nodes { messages(first: 1000) { nodes { id } } } } }`:          "first",
		`{ tickets(first: 1) { nodes { timeline(before: "%%") { nodes { __typename } } } } }`: "before",
	} {
		h.Opens(t, h.Bob, h.Help)
		a := h.run(t, h.Sam, query, nil)
		if a.refused() != "INVALID" {
			t.Errorf("%s: %s", query, a.body)
			continue
		}
		if got := strings.Join(a.Errors[0].Extensions.Field, "."); got != field {
			t.Errorf("%s: field %q, want %q", query, got, field)
		}
	}
	if h.log.Len() > 0 {
		t.Errorf("callers' mistakes are logged as ours: %s", h.log)
	}
}

func TestIntrospectionOffTellsNoNames(t *testing.T) {
	h := sqlite(t, func(c *graph.Config) { c.Introspection = false })
	for _, query := range []string{
		`{ __schema { types { name } } }`, `{ viewr { id } }`, `{ ticket(idd: "x") { id } }`, `{ tickets(where: {statu: {eq: NEW}}) { totalCount } }`,
		`{ tickets(where: {status: {eq: NEWW}}) { totalCount } }`, `query($x: TicketWher) { viewer { id } }`, `{ viewer { ... on Membr { id } } }`,
	} {
		a := h.run(t, h.Sam, query, nil)
		if len(a.Errors) == 0 || strings.Contains(a.body, "Did you mean") || strings.Contains(a.body, "TicketConnection") {
			t.Errorf("%s: %s", query, a.body)
		}
	}
	if a := h.run(t, h.Sam, `{ __schema { types { name } } }`, nil); a.Errors[0].Extensions.Code != "INTROSPECTION_DISABLED" {
		t.Errorf("it is not said why: %s", a.body)
	}
	h.ask(t, h.Sam, `{ __typename viewer { __typename id } }`, nil)
}

// brokenQueues fails, or panics, in the middle of an operation.
type brokenQueues struct {
	queue.Repository
	fail func(ctx context.Context) error
}

func (b brokenQueues) Page(ctx context.Context, _ id.Workspace, _ query.Query, _ page.Window) (page.Page[*queue.Queue], error) {
	return page.Page[*queue.Queue]{}, b.fail(ctx)
}

func TestFaultsOfOursAreLoggedAndNotShown(t *testing.T) {
	const secret = "SELECT * FROM queues at /srv/db with password hunter2"
	for name, c := range map[string]struct {
		fail   func(context.Context) error
		code   string
		logged bool
	}{
		"error":   {func(context.Context) error { return errors.New(secret) }, "INTERNAL", true},
		"panic":   {func(context.Context) error { panic(secret) }, "INTERNAL", true},
		"timeout": {func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, "TIMEOUT", false},
	} {
		h := sqlite(t, func(c *graph.Config) {
			if name == "timeout" {
				c.Limits.Timeout = 20 * time.Millisecond
			}
		})
		h.services.Queues = queue.NewService(brokenQueues{h.store.Queues(), c.fail}, h.IDs)
		h.handler = graph.NewHandler(h.services)
		a := h.run(t, h.Lea, `{ queues { nodes { name } } }`, nil)
		if a.refused() != c.code || strings.Contains(a.body, "hunter2") {
			t.Errorf("%s: %s", name, a.body)
		}
		if len(a.Errors) != 1 || !strings.ContainsAny(a.Errors[0].Message, "éà") {
			t.Errorf("%s is not told in French: %s", name, a.body)
		}
		if strings.Contains(h.log.String(), "hunter2") != c.logged {
			t.Errorf("%s: the log is %q", name, h.log)
		}
		if name != "timeout" {
			h.ask(t, h.Lea, `{ viewer { name } }`, nil)
		}
	}
}

func TestBrowsersGetGraphiQLFromThisProgramAlone(t *testing.T) {
	h := sqlite(t)
	page := func(path, accept string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	w := page("/graphql", "text/html,application/xhtml+xml")
	html := w.Body.String()
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") || w.Header().Get("Content-Security-Policy") == "" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	if strings.Contains(html, "http:") || strings.Contains(html, "https:") {
		t.Errorf("the page names something outside: %s", html)
	}
	for part := range strings.SplitSeq(html, `"`) {
		if !strings.HasPrefix(part, "/graphql/assets/") {
			continue
		}
		if a := page(part, "*/*"); a.Code != 200 || a.Body.Len() < 50 || bytes.HasPrefix(a.Body.Bytes(), []byte{0x1f, 0x8b}) {
			t.Errorf("%s: %d, %d bytes", part, a.Code, a.Body.Len())
		}
	}
	if css := page("/graphql/assets/start.css", "text/css").Body.String(); !strings.Contains(css, "@media (max-width: 700px)") {
		t.Errorf("a phone gets panes side by side: %s", css)
	}
	if a := page("/graphql/assets/../house_test.go", "*/*"); a.Code != 404 {
		t.Errorf("something that is no asset: %d", a.Code)
	}
}
