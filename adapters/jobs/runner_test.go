package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ticketsys/ticketsys/adapters/jobs"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/job/jobtest"
)

const consumer job.Consumer = "discord"

func key(name string) job.Key { return job.Key{Consumer: consumer, Key: name, Workspace: 7} }

// bench is a runner at work in a bubble of its own time.
type bench struct {
	t     *testing.T
	queue *jobtest.Memory
	end   func() // ends Run's context and waits for Run to return
}

// play runs body beside a runner with one handler. Jitter is the whole ceiling.
func play(t *testing.T, handler job.Handler, o jobs.Options, body func(b bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		queue := &jobtest.Memory{}
		b := bench{t: t, queue: queue, end: run(t, queue, "me", handler, o)}
		defer b.end()
		body(b)
	})
}

// run starts a runner; the function that it gives ends it.
func run(t *testing.T, queue *jobtest.Memory, owner string, handler job.Handler, o jobs.Options) func() {
	runner := jobs.New(jobs.Config{
		Queue: queue, Signals: queue, Now: time.Now, Rand: func() float64 { return 1 }, Owner: owner,
	})
	runner.Register(consumer, handler, o)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		runner.Run(ctx)
	}()
	synctest.Wait()
	return func() {
		cancel()
		<-done
	}
}

func (b bench) enqueue(name string, due time.Time) {
	b.t.Helper()
	if err := b.queue.Enqueue(b.t.Context(), key(name), due); err != nil {
		b.t.Fatal(err)
	}
}

// record is what a handler saw, safe for concurrent use.
type record struct {
	mu    sync.Mutex
	lines []string
}

func (r *record) add(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, line)
}

func (r *record) expect(t *testing.T, want ...string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Equal(r.lines, want) {
		t.Errorf("the handler saw %q, want %q", r.lines, want)
	}
}

func TestWorkStartsAtTheMomentItIsWishedFor(t *testing.T) {
	var seen record
	handler := func(_ context.Context, c job.Claim) (job.Outcome, error) {
		seen.add(fmt.Sprintf("%s %d %d", c.Key.Key, c.Attempt, c.Cursor))
		return job.Outcome{Cursor: c.Cursor + 1}, nil
	}
	play(t, handler, jobs.Options{}, func(b bench) {
		b.enqueue("a", time.Now())
		synctest.Wait()
		seen.expect(t, "a 1 0")
		b.enqueue("a", time.Now())
		synctest.Wait()
		seen.expect(t, "a 1 0", "a 1 1")
	})
}

func TestWorkThatWaitedForTheStartIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var done atomic.Int64
		queue := &jobtest.Memory{}
		bench{t: t, queue: queue}.enqueue("a", time.Now())
		defer run(t, queue, "me", count(&done), jobs.Options{})()
		if done.Load() != 1 {
			t.Error("work from before the start was not done")
		}
	})
}

func count(n *atomic.Int64) job.Handler {
	return func(context.Context, job.Claim) (job.Outcome, error) {
		n.Add(1)
		return job.Outcome{}, nil
	}
}

func TestDeadlinesAreMetOnTime(t *testing.T) {
	var seen record
	handler := func(_ context.Context, c job.Claim) (job.Outcome, error) {
		seen.add(c.Key.Key + " " + time.Now().UTC().Format("15:04:05"))
		if c.Cursor == 0 && c.Key.Key == "again" {
			return job.Outcome{Cursor: 1, Again: time.Now().Add(time.Minute)}, nil
		}
		return job.Outcome{}, nil
	}
	play(t, handler, jobs.Options{}, func(b bench) {
		b.enqueue("late", time.Now().Add(time.Hour))
		b.enqueue("soon", time.Now().Add(time.Second))
		b.enqueue("again", time.Now())
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		seen.expect(t, "again 00:00:00", "soon 00:00:01", "again 00:01:00", "late 01:00:00")
	})
}

