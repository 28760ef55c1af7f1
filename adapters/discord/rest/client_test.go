package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// served is what a test's Discord was asked.
type served struct {
	mu       sync.Mutex
	requests []string
	headers  http.Header
	body     string
}

func (s *served) note(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	raw, _ := io.ReadAll(r.Body)
	s.requests = append(s.requests, r.Method+" "+r.URL.RequestURI())
	s.headers, s.body = r.Header, string(raw)
}

func (s *served) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

// client gives a client of a Discord that answers as the handler does.
func client(t *testing.T, answer http.HandlerFunc) (*rest.Client, *served) {
	t.Helper()
	log := &served{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log.note(r)
		answer(w, r)
	}))
	t.Cleanup(srv.Close)
	c, err := rest.New(rest.Config{Token: "secret", URL: srv.URL, Version: "1.2", Timeout: 2 * time.Second, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return c, log
}

func respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestRequestsAreOfVersionTenAndSayWhoCalls(t *testing.T) {
	c, log := client(t, respond(200, `{"id":"5","username":"bot"}`))
	u, err := c.Me(t.Context())
	if err != nil || u.ID != "5" {
		t.Fatalf("%+v %v", u, err)
	}
	if log.requests[0] != "GET /api/v10/users/@me" || log.headers.Get("Authorization") != "Bot secret" ||
		log.headers.Get("User-Agent") != "DiscordBot (https://github.com/ticketsys/ticketsys, 1.2)" {
		t.Errorf("%v %v", log.requests, log.headers)
	}
}

func TestEachMethodAsksForItsRoute(t *testing.T) {
	ctx := t.Context()
	in := &wire.Interaction{ID: "1", ApplicationID: "2", Token: "tok"}
	for want, do := range map[string]func(c *rest.Client) error{
		"GET /api/v10/applications/@me":                                func(c *rest.Client) error { _, err := c.Application(ctx); return err },
		"GET /api/v10/gateway/bot":                                     func(c *rest.Client) error { _, err := c.Gateway(ctx); return err },
		"GET /api/v10/guilds/1/members/2":                              func(c *rest.Client) error { _, err := c.Member(ctx, "1", "2"); return err },
		"GET /api/v10/applications/1/commands?with_localizations=true": func(c *rest.Client) error { _, err := c.Commands(ctx, "1"); return err },
		"PUT /api/v10/applications/1/commands":                         func(c *rest.Client) error { return c.SetCommands(ctx, "1", nil) },
		"GET /api/v10/channels/3":                                      func(c *rest.Client) error { _, err := c.Channel(ctx, "3"); return err },
		"POST /api/v10/guilds/1/channels": func(c *rest.Client) error {
			_, err := c.CreateChannel(ctx, "1", wire.NewChannel{Name: "x"})
			return err
		},
		"PATCH /api/v10/channels/3":                        func(c *rest.Client) error { return c.Rename(ctx, "3", wire.Renaming{Name: "x"}) },
		"PUT /api/v10/channels/3/permissions/4":            func(c *rest.Client) error { return c.SetOverwrite(ctx, "3", wire.Overwrite{ID: "4"}) },
		"DELETE /api/v10/channels/3/permissions/4":         func(c *rest.Client) error { return c.DeleteOverwrite(ctx, "3", "4") },
		"POST /api/v10/channels/3/messages":                func(c *rest.Client) error { _, err := c.Post(ctx, "3", wire.Post{}); return err },
		"PATCH /api/v10/channels/3/messages/5":             func(c *rest.Client) error { return c.Edit(ctx, "3", "5", wire.Post{}) },
		"DELETE /api/v10/channels/3":                       func(c *rest.Client) error { return c.DeleteChannel(ctx, "3") },
		"DELETE /api/v10/channels/3/messages/5":            func(c *rest.Client) error { return c.Delete(ctx, "3", "5") },
		"POST /api/v10/interactions/1/tok/callback":        func(c *rest.Client) error { return c.Answer(ctx, in, wire.Answer{Type: 4}) },
		"PATCH /api/v10/webhooks/2/tok/messages/@original": func(c *rest.Client) error { return c.EditAnswer(ctx, in, wire.Post{}) },
	} {
		body := `{}`
		if strings.HasSuffix(want, "=true") {
			body = `[]`
		}
		c, log := client(t, respond(200, body))
		if err := do(c); err != nil || log.requests[0] != want {
			t.Errorf("%v (%v), want %s", log.requests, err, want)
		}
	}
}

func TestListsArePaged(t *testing.T) {
	c, log := client(t, respond(200, `[{"id":"9","user":{"id":"9"}},{"id":"8"},7]`))
	if m, err := c.Members(t.Context(), "1", "4"); err != nil || len(m) != 2 || log.requests[0] != "GET /api/v10/guilds/1/members?limit=1000&after=4" {
		t.Errorf("%+v %v %v", m, err, log.requests)
	}
	if m, err := c.Channels(t.Context(), "1"); err != nil || len(m) != 2 {
		t.Errorf("%+v %v", m, err)
	}
	if m, err := c.Roles(t.Context(), "1"); err != nil || len(m) != 2 {
		t.Errorf("%+v %v", m, err)
	}
}

func TestHistoryComesOldestFirstAndSkipsNothing(t *testing.T) {
	c, log := client(t, respond(200, `[{"id":"9","channel_id":"3","content":"new"},{"id":"8","channel_id":{},"content":{"odd":1}},{"id":"7","channel_id":"3","content":"old"}]`))
	list, err := c.History(t.Context(), "3", "")
	if err != nil || len(list) != 3 || list[0].Content != "old" || list[1].ID != "8" || list[2].ID != "9" {
		t.Errorf("%+v %v", list, err)
	}
	if log.requests[0] != "GET /api/v10/channels/3/messages?limit=100&after=0" {
		t.Errorf("%v", log.requests)
	}
}

func TestHistoryBackwardsComesNewestFirst(t *testing.T) {
	c, log := client(t, respond(200, `[{"id":"9"},{"id":"8","content":{"odd":1}},{"id":"7"}]`))
	list, err := c.HistoryBefore(t.Context(), "3", "10")
	if err != nil || len(list) != 3 || list[0].ID != "9" || list[2].ID != "7" {
		t.Errorf("%+v %v", list, err)
	}
	if log.requests[0] != "GET /api/v10/channels/3/messages?limit=100&before=10" {
		t.Errorf("%v", log.requests)
	}
}

func TestRefusalsTellWhatDiscordSays(t *testing.T) {
	c, log := client(t, respond(404, `{"message":"Unknown Channel","code":10003}`))
	err := c.Delete(t.Context(), "3", "5")
	if !rest.Is(err, rest.UnknownMessage, rest.UnknownChannel) || rest.Forbidden(err) || rest.Unauthorized(err) || log.count() != 1 {
		t.Errorf("%v after %d requests", err, log.count())
	}
	if !strings.Contains(err.Error(), "Unknown Channel") {
		t.Errorf("%v", err)
	}
	c, _ = client(t, respond(403, `{"message":"Missing Permissions","code":50013}`))
	if err := c.Rename(t.Context(), "3", wire.Renaming{}); !rest.Forbidden(err) {
		t.Errorf("%v", err)
	}
	c, _ = client(t, respond(401, `{"message":"401: Unauthorized","code":0}`))
	if _, err := c.Me(t.Context()); !rest.Unauthorized(err) {
		t.Errorf("%v", err)
	}
	c, _ = client(t, respond(400, `{"message":"Invalid Form Body","code":50035,"errors":{"parent_id":{"_errors":[{"code":"CHANNEL_PARENT_MAX_CHANNELS","message":"full"}]}}}`))
	_, err = c.CreateChannel(t.Context(), "1", wire.NewChannel{})
	if !rest.ParentFull(err) || !strings.Contains(err.Error(), "CHANNEL_PARENT_MAX_CHANNELS") {
		t.Errorf("%v", err)
	}
	if rest.ParentFull(nil) || rest.Is(nil, 1) || rest.RefusalOf(errors.New("x")) != nil {
		t.Error("what is none is taken for a refusal")
	}
}

func TestFailuresAreNeitherTriedAgainNorTakenForRefusals(t *testing.T) {
	c, log := client(t, respond(502, `<html>bad gateway</html>`))
	_, err := c.Post(t.Context(), "3", wire.Post{Content: "x"})
	if err == nil || rest.RefusalOf(err) != nil || log.count() != 1 {
		t.Errorf("%v after %d requests", err, log.count())
	}
	c, _ = client(t, func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) })
	if _, err := c.Post(t.Context(), "3", wire.Post{}); err == nil || rest.RefusalOf(err) != nil {
		t.Errorf("%v", err)
	}
	c, _ = client(t, respond(200, `not json`))
	if _, err := c.Me(t.Context()); err == nil {
		t.Error("an answer that is none is taken")
	}
}

