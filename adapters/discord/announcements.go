package discord

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

const (
	// readingPatience is how long the next announcement is waited for.
	readingPatience = time.Second
	// readingMost is how long they are waited for altogether: what was missed waits, too.
	readingMost = 4 * time.Second
)

// announcements are those of the guilds at a session's beginning, which come one
// behind the other. What people do comes behind them all: as long as they are read,
// nothing else is done with guilds, so that nobody waits for more than the reading.
type announcements struct {
	mu   sync.Mutex
	left map[wire.ID]bool
	done chan struct{} // closed when none is left
	ends []*time.Timer // by which nothing waits any more
}

func newAnnouncements() *announcements {
	a := &announcements{left: map[wire.ID]bool{}, done: make(chan struct{})}
	close(a.done)
	return a
}

// begin says which guilds will be announced.
func (a *announcements) begin(guilds []wire.ID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.end()
	if len(guilds) == 0 {
		return
	}
	for _, g := range guilds {
		a.left[g] = true
	}
	a.done = make(chan struct{})
	a.ends = []*time.Timer{a.after(readingPatience), a.after(readingMost)}
}

// after sets a timer by which nothing waits any more. The caller holds mu.
func (a *announcements) after(d time.Duration) *time.Timer {
	var t *time.Timer
	t = time.AfterFunc(d, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.over(t)
	})
	return t
}

// over ends the waiting, unless the timer fired when another one took its place: then
// an announcement came in time. The caller holds mu.
func (a *announcements) over(t *time.Timer) {
	if slices.Contains(a.ends, t) {
		a.end()
	}
}

// came says that a guild was announced, or will not be.
func (a *announcements) came(guild wire.ID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.left[guild] {
		return
	}
	if delete(a.left, guild); len(a.left) == 0 {
		a.end()
		return
	}
	a.ends[0].Stop()
	a.ends[0] = a.after(readingPatience)
}

// end lets go on what waits. The caller holds mu.
func (a *announcements) end() {
	if a.ends == nil {
		return
	}
	for _, t := range a.ends {
		t.Stop()
	}
	a.ends = nil
	clear(a.left)
	close(a.done)
}

// wait returns when no guild is left to be announced, or no more come. Where another
// session begins meanwhile, its guilds are waited for instead.
func (a *announcements) wait(ctx context.Context) {
	for done := a.pending(); ; {
		select {
		case <-done:
		case <-ctx.Done():
			return
		}
		next := a.pending()
		if next == done {
			return
		}
		done = next
	}
}

// pending is closed when none is left of the session that began last.
func (a *announcements) pending() <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.done
}
