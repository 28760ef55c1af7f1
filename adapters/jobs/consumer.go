package jobs

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ticketsys/ticketsys/domain/job"
)

// consumer is the loop of one kind of work and its workers.
type consumer struct {
	Config
	Options

	name    job.Consumer
	handler job.Handler

	working sync.WaitGroup
	busy    atomic.Int64
	freed   chan struct{} // a worker ended
	claims  int64         // rounds so far; makes each claim's owner unique
	full    bool          // the last round had no worker left for more
	failed  int           // rounds that failed in a row
	empty   int           // rounds in a row that were due but found nothing
}

// run claims and hands out work until ctx ends, and waits for the workers.
func (c *consumer) run(ctx context.Context) {
	signal, stop := c.Signals.Subscribe(c.name.Topic())
	defer stop()
	// Handlers outlive ctx by the grace period.
	working, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	for ctx.Err() == nil {
		wait := c.round(ctx, working)
		// A freed worker is no reason to claim, unless claims were left behind or
		// its row is due again: a look costs less than a claim.
		for wait > 0 && c.wait(ctx, signal, wait) == wokenByWorker && !c.full {
			wait = c.untilDue(ctx, 1)
		}
	}
	c.drain(end)
}

// forever is the wait of a consumer that has nothing due.
const forever = time.Duration(1<<63 - 1)

// round claims what it has workers for, and says how long to wait for anything
// but a signal or a freed worker.
func (c *consumer) round(ctx, working context.Context) time.Duration {
	free := c.Workers - int(c.busy.Load())
	c.full = free <= 0
	if c.full {
		return forever
	}
	c.claims++
	owner := c.Owner + "/" + strconv.FormatInt(c.claims, 10)
	claims, err := c.claim(ctx, owner, free)
	if err != nil {
		return c.databaseFailed(ctx, err)
	}
	for _, claim := range claims {
		c.start(working, claim)
	}
	c.full = len(claims) == free
	if c.full {
		return forever // the next freed worker claims again
	}
	return c.untilDue(ctx, len(claims))
}

// claim takes rows, or gives up within the length of a lease: rows that are
// claimed any later would be nearly lost again.
func (c *consumer) claim(ctx context.Context, owner string, free int) ([]job.Claim, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Lease)
	defer cancel()
	return c.Queue.Claim(ctx, c.name, owner, c.Now(), c.Lease, free)
}

// untilDue is the time until a row can be claimed. A row that is due although
// the claim did not take it is locked by a transaction about to commit.
func (c *consumer) untilDue(ctx context.Context, claimed int) time.Duration {
	asking, cancel := context.WithTimeout(ctx, c.Lease)
	defer cancel()
	due, ok, err := c.Queue.NextDue(asking, c.name)
	if err != nil {
		return c.databaseFailed(ctx, err)
	}
	c.failed = 0
	if !ok {
		c.empty = 0
		return forever
	}
	left := due.Sub(c.Now())
	if left > 0 || claimed > 0 {
		c.empty = 0
		return max(left, 0)
	}
	const shortest, longest = 10 * time.Millisecond, time.Second
	c.empty = min(c.empty+1, 8)
	return min(shortest<<(c.empty-1), longest)
}

func (c *consumer) databaseFailed(ctx context.Context, err error) time.Duration {
	if ctx.Err() != nil {
		return 0
	}
	c.failed++
	wait := databaseBackoff(c.failed, c.Rand())
	c.Logger.ErrorContext(ctx, "claiming work failed, trying again", "consumer", string(c.name), "wait", wait, "error", err)
	return wait
}

// wake is what ended a wait.
type wake int

const (
	wokenByWork wake = iota // a signal, a due time, or the end
	wokenByWorker
)

func (c *consumer) wait(ctx context.Context, signal <-chan struct{}, longest time.Duration) wake {
	var due <-chan time.Time
	if longest != forever {
		timer := time.NewTimer(longest)
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-ctx.Done():
	case <-signal:
	case <-due:
	case <-c.freed:
		return wokenByWorker
	}
	return wokenByWork
}

func (c *consumer) start(working context.Context, claim job.Claim) {
	c.busy.Add(1)
	c.working.Go(func() {
		defer func() {
			c.busy.Add(-1)
			select {
			case c.freed <- struct{}{}:
			default:
			}
		}()
		c.work(working, claim)
	})
}

// drain waits for the workers: for the grace period, then once more for a
// moment, after it ended their context.
func (c *consumer) drain(end context.CancelFunc) {
	done := make(chan struct{})
	go func() {
		c.working.Wait()
		close(done)
	}()
	for _, patience := range []time.Duration{c.Grace, 2 * time.Second} {
		timer := time.NewTimer(patience)
		select {
		case <-done:
			timer.Stop()
			return
		case <-timer.C:
			end()
		}
	}
	c.Logger.Warn("work was abandoned, since it did not end in time", "consumer", string(c.name))
}
