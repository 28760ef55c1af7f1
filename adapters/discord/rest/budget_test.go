package rest

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestTooManyRefusalsStopWorkFarBelowABan(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	b := newBudget(func() time.Time { return now }, 0)
	ask := func() error { return b.admit(t.Context(), "GET", "/channels/1") }
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
	if err := b.admit(t.Context(), "POST", "/interactions/1/token/callback"); err != nil {
		t.Errorf("an interaction is not answered: %v", err)
	}
	now = now.Add(9 * time.Minute)
	if err := ask(); err != nil {
		t.Errorf("refused for ever: %v", err)
	}
}

func TestRequestsArePaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(time.Now, 10)
		began, passed := time.Now(), 0
		for range 15 {
			if err := b.admit(t.Context(), "GET", "/channels/1"); err != nil {
				t.Fatal(err)
			}
			passed++
		}
		if took := time.Since(began); passed != 15 || took < 400*time.Millisecond || took > 600*time.Millisecond {
			t.Errorf("15 requests at 10 a second took %v", took)
		}
		b.tokens = -20 // many wait already
		if wait, limited := Limited(b.admit(t.Context(), "GET", "/channels/1")); !limited || wait < 2*time.Second {
			t.Errorf("limited %v, for %v", limited, wait)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		b.tokens = 0
		if err := b.admit(ctx, "GET", "/channels/1"); err == nil {
			t.Error("it waited on though nobody wanted it any more")
		}
	})
}
