// Package jobtest is the contract of the ports to durable work: the suite that
// every implementation passes, and an implementation in memory for tests.
package jobtest

import (
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/job"
)

// Store is what the suite tests.
type Store interface {
	job.Queue
	job.Signals
	job.Leases
}

const (
	consumer job.Consumer  = "discord"
	lease    time.Duration = 10 * time.Second
)

// start is the moment at which each test of the suite begins.
func start() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678_901_000, time.UTC) }

// Run runs the suite; fresh gives an empty store each time.
func Run(t *testing.T, fresh func(t *testing.T) Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, suite){
		"claim gives what was wished for":            testClaim,
		"oldest first, up to the limit":              testOrder,
		"not before it is due":                       testDue,
		"no later than the earliest wish":            testEarliestWish,
		"a wish during work is not lost":             testWishDuringWork,
		"a wish during failing work is not lost":     testWishDuringFailure,
		"a later wish during work keeps its time":    testLaterWishDuringWork,
		"a deadline outlives a claim before it":      testDeadlineOutlivesClaim,
		"finished work is due again when it says so": testAgain,
		"a retry waits, counts and keeps the cursor": testRetry,
		"a new wish ends the wait":                   testWishDuringBackoff,
		"work that waits is hastened":                testHasten,
		"a lease that ended is taken over":           testTakeOver,
		"an extended lease is not":                   testExtend,
		"who lost the lease can't finish":            testLostLease,
		"next due":                                   testNextDue,
		"consumers are apart":                        testConsumersApart,
		"many claimers never share a row":            testManyClaimers,
		"every wish under load is worked":            testLoad,
		"a signal follows the wish":                  testSignal,
		"one process holds a lease":                  testLeases,
	} {
		t.Run(name, func(t *testing.T) { test(t, suite{Store: fresh(t)}) })
	}
}

// suite wraps a store in calls that fail the test.
type suite struct{ Store }

func key(name string) job.Key { return job.Key{Consumer: consumer, Key: name, Workspace: 7} }

func (s suite) enqueue(t *testing.T, k job.Key, due time.Time) {
	t.Helper()
	if err := s.Enqueue(t.Context(), k, due); err != nil {
		t.Fatalf("enqueue %s: %v", k.Key, err)
	}
}

func (s suite) claim(t *testing.T, owner string, now time.Time) []job.Claim {
	t.Helper()
	claims, err := s.Claim(t.Context(), consumer, owner, now, lease, 10)
	if err != nil {
		t.Fatalf("claim: %v", err)
	}
	return claims
}

func (s suite) claimOne(t *testing.T, owner string, now time.Time) job.Claim {
	t.Helper()
	claims := s.claim(t, owner, now)
	if len(claims) != 1 {
		t.Fatalf("claimed %d rows, want 1: %v", len(claims), claims)
	}
	return claims[0]
}

func (s suite) claimNone(t *testing.T, now time.Time) {
	t.Helper()
	if claims := s.claim(t, "nobody", now); len(claims) != 0 {
		t.Fatalf("claimed %v, want nothing", claims)
	}
}

func (s suite) finish(t *testing.T, c job.Claim, o job.Outcome, now time.Time) {
	t.Helper()
	if err := s.Finish(t.Context(), c, o, now); err != nil {
		t.Fatalf("finish: %v", err)
	}
}

func testClaim(t *testing.T, s suite) {
	s.enqueue(t, key("a"), start())
	want := job.Claim{Key: key("a"), Attempt: 1, LeaseUntil: start().Add(lease), Owner: "me"}
	got := s.claimOne(t, "me", start())
	if !got.LeaseUntil.Equal(want.LeaseUntil) {
		t.Errorf("the lease ends at %v, want %v", got.LeaseUntil, want.LeaseUntil)
	}
	got.LeaseUntil = want.LeaseUntil
	if got != want {
		t.Errorf("claimed %+v, want %+v", got, want)
	}
	s.claimNone(t, start())
	s.finish(t, got, job.Outcome{Cursor: 42}, start())
	s.claimNone(t, start().Add(time.Hour))
	s.enqueue(t, key("a"), start())
	if again := s.claimOne(t, "me", start()); again.Cursor != 42 || again.Attempt != 1 {
		t.Errorf("claimed again %+v, want cursor 42, attempt 1", again)
	}
}

