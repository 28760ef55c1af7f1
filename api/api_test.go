package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/api"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/locales"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// door knows one token, of Léa, who reads French.
type door struct {
	member.Repository
	down error
}

func (door) Issue(context.Context, auth.Subject, time.Time) (string, error) { return "", nil }

func (d door) Verify(_ context.Context, token string, _ time.Time) (auth.Subject, error) {
	switch {
	case d.down != nil:
		return auth.Subject{}, d.down
	case token == "old":
		return auth.Subject{}, access.ErrExpired
	case token != "secret-token":
		return auth.Subject{}, auth.ErrToken
	}
	return auth.Subject{Workspace: 1, Member: 2, ExpiresAt: noon.Add(time.Hour)}, nil
}

func (door) Actor(_ context.Context, w id.Workspace, m id.Member) (access.Actor, error) {
	return access.Actor{Workspace: w, Member: m, Role: access.RoleRequester, Locale: "fr"}, nil
}

// face is the API before a stand-in for GraphQL.
type face struct {
	http.Handler
	log  *bytes.Buffer
	seen access.Session // by GraphQL
}

func open(t *testing.T, graphQL http.HandlerFunc, change ...func(*api.Config)) *face {
	t.Helper()
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := &face{log: &bytes.Buffer{}}
	c := api.Config{
		Auth: auth.NewService(door{}, door{}, nil, nil, nil), Catalogue: catalogue, Now: func() time.Time { return noon },
		Logger: slog.New(slog.NewTextHandler(f.log, nil)), Schema: func() []byte { return []byte("type Query { ok: Boolean }") },
		JWKS: func(context.Context) ([]byte, error) { return []byte(`{"keys":[]}`), nil },
		GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			f.seen = access.FromContext(r.Context())
			if graphQL != nil {
				graphQL(w, r)
			}
		}),
	}
	for _, ch := range change {
		ch(&c)
	}
	f.Handler = api.New(c)
	return f
}