func TestErrorsKeepTokensToThemselves(t *testing.T) {
	in := &wire.Interaction{ID: "1", ApplicationID: "2", Token: "very-secret-token"}
	c, _ := client(t, func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) })
	for _, err := range []error{c.Answer(t.Context(), in, wire.Answer{}), c.EditAnswer(t.Context(), in, wire.Post{})} {
		if err == nil || strings.Contains(err.Error(), "very-secret-token") || strings.Contains(err.Error(), "secret") {
			t.Errorf("the error is %v", err)
		}
	}
	c, _ = client(t, respond(404, `{"code":10062,"message":"Unknown interaction"}`))
	if err := c.Answer(t.Context(), in, wire.Answer{}); !rest.Is(err, rest.UnknownInteraction) || strings.Contains(err.Error(), "very-secret-token") {
		t.Errorf("the error is %v", err)
	}
}

func limit(w http.ResponseWriter, after string, body string) {
	w.Header().Set("Retry-After", after)
	w.Header().Set("X-RateLimit-Remaining", "0")
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = io.WriteString(w, body)
}

func TestLimitsTellHowLongToWait(t *testing.T) {
	c, log := client(t, func(w http.ResponseWriter, _ *http.Request) {
		limit(w, "64.57", `{"message":"You are being rate limited.","retry_after":64.57,"global":false}`)
	})
	_, err := c.Post(t.Context(), "3", wire.Post{})
	if wait, ok := rest.Limited(err); !ok || wait.Round(time.Millisecond) != 64570*time.Millisecond || log.count() != 1 {
		t.Errorf("%v %v (%v) after %d requests", wait, ok, err, log.count())
	}
	// The next one is not sent at all, and does not wait longer than it may.
	_, err = c.Post(t.Context(), "3", wire.Post{})
	if wait, ok := rest.Limited(err); !ok || wait <= 0 || log.count() != 1 {
		t.Errorf("%v %v (%v) after %d requests", wait, ok, err, log.count())
	}
	if _, ok := rest.Limited(errors.New("x")); ok {
		t.Error("any error is taken for a limit")
	}
}

