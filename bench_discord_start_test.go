package main

import (
	"bufio"
	"cmp"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

const (
	fleetMoved = 200                    // channels in which something was written meanwhile
	fleetAsks  = 250 * time.Millisecond // between two interactions
	fleetWatch = 10 * time.Second       // for how long there are some
)

// BenchmarkStart starts the program, as a process of its own on SQLite, where it
// is in 1 000 guilds with 50 open tickets each, and in 200 of their channels
// something was written while it was away. From the start on an agent uses a
// button every quarter of a second for ten seconds. It reports when the first is
// answered and how long the slowest waited, when the last of the 200 channels
// began to be read, when every channel was looked after, what is resident then and
// was at most, and how many of the other channels are read a second. It fails
// unless every use is answered that Discord delivers, the 200 are read before all
// others, and no limit of Discord's is exceeded.
func BenchmarkStart(b *testing.B) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		b.Skip("this system does not tell what is resident in /proc")
	}
	binary := filepath.Join(b.TempDir(), "ticketsys")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	f := newFleet(b)
	for b.Loop() {
		newStart(f).run(binary)
	}
}

// start is one start of the program beside a fleet.
type start struct {
	*fleet
	began    time.Time
	moved    map[string]bool // channels by ID
	requests int             // of Discord's before
	uses     []*use
}

// use is one use of a button.
type use struct {
	at       time.Time
	answered time.Time
	*discordtest.Interaction
}

func newStart(f *fleet) *start {
	s := &start{fleet: f, moved: map[string]bool{}}
	for i := range fleetMoved {
		g := f.guilds[i*len(f.guilds)/fleetMoved]
		n := i % len(g.channels)
		ch := g.channels[n]
		for range 3 {
			_, err := g.people[n%len(g.people)].Posts(ch, benchBody)
			f.check(err)
		}
		s.moved[ch.ID().String()] = true
	}
	f.discord.LimitsRates()
	s.requests = len(f.discord.Requests())
	return s
}

func (s *start) run(binary string) {
	b := s.b
	serve := exec.CommandContext(b.Context(), binary, "serve")
	serve.Env = append(os.Environ(), "TICKETSYS_DATABASE_URL="+s.databaseURL, "TICKETSYS_DATA_DIR="+filepath.Join(s.folder, "files"), "TICKETSYS_LISTEN=127.0.0.1:0",
		"TICKETSYS_DISCORD_TOKEN="+s.discord.Token(), "TICKETSYS_DISCORD_API_URL="+s.discord.APIURL(), "TICKETSYS_DISCORD_GATEWAY_URL="+s.discord.GatewayURL())
	out, err := serve.StdoutPipe()
	s.check(err)
	serve.Stderr = os.Stderr
	s.began = time.Now()
	s.check(serve.Start())
	defer func() {
		_ = serve.Process.Signal(os.Interrupt)
		_ = serve.Wait()
	}()
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
		}
	}()
	first, slowest := s.asks()
	b.ReportMetric(first.Seconds(), "s-first-answer")
	b.ReportMetric(slowest.Seconds(), "s-slowest-answer")
	soon(b, "the channels that moved were read", func() bool { return s.read() == len(s.moved) })
	b.ReportMetric(s.lastMoved().Sub(s.began).Seconds(), "s-all-moved-read")
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for <-look.C; s.todo() > 0; <-look.C {
	}
	b.ReportMetric(time.Since(s.began).Seconds(), "s-all-looked-after")
	b.ReportMetric(resident(b, serve.Process.Pid, "VmRSS:"), "MB-resident")
	b.ReportMetric(resident(b, serve.Process.Pid, "VmHWM:"), "MB-resident-most")
	b.ReportMetric(float64(s.reads()-len(s.moved))/time.Since(s.lastMoved()).Seconds(), "others-read/s")
	s.judge()
}

