package rest

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func TestRoutesAreThoseOfDiscord(t *testing.T) {
	for path, want := range map[string]string{
		"/channels/3/messages?limit=100&after=7": "GET /channels/3/messages",
		"/channels/3/messages/5":                 "GET /channels/3/messages/*",
		"/guilds/1/members/2":                    "GET /guilds/1/members/*",
		"/users/@me/channels":                    "GET /users/@me/channels",
		"/channels/3":                            "GET /channels/3",
	} {
		if got := routeOf("GET", path); got != want {
			t.Errorf("%s is of %s, want %s", path, got, want)
		}
	}
}

// announce is what Discord tells of a limit.
func announce(limit, left int, after time.Duration) http.Header {
	h := http.Header{}
	h.Set("X-RateLimit-Limit", strconv.Itoa(limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(left))
	h.Set("X-RateLimit-Reset-After", strconv.FormatFloat(after.Seconds(), 'f', 3, 64))
	return h
}

// Whatever comes when, no route is asked more than it takes, and nobody is held up
// for longer than a moment by a route, not even by their own.
func TestNoRouteIsAskedTooMuchAndNoneHoldsUpAnother(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
		r := newRoutes(func() time.Time { return now }, time.Minute)
		limit, window := rapid.IntRange(1, 6).Draw(rt, "limit"), time.Duration(rapid.IntRange(2, 10).Draw(rt, "window"))*time.Second
		asked := map[string][]time.Time{} // since the window of the route began
		for range rapid.IntRange(1, 60).Draw(rt, "requests") {
			key := rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "route")
			now = now.Add(time.Duration(rapid.IntRange(0, 1500).Draw(rt, "pause")) * time.Millisecond)
			within := slices.DeleteFunc(asked[key], func(time.Time) bool { return now.Sub(asked[key][0]) >= window })
			wait, _ := r.take(key)
			if wait > 0 {
				if len(within) < limit {
					rt.Fatalf("%s waits for %v after %d of %d requests", key, wait, len(within), limit)
				}
				if end := within[0].Add(window).Sub(now); wait > end {
					rt.Fatalf("%s waits for %v, its window ends in %v", key, wait, end)
				}
				asked[key] = within
				continue
			}
			within = append(within, now)
			if len(within) > limit {
				rt.Fatalf("%s was asked %d times in a window of %d", key, len(within), limit)
			}
			asked[key] = within
			r.heard(key, announce(limit, limit-len(within), within[0].Add(window).Sub(now)), nil)
		}
	})
}

func TestARouteThatIsExhaustedGivesWorkBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoutes(time.Now, 8*time.Second)
		ask := func(ctx context.Context, key string) (time.Duration, error) {
			began := time.Now()
			err := r.admit(ctx, "POST", key)
			return time.Since(began), err
		}
		if _, err := ask(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		r.heard("a", announce(1, 0, 5*time.Second), nil)
		took, err := ask(t.Context(), "a")
		if wait, limited := Limited(err); !limited || wait != 5*time.Second || took != 0 {
			t.Errorf("given back after %v: %v", took, err)
		}
		if took, err := ask(t.Context(), "b"); err != nil || took != 0 {
			t.Errorf("another route waits for %v: %v", took, err)
		}
		if took, err := ask(Patient(t.Context()), "a"); err != nil || took != 5*time.Second {
			t.Errorf("who is patient waits for %v: %v", took, err)
		}
		r.heard("a", announce(1, 0, 500*time.Millisecond), nil)
		if took, err := ask(t.Context(), "a"); err != nil || took != 500*time.Millisecond {
			t.Errorf("a moment is %v: %v", took, err)
		}
		r.heard("a", http.Header{"X-Ratelimit-Scope": {"global"}}, &Refusal{Status: http.StatusTooManyRequests, After: 9 * time.Second})
		if wait, limited := Limited(r.admit(t.Context(), "POST", "c")); !limited || wait != 9*time.Second {
			t.Errorf("what Discord refuses altogether waits for %v", wait)
		}
		if _, limited := Limited(r.admit(Patient(t.Context()), "POST", "c")); !limited {
			t.Error("what takes longer than anybody's patience is waited for")
		}
	})
}

// While nobody knows the limit of a route, one asks and the others wait a moment.
func TestOneLearnsTheLimitOfARoute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoutes(time.Now, 8*time.Second)
		if err := r.admit(t.Context(), "GET", "a"); err != nil {
			t.Fatal(err)
		}
		if wait, limited := Limited(r.admit(t.Context(), "GET", "a")); !limited || wait != shortWait {
			t.Errorf("the second waits for %v", wait)
		}
		go func() {
			time.Sleep(300 * time.Millisecond)
			r.heard("a", http.Header{}, nil) // of a route without a limit
		}()
		began := time.Now()
		if err := r.admit(t.Context(), "GET", "a"); err != nil || time.Since(began) != 300*time.Millisecond {
			t.Errorf("it waits for %v: %v", time.Since(began), err)
		}
		for range 100 {
			if err := r.admit(t.Context(), "GET", "a"); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.admit(t.Context(), "GET", "b"); err != nil {
			t.Fatal(err)
		}
		r.heard("b", nil, nil) // no answer
		if err := r.admit(t.Context(), "GET", "b"); err != nil {
			t.Errorf("after no answer nobody asks: %v", err)
		}
	})
}
