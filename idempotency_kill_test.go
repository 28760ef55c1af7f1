package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
)

// diesEnv makes the program kill itself at a statement: texts that statements have
// in them, one after the other, the last of which is not sent any more.
const diesEnv = "TICKETSYS_TEST_DIES"

// between stands between the texts of diesEnv.
const between = "|"

// dying counts the statements up to the one at which the program kills itself.
func dying(texts []string) func(context.Context, string) {
	var passed atomic.Int64
	return func(_ context.Context, query string) {
		n := passed.Load()
		if int(n) >= len(texts) || !strings.Contains(query, texts[n]) || !passed.CompareAndSwap(n, n+1) {
			return
		}
		if int(n)+1 == len(texts) {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // no statement goes out any more
		}
	}
}

// TestServedUntilItDies is the body of a process that kills itself.
func TestServedUntilItDies(t *testing.T) {
	texts := os.Getenv(diesEnv)
	if texts == "" {
		return
	}
	c, err := Environment(os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	l, err := listen(t.Context(), c.Listen)
	if err != nil {
		t.Fatal(err)
	}
	a, err := newApp(t.Context(), c, appOptions{
		Logger: slog.New(slog.DiscardHandler), Exclusive: true, OnStatement: dying(strings.Split(texts, between)),
	})
	if err != nil {
		t.Fatal(err)
	}
	process{Out: os.Stdout}.welcome(a, l)
	t.Error(errors.Join(a.Run(t.Context(), l), a.Close()))
}

// noted is the statement that keeps a mutation's result, the last of its own before
// the COMMIT; shown the one that reads the ticket which its answer shows.
const (
	noted = "UPDATE idempotency_keys SET result"
	shown = "LEFT JOIN queues q"
)

// Whoever is left without an answer, since the program was killed, sends the same
// mutation with the same key again, and it has happened once: whether nothing of it
// was there, or all of it and only the answer was missing.
func TestAKeySurvivesTheKillOfTheProgram(t *testing.T) {
	for name, dies := range map[string]string{
		"before the commit":                      noted,
		"after the commit and before the answer": noted + between + shown,
	} {
		t.Run(name, func(t *testing.T) {
			sqlstoretest.EachURL(t, func(t *testing.T, databaseURL string) { repeats(t, databaseURL, dies) })
		})
	}
}

func repeats(t *testing.T, databaseURL, dies string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	env := []string{"TICKETSYS_DATABASE_URL", databaseURL, "TICKETSYS_LISTEN", "127.0.0.1:0", "TICKETSYS_DATA_DIR", t.TempDir()}
	w := &wisher{t: t, child: newChild(env)}
	w.child.run = "TestServedUntilItDies"
	w.child.env = append(env, diesEnv, dies)
	if err := w.child.start(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := w.child.reach(ctx); err != nil {
		t.Fatal(err)
	}
	w.authorise(ctx, env)
	category := w.asks(ctx, `{ categories(first: 1) { nodes { id } } }`).at("categories.nodes.0.id")
	ticket := w.asks(ctx, `mutation($c: ID!) { openTicket(input: {categoryId: $c, subject: "Oven", body: "Cold."}) { ticket { id } userErrors { message } } }`, "c", category).at("openTicket.ticket.id")
	const reply = `mutation($t: ID!) { replyToTicket(input: {ticketId: $t, body: "Once.", idempotencyKey: "the-key"}) {
		message { id body } ticket { id messageCount } userErrors { code message } } }`
	if body, err := w.sends(ctx, reply, "t", ticket); err == nil {
		t.Fatalf("the program lived on and answered %s", body)
	}
	w.child.buries(ctx, t, env)
	count := func() string {
		return fmt.Sprint(w.asks(ctx, `query($t: ID!) { ticket(id: $t) { messages(first: 100, where: {kind: {eq: REPLY}}) { nodes { body } } } }`, "t", ticket).at("ticket.messages.nodes"))
	}
	if got, committed := count(), strings.HasSuffix(dies, shown); strings.Contains(got, "Once.") != committed {
		t.Errorf("after the kill there are %s", got)
	}
	first, err := w.sends(ctx, reply, "t", ticket)
	again, errAgain := w.sends(ctx, reply, "t", ticket)
	if err := errors.Join(err, errAgain); err != nil {
		t.Fatal(err)
	}
	if first != again || !strings.Contains(first, `"body":"Once."`) || strings.Contains(first, `"code"`) {
		t.Errorf("answered was %s, then %s", first, again)
	}
	if got := count(); strings.Count(got, "Once.") != 1 {
		t.Errorf("in the end there are %s", got)
	}
	if err := w.child.stop(); err != nil {
		t.Error(err)
	}
}

// buries waits for the end of a process that killed itself, and starts the next.
func (c *child) buries(ctx context.Context, t *testing.T, env []string) {
	t.Helper()
	c.mu.Lock()
	dead := c.command
	c.command, c.env, c.run = nil, env, "TestServed"
	c.up, c.address = make(chan struct{}), ""
	c.mu.Unlock()
	_ = dead.Wait()
	if status, ok := dead.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Errorf("the program ended otherwise: %v\n%s", dead.ProcessState, c.log())
	}
	if err := c.start(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := c.reach(ctx); err != nil {
		t.Fatal(err)
	}
}

// wisher is somebody who speaks GraphQL to whichever process is alive.
type wisher struct {
	t     *testing.T
	child *child
	token string
}

func (w *wisher) authorise(ctx context.Context, env []string) {
	w.t.Helper()
	c, err := Environment(func(name string) (string, bool) {
		for i := 0; i < len(env); i += 2 {
			if env[i] == name {
				return env[i+1], true
			}
		}
		return "", false
	})
	if err != nil {
		w.t.Fatal(err)
	}
	a, err := newApp(ctx, c, appOptions{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		w.t.Fatal(err)
	}
	desk, err := a.workspaceFor(ctx, "")
	if err == nil {
		w.token, err = a.auth.IssueFor(ctx, desk.ID, 0, access.RoleAdmin, time.Hour, a.now())
	}
	if err := errors.Join(err, a.Close()); err != nil {
		w.t.Fatal(err)
	}
}

// sends sends an operation with one variable, if there is one, and gives the answer.
func (w *wisher) sends(ctx context.Context, query string, variable ...any) (string, error) {
	variables := map[string]any{}
	if len(variable) == 2 {
		variables[fmt.Sprint(variable[0])] = variable[1]
	}
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return "", err
	}
	address, err := w.child.reach(ctx)
	if err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/graphql", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+w.token)
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	return string(raw), err
}

// reading is data of an answer.
type reading map[string]any

func (w *wisher) asks(ctx context.Context, query string, variable ...any) reading {
	w.t.Helper()
	body, err := w.sends(ctx, query, variable...)
	var a struct{ Data reading }
	if err := errors.Join(err, json.Unmarshal([]byte(body), &a)); err != nil || a.Data == nil {
		w.t.Fatalf("%v: %s", err, body)
	}
	return a.Data
}

func (r reading) at(path string) any {
	var at any = map[string]any(r)
	for step := range strings.SplitSeq(path, ".") {
		switch here := at.(type) {
		case map[string]any:
			at = here[step]
		case []any:
			at = here[0]
		}
	}
	return at
}
