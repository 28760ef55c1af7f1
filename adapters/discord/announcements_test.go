package discord

import (
	"context"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// waits reports whether somebody would have to wait.
func (a *announcements) waits() bool {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	select {
	case <-a.done:
		return false
	default:
	}
	a.wait(ctx) // ends with its context
	return true
}

func TestGuildsWaitUntilAllAreAnnounced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAnnouncements()
		if a.waits() {
			t.Error("without a session there is nothing to wait for")
		}
		a.begin(nil)
		a.came("7") // nobody spoke of it
		if a.waits() {
			t.Error("a session without guilds is waited for")
		}
		a.begin([]wire.ID{"1", "2"})
		a.came("1")
		a.came("1")
		if !a.waits() {
			t.Error("another guild is not waited for")
		}
		let := make(chan struct{})
		go func() { a.wait(t.Context()); close(let) }()
		a.came("2")
		<-let
	})
}

// A guild that is not announced, for whatever reason, keeps the others waiting for a
// moment after the last one that was.
func TestAGuildThatIsNotAnnouncedHoldsUpOthersForAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAnnouncements()
		a.begin([]wire.ID{"1", "2", "3"})
		time.Sleep(readingPatience - 1)
		a.came("1")
		time.Sleep(readingPatience - 1)
		if !a.waits() {
			t.Error("announcements that come one by one are not waited for")
		}
		began := time.Now()
		a.wait(t.Context())
		if waited := time.Since(began); waited > 2 {
			t.Errorf("waited for %v", waited)
		}
		var many []wire.ID
		for n := range 100 {
			many = append(many, wire.ID(strconv.Itoa(n+10)))
		}
		a.begin(many)
		began = time.Now()
		for _, guild := range many {
			time.Sleep(readingPatience * 3 / 4)
			a.came(guild)
			if !a.waits() {
				break
			}
		}
		if waited := time.Since(began); waited < readingMost || waited > readingMost+readingPatience {
			t.Errorf("announcements that do not end are waited for %v", waited)
		}
		a.begin([]wire.ID{"4"}) // another session
		if !a.waits() {
			t.Error("another session is not waited for")
		}
		a.begin([]wire.ID{"5"})
		a.came("4")
		if !a.waits() {
			t.Error("a guild of the session before counts")
		}
		a.came("5")
		if a.waits() {
			t.Error("it does not end")
		}
	})
}
