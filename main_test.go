package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
)

// ran is what a command line came to.
type ran struct {
	status   int
	out, err string
}

// ticketsys runs a command line as a shell would, in an environment of its own.
func ticketsys(ctx context.Context, t *testing.T, env []string, args ...string) ran {
	t.Helper()
	var out, err bytes.Buffer
	status := run(ctx, append([]string{"ticketsys"}, args...), process{Out: &out, Err: &err, Getenv: environment(env...)})
	return ran{status, out.String(), err.String()}
}

// inFolder is an environment with a database in a folder of the test's own.
func inFolder(t *testing.T, more ...string) []string {
	t.Helper()
	folder := t.TempDir()
	return append([]string{
		"TICKETSYS_DATABASE_URL", "sqlite://" + filepath.Join(folder, "t.db"),
		"TICKETSYS_LISTEN", "127.0.0.1:0", "TICKETSYS_DATA_DIR", folder, "TICKETSYS_LOG_LEVEL", "error",
	}, more...)
}

// oneLine asserts a failure as a person wants it: a status, one line, no trace.
func (r ran) oneLine(t *testing.T, status int, words ...string) {
	t.Helper()
	if r.status != status {
		t.Errorf("status %d, want %d", r.status, status)
	}
	if strings.Count(r.err, "\n") != 1 || !strings.HasPrefix(r.err, "ticketsys: ") || strings.Contains(r.err, "goroutine") {
		t.Errorf("standard error is not one clear line:\n%s", r.err)
	}
	for _, w := range words {
		if !strings.Contains(r.err, w) {
			t.Errorf("%q is not in %q", w, r.err)
		}
	}
}

func TestANonsenseDatabaseURLIsOneLineAndStatus2(t *testing.T) {
	for _, url := range []string{"nonsense", "mysql://x", "sqlite://", "postgres://", "sqlite:///no/such/folder/t.db"} {
		r := ticketsys(t.Context(), t, []string{"TICKETSYS_DATABASE_URL", url, "TICKETSYS_LISTEN", "127.0.0.1:0"}, "serve")
		r.oneLine(t, statusUsage, "TICKETSYS_DATABASE_URL")
	}
}

func TestADatabaseThatIsAwayIsOneLineWithoutItsPassword(t *testing.T) {
	r := ticketsys(t.Context(), t, []string{
		"TICKETSYS_DATABASE_URL", "postgres://someone:hunter2@127.0.0.1:1/none?connect_timeout=2", "TICKETSYS_LISTEN", "127.0.0.1:0",
	}, "serve")
	r.oneLine(t, statusFailed, "database")
	if strings.Contains(r.err, "hunter2") {
		t.Errorf("the password is shown: %s", r.err)
	}
}

func TestAPortInUseIsOneLine(t *testing.T) {
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	address := taken.Addr().String()
	env := append([]string{"TICKETSYS_LISTEN", address}, inFolder(t)...)
	ticketsys(t.Context(), t, env, "serve").oneLine(t, statusFailed, address)
}

func TestATokenThatDiscordRefusesIsOneLine(t *testing.T) {
	d := discordtest.StartFor(t, discordtest.Options{Now: time.Now})
	d.GuardPings(t)
	r := ticketsys(t.Context(), t, inFolder(t, "TICKETSYS_DISCORD_TOKEN", "wrong-token",
		"TICKETSYS_DISCORD_API_URL", d.APIURL(), "TICKETSYS_DISCORD_GATEWAY_URL", d.GatewayURL()), "serve")
	r.oneLine(t, statusFailed, "TICKETSYS_DISCORD_TOKEN")
	if strings.Contains(r.err, "wrong-token") {
		t.Errorf("the token is shown: %s", r.err)
	}
}

