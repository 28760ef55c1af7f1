package jobtest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/job"
)

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

func testHasten(t *testing.T, s suite) {
	later, others := start().Add(time.Hour), job.Key{Consumer: consumer, Key: "c", Workspace: 8}
	for _, k := range []job.Key{key("a"), key("b"), others} {
		s.enqueue(t, k, later)
	}
	hasten := func() {
		t.Helper()
		if err := s.Hasten(t.Context(), consumer, 7, start()); err != nil {
			t.Fatalf("hasten: %v", err)
		}
	}
	hasten()
	all := s.claim(t, "me", start())
	if len(all) != 2 || all[0].Key != key("a") || all[1].Key != key("b") {
		t.Fatalf("claimed %v, want a and b", all)
	}
	s.finish(t, all[0], job.Outcome{}, start()) // it is done, and has nothing to wait for
	hasten()                                    // while b is worked on
	s.claimNone(t, start())
	s.finish(t, all[1], job.Outcome{Again: later}, start())
	s.claimNone(t, start())
	hasten()
	if c := s.claimOne(t, "me", start()); c.Key != key("b") {
		t.Errorf("claimed %v, want b", c)
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

// testLoad changes something, wishes for the work and works, all at the same
// time: the last work sees the last change, whatever the interleaving.
func testLoad(t *testing.T, s suite) {
	const wishes = 60
	var changes atomic.Int64
	wished := make(chan struct{})
	go func() {
		defer close(wished)
		for range wishes {
			changes.Add(1)
			if err := s.Enqueue(t.Context(), key("a"), start()); err != nil {
				t.Errorf("enqueue: %v", err)
			}
		}
	}()
	var last int64
	work := func() (worked bool) {
		for _, c := range s.claim(t, "me", start()) {
			last, worked = changes.Load(), true
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
		t.Errorf("the last work saw %d of %d changes: a wish was lost", last, wishes)
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
