package discord

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// leaseName is the lease of the one process that holds the gateway.
	leaseName = "discord.gateway"
	leaseTime = 9 * time.Second
	leaseStep = 3 * time.Second // between prolongations
	standby   = time.Second     // between tries to get it
	// leaseMargin is how long before the lease's end the gateway is let go, so
	// that it is not held any more when another process may have it.
	leaseMargin = time.Second
	// longestRest is the longest wait after a session that failed at once: Discord
	// takes only so many beginnings of sessions a day.
	longestRest = 5 * time.Minute
	// lasting is how long a session lasts that did not fail at once.
	lasting = time.Minute
)

// Run holds the gateway while this process has the lease for it, and stands by
// otherwise; a process that dies is followed within seconds of its lease's end.
// It returns when ctx ends, or with ErrToken.
func (a *Adapter) Run(ctx context.Context) error {
	rest := standby
	for ctx.Err() == nil {
		begun := a.Now()
		if !a.acquire(ctx) {
			pause(ctx, standby)
			continue
		}
		err := a.reign(ctx, begun.Add(leaseTime))
		a.abdicate(ctx)
		if errors.Is(err, ErrToken) {
			return err
		}
		rest = min(2*rest, longestRest)
		if err == nil || a.Now().Sub(begun) > lasting {
			rest = standby
		}
		if err != nil && ctx.Err() == nil {
			a.Logger.Error("the gateway was lost", "error", err, "again_in", rest)
		}
		pause(ctx, rest)
	}
	return nil
}

func (a *Adapter) acquire(ctx context.Context) bool {
	now := a.Now()
	asking, cancel := context.WithTimeout(ctx, leaseTime-leaseMargin)
	defer cancel()
	got, err := a.Leases.Acquire(asking, leaseName, a.Owner, now, now.Add(leaseTime))
	if err != nil && ctx.Err() == nil {
		a.Logger.Error("the lease for the gateway could not be asked for", "error", err)
	}
	return err == nil && got
}

// abdicate gives the lease back, also while the process is ending.
func (a *Adapter) abdicate(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseStep)
	defer cancel()
	if err := a.Leases.Release(ctx, leaseName, a.Owner); err != nil {
		a.Logger.Warn("the lease for the gateway could not be given back", "error", err)
	}
}

// reign holds the gateway until the lease, which lasts until the given time, or
// ctx ends.
func (a *Adapter) reign(ctx context.Context, until time.Time) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go a.prolong(ctx, until, cancel)
	return a.hold(ctx)
}

// prolong keeps the lease, and calls lost when it is gone or may be: also while
// an answer of the database is still waited for.
func (a *Adapter) prolong(ctx context.Context, until time.Time, lost context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	letGo := sync.OnceFunc(lost)
	defer letGo()
	end := time.AfterFunc(until.Sub(a.Now())-leaseMargin, func() {
		a.Logger.Warn("the lease for the gateway could not be kept in time")
		cancel()
		letGo()
	})
	defer end.Stop()
	for {
		pause(ctx, leaseStep)
		if ctx.Err() != nil {
			return
		}
		now := a.Now()
		got, err := a.Leases.Acquire(ctx, leaseName, a.Owner, now, now.Add(leaseTime))
		switch {
		case err == nil && got:
			until = now.Add(leaseTime)
			if !end.Reset(until.Sub(a.Now()) - leaseMargin) {
				return // it was let go while the answer was on its way
			}
		case err == nil, !now.Add(leaseStep).Before(until):
			a.Logger.Warn("the lease for the gateway was lost")
			return
		}
	}
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
