package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// moment is when at a point the process is killed.
type moment string

const (
	now    moment = ""       // at once
	lost   moment = "lost"   // before the request's effect, which never comes
	sent   moment = "sent"   // before the request's effect, which comes all the same
	landed moment = "landed" // after the request's effect, before the answer
)

// point is a point of the day at which the program may be killed: the nth time
// that something happens.
type point struct {
	what string
	nth  int
	when moment
}

func (p point) String() string {
	return strings.TrimSuffix(fmt.Sprintf("%s %d %s", p.what, p.nth, p.when), " ")
}

// onSQLiteOnly reports whether the point is one of the SQLite file's.
func (p point) onSQLiteOnly() bool { return p.what == commit }

const commit = "commit"

// watch counts what happens during a day, and strikes at one point.
type watch struct {
	strike func()

	striking sync.WaitGroup
	hit      chan struct{} // closed when it strikes

	mu      sync.Mutex
	target  point // the zero point is none
	counts  map[string]int
	seen    []point
	struck  bool
	resting bool
}

// happens notes that something happens, and gives how often it did.
func (w *watch) happens(what string, whens ...moment) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts[what]++
	if w.resting {
		return 0
	}
	for _, when := range whens {
		w.seen = append(w.seen, point{what, w.counts[what], when})
	}
	return w.counts[what]
}

// at strikes if this is the point.
func (w *watch) at(p point) {
	w.mu.Lock()
	hit := p == w.target && !w.struck
	if hit {
		w.struck = true
		close(w.hit)
		w.striking.Add(1)
	}
	w.mu.Unlock()
	if hit {
		defer w.striking.Done()
		w.strike()
	}
}

func newWatch(target point) *watch {
	return &watch{target: target, counts: map[string]int{}, hit: make(chan struct{})}
}

// passed reports whether there is nothing to wait for: no point, or one that was
// struck. It waits for one that is still to come.
func (w *watch) passed(most time.Duration) bool {
	if w.reached() || w.target == (point{}) {
		return true
	}
	late := time.NewTimer(most)
	defer late.Stop()
	select {
	case <-w.hit:
	case <-late.C:
	}
	return false
}

func (w *watch) aims(p point) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return p == w.target && !w.struck
}

func (w *watch) reached() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.struck
}

// rest ends the watch; a strike that began is over when it returns.
func (w *watch) rest() {
	w.mu.Lock()
	w.target, w.resting = point{}, true
	w.mu.Unlock()
	w.striking.Wait()
}

// points are all that were passed.
func (w *watch) points() []point {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]point(nil), w.seen...)
}

var (
	snowflakes = regexp.MustCompile(`\d{15,}|<t:\d+:\w>`) // moments, too: they differ from day to day
	tokens     = regexp.MustCompile(`interaction-token-[^/]+`)
)

// requests watches what the bot asks of Discord.
func (w *watch) requests(d *discordtest.Server) {
	var mu sync.Mutex
	seen := map[int]point{}
	d.OnRequest(func(r discordtest.Request) {
		mu.Lock()
		p, known := seen[r.Seq]
		mu.Unlock()
		if known {
			p.when = landed
			w.at(p)
			return
		}
		p.what = r.Method + " " + snowflakes.ReplaceAllString(tokens.ReplaceAllString(r.Path, "*"), "*")
		p.nth = w.happens(p.what, lost, sent, landed)
		mu.Lock()
		seen[r.Seq] = p
		mu.Unlock()
		p.when = sent
		w.at(p)
		p.when = lost
		if w.aims(p) {
			d.Fail(func(o discordtest.Request) bool { return o.Seq == r.Seq }, discordtest.Drop(discordtest.Before))
		}
		w.at(p)
	})
}

// events watches what Discord tells the bot.
func (w *watch) events(d *discordtest.Server) {
	d.OnEvent(func(name string) {
		what := "event " + name
		w.at(point{what: what, nth: w.happens(what, now)})
	})
}

// look is how often a file is looked at.
const look = 200 * time.Microsecond

// commits watches the log of a SQLite file until ctx ends.
func (w *watch) commits(ctx context.Context, database string) {
	often := time.NewTicker(look)
	defer often.Stop()
	var size int64
	for {
		if info, err := os.Stat(database + "-wal"); err == nil && info.Size() != size {
			size = info.Size()
			w.at(point{what: commit, nth: w.happens(commit, now)})
		}
		select {
		case <-ctx.Done():
			return
		case <-often.C:
		}
	}
}