func TestTheHelpdeskServesWhileDiscordIsAway(t *testing.T) {
	env := inFolder(t, "TICKETSYS_DISCORD_TOKEN", "token",
		"TICKETSYS_DISCORD_API_URL", "http://127.0.0.1:1", "TICKETSYS_DISCORD_GATEWAY_URL", "ws://127.0.0.1:1/gateway")
	ctx, stop := context.WithCancel(t.Context())
	p := serving(ctx, t, env)
	day := &day{url: p.url, http: http.DefaultClient, token: tokenBy(t, env)}
	admin, err := day.as(t.Context(), access.RoleAdmin, "")
	if err != nil {
		t.Fatal(err)
	}
	var out struct{ Viewer struct{ Role string } }
	if err := admin.ask(t.Context(), "{ viewer { role } }", nil, &out); err != nil || out.Viewer.Role != "ADMIN" {
		t.Errorf("GraphQL answers %+v, %v", out, err)
	}
	stop()
	if r := <-p.ended; r.status != 0 {
		t.Errorf("the program ended with %d: %s", r.status, r.err)
	}
}

func TestASecondServeOnTheSameFileSaysSo(t *testing.T) {
	env := inFolder(t)
	ctx, stop := context.WithCancel(t.Context())
	p := serving(ctx, t, env)
	ticketsys(t.Context(), t, env, "serve").oneLine(t, statusFailed, "another ticketsys process")
	stop()
	if r := <-p.ended; r.status != 0 {
		t.Errorf("the first process ended with %d: %s", r.status, r.err)
	}
}

func TestATokenIsAllThatTheTokenCommandPrints(t *testing.T) {
	env := inFolder(t)
	r := ticketsys(t.Context(), t, env, "token", "--role", "admin")
	if r.status != 0 || strings.Count(r.out, "\n") != 1 || strings.Count(r.out, ".") != 2 || r.err != "" {
		t.Errorf("status %d, out %q, err %q", r.status, r.out, r.err)
	}
}

func TestTheTokenCommandRefusesWhatMakesNoSense(t *testing.T) {
	env := inFolder(t)
	ticketsys(t.Context(), t, env, "token").oneLine(t, statusUsage, "--role")
	ticketsys(t.Context(), t, env, "token", "--role", "king").oneLine(t, statusUsage, "--role")
	ticketsys(t.Context(), t, env, "token", "--role", "admin", "--ttl", "-1h").oneLine(t, statusUsage)
	ticketsys(t.Context(), t, env, "token", "--role", "admin", "--member", "nobody").oneLine(t, statusUsage, "nobody")
	for _, id := range []string{"", "0", "-1"} {
		ticketsys(t.Context(), t, env, "token", "--role", "admin", "--member", id).oneLine(t, statusUsage, "--member")
	}
	ticketsys(t.Context(), t, env, "token", "--role", "admin", "surplus").oneLine(t, statusUsage, "surplus")
	if r := ticketsys(t.Context(), t, env, "token", "--role", "admin", "--workspace", "mars"); r.status != statusUsage || !strings.Contains(r.err, "default") {
		t.Errorf("status %d, %q: want 2 and the slugs that there are", r.status, r.err)
	}
}

func TestAnUnknownCommandOrFlagIsStatus2(t *testing.T) {
	for _, args := range [][]string{{"sreve"}, {"serve", "--nope"}, {"demo", "--nope"}} {
		if r := ticketsys(t.Context(), t, inFolder(t), args...); r.status != statusUsage || r.err == "" {
			t.Errorf("%v: status %d, %q", args, r.status, r.err)
		}
	}
}

func TestVersionAndMigrateAnswer(t *testing.T) {
	if r := ticketsys(t.Context(), t, nil, "version"); r.status != 0 || !strings.HasPrefix(r.out, "ticketsys ") {
		t.Errorf("version: %+v", r)
	}
	env := inFolder(t)
	for range 2 {
		if r := ticketsys(t.Context(), t, env, "migrate"); r.status != 0 || r.err != "" {
			t.Errorf("migrate: %+v", r)
		}
	}
}
