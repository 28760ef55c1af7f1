// Package jobtest is the contract of the ports to durable work: the suite that
// every implementation passes, and an implementation in memory for tests.
package jobtest

import (
	"context"
	"fmt"
	"slices"
	"sync"
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
	want := job.Claim{Key: key("a"), Generation: 1, Attempt: 1, LeaseUntil: start().Add(lease), Owner: "me"}
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
	if again := s.claimOne(t, "me", start()); again.Cursor != 42 || again.Generation != 2 || again.Attempt != 1 {
		t.Errorf("claimed again %+v, want cursor 42, generation 2, attempt 1", again)
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
	if c := s.claimOne(t, "me", start().Add(time.Minute)); c.Generation != 3 {
		t.Errorf("generation %d after three wishes", c.Generation)
	}
}

func testWishDuringWork(t *testing.T, s suite) {
	s.enqueue(t, key("a"), start())
	first := s.claimOne(t, "me", start())
	s.enqueue(t, key("a"), start().Add(time.Second))
	s.claimNone(t, start().Add(2*time.Second))
	s.finish(t, first, job.Outcome{Cursor: 1}, start().Add(2*time.Second))
	second := s.claimOne(t, "me", start().Add(2*time.Second))
	if second.Generation != 2 || second.Cursor != 1 {
		t.Errorf("claimed %+v, want generation 2 and cursor 1", second)
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

func testTakeOver(t *testing.T, s suite) {
	s.enqueue(t, key("a"), start())
	s.claimOne(t, "killed", start())
	s.claimNone(t, start().Add(lease-time.Microsecond))
	c := s.claimOne(t, "me", start().Add(lease))
	if c.Owner != "me" || c.Attempt != 2 {
		t.Errorf("took over %+v, want owner me and attempt 2", c)
	}
}

func testExtend(t *testing.T, s suite) {
	s.enqueue(t, key("a"), start())
	c := s.claimOne(t, "me", start())
	s.extend(t, c, start().Add(2*lease), true)
	s.claimNone(t, start().Add(2*lease-time.Microsecond))
	s.claimOne(t, "other", start().Add(2*lease))
	s.extend(t, c, start().Add(3*lease), false)
}

func (s suite) extend(t *testing.T, c job.Claim, until time.Time, want bool) {
	t.Helper()
	got, err := s.Extend(t.Context(), c, until)
	if err != nil || got != want {
		t.Fatalf("extend gave %v, %v; want %v", got, err, want)
	}
}

func testLostLease(t *testing.T, s suite) {
	s.enqueue(t, key("a"), start())
	lost := s.claimOne(t, "slow", start())
	held := s.claimOne(t, "me", start().Add(lease))
	s.finish(t, lost, job.Outcome{Cursor: 99}, start().Add(lease))
	if err := s.Retry(t.Context(), lost, start(), "late"); err != nil {
		t.Fatal(err)
	}
	s.claimNone(t, start().Add(lease))
	s.extend(t, held, start().Add(3*lease), true)
	s.finish(t, held, job.Outcome{Cursor: 3}, start().Add(lease))
	s.enqueue(t, key("a"), start())
	if c := s.claimOne(t, "me", start().Add(lease)); c.Cursor != 3 {
		t.Errorf("cursor %d, want that of who held the lease", c.Cursor)
	}
}

func testNextDue(t *testing.T, s suite) {
	s.nextDue(t, time.Time{})
	s.enqueue(t, key("a"), start())
	s.enqueue(t, key("b"), start().Add(time.Minute))
	s.nextDue(t, start())
	c := s.claimOne(t, "me", start())
	s.nextDue(t, start().Add(lease))
	s.finish(t, c, job.Outcome{}, start())
	s.nextDue(t, start().Add(time.Minute))
	c = s.claimOne(t, "me", start().Add(time.Minute))
	s.finish(t, c, job.Outcome{}, start())
	s.nextDue(t, time.Time{})
}

func (s suite) nextDue(t *testing.T, want time.Time) {
	t.Helper()
	got, ok, err := s.NextDue(t.Context(), consumer)
	if err != nil || ok == want.IsZero() || !got.Equal(want) {
		t.Fatalf("next due is %v, %v, %v; want %v", got, ok, err, want)
	}
}

func testConsumersApart(t *testing.T, s suite) {
	other := job.Key{Consumer: "webhook", Key: "a", Workspace: 7}
	s.enqueue(t, other, start())
	s.nextDue(t, time.Time{})
	s.claimNone(t, start())
	s.enqueue(t, key("a"), start())
	s.claimOne(t, "me", start())
	claims, err := s.Claim(t.Context(), other.Consumer, "me", start(), lease, 10)
	if err != nil || len(claims) != 1 || claims[0].Key != other {
		t.Errorf("the other consumer claimed %v, %v", claims, err)
	}
}

func testManyClaimers(t *testing.T, s suite) {
	const rows, claimers = 60, 4
	for i := range rows {
		s.enqueue(t, key(fmt.Sprintf("k%02d", i)), start())
	}
	var mu sync.Mutex
	var group sync.WaitGroup
	seen := map[string]int{}
	for n := range claimers {
		group.Go(func() {
			for range rows { // a round may come back empty while others hold locks
				claims, err := s.Claim(t.Context(), consumer, fmt.Sprintf("w%d", n), start(), lease, 3)
				if err != nil {
					t.Errorf("claim: %v", err)
					return
				}
				mu.Lock()
				for _, c := range claims {
					seen[c.Key.Key]++
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	for name, times := range seen {
		if times != 1 {
			t.Errorf("%s was claimed %d times", name, times)
		}
	}
	if len(seen) != rows {
		t.Errorf("%d rows were claimed, want %d", len(seen), rows)
	}
}

// testLoad wishes and works at the same time: after the last wish there is a
// claim of the last generation, whatever the interleaving.
func testLoad(t *testing.T, s suite) {
	const wishes = 60
	wished := make(chan struct{})
	go func() {
		defer close(wished)
		for range wishes {
			if err := s.Enqueue(t.Context(), key("a"), start()); err != nil {
				t.Errorf("enqueue: %v", err)
			}
		}
	}()
	var last int64
	work := func() (worked bool) {
		for _, c := range s.claim(t, "me", start()) {
			last, worked = c.Generation, true
			s.finish(t, c, job.Outcome{}, start())
		}
		return worked
	}
	for running := true; running; {
		select {
		case <-wished:
			running = false
		default:
			work()
		}
	}
	for work() {
	}
	if last != wishes {
		t.Errorf("the last work saw generation %d of %d: a wish was lost", last, wishes)
	}
}

func testSignal(t *testing.T, s suite) {
	signal, stop := s.Subscribe(consumer.Topic())
	defer stop()
	other, stopOther := s.Subscribe(job.Consumer("webhook").Topic())
	defer stopOther()
	s.enqueue(t, key("a"), start())
	s.enqueue(t, key("b"), start())
	await(t, signal)
	if claims := s.claim(t, "me", start()); len(claims) != 2 {
		t.Errorf("after the signal %d rows can be claimed, want 2", len(claims))
	}
	select {
	case <-other:
		t.Error("another topic was signalled")
	default:
	}
}

func await(t *testing.T, signal <-chan struct{}) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	select {
	case <-signal:
	case <-ctx.Done():
		t.Fatal("no signal came")
	}
}

func testLeases(t *testing.T, s suite) {
	s.acquire(t, "gateway", "one", start(), true)
	s.acquire(t, "gateway", "two", start(), false)
	s.acquire(t, "other", "two", start(), true)
	s.acquire(t, "gateway", "one", start().Add(lease/2), true)
	s.acquire(t, "gateway", "two", start().Add(lease), false)
	s.acquire(t, "gateway", "two", start().Add(lease/2+lease), true)
	s.release(t, "one")
	s.acquire(t, "gateway", "one", start().Add(2*lease), false)
	s.release(t, "two")
	s.acquire(t, "gateway", "one", start().Add(2*lease), true)
}

func (s suite) acquire(t *testing.T, name, owner string, now time.Time, want bool) {
	t.Helper()
	got, err := s.Acquire(t.Context(), name, owner, now, now.Add(lease))
	if err != nil || got != want {
		t.Fatalf("%s acquires %s: %v, %v; want %v", owner, name, got, err, want)
	}
}

func (s suite) release(t *testing.T, owner string) {
	t.Helper()
	if err := s.Release(t.Context(), "gateway", owner); err != nil {
		t.Fatal(err)
	}
}
