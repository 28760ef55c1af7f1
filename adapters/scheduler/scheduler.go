// Package scheduler lets time into the program: it calls what is to be done
// every so often. It decides nothing. What is due is a matter of rows in the
// database, so that missing a tick, or two processes ticking at once, changes
// nothing but the moment at which they are found.
package scheduler

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-co-op/gocron/v2"
)

// Tick does what is due at now. It must be safe to be called by several
// processes at once.
type Tick func(ctx context.Context, now time.Time) error

// Config is what a Scheduler stands on.
type Config struct {
	Now    func() time.Time
	Logger *slog.Logger
}

// Scheduler calls ticks.
type Scheduler struct {
	config Config
	ticks  []entry
}

type entry struct {
	name  string
	every time.Duration
	tick  Tick
}

// New makes a Scheduler without ticks.
func New(c Config) *Scheduler { return &Scheduler{config: c} }

// Every adds a tick, before Run. It is first called after the interval, and
// never again while a call of it still runs.
func (s *Scheduler) Every(name string, interval time.Duration, t Tick) {
	s.ticks = append(s.ticks, entry{name: name, every: interval, tick: t})
}

// Run calls the ticks until ctx ends, and returns when none runs any more.
func (s *Scheduler) Run(ctx context.Context) error {
	cron, err := gocron.NewScheduler(gocron.WithLocation(time.UTC))
	if err != nil {
		return fmt.Errorf("scheduler: %w", err)
	}
	for _, e := range s.ticks {
		if err := s.add(ctx, cron, e); err != nil {
			return err
		}
	}
	cron.Start()
	<-ctx.Done()
	if err := cron.Shutdown(); err != nil {
		return fmt.Errorf("scheduler: %w", err)
	}
	return nil
}

func (s *Scheduler) add(ctx context.Context, cron gocron.Scheduler, e entry) error {
	_, err := cron.NewJob(
		gocron.DurationJob(e.every),
		gocron.NewTask(func() { s.call(ctx, e) }),
		gocron.WithName(e.name),
		gocron.WithSingletonMode(gocron.LimitModeReschedule),
	)
	if err != nil {
		return fmt.Errorf("scheduler: %s: %w", e.name, err)
	}
	return nil
}

// call survives what a tick does: the next one may fare better.
func (s *Scheduler) call(ctx context.Context, e entry) {
	defer func() {
		if p := recover(); p != nil {
			s.config.Logger.ErrorContext(ctx, "tick panicked", "tick", e.name, "panic", p)
		}
	}()
	if err := e.tick(ctx, s.config.Now()); err != nil && ctx.Err() == nil {
		s.config.Logger.ErrorContext(ctx, "tick failed", "tick", e.name, "error", err)
	}
}
