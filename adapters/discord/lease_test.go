package discord

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// leases is a store of one lease that a test can take away or break.
type leases struct {
	mu       sync.Mutex
	owner    string
	until    time.Time
	broken   error
	stuck    chan struct{} // answers wait for it, if set
	asked    int
	released int
}

func (l *leases) Acquire(_ context.Context, _, owner string, now, until time.Time) (bool, error) {
	l.mu.Lock()
	stuck := l.stuck
	l.mu.Unlock()
	if stuck != nil {
		<-stuck
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	if l.broken != nil {
		return false, l.broken
	}
	if l.owner != "" && l.owner != owner && l.until.After(now) {
		return false, nil
	}
	l.owner, l.until = owner, until
	return true, nil
}

func (l *leases) Release(_ context.Context, _, owner string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.released++
	if l.owner == owner {
		l.owner = ""
	}
	return l.broken
}

func (l *leases) set(change func(*leases)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(l)
}

// holder is an adapter with a lease to hold, in a bubble of its own time.
func holder(t *testing.T, body func(a *Adapter, l *leases, lost func() bool, cancel context.CancelFunc)) {
	a := mute(t)
	synctest.Test(t, func(t *testing.T) {
		l := &leases{}
		a.Leases, a.Owner, a.Now = l, "me", time.Now
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		until := time.Now().Add(leaseTime)
		if !a.acquire(ctx) {
			t.Fatal("a free lease can't be had")
		}
		gone := make(chan struct{})
		go a.prolong(ctx, until, func() { close(gone) })
		body(a, l, func() bool {
			synctest.Wait()
			select {
			case <-gone:
				return true
			default:
				return false
			}
		}, cancel)
	})
}

func TestLeaseIsKeptWhileItIsOurs(t *testing.T) {
	holder(t, func(_ *Adapter, l *leases, lost func() bool, cancel context.CancelFunc) {
		time.Sleep(time.Hour)
		if lost() {
			t.Error("the lease was given up")
		}
		l.set(func(l *leases) {
			if !l.until.After(time.Now()) {
				t.Error("the lease ran out")
			}
		})
		cancel()
		if !lost() {
			t.Error("the end was not heard")
		}
	})
}

func TestLeaseOfAnotherIsGivenUpAtOnce(t *testing.T) {
	holder(t, func(_ *Adapter, l *leases, lost func() bool, _ context.CancelFunc) {
		l.set(func(l *leases) { l.owner, l.until = "other", time.Now().Add(time.Hour) })
		time.Sleep(leaseStep)
		if !lost() {
			t.Error("the lease of another is held")
		}
	})
}

func TestLeaseSurvivesAShortFailureOfTheDatabase(t *testing.T) {
	holder(t, func(_ *Adapter, l *leases, lost func() bool, _ context.CancelFunc) {
		l.set(func(l *leases) { l.broken = errors.New("away") })
		time.Sleep(leaseStep + time.Second)
		if lost() {
			t.Error("one failure ends it")
		}
		l.set(func(l *leases) { l.broken = nil })
		time.Sleep(time.Minute)
		if lost() {
			t.Error("it did not recover")
		}
	})
}

// Before the lease can be somebody else's, the gateway must be let go.
func TestLeaseIsGivenUpBeforeItRunsOut(t *testing.T) {
	holder(t, func(_ *Adapter, l *leases, lost func() bool, _ context.CancelFunc) {
		l.set(func(l *leases) { l.broken = errors.New("away") })
		for !lost() {
			time.Sleep(100 * time.Millisecond)
		}
		l.set(func(l *leases) {
			if !l.until.After(time.Now()) {
				t.Error("it was held beyond its end")
			}
		})
	})
}

// A database that says nothing at all is not waited for either.
func TestLeaseIsGivenUpWhileTheDatabaseIsSilent(t *testing.T) {
	holder(t, func(_ *Adapter, l *leases, lost func() bool, _ context.CancelFunc) {
		time.Sleep(time.Minute)
		silent := make(chan struct{})
		l.set(func(l *leases) { l.stuck = silent })
		for !lost() {
			time.Sleep(100 * time.Millisecond)
		}
		l.set(func(l *leases) {
			if !l.until.After(time.Now()) {
				t.Error("it was held beyond its end")
			}
		})
		close(silent)
	})
}

func TestStandbyTakesOverSecondsAfterTheEnd(t *testing.T) {
	a := mute(t)
	synctest.Test(t, func(t *testing.T) {
		l := &leases{owner: "dead", until: time.Now().Add(leaseTime)}
		a.Leases, a.Owner, a.Now = l, "me", time.Now
		begun := time.Now()
		for !a.acquire(t.Context()) {
			pause(t.Context(), standby)
		}
		if waited := time.Since(begun); waited > leaseTime+standby {
			t.Errorf("took over after %v", waited)
		}
		a.abdicate(t.Context())
		if l.owner != "" {
			t.Error("the lease was not given back")
		}
		l.broken = errors.New("away")
		if a.acquire(t.Context()) {
			t.Error("a lease was had from nowhere")
		}
		a.abdicate(t.Context())
	})
}

func TestAPauseEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	pause(ctx, time.Hour)
}

// A session that fails at once is begun again more and more seldom.
func TestFailuresAreRestedFrom(t *testing.T) {
	a := mute(t) // nobody answers at its address
	l := &leases{}
	a.Leases, a.Owner, a.Now = l, "me", time.Now
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := a.Run(ctx); err != nil {
		t.Errorf("the end is reported as %v", err)
	}
	if l.asked < 1 || l.released != 1 {
		t.Errorf("asked %d times, gave back %d times", l.asked, l.released)
	}
}
