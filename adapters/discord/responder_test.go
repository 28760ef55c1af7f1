package discord

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// callbacks is a Discord that takes answers to interactions.
type callbacks struct {
	mu   sync.Mutex
	said []string
	fail int // of the next requests, so many fail
	more chan struct{}
}

func (c *callbacks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	raw, _ := io.ReadAll(r.Body)
	var body struct {
		Type    int
		Content string
		Data    struct {
			Content string
			Flags   int
		}
	}
	_ = json.Unmarshal(raw, &body)
	line := r.Method + " " + body.Content + body.Data.Content
	if body.Type == wire.AnswerDeferred {
		line += "(wait)"
	}
	c.said = append(c.said, line)
	select {
	case c.more <- struct{}{}:
	default:
	}
	if c.fail > 0 {
		c.fail--
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_, _ = io.WriteString(w, "{}")
}

func (c *callbacks) expect(t *testing.T, want ...string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if strings.Join(c.said, "; ") != strings.Join(want, "; ") {
		t.Errorf("said %q, want %q", c.said, want)
	}
}

func answering(t *testing.T) (*Adapter, *callbacks) {
	t.Helper()
	c := &callbacks{more: make(chan struct{}, 100)}
	srv := httptest.NewServer(c)
	t.Cleanup(srv.Close)
	a := mute(t)
	config := a.Config
	config.APIURL = srv.URL
	a, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return a, c
}

func TestAnswerIsGivenOnceAndThenChanged(t *testing.T) {
	a, c := answering(t)
	r := newResponder(t.Context(), a, &wire.Interaction{ID: "1", ApplicationID: "2", Token: "t"}, true)
	r.say(t.Context(), "first")
	r.say(t.Context(), "second")
	r.raw(t.Context(), wire.Answer{Type: wire.AnswerModal})
	r.answerOnce(t.Context(), "third")
	r.deferAnswer(t.Context())
	c.expect(t, "POST first", "PATCH second")
}

func TestAnswerThatTakesLongIsAnnounced(t *testing.T) {
	a, c := answering(t)
	r := newResponder(t.Context(), a, &wire.Interaction{ID: "1", ApplicationID: "2", Token: "t"}, true)
	timer := time.NewTimer(10 * time.Second)
	defer timer.Stop()
	select {
	case <-c.more:
	case <-timer.C:
		t.Fatal("nothing was announced")
	}
	r.answerOnce(t.Context(), "here it is")
	r.answerOnce(t.Context(), "again")
	c.expect(t, "POST (wait)", "PATCH here it is")
}

func TestAnswerIsTriedTwiceAlsoAtTheEnd(t *testing.T) {
	a, c := answering(t)
	c.fail = 1
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := newResponder(ctx, a, &wire.Interaction{ID: "1", ApplicationID: "2", Token: "t"}, false)
	r.say(ctx, "hello")
	c.expect(t, "POST hello", "POST hello")
}

func TestOpeningsTellOnce(t *testing.T) {
	now := time.Unix(0, 0)
	o := newOpenings(func() time.Time { return now })
	var told []wire.ID
	tell := func(_ context.Context, o outlook) { told = append(told, o.channel+wire.ID(o.blocked)) }
	o.there(t.Context(), 1, outlook{channel: "10"})
	o.await(1, tell)
	o.there(t.Context(), 2, outlook{channel: "20"})
	o.tell(t.Context(), 2, outlook{blocked: "full"})
	o.tell(t.Context(), 1, outlook{blocked: "full"})
	o.there(t.Context(), 1, outlook{channel: "10"})
	o.there(t.Context(), 1, outlook{channel: "10"})
	if len(told) != 2 || told[0] != "full" || told[1] != "10" {
		t.Errorf("told %v", told)
	}
	o.await(3, tell)
	now = now.Add(answerable + time.Second)
	o.there(t.Context(), 3, outlook{channel: "30"})
	o.tell(t.Context(), 4, outlook{blocked: "full"})
	o.await(4, tell)
	if len(told) != 2 || len(o.waiting) != 1 {
		t.Errorf("told %v, waiting %d", told, len(o.waiting))
	}
}
