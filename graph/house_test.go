package graph_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/file/filetest"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/scalar"
	"github.com/ticketsys/ticketsys/locales"
)

// house is a helpdesk in a real store, served as GraphQL.
type house struct {
	*tickettest.Desk

	store    *sqlstore.Store
	services graph.Config
	handler  http.Handler
	log      *bytes.Buffer
	counter  *sqlstoretest.Counter
	sessions time.Duration           // how long sessions last
	ticket   *ticket.Ticket          // that a table of tests is about
	guests   map[string]auth.Subject // who else has a token, by the token
}

// tokens stands in for the form of tokens: a token is the name of its member.
type tokens struct{ house *house }

func (f tokens) Issue(_ context.Context, s auth.Subject, _ time.Time) (string, error) {
	h := f.house
	if h.guests == nil {
		h.guests = map[string]auth.Subject{}
	}
	token := fmt.Sprintf("guest-%d", len(h.guests))
	h.guests[token] = s
	return token, nil
}

func (f tokens) Verify(_ context.Context, token string, now time.Time) (auth.Subject, error) {
	h := f.house
	if guest, ok := h.guests[token]; ok {
		if !now.Before(guest.ExpiresAt) {
			return auth.Subject{}, access.ErrExpired
		}
		return guest, nil
	}
	for _, m := range []*member.Member{h.Lea, h.Bob, h.Chidi, h.Dana, h.Sam, h.Ada} {
		if m.Name == token {
			return auth.Subject{Workspace: h.Workspace.ID, Member: m.ID, ExpiresAt: now.Add(h.sessions)}, nil
		}
	}
	return auth.Subject{}, auth.ErrToken
}

// sqlite builds a house on SQLite; change alters its configuration.
func sqlite(t *testing.T, change ...func(*graph.Config)) *house {
	t.Helper()
	counter := &sqlstoretest.Counter{}
	store := sqlstoretest.Open(t, sqlstore.Options{URL: sqlstoretest.SQLite(t), Now: time.Now, Exclusive: true, OnStatement: counter.Count})
	return build(t, store, counter, change...)
}

// eachStore builds a house on SQLite, and one on PostgreSQL.
func eachStore(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	counter := &sqlstoretest.Counter{}
	sqlstoretest.EachWith(t, func(o *sqlstore.Options) { o.OnStatement = counter.Count }, func(t *testing.T, s *sqlstore.Store) {
		body(t, build(t, s, counter))
	})
}

func build(t *testing.T, s *sqlstore.Store, counter *sqlstoretest.Counter, change ...func(*graph.Config)) *house {
	t.Helper()
	h := &house{store: s, counter: counter, log: &bytes.Buffer{}, sessions: time.Hour}
	h.Desk = tickettest.NewDesk(t, tickettest.World{
		Tickets: s.Tickets(), Members: s.Members(), Queues: s.Queues(), Categories: s.Categories(),
		Workspaces: s.Workspaces(), Teams: s.Teams(), IDs: s.IDs(),
	})
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	h.services = graph.Config{
		Tickets: ticket.NewService(s.Tickets(), s.Categories(), s.Members(), s.Queues(), s.Workspaces(), s.IDs()),
		Members: member.NewService(s.Members()), Teams: team.NewService(s.Teams(), s.IDs()),
		Queues: queue.NewService(s.Queues(), s.IDs()), Categories: category.NewService(s.Categories(), s.IDs()),
		Tags:        tag.NewService(s.Tags(), s.IDs()),
		Idempotency: idempotency.NewService(s.Idempotency()),
		Audit:       audit.NewService(s.Audit()),
		Search:      search.NewService(s.Search(), s.Queues(), s.Categories()),
		Digests:     digest.NewService(s.Digests(), s.Queues(), s.IDs()),
		SLA:         sla.NewService(s.Hours(), s.Queues(), s.Categories(), s.IDs()),
		Workspaces:  workspace.NewService(s.Workspaces(), s.IDs(), workspace.Setup{}, rand.Reader),
		Channels:    channel.NewService(s.Channels(), s),
		Files:       file.NewService(s.Files(), &filetest.Bucket{}, &filetest.Links{}, s.IDs(), "").Drawing(&filetest.Painter{}),
		Auth:        auth.NewService(tokens{h}, s.Members(), s.APIKeys(), s.IDs(), rand.Reader).Keeping(s.Sessions()), Signals: s,
		Catalogue: catalogue, Now: h.Clock.Tick, Introspection: true,
		Logger: slog.New(slog.NewTextHandler(h.log, nil)),
	}
	h.services.Tickets.Promising(h.services.SLA, saying(catalogue))
	for _, c := range change {
		c(&h.services)
	}
	h.handler = graph.NewHandler(h.services)
	return h
}