// todo is how many channels are still to be looked after.
func (s *start) todo() (n int) {
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(s.databaseURL, "sqlite://")+"?mode=ro")
	s.check(err)
	defer db.Close()
	s.check(db.QueryRowContext(s.b.Context(), `SELECT COUNT(*) FROM jobs WHERE consumer = 'discord' AND claim_at < 9223372036854775807`).Scan(&n))
	return n
}

// asks lets agents claim tickets, and gives when the first was answered and how
// long the slowest took that Discord delivered.
func (s *start) asks() (first, slowest time.Duration) {
	step := time.NewTicker(fleetAsks)
	defer step.Stop()
	for i := 0; time.Since(s.began) < fleetWatch; i++ {
		<-step.C
		g := s.guilds[(i*389+7)%len(s.guilds)]
		ch := g.channels[(7*i+3)%len(g.channels)]
		if s.discord.Connected() == 0 {
			continue
		}
		u := &use{at: time.Now()}
		u.Interaction = g.agents[0].Clicks(s.b.Context(), ch.Messages()[0], "Claim")
		s.check(u.Err())
		s.uses = append(s.uses, u)
	}
	soon(s.b, "all are answered", func() bool {
		return !slices.ContainsFunc(s.uses, func(u *use) bool { return !u.Acknowledged() && !u.Late() })
	})
	s.times()
	return s.uses[0].answered.Sub(s.began), slices.MaxFunc(s.uses, func(x, y *use) int {
		return cmp.Compare(x.answered.Sub(x.at), y.answered.Sub(y.at))
	}).waited()
}

func (u *use) waited() time.Duration { return u.answered.Sub(u.at) }

// times finds when each use was answered.
func (s *start) times() {
	at := map[string]time.Time{}
	for _, r := range s.since() {
		if parts := strings.Split(r.Path, "/"); len(parts) == 5 && parts[1] == "interactions" {
			at[parts[2]] = r.At
		}
	}
	for i, u := range s.uses {
		u.answered = at[u.ID().String()]
		if u.answered.IsZero() || !u.Acknowledged() {
			s.b.Fatalf("use %d of %d, %v after the start, was not answered", i, len(s.uses), u.at.Sub(s.began))
		}
	}
}

// since are the requests of this start.
func (s *start) since() []discordtest.Request { return s.discord.Requests()[s.requests:] }

// histories are the channels whose history was read, in the order of the first time.
func (s *start) histories() []string {
	var all []string
	seen := map[string]bool{}
	for _, r := range s.since() {
		parts := strings.Split(r.Path, "/")
		if r.Method == "GET" && len(parts) == 4 && parts[1] == "channels" && parts[3] == "messages" && !seen[parts[2]] {
			seen[parts[2]] = true
			all = append(all, parts[2])
		}
	}
	return all
}

func (s *start) reads() int { return len(s.histories()) }

// read is how many of the channels that moved were read.
func (s *start) read() int {
	n := 0
	for _, ch := range s.histories() {
		if s.moved[ch] {
			n++
		}
	}
	return n
}

// lastMoved is when the last of those began to be read.
func (s *start) lastMoved() (at time.Time) {
	seen := map[string]bool{}
	for _, r := range s.since() {
		parts := strings.Split(r.Path, "/")
		if r.Method == "GET" && len(parts) == 4 && s.moved[parts[2]] && !seen[parts[2]] {
			seen[parts[2]], at = true, r.At
		}
	}
	return at
}

// judge fails when a channel in which nothing was written was read before one in
// which something was, or when Discord refused something.
func (s *start) judge() {
	all := s.histories()
	if early := slices.IndexFunc(all, func(ch string) bool { return !s.moved[ch] }); early >= 0 && early < len(s.moved) {
		s.b.Errorf("%d of %d channels that moved were read before the first that did not", early, len(s.moved))
	}
	for _, r := range s.since() {
		if r.Status == 429 {
			s.b.Errorf("too much at %v: %s %s", r.At.Sub(s.began), r.Method, r.Path)
		}
	}
}
