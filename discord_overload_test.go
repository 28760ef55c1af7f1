package main_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
)

// flood is more than waits in one channel.
const flood = 1200

// What arrives faster than it can be taken in is caught up with: in order, once.
func TestDiscordLosesNothingToAFlood(t *testing.T) {
	gate, stuck := make(chan struct{}), make(chan struct{})
	open, isStuck := sync.OnceFunc(func() { close(gate) }), sync.OnceFunc(func() { close(stuck) })
	defer open()
	var holding atomic.Bool
	w := newGuildWorldOn(t, sqlstoretest.SQLite(t), 4*patience, func(w *guildWorld) {
		w.breakUpdate = func() {
			if holding.Load() {
				isStuck()
				<-gate
			}
		}
	})
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.quiet(v)
	holding.Store(true)
	var want []string
	for n := range flood {
		want = append(want, fmt.Sprintf("message %04d", n))
		_, err := w.ana.Posts(ch, want[n])
		ok(t, err)
		nextMillisecond()
		if n == 0 {
			<-stuck
		}
	}
	w.until("more came than can wait", func() bool { return w.log.has("more arrives than can be taken in") })
	open()
	w.until("all was taken in", func() bool { return w.ticketIn(ch).MessageCount >= flood+2 }) // the form's, the greeting
	if got := w.spoken(v); !slices.Equal(got, want) {
		t.Errorf("%d messages, or not in their order", len(got))
	}
}

// nextMillisecond lets two messages be of different moments, as people's are.
func nextMillisecond() {
	for now := time.Now().UnixMilli(); time.Now().UnixMilli() == now; {
	}
}
