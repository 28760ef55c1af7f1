package rest_test

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
	"github.com/ticketsys/ticketsys/api"
	"github.com/ticketsys/ticketsys/api/rest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/file/filetest"
	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/locales"
)

// house is a helpdesk in a real store, served as REST.
type house struct {
	*tickettest.Desk

	store    *sqlstore.Store
	services rest.Config
	handler  http.Handler
	judge    *judge
	log      *bytes.Buffer
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
			return auth.Subject{Workspace: h.Workspace.ID, Member: m.ID, ExpiresAt: now.Add(time.Hour)}, nil
		}
	}
	return auth.Subject{}, auth.ErrToken
}

// eachStore builds a house on SQLite, and one on PostgreSQL.
func eachStore(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) { body(t, build(t, s)) })
}

// sqlite builds a house on SQLite; change alters its configuration.
func sqlite(t *testing.T, change ...func(*rest.Config)) *house {
	t.Helper()
	s := sqlstoretest.Open(t, sqlstore.Options{URL: sqlstoretest.SQLite(t), Now: time.Now, Exclusive: true})
	return build(t, s, change...)
}

func build(t *testing.T, s *sqlstore.Store, change ...func(*rest.Config)) *house {
	t.Helper()
	h := &house{store: s, log: &bytes.Buffer{}}
	h.Desk = tickettest.NewDesk(t, tickettest.World{
		Tickets: s.Tickets(), Members: s.Members(), Queues: s.Queues(), Categories: s.Categories(),
		Workspaces: s.Workspaces(), Teams: s.Teams(), IDs: s.IDs(),
	})
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	h.services = rest.Config{
		Tickets: ticket.NewService(s.Tickets(), s.Categories(), s.Members(), s.Queues(), s.Workspaces(), s.IDs()),
		Members: member.NewService(s.Members()), Teams: team.NewService(s.Teams(), s.IDs()),
		Queues: queue.NewService(s.Queues(), s.IDs()), Categories: category.NewService(s.Categories(), s.IDs()),
		Auth: auth.NewService(tokens{h}, s.Members(), s.APIKeys(), s.IDs(), rand.Reader).Keeping(s.Sessions()),
		Tags: tag.NewService(s.Tags(), s.IDs()), SLA: sla.NewService(s.Hours(), s.Queues(), s.Categories(), s.IDs()), Channels: channel.NewService(s.Channels(), s),
		Digests:     digest.NewService(s.Digests(), s.Queues(), s.IDs()),
		Idempotency: idempotency.NewService(s.Idempotency()), Audit: audit.NewService(s.Audit()),
		Search:     search.NewService(s.Search(), s.Queues(), s.Categories()),
		Workspaces: workspace.NewService(s.Workspaces(), s.IDs(), workspace.Setup{}, rand.Reader),
		Files:      file.NewService(s.Files(), &filetest.Bucket{}, &filetest.Links{}, s.IDs(), "").Drawing(&filetest.Painter{}),
		Catalogue:  catalogue, Now: h.Clock.Tick, Logger: slog.New(slog.NewTextHandler(h.log, nil)),
	}
	h.services.Tickets.Promising(h.services.SLA, func(reader locale.Tag, key string, args map[string]any) (string, locale.Tag) {
		return catalogue.Text(string(reader), key, args), reader
	})
	for _, c := range change {
		c(&h.services)
	}
	h.handler = api.New(api.Config{
		Auth: h.services.Auth, GraphQL: http.NotFoundHandler(), REST: rest.NewHandler(h.services),
		Files: h.services.Files, Catalogue: catalogue, Now: h.Clock.Now, Logger: h.services.Logger,
	})
	h.judge = newJudge(t, h.send(t, nil, http.MethodGet, "/api/v1/openapi.json", nil).body)
	return h
}

// answer is a response.
type answer struct {
	t      *testing.T
	wish   string
	status int
	header http.Header
	body   string
	data   any
}