func TestAWishDuringWorkIsWorkedAfterwards(t *testing.T) {
	started, proceed := make(chan int64), make(chan struct{})
	handler := func(_ context.Context, c job.Claim) (job.Outcome, error) {
		started <- c.Cursor
		<-proceed
		return job.Outcome{Cursor: c.Cursor + 1}, nil
	}
	play(t, handler, jobs.Options{}, func(b bench) {
		started, proceed = make(chan int64), make(chan struct{}) // of the bubble
		b.enqueue("a", time.Now())
		<-started
		b.enqueue("a", time.Now())
		synctest.Wait() // the signal has been seen, and found nothing to claim
		proceed <- struct{}{}
		if cursor := <-started; cursor != 1 {
			t.Errorf("worked again from %d, want from where the first work ended", cursor)
		}
		proceed <- struct{}{}
	})
}

func TestOneKeyInOrderOthersMeanwhile(t *testing.T) {
	var running, most, done atomic.Int64
	handler := func(_ context.Context, c job.Claim) (job.Outcome, error) {
		if c.Key.Key == "slow" {
			if n := running.Add(1); n > most.Load() {
				most.Store(n)
			}
			defer running.Add(-1)
			time.Sleep(time.Minute)
			return job.Outcome{}, nil
		}
		done.Add(1)
		return job.Outcome{}, nil
	}
	play(t, handler, jobs.Options{Workers: 2}, func(b bench) {
		for range 5 {
			b.enqueue("slow", time.Now())
			synctest.Wait()
		}
		for i := range 20 {
			b.enqueue(fmt.Sprint(i), time.Now())
		}
		synctest.Wait()
		if done.Load() != 20 {
			t.Errorf("%d of 20 other keys were worked while one was slow", done.Load())
		}
		time.Sleep(5 * time.Minute)
		if most.Load() != 1 {
			t.Errorf("one key was worked %d times at once", most.Load())
		}
	})
}

func TestNoMoreHandlersThanWorkers(t *testing.T) {
	var running, done atomic.Int64
	handler := func(context.Context, job.Claim) (job.Outcome, error) {
		if n := running.Add(1); n > 3 {
			t.Errorf("%d handlers at once", n)
		}
		defer running.Add(-1)
		time.Sleep(time.Second)
		done.Add(1)
		return job.Outcome{}, nil
	}
	play(t, handler, jobs.Options{Workers: 3}, func(b bench) {
		for i := range 30 {
			b.enqueue(fmt.Sprint(i), time.Now())
		}
		time.Sleep(10*time.Second + time.Millisecond)
		if done.Load() != 30 {
			t.Errorf("%d of 30 keys were worked in the time of ten rounds", done.Load())
		}
	})
}

func TestFailuresAreTriedAgainLaterAndLater(t *testing.T) {
	var seen record
	handler := func(_ context.Context, c job.Claim) (job.Outcome, error) {
		seen.add(fmt.Sprintf("%d at %s", c.Attempt, time.Now().UTC().Format("04:05")))
		if c.Attempt < 4 {
			return job.Outcome{}, errors.New("the channel is down")
		}
		return job.Outcome{}, nil
	}
	play(t, handler, jobs.Options{}, func(b bench) {
		b.enqueue("a", time.Now())
		time.Sleep(time.Hour)
		seen.expect(t, "1 at 00:00", "2 at 00:01", "3 at 00:03", "4 at 00:07")
		if causes := b.queue.Causes(); len(causes) != 3 || causes[0] != "the channel is down" {
			t.Errorf("the causes kept for staff are %q", causes)
		}
	})
}

func TestAPanicIsAFailureAndItsValueStaysInside(t *testing.T) {
	var done atomic.Int64
	handler := func(_ context.Context, c job.Claim) (job.Outcome, error) {
		if c.Attempt == 1 && c.Key.Key == "bad" {
			panic("the secret token")
		}
		done.Add(1)
		return job.Outcome{}, nil
	}
	play(t, handler, jobs.Options{Workers: 1}, func(b bench) {
		b.enqueue("bad", time.Now())
		b.enqueue("good", time.Now())
		synctest.Wait()
		if done.Load() != 1 {
			t.Error("a panic held up another key")
		}
		time.Sleep(time.Minute)
		if done.Load() != 2 {
			t.Error("work that panicked was not tried again")
		}
		if causes := b.queue.Causes(); len(causes) != 1 || strings.Contains(causes[0], "secret") {
			t.Errorf("the causes kept for staff are %q", causes)
		}
	})
}

