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

func TestTheEndWaitsForRunningWork(t *testing.T) {
	var done atomic.Int64
	handler := func(ctx context.Context, _ job.Claim) (job.Outcome, error) {
		time.Sleep(5 * time.Second)
		if ctx.Err() == nil {
			done.Add(1)
		}
		return job.Outcome{}, nil
	}
	play(t, handler, jobs.Options{Workers: 1}, func(b bench) {
		b.enqueue("a", time.Now())
		b.enqueue("b", time.Now())
		synctest.Wait()
		b.end()
		if done.Load() != 1 {
			t.Errorf("%d pieces of work were done; want the running one, and no other", done.Load())
		}
	})
}

func TestTheEndInterruptsWorkAfterTheGracePeriod(t *testing.T) {
	handler := func(ctx context.Context, _ job.Claim) (job.Outcome, error) {
		<-ctx.Done()
		return job.Outcome{}, ctx.Err()
	}
	play(t, handler, jobs.Options{}, func(b bench) {
		b.enqueue("a", time.Now())
		synctest.Wait()
		began := time.Now()
		b.end()
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("the end took %v, want the grace period", took)
		}
		due, ok, err := b.queue.NextDue(b.t.Context(), consumer)
		if err != nil || !ok || due.After(time.Now()) {
			t.Errorf("interrupted work is due at %v, %v, %v; want now, for another process", due, ok, err)
		}
	})
}

func TestTheEndAbandonsWorkThatDoesNotEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := make(chan struct{})
		defer close(never)
		queue := &jobtest.Memory{}
		end := run(t, queue, "me", func(context.Context, job.Claim) (job.Outcome, error) {
			<-never
			return job.Outcome{}, nil
		}, jobs.Options{})
		bench{t: t, queue: queue}.enqueue("a", time.Now())
		synctest.Wait()
		began := time.Now()
		end()
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("the end took %v", took)
		}
	})
}
