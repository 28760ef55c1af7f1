package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/ticketsys/ticketsys/domain/job"
)

// work does one claim: the handler under a lease that is kept, then the release.
func (c *consumer) work(ctx context.Context, claim job.Claim) {
	outcome, err := c.handleLeased(ctx, claim)
	switch {
	case errors.Is(err, errLeaseLost):
		c.Logger.WarnContext(ctx, "the lease of running work was lost", c.attrs(claim)...)
	case err == nil:
		c.release(ctx, claim, func(ctx context.Context) error {
			return c.Queue.Finish(ctx, claim, outcome, c.Now())
		})
	default:
		c.retry(ctx, claim, err)
	}
}

// retry makes failed work due later; at once when it failed because this
// process is ending, so that another takes it.
func (c *consumer) retry(ctx context.Context, claim job.Claim, err error) {
	wait := time.Duration(0)
	if ctx.Err() == nil {
		wait = c.Backoff(claim.Attempt, c.Rand())
		c.Logger.WarnContext(ctx, "work failed, trying again",
			append(c.attrs(claim), "attempt", claim.Attempt, "wait", wait, "error", err)...)
	}
	due := c.Now().Add(wait)
	c.release(ctx, claim, func(ctx context.Context) error {
		return c.Queue.Retry(ctx, claim, due, cause(err))
	})
}

// release tells the queue, trying again until the lease would be over anyway:
// from then on whoever takes the row over does the work once more.
func (c *consumer) release(ctx context.Context, claim job.Claim, tell func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.Lease)
	defer cancel()
	for attempt := 1; ; attempt++ {
		err := tell(ctx)
		if err == nil {
			return
		}
		c.Logger.ErrorContext(ctx, "releasing work failed", append(c.attrs(claim), "error", err)...)
		timer := time.NewTimer(databaseBackoff(attempt, c.Rand()))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// errLeaseLost is the cause of a handler's context that ended because another
// may do its work now.
var errLeaseLost = errors.New("the lease was lost")

// handleLeased runs the handler and prolongs the lease beside it.
func (c *consumer) handleLeased(ctx context.Context, claim job.Claim) (job.Outcome, error) {
	handling, cancel := context.WithCancelCause(ctx)
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		c.keep(handling, claim, cancel)
	}()
	outcome, err := c.handle(handling, claim)
	cancel(nil)
	<-kept
	if errors.Is(context.Cause(handling), errLeaseLost) {
		return outcome, errLeaseLost
	}
	return outcome, err
}

// keep prolongs the lease until ctx ends. It gives up, and ends the handler,
// when the row is another's or the database failed for the length of the lease.
func (c *consumer) keep(ctx context.Context, claim job.Claim, giveUp context.CancelCauseFunc) {
	ticker := time.NewTicker(c.Lease / 3)
	defer ticker.Stop()
	until := claim.LeaseUntil
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		next := c.Now().Add(c.Lease)
		held, err := c.extend(ctx, claim, until, next)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil && held:
			until = next
		case err == nil, !c.Now().Before(until):
			giveUp(errLeaseLost)
			return
		default:
			c.Logger.WarnContext(ctx, "prolonging a lease failed", append(c.attrs(claim), "error", err)...)
		}
	}
}

// extend asks for a longer lease, until the one that is held ends: a database
// that hangs must not keep a handler at work that is another's by then.
func (c *consumer) extend(ctx context.Context, claim job.Claim, until, next time.Time) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, until.Sub(c.Now()))
	defer cancel()
	return c.Queue.Extend(ctx, claim, next)
}

// errPanicked stands for a panic: its value and stack are for the log only.
var errPanicked = errors.New("the handler panicked")

func (c *consumer) handle(ctx context.Context, claim job.Claim) (outcome job.Outcome, err error) {
	defer func() {
		if value := recover(); value != nil {
			c.Logger.ErrorContext(ctx, "a handler panicked",
				append(c.attrs(claim), "panic", fmt.Sprint(value), "stack", string(debug.Stack()))...)
			err = errPanicked
		}
	}()
	return c.handler(ctx, claim)
}

func (c *consumer) attrs(claim job.Claim) []any {
	return []any{"consumer", string(c.name), "key", claim.Key.Key}
}

// cause is what staff read about a failure: one short text.
func cause(err error) string {
	const longest = 500
	text := []rune(err.Error())
	if len(text) > longest {
		text = append(text[:longest-1], '…')
	}
	return string(text)
}
