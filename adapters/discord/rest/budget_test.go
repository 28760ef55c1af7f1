package rest

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestTooManyRefusalsStopWorkFarBelowABan(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	b := newBudget(func() time.Time { return now }, 0)
	ask := func() error { return asked(t.Context(), b) }
	for range mostRefused - 1 {
		b.heard(&Refusal{Status: http.StatusForbidden})
	}
	for _, harmless := range []error{nil, &Refusal{Status: 404}, &Refusal{Status: 400}, context.Canceled} {
		b.heard(harmless)
	}
	if err := ask(); err != nil {
		t.Fatalf("refused too early: %v", err)
	}
	now = now.Add(time.Minute)
	b.heard(&Refusal{Status: http.StatusTooManyRequests})
	wait, limited := Limited(ask())
	if !limited || wait != 9*time.Minute {
		t.Errorf("limited %v, for %v", limited, wait)
	}
	if _, err := b.admit(t.Context(), "POST", "/interactions/1/token/callback"); err != nil {
		t.Errorf("an interaction is not answered: %v", err)
	}
	now = now.Add(9 * time.Minute)
	if err := ask(); err != nil {
		t.Errorf("refused for ever: %v", err)
	}
}

// asked makes a request that is over at once.
func asked(ctx context.Context, b *budget) error {
	done, err := b.admit(ctx, "GET", "/channels/1")
	if err == nil {
		done()
	}
	return err
}

// Requests may be on their way for long, and all arrive together.
func TestNoSecondHasMoreRequestsThanDiscordTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(time.Now, 0)
		if _, paced := b.take(); paced {
			t.Error("a server that tells of no limits is spared")
		}
		b.begin(perSecond)
		arrive := make(chan struct{})
		var mu sync.Mutex
		var heard []time.Time
		var asking sync.WaitGroup
		refused := 0
		request := func() {
			done, err := b.admit(t.Context(), "GET", "/channels/1")
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				refused++
				return
			}
			defer done()
			mu.Unlock()
			<-arrive
			mu.Lock()
			heard = append(heard, time.Now())
		}
		for range 200 {
			asking.Go(request)
			time.Sleep(10 * time.Millisecond)
		}
		close(arrive)
		for range 200 {
			asking.Go(request)
			time.Sleep(10 * time.Millisecond)
		}
		asking.Wait()
		for i := range heard {
			later := slices.IndexFunc(heard[i:], func(at time.Time) bool { return at.Sub(heard[i]) >= time.Second })
			if later > 50 || later < 0 && len(heard)-i > 50 {
				t.Fatalf("more than 50 requests were heard in a second, from the %dth on", i+1)
			}
		}
		if refused == 0 || len(heard) < mostHeard+perSecond {
			t.Errorf("%d were heard and %d refused", len(heard), refused)
		}
	})
}

func TestRequestsArePaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(time.Now, 10)
		began, passed := time.Now(), 0
		for range 15 {
			if err := asked(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			passed++
		}
		if took := time.Since(began); passed != 15 || took < 900*time.Millisecond || took > 1100*time.Millisecond {
			t.Errorf("15 requests at 10 a second took %v", took)
		}
		b.tokens = -20 // many wait already
		if wait, limited := Limited(asked(t.Context(), b)); !limited || wait < 2*time.Second {
			t.Errorf("limited %v, for %v", limited, wait)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		b.tokens = 0
		if err := asked(ctx, b); err == nil {
			t.Error("it waited on though nobody wanted it any more")
		}
	})
}