func testOrder(t *testing.T, s suite) {
	for i, name := range []string{"d", "b", "c", "a"} {
		s.enqueue(t, key(name), start().Add(time.Duration(i)*time.Second))
	}
	now := start().Add(time.Minute)
	claims, err := s.Claim(t.Context(), consumer, "me", now, lease, 3)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range claims {
		got = append(got, c.Key.Key)
	}
	if want := []string{"d", "b", "c"}; !slices.Equal(got, want) {
		t.Errorf("claimed %v, want %v", got, want)
	}
	if rest := s.claimOne(t, "me", now); rest.Key.Key != "a" {
		t.Errorf("then claimed %s, want a", rest.Key.Key)
	}
}

func testDue(t *testing.T, s suite) {
	s.enqueue(t, key("a"), start().Add(time.Minute))
	s.claimNone(t, start().Add(time.Minute-time.Microsecond))
	s.claimOne(t, "me", start().Add(time.Minute))
}

func testEarliestWish(t *testing.T, s suite) {
	s.enqueue(t, key("a"), start().Add(time.Hour))
	s.enqueue(t, key("a"), start().Add(time.Minute))
	s.enqueue(t, key("a"), start().Add(2*time.Hour))
	s.claimNone(t, start().Add(time.Minute-time.Microsecond))
	s.claimOne(t, "me", start().Add(time.Minute))
}

func testWishDuringWork(t *testing.T, s suite) {
	s.enqueue(t, key("a"), start())
	first := s.claimOne(t, "me", start())
	s.enqueue(t, key("a"), start().Add(time.Second))
	s.claimNone(t, start().Add(2*time.Second))
	s.finish(t, first, job.Outcome{Cursor: 1}, start().Add(2*time.Second))
	second := s.claimOne(t, "me", start().Add(2*time.Second))
	if second.Cursor != 1 {
		t.Errorf("claimed %+v, want cursor 1", second)
	}
	s.finish(t, second, job.Outcome{}, start().Add(3*time.Second))
	s.claimNone(t, start().Add(time.Hour))
}

func testWishDuringFailure(t *testing.T, s suite) {
	s.enqueue(t, key("a"), start())
	first := s.claimOne(t, "me", start())
	s.enqueue(t, key("a"), start())
	if err := s.Retry(t.Context(), first, start().Add(time.Hour), "broken"); err != nil {
		t.Fatal(err)
	}
	s.claimOne(t, "me", start())
}

func testLaterWishDuringWork(t *testing.T, s suite) {
	s.enqueue(t, key("a"), start())
	c := s.claimOne(t, "me", start())
	s.enqueue(t, key("a"), start().Add(time.Minute))
	s.finish(t, c, job.Outcome{Again: start().Add(time.Hour)}, start())
	s.claimNone(t, start().Add(time.Second))
	s.claimOne(t, "me", start().Add(time.Minute))
}

func testDeadlineOutlivesClaim(t *testing.T, s suite) {
	s.enqueue(t, key("a"), start())
	s.claimOne(t, "killed", start())
	s.enqueue(t, key("a"), start().Add(time.Hour))
	c := s.claimOne(t, "me", start().Add(lease))
	s.finish(t, c, job.Outcome{}, start().Add(lease))
	s.claimNone(t, start().Add(time.Minute))
	s.claimOne(t, "me", start().Add(time.Hour))
}

func testAgain(t *testing.T, s suite) {
	s.enqueue(t, key("a"), start())
	c := s.claimOne(t, "me", start())
	s.finish(t, c, job.Outcome{Again: start().Add(time.Minute)}, start())
	s.claimNone(t, start().Add(59*time.Second))
	if again := s.claimOne(t, "me", start().Add(time.Minute)); again.Attempt != 1 {
		t.Errorf("attempt %d after a success", again.Attempt)
	}
}

func testRetry(t *testing.T, s suite) {
	s.enqueue(t, key("a"), start())
	c := s.claimOne(t, "me", start())
	s.finish(t, c, job.Outcome{Cursor: 5}, start())
	s.enqueue(t, key("a"), start())
	c = s.claimOne(t, "me", start())
	if err := s.Retry(t.Context(), c, start().Add(time.Minute), "it broke"); err != nil {
		t.Fatal(err)
	}
	s.claimNone(t, start().Add(59*time.Second))
	again := s.claimOne(t, "me", start().Add(time.Minute))
	if again.Attempt != 2 || again.Cursor != 5 {
		t.Errorf("claimed %+v, want attempt 2 and cursor 5", again)
	}
}

func testWishDuringBackoff(t *testing.T, s suite) {
	s.enqueue(t, key("a"), start())
	c := s.claimOne(t, "me", start())
	if err := s.Retry(t.Context(), c, start().Add(time.Hour), "it broke"); err != nil {
		t.Fatal(err)
	}
	s.enqueue(t, key("a"), start().Add(time.Second))
	s.claimOne(t, "me", start().Add(time.Second))
}