// ServeHTTP is the house with the door that api would be: it knows members by
// "Bearer NAME".
func (h *house) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	session := access.Session{Refusal: access.ErrNobody, Address: "here"}
	if name, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		session, session.Refusal = h.services.Auth.Authenticate(r.Context(), name, h.Clock.Now())
		session.Token, session.Address = access.Digest(name), "here"
	}
	h.handler.ServeHTTP(w, r.WithContext(access.NewContext(r.Context(), session)))
}

// answer is a response to a GraphQL request.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string

	Data   map[string]any
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct {
			Code  string
			Field []string
		}
	}
	Extensions map[string]any
}

type vars = map[string]any

// post sends a request as it is.
func (h *house) post(t *testing.T, who *member.Member, body string, headers ...string) *answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/graphql-response+json")
	return h.send(t, who, r, headers...)
}

func (h *house) send(t *testing.T, who *member.Member, r *http.Request, headers ...string) *answer {
	t.Helper()
	if who != nil {
		r.Header.Set("Authorization", "Bearer "+who.Name)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	a := &answer{t: t, status: w.Code, header: w.Header(), body: w.Body.String()}
	if strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), a); err != nil {
			t.Fatalf("the answer is no JSON: %v in %s", err, a.body)
		}
	}
	return a
}

// run sends an operation.
func (h *house) run(t *testing.T, who *member.Member, query string, v vars) *answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": v})
	if err != nil {
		t.Fatal(err)
	}
	return h.post(t, who, string(body))
}

// ask sends an operation that must succeed.
func (h *house) ask(t *testing.T, who *member.Member, query string, v vars) *answer {
	t.Helper()
	a := h.run(t, who, query, v)
	if len(a.Errors) > 0 {
		t.Fatalf("%s: %s\n%s", query, a.body, h.log)
	}
	return a
}

// at gives what lies at a path such as "tickets.nodes.0.subject".
func (a *answer) at(path string) any {
	a.t.Helper()
	var v any = a.Data
	for key := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[key]
		case []any:
			i := int(key[0] - '0')
			if i >= len(in) {
				a.t.Fatalf("%s: there are %d in %s", path, len(in), a.body)
			}
			v = in[i]
		default:
			a.t.Fatalf("%s: no %s in %s", path, key, a.body)
		}
	}
	return v
}

// want compares what lies at a path, as fmt prints it.
func (a *answer) want(path string, want any) {
	a.t.Helper()
	got, _ := json.Marshal(a.at(path))
	wanted, _ := json.Marshal(want)
	if !bytes.Equal(got, wanted) {
		a.t.Errorf("%s is %s, want %s", path, got, wanted)
	}
}

// refused tells by which code the first error or user error refuses.
func (a *answer) refused() string {
	a.t.Helper()
	if len(a.Errors) > 0 {
		return a.Errors[0].Extensions.Code
	}
	for _, payload := range a.Data {
		if p, ok := payload.(map[string]any); ok {
			if errs, ok := p["userErrors"].([]any); ok && len(errs) > 0 {
				return errs[0].(map[string]any)["code"].(string)
			}
		}
	}
	return ""
}

// gid gives an object's ID as the API has it.
func gid[T ~int64](k scalar.Kind, n T) string { return scalar.Encode(k, int64(n)) }

func ticketID(t *ticket.Ticket) string { return gid(scalar.Ticket, t.ID) }

func memberID(m *member.Member) string { return gid[id.Member](scalar.Member, m.ID) }
