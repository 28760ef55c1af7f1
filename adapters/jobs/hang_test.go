package jobs_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ticketsys/ticketsys/adapters/jobs"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/job/jobtest"
)

// hanging is a queue whose database takes the question and never answers.
type hanging struct {
	*jobtest.Memory
	hangs atomic.Bool
}

func (h *hanging) Extend(ctx context.Context, c job.Claim, until time.Time) (bool, error) {
	if h.hangs.Load() {
		<-ctx.Done()
		return false, ctx.Err()
	}
	return h.Memory.Extend(ctx, c, until)
}

func TestAHandlerEndsWithItsLeaseWhenTheDatabaseHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		queue := &hanging{Memory: &jobtest.Memory{}}
		ended := make(chan time.Time, 1)
		runner := jobs.New(jobs.Config{
			Queue: queue, Signals: queue, Now: time.Now, Rand: func() float64 { return 1 }, Owner: "me",
		})
		runner.Register(consumer, func(ctx context.Context, _ job.Claim) (job.Outcome, error) {
			queue.hangs.Store(true)
			<-ctx.Done()
			ended <- time.Now()
			return job.Outcome{}, ctx.Err()
		}, jobs.Options{Lease: 10 * time.Second})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); runner.Run(ctx) }()
		began := time.Now()
		if err := queue.Enqueue(t.Context(), key("a"), began); err != nil {
			t.Fatal(err)
		}
		if at := <-ended; at.Sub(began) > 11*time.Second {
			t.Errorf("the handler worked for %v under a lease of 10 s", at.Sub(began))
		}
		cancel()
		<-done
	})
}