func (f *face) get(t *testing.T, method, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

func TestRoutes(t *testing.T) {
	f := open(t, nil)
	for path, want := range map[string]struct {
		status      int
		contentType string
		body        string
	}{
		"/healthz":               {200, "text/plain; charset=utf-8", "ok"},
		"/readyz":                {200, "text/plain; charset=utf-8", "ready"},
		"/metrics":               {200, "text/plain; version=0.0.4; charset=utf-8; escaping=underscores", "go_goroutines"},
		"/schema.graphql":        {200, "application/graphql; charset=utf-8", "type Query"},
		"/.well-known/jwks.json": {200, "application/jwk-set+json", `{"keys":[]}`},
		"/":                      {302, "text/html; charset=utf-8", "/graphql"},
		"/nothing":               {404, "application/problem+json", `"code":"not_found"`},
	} {
		w := f.get(t, http.MethodGet, path)
		if w.Code != want.status || w.Header().Get("Content-Type") != want.contentType || !strings.Contains(w.Body.String(), want.body) {
			t.Errorf("%s: %d %s %.200s", path, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
		if w.Header().Get("X-Request-ID") == "" {
			t.Errorf("%s has no request ID", path)
		}
	}
	if w := f.get(t, http.MethodPost, "/healthz"); w.Code != 404 && w.Code != 405 {
		t.Errorf("POST /healthz: %d", w.Code)
	}
}

func TestReadinessTellsOnlyTheLogWhy(t *testing.T) {
	f := open(t, nil, func(c *api.Config) {
		c.Ready = func(context.Context) error { return errors.New("dial tcp 10.0.0.7: refused") }
	})
	w := f.get(t, http.MethodGet, "/readyz")
	if w.Code != 503 || strings.Contains(w.Body.String(), "10.0.0.7") || !strings.Contains(f.log.String(), "10.0.0.7") {
		t.Errorf("%d %s; log: %s", w.Code, w.Body, f.log)
	}
}

func TestTheDoorFindsOutWhoAsks(t *testing.T) {
	f := open(t, nil)
	for header, want := range map[string]error{
		"": access.ErrNobody, "Bearer": access.ErrNobody, "Basic c2VjcmV0": access.ErrNobody, "Bearer old": access.ErrExpired, "Bearer x": auth.ErrToken,
		"Bearer secret-token": nil, "bearer  secret-token ": nil,
	} {
		f.get(t, http.MethodPost, "/graphql", "Authorization", header, "Accept-Language", "pt-BR, en;q=0.8")
		if err := f.seen.Check(noon); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", header, err, want)
		}
		if want == nil && (f.seen.Actor.Member != 2 || !f.seen.ExpiresAt.Equal(noon.Add(time.Hour))) {
			t.Errorf("%q: %+v", header, f.seen)
		}
		if want != nil && (f.seen.Actor.Known() || f.seen.Actor.Locale != "pt-BR") {
			t.Errorf("%q: nobody is %+v", header, f.seen.Actor)
		}
	}
	f.get(t, http.MethodPost, "/graphql", "Accept-Language", "*;q=0.1")
	if f.seen.Actor.Locale != "en" {
		t.Errorf("a language that is none: %q", f.seen.Actor.Locale)
	}
}

func TestProblemsAreInTheCallersLanguage(t *testing.T) {
	f := open(t, nil)
	w := f.get(t, http.MethodGet, "/nothing", "Accept-Language", "fr-CA")
	var p struct {
		Type, Title, Detail, Code, Instance string
		Status                              int
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if p.Type != "about:blank" || p.Status != 404 || p.Title != "Not Found" || p.Code != string(fault.NotFound) || !strings.Contains(p.Detail, "adresse") ||
		p.Instance != "urn:request:"+w.Header().Get("X-Request-ID") {
		t.Errorf("%s", w.Body)
	}
}

func TestAPanicIsLoggedAndNotShown(t *testing.T) {
	f := open(t, func(http.ResponseWriter, *http.Request) { panic("password hunter2") })
	w := f.get(t, http.MethodPost, "/graphql")
	if w.Code != 500 || strings.Contains(w.Body.String(), "hunter2") || strings.Contains(w.Body.String(), ".go") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(f.log.String(), "hunter2") || !strings.Contains(f.log.String(), w.Header().Get("X-Request-ID")) {
		t.Errorf("the log does not tell: %s", f.log)
	}
	if w := f.get(t, http.MethodGet, "/healthz"); w.Code != 200 {
		t.Errorf("the next request: %d", w.Code)
	}
}

func TestKeysThatCannotBeReadAreAProblem(t *testing.T) {
	f := open(t, nil, func(c *api.Config) {
		c.JWKS = func(context.Context) ([]byte, error) { return nil, errors.New("select from keys") }
	})
	if w := f.get(t, http.MethodGet, "/.well-known/jwks.json"); w.Code != 500 || strings.Contains(w.Body.String(), "select") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestTheLogHoldsNoTokenAndNoQuery(t *testing.T) {
	f := open(t, nil)
	f.get(t, http.MethodGet, "/graphql?query=%7Bprivate%7D&token=secret-token", "Authorization", "Bearer secret-token", "X-Request-ID", "proxy-id-1234")
	line := f.log.String()
	if strings.Contains(line, "secret-token") || strings.Contains(line, "private") {
		t.Errorf("%s", line)
	}
	for _, want := range []string{"method=GET", "path=/graphql", "status=200", "request_id=proxy-id-1234"} {
		if !strings.Contains(line, want) {
			t.Errorf("no %s in %s", want, line)
		}
	}
	w := f.get(t, http.MethodGet, "/healthz", "X-Request-ID", "two\nlines")
	if got := w.Header().Get("X-Request-ID"); strings.Contains(got, "two") || len(got) < 16 {
		t.Errorf("a made-up request ID is taken: %q", got)
	}
}

func TestCrossOriginIsClosedUnlessAllowed(t *testing.T) {
	f := open(t, nil, func(c *api.Config) { c.AllowedOrigins = []string{"https://app.example"} })
	preflight := []string{"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization", "Origin"}
	w := f.get(t, http.MethodOptions, "/graphql", append(preflight, "https://app.example")...)
	if w.Code != 204 || w.Header().Get("Access-Control-Allow-Origin") != "https://app.example" ||
		!strings.Contains(w.Header().Get("Access-Control-Allow-Headers"), "Authorization") || w.Header().Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	for _, origin := range []string{"https://evil.example", "https://app.example.evil.example", "http://app.example", "null"} {
		for _, method := range []string{http.MethodOptions, http.MethodPost} {
			w := f.get(t, method, "/graphql", append(preflight, origin)...)
			if got := w.Header().Get("Access-Control-Allow-Origin"); got != "" {
				t.Errorf("%s %s: %q", method, origin, got)
			}
		}
	}
	if w := f.get(t, http.MethodPost, "/graphql", "Origin", "https://app.example"); w.Header().Get("Access-Control-Allow-Origin") == "" || w.Header().Get("Vary") != "Origin" {
		t.Errorf("%v", w.Header())
	}
}

func TestMetricsCountRoutesAndNotAddresses(t *testing.T) {
	m := api.NewMetrics()
	f := open(t, nil, func(c *api.Config) { c.Metrics = m })
	f.get(t, http.MethodPost, "/graphql")
	for _, path := range []string{"/a", "/b", "/c/d"} {
		f.get(t, "WHATEVER", path)
	}
	body := f.get(t, http.MethodGet, "/metrics").Body.String()
	for _, want := range []string{
		`ticketsys_http_request_duration_seconds_count{method="POST",route="/graphql",status="200"} 1`,
		`ticketsys_http_request_duration_seconds_count{method="other",route="other",status="404"} 3`, "ticketsys_http_requests_open 1",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
}

// What is behind the API can stream and take over the connection.
func TestStreamsPassThrough(t *testing.T) {
	release := make(chan struct{})
	f := open(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
			return
		}
		control := http.NewResponseController(w)
		if err := errors.Join(control.SetReadDeadline(time.Time{}), control.SetWriteDeadline(time.Time{})); err != nil {
			t.Error(err)
		}
		_, _ = io.WriteString(w, "first\n")
		w.(http.Flusher).Flush()
		<-release
	})
	ctx := t.Context()
	server := httptest.NewUnstartedServer(nil)
	server.Config = api.NewServer(ctx, f, slog.New(slog.DiscardHandler))
	server.Start()
	defer server.Close()
	defer close(release)
	response, err := http.Post(server.URL+"/graphql", "application/json", nil) //nolint:noctx // a plain client
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	line := make([]byte, 6)
	if _, err := io.ReadFull(response.Body, line); err != nil || string(line) != "first\n" {
		t.Errorf("%q %v", line, err)
	}
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/graphql", nil)
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Upgrade", "x")
	upgraded, err := http.DefaultClient.Do(r)
	if err != nil || upgraded.StatusCode != 101 {
		t.Fatal(upgraded, err)
	}
	upgraded.Body.Close()
}

func TestEveryFaultHasAStatus(t *testing.T) {
	for _, code := range fault.Codes() {
		f := open(t, nil, func(c *api.Config) {
			c.JWKS = func(context.Context) ([]byte, error) { return nil, fault.New(code, "fault.access.forbidden") }
		})
		w := f.get(t, http.MethodGet, "/.well-known/jwks.json")
		if w.Code < 400 || !strings.Contains(w.Body.String(), `"code":"`+string(code)+`"`) {
			t.Errorf("%s: %d %s", code, w.Code, w.Body)
		}
		if (w.Header().Get("WWW-Authenticate") != "") != (w.Code == 401) {
			t.Errorf("%s: %v", code, w.Header())
		}
	}
}

// Who stops reading, or never begins to write, can't keep a connection.
func TestTheServerWaitsForNoClientForEver(t *testing.T) {
	s := api.NewServer(t.Context(), http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	for name, d := range map[string]time.Duration{
		"header": s.ReadHeaderTimeout, "request": s.ReadTimeout, "response": s.WriteTimeout, "next request": s.IdleTimeout,
	} {
		if d <= 0 || d > 5*time.Minute {
			t.Errorf("it waits %s for the %s", d, name)
		}
	}
}
