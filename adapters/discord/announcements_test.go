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

// A second session begins while the guilds of the first are waited for: who waits goes
// on when those of the second are announced, and not before.
func TestASecondSessionIsWaitedForByWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAnnouncements()
		a.begin([]wire.ID{"1", "2"})
		a.came("1")
		let := false
		go func() { a.wait(t.Context()); let = true }()
		synctest.Wait()
		time.Sleep(readingPatience - 1)
		a.begin([]wire.ID{"1", "2"})
		time.Sleep(2 * time.Nanosecond) // the first session's patience is at its end
		a.came("1")
		if synctest.Wait(); let {
			t.Error("nobody waits for the guilds of the second session")
		}
		a.came("2")
		if synctest.Wait(); !let {
			t.Error("all are announced, and somebody waits")
		}
		a.begin([]wire.ID{"1"})
		let = false
		go func() { a.wait(t.Context()); let = true }()
		synctest.Wait()
		a.begin(nil) // the bot is in no guild any more
		if synctest.Wait(); !let {
			t.Error("a session without guilds is waited for")
		}
	})
}

// A guild that is not there comes as one that is gone, and may be the last.
func TestAGuildThatIsGoneWasAnnounced(t *testing.T) {
	in := newInbox(mute(t))
	in.arriving.begin([]wire.ID{"1", "2"})
	in.guildLane(&wire.Guild{ID: "1"})
	if !in.arriving.waits() {
		t.Error("the second is not waited for")
	}
	in.goneLane(&guildEvent{ID: "2"})
	if in.arriving.waits() {
		t.Error("a guild that is gone is waited for")
	}
}

// Who stops waits for nothing, and the others go on waiting.
func TestNobodyWaitsWhenTheProgramStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAnnouncements()
		a.begin([]wire.ID{"1"})
		ctx, stop := context.WithCancel(t.Context())
		stopped, let := false, false
		go func() { a.wait(ctx); stopped = true }()
		go func() { a.wait(t.Context()); let = true }()
		synctest.Wait()
		stop()
		if synctest.Wait(); !stopped || let {
			t.Errorf("after the stop the one that was stopped goes on: %t, the other: %t", stopped, let)
		}
		a.came("1")
		if synctest.Wait(); !let {
			t.Error("the other waits for ever")
		}
	})
}

// A timer that fires as an announcement comes is late: the next one is waited for anew.
func TestAnAnnouncementThatComesAtTheLastMomentCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAnnouncements()
		a.begin([]wire.ID{"1", "2"})
		fired := a.ends[0] // and has not got its turn yet
		a.came("1")
		a.mu.Lock()
		a.over(fired)
		a.mu.Unlock()
		if !a.waits() {
			t.Error("the second guild is not waited for")
		}
		began := time.Now()
		a.wait(t.Context())
		if waited := time.Since(began); waited != readingPatience {
			t.Errorf("it is waited for %v", waited)
		}
	})
}
