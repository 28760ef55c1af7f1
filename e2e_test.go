package main

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
)

// program is a running `ticketsys serve`.
type program struct {
	url   string
	ended chan ran
}

var announced = regexp.MustCompile(`(http://\S+)/graphql`)

// serving starts the program and waits until it says where it can be reached.
func serving(ctx context.Context, t *testing.T, env []string) program {
	t.Helper()
	r, w := io.Pipe()
	p := program{ended: make(chan ran, 1)}
	var log syncedBuffer
	go func() {
		status := run(ctx, []string{"ticketsys", "serve"}, process{Out: w, Err: &log, Getenv: environment(env...)})
		_ = w.Close()
		p.ended <- ran{status: status, err: log.String()}
	}()
	var said bytes.Buffer
	part := make([]byte, 1024)
	for p.url == "" {
		n, err := r.Read(part)
		said.Write(part[:n])
		if m := announced.FindStringSubmatch(said.String()); m != nil {
			p.url = m[1]
		}
		if err != nil {
			t.Fatalf("serve ended at once: %+v", <-p.ended)
		}
	}
	go func() { _, _ = io.Copy(io.Discard, r) }()
	return p
}

type syncedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// tokenBy makes tokens with the command line, beside the running program.
func tokenBy(t *testing.T, env []string) func(context.Context, access.Role, string) (string, error) {
	return func(ctx context.Context, role access.Role, member string) (string, error) {
		args := []string{"token", "--role", string(role)}
		if member != "" {
			args = append(args, "--member", member)
		}
		r := ticketsys(ctx, t, env, args...)
		if r.status != 0 {
			return "", notSeen("a token: %s", r.err)
		}
		return strings.TrimSpace(r.out), nil
	}
}

// TestASupportDay boots the program and lives the demo's day with it, on each store.
func TestASupportDay(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, databaseURL string) {
		t.Parallel()
		d := discordtest.StartFor(t, discordtest.Options{Now: time.Now, RateLimits: true, AckTime: 20 * time.Second})
		d.GuardPings(t)
		env := inFolder(t, "TICKETSYS_DISCORD_TOKEN", d.Token(),
			"TICKETSYS_DISCORD_API_URL", d.APIURL(), "TICKETSYS_DISCORD_GATEWAY_URL", d.GatewayURL())
		env = append([]string{"TICKETSYS_DATABASE_URL", databaseURL}, env...)
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
		p := serving(ctx, t, env)
		day := newDay(d, p.url, tokenBy(t, env))
		for _, s := range supportDay() {
			if _, err := s.do(day, ctx); err != nil {
				t.Errorf("%s: %v", s.key, err)
				break
			}
		}
		stop()
		if r := <-p.ended; r.status != 0 || strings.Contains(r.err, "level=ERROR") {
			t.Errorf("the program ended with %d and logged:\n%s", r.status, r.err)
		}
	})
}