func TestALongCauseIsCutBetweenLetters(t *testing.T) {
	handler := func(context.Context, job.Claim) (job.Outcome, error) {
		return job.Outcome{}, errors.New(strings.Repeat("é", 2000))
	}
	play(t, handler, jobs.Options{}, func(b bench) {
		b.enqueue("a", time.Now())
		synctest.Wait()
		if want := strings.Repeat("é", 499) + "…"; !slices.Equal(b.queue.Causes(), []string{want}) {
			t.Errorf("the cause is %q", b.queue.Causes())
		}
	})
}

func TestSlowWorkKeepsItsLease(t *testing.T) {
	var done atomic.Int64
	handler := func(ctx context.Context, _ job.Claim) (job.Outcome, error) {
		time.Sleep(time.Minute)
		if ctx.Err() == nil {
			done.Add(1)
		}
		return job.Outcome{}, nil
	}
	play(t, handler, jobs.Options{}, func(b bench) {
		defer run(b.t, b.queue, "other", handler, jobs.Options{})()
		b.enqueue("a", time.Now())
		time.Sleep(time.Hour)
		if done.Load() != 1 {
			t.Errorf("slow work was done %d times", done.Load())
		}
	})
}

func TestTheWorkOfADeadProcessIsTakenOver(t *testing.T) {
	var done atomic.Int64
	play(t, count(&done), jobs.Options{}, func(b bench) {
		if err := b.queue.Enqueue(b.t.Context(), key("a"), time.Now().Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		claims, err := b.queue.Claim(b.t.Context(), consumer, "dead", time.Now().Add(time.Second), 10*time.Second, 1)
		if err != nil || len(claims) != 1 {
			t.Fatal(claims, err)
		}
		time.Sleep(15 * time.Second)
		if done.Load() != 1 {
			t.Error("nobody took the work of a dead process over within 15 s")
		}
	})
}

func TestALostLeaseEndsTheHandler(t *testing.T) {
	var ended atomic.Int64
	handler := func(ctx context.Context, c job.Claim) (job.Outcome, error) {
		if c.Attempt == 1 {
			<-ctx.Done()
			ended.Add(1)
		}
		return job.Outcome{Cursor: int64(c.Attempt)}, nil
	}
	play(t, handler, jobs.Options{Workers: 1}, func(b bench) {
		b.enqueue("a", time.Now())
		synctest.Wait()
		claims, err := b.queue.Claim(b.t.Context(), consumer, "thief", time.Now().Add(time.Hour), time.Second, 1)
		if err != nil || len(claims) != 1 {
			t.Fatal(claims, err)
		}
		time.Sleep(10 * time.Second)
		if ended.Load() != 1 {
			t.Error("a handler went on after its lease was lost")
		}
	})
}

func TestADatabaseFailureIsWaitedOut(t *testing.T) {
	var done atomic.Int64
	play(t, count(&done), jobs.Options{}, func(b bench) {
		b.enqueue("a", time.Now())
		synctest.Wait()
		b.enqueue("b", time.Now().Add(time.Second))
		b.queue.Fail(errors.New("the database is away"))
		time.Sleep(time.Minute)
		if done.Load() != 1 {
			t.Errorf("%d pieces of work were done", done.Load())
		}
		b.queue.Fail(nil)
		time.Sleep(15 * time.Second)
		if done.Load() != 2 {
			t.Error("work was not taken up after the database came back")
		}
	})
}

func TestAFailingReleaseIsTriedAgain(t *testing.T) {
	var done atomic.Int64
	var queue *jobtest.Memory
	handler := func(context.Context, job.Claim) (job.Outcome, error) {
		done.Add(1)
		queue.Fail(errors.New("the database is away"))
		return job.Outcome{}, nil
	}
	play(t, handler, jobs.Options{}, func(b bench) {
		queue = b.queue
		b.enqueue("a", time.Now())
		time.Sleep(2 * time.Second)
		queue.Fail(nil)
		time.Sleep(time.Hour)
		if done.Load() != 1 {
			t.Errorf("work was done %d times although its release was possible in time", done.Load())
		}
	})
}