type vars = map[string]any

// send sends a request; in is nil, a text that goes as it is, or what becomes JSON.
func (h *house) send(t *testing.T, who *member.Member, method, path string, in any, headers ...string) *answer {
	t.Helper()
	body := ""
	if text, ok := in.(string); ok {
		body = text
	} else if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		body = string(raw)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if who != nil {
		r.Header.Set("Authorization", "Bearer "+who.Name)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	a := &answer{t: t, wish: method + " " + path, status: w.Code, header: w.Header(), body: w.Body.String()}
	if strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &a.data); err != nil {
			t.Fatalf("%s: the answer is no JSON: %v in %s", a.wish, err, a.body)
		}
	}
	if h.judge != nil {
		h.judge.holds(t, r, a)
	}
	if a.status >= http.StatusInternalServerError {
		t.Errorf("%s: %d %s\n%s", a.wish, a.status, a.body, h.log)
	}
	return a
}

func (h *house) get(t *testing.T, who *member.Member, path string, headers ...string) *answer {
	t.Helper()
	return h.send(t, who, http.MethodGet, "/api/v1"+path, nil, headers...)
}

func (h *house) post(t *testing.T, who *member.Member, path string, in any, headers ...string) *answer {
	t.Helper()
	return h.send(t, who, http.MethodPost, "/api/v1"+path, in, headers...)
}

func (h *house) patch(t *testing.T, who *member.Member, path string, in any, headers ...string) *answer {
	t.Helper()
	return h.send(t, who, http.MethodPatch, "/api/v1"+path, in, headers...)
}

func (h *house) delete(t *testing.T, who *member.Member, path string, headers ...string) *answer {
	t.Helper()
	return h.send(t, who, http.MethodDelete, "/api/v1"+path, nil, headers...)
}

// is demands a status.
func (a *answer) is(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: %d, want %d: %s", a.wish, a.status, status, a.body)
	}
	return a
}

// refuses demands a problem with a status and a code.
func (a *answer) refuses(status int, code string) *answer {
	a.t.Helper()
	a.is(status)
	a.want("code", code)
	return a
}

// at gives what lies at a path such as "items.0.subject"; nil if there is nothing.
func (a *answer) at(path string) any {
	a.t.Helper()
	v := a.data
	for key := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[key]
		case []any:
			i := int(key[0] - '0')
			if i >= len(in) {
				a.t.Fatalf("%s: %s: there are %d in %s", a.wish, path, len(in), a.body)
			}
			v = in[i]
		default:
			a.t.Fatalf("%s: %s: no %s in %s", a.wish, path, key, a.body)
		}
	}
	return v
}

func (a *answer) text(path string) string {
	a.t.Helper()
	s, ok := a.at(path).(string)
	if !ok {
		a.t.Fatalf("%s: %s is no text in %s", a.wish, path, a.body)
	}
	return s
}

// want compares what lies at a path.
func (a *answer) want(path string, want any) *answer {
	a.t.Helper()
	got, _ := json.Marshal(a.at(path))
	wanted, _ := json.Marshal(want)
	if !bytes.Equal(got, wanted) {
		a.t.Errorf("%s: %s is %s, want %s", a.wish, path, got, wanted)
	}
	return a
}

// gid gives an object's ID as the API has it.
func gid[T ~int64](k opaque.Kind, n T) string { return opaque.Encode(k, int64(n)) }

func ticketID(t *ticket.Ticket) string { return gid(opaque.Ticket, t.ID) }

func memberID(m *member.Member) string { return gid(opaque.Member, m.ID) }

// opens opens a ticket by the API and gives its path.
func (h *house) opens(t *testing.T, who *member.Member, subject string) string {
	t.Helper()
	a := h.post(t, who, "/tickets", vars{"categoryId": gid(opaque.Category, h.Help.ID), "subject": subject, "body": "It is so."}).is(http.StatusCreated)
	return "/tickets/" + a.text("id")
}