func TestALimitOnNamesHoldsUpNothingElse(t *testing.T) {
	c, log := client(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch {
			limit(w, "600", `{"message":"The resource is being rate limited.","retry_after":600,"global":false}`)
			return
		}
		_, _ = io.WriteString(w, `{"id":"3"}`)
	})
	if _, ok := rest.Limited(c.Rename(t.Context(), "3", wire.Renaming{Name: "x"})); !ok {
		t.Error("the limit is not told")
	}
	if _, err := c.Channel(t.Context(), "3"); err != nil {
		t.Errorf("the channel can't be read: %v", err)
	}
	if err := c.SetOverwrite(t.Context(), "3", wire.Overwrite{ID: "4"}); err != nil {
		t.Errorf("its rights can't be set: %v", err)
	}
	if log.count() != 3 {
		t.Errorf("%v", log.requests)
	}
}

func TestARequestHasADeadline(t *testing.T) {
	block := make(chan struct{})
	defer close(block)
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-block:
		case <-r.Context().Done():
		}
	}))
	defer srv.Close()
	c, err := rest.New(rest.Config{Token: "x", URL: srv.URL, Timeout: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Me(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Me(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestAddressesAreChecked(t *testing.T) {
	for _, u := range []string{"nowhere", "ftp://x", "http://", "://", "ws://x"} {
		if _, err := rest.New(rest.Config{URL: u}); err == nil {
			t.Errorf("%q is taken", u)
		}
	}
	if _, err := rest.New(rest.Config{}); err != nil {
		t.Errorf("Discord itself: %v", err)
	}
}

func TestAddressMayHaveAPath(t *testing.T) {
	log := &served{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log.note(r)
		_, _ = io.WriteString(w, `{}`)
	}))
	defer srv.Close()
	c, err := rest.New(rest.Config{URL: srv.URL + "/proxy/"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Me(t.Context()); err != nil || log.requests[0] != "GET /proxy/api/v10/users/@me" {
		t.Errorf("%v %v", log.requests, err)
	}
}

func TestPostsGoOutAsJSON(t *testing.T) {
	c, log := client(t, respond(200, `{"id":"77"}`))
	sent, err := c.Post(t.Context(), "3", wire.Post{Content: "hi", Nonce: "n", EnforceNonce: true})
	if err != nil || sent != "77" || log.headers.Get("Content-Type") != "application/json" {
		t.Errorf("%q %v %v", sent, err, log.headers)
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(log.body), &body); err != nil || body["nonce"] != "n" || body["allowed_mentions"] == nil {
		t.Errorf("%s", log.body)
	}
}
