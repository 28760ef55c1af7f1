package main_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/blob"
	"github.com/ticketsys/ticketsys/adapters/jwt"
	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/api"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/locales"
)

// face is a helpdesk behind its real door: HTTP, signed tokens, GraphQL, a store.
type face struct {
	*tickettest.Desk
	http.Handler

	auth  *auth.Service
	files *file.Service
	log   *lines
}

func newFace(t *testing.T, s *sqlstore.Store) *face {
	t.Helper()
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := &face{Desk: tickettest.NewDesk(t, tickettest.World{
		Tickets: s.Tickets(), Members: s.Members(), Queues: s.Queues(), Categories: s.Categories(),
		Workspaces: s.Workspaces(), Teams: s.Teams(), IDs: s.IDs(),
	})}
	tokens := jwt.New(s.Keys(), jwt.Options{Secret: "of this test"})
	f.auth = auth.NewService(tokens, s.Members(), s.APIKeys(), s.IDs(), rand.Reader).Keeping(s.Sessions())
	bucket, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	files := file.NewService(s.Files(), bucket, tokens.Links(), s.IDs(), "https://help.example.org/")
	f.log, f.files = &lines{}, files
	logger := slog.New(slog.NewTextHandler(f.log, nil))
	f.Handler = api.New(api.Config{
		Auth: f.auth, Files: files, Catalogue: catalogue, Now: f.Clock.Now, Logger: logger, Ready: s.Ping, Schema: graph.SDL,
		JWKS: func(ctx context.Context) ([]byte, error) { return tokens.JWKS(ctx, f.Clock.Now()) },
		GraphQL: graph.NewHandler(graph.Config{
			Tickets: ticket.NewService(s.Tickets(), s.Categories(), s.Members(), s.Queues(), s.Workspaces(), s.IDs()),
			Members: member.NewService(s.Members()), Teams: team.NewService(s.Teams(), s.IDs()),
			Queues: queue.NewService(s.Queues(), s.IDs()), Categories: category.NewService(s.Categories(), s.IDs()),
			Tags:       tag.NewService(s.Tags(), s.IDs()),
			Workspaces: workspace.NewService(s.Workspaces(), s.IDs(), workspace.Setup{}, rand.Reader),
			Files:      files,
			Auth:       f.auth, Signals: s, Catalogue: catalogue, Now: f.Clock.Now, Logger: logger, Introspection: true,
		}),
	})
	return f
}

// token signs a member in for an hour.
func (f *face) token(t *testing.T, m *member.Member) string {
	t.Helper()
	token, err := f.auth.IssueFor(t.Context(), f.Workspace.ID, m.ID, "", time.Hour, f.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// post sends an operation with a token and gives the status and the response.
func (f *face) post(t *testing.T, token, query string) (int, string) {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"query": query})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Language", "fr")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	response, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(response)
}

func TestTheListPageThroughTheWholeDoor(t *testing.T) {
	counter := &sqlstoretest.Counter{}
	sqlstoretest.EachWith(t, func(o *sqlstore.Options) { o.OnStatement = counter.Count }, func(t *testing.T, s *sqlstore.Store) {
		f := newFace(t, s)
		for range 30 {
			f.Opens(t, f.Lea, f.Help)
		}
		sam := f.token(t, f.Sam)
		const page = `{ tickets(first: 25) { nodes { id number subject status priority tags requester { name avatarUrl } assignee { name }
			queue { name } lastMessage { body occurredAt } } pageInfo { hasNextPage endCursor } } }`
		f.post(t, sam, page) // reads the signing keys once
		sent := counter.During(func() {
			status, body := f.post(t, sam, page)
			if status != http.StatusOK || strings.Contains(body, "errors") || strings.Count(body, `"lastMessage"`) != 25 {
				t.Errorf("%d %.300s", status, body)
			}
		})
		if sent > 4 {
			t.Errorf("%d statements, who asks included", sent)
		}
	})
}

func TestTokensOpenTheDoorToTheirOwnWorkspaceUntilTheyEnd(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		f := newFace(t, s)
		stranger := newFace(t, s) // another workspace of the same program
		mine := f.Opens(t, f.Lea, f.Help)
		query := `{ ticketByNumber(number: 1) { subject } viewer { name } tickets { totalCount } }`
		if status, body := f.post(t, f.token(t, f.Ada), query); status != 200 || !strings.Contains(body, mine.Subject) {
			t.Errorf("%d %s", status, body)
		}
		if status, body := f.post(t, stranger.token(t, stranger.Ada), query); status != 200 || !strings.Contains(body, `"totalCount":0`) {
			t.Errorf("another workspace's admin: %d %s", status, body)
		}
		token := f.token(t, f.Ada)
		f.Clock.Advance(time.Hour)
		for name, bad := range map[string]string{"none": "", "expired": token, "garbage": "x.y.z", "cut": token[:len(token)-4]} {
			status, body := f.post(t, bad, query)
			if status != 401 || !strings.Contains(body, `"UNAUTHENTICATED"`) || !strings.Contains(body, "onnectez-vous") {
				t.Errorf("%s: %d %s", name, status, body)
			}
		}
	})
}

func TestATokenOfARoleIsItsServiceMembers(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		f := newFace(t, s)
		for _, role := range access.Roles() {
			token, err := f.auth.IssueFor(t.Context(), f.Workspace.ID, 0, role, time.Minute, f.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			if status, body := f.post(t, token, `{ viewer { role isService } }`); status != 200 ||
				!strings.Contains(body, `"role":"`+strings.ToUpper(string(role))+`","isService":true`) {
				t.Errorf("%s: %d %s", role, status, body)
			}
		}
	})
}
