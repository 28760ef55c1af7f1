package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/domain/job"
)

// Config is what a Runner stands on. All fields but Logger and Grace are
// required.
type Config struct {
	Queue   job.Queue
	Signals job.Signals
	Now     func() time.Time
	Rand    func() float64 // in [0, 1), for jitter; safe for concurrent use
	Owner   string         // unique to this process
	Logger  *slog.Logger   // nil: discard
	// Grace is how long running handlers may go on once Run's context ended,
	// before theirs ends too. Zero: 10 seconds.
	Grace time.Duration
}

// Options say how a consumer's work is done; zero values are sensible.
type Options struct {
	Workers int           // at most so many handlers at once; zero: 4
	Lease   time.Duration // how long a dead worker holds a row; zero: 10 seconds
	// Backoff gives the wait before the next try after attempt failures, from 1.
	// Nil: full jitter under an exponential ceiling, see Backoff.
	Backoff func(attempt int, random float64) time.Duration
}

// Runner does the work of the consumers that are registered with it.
type Runner struct {
	config    Config
	consumers []*consumer
}

// New makes a Runner without consumers.
func New(c Config) *Runner {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Grace == 0 {
		c.Grace = 10 * time.Second
	}
	return &Runner{config: c}
}

// Register adds a consumer: before Run, once for each name.
func (r *Runner) Register(name job.Consumer, handler job.Handler, o Options) {
	if o.Workers <= 0 {
		o.Workers = 4
	}
	if o.Lease <= 0 {
		o.Lease = 10 * time.Second
	}
	if o.Backoff == nil {
		o.Backoff = Backoff
	}
	r.consumers = append(r.consumers, &consumer{
		Config: r.config, Options: o, name: name, handler: handler,
		freed: make(chan struct{}, 1),
	})
}

// Run works until ctx ends. Then it claims nothing more, lets running handlers
// finish within the grace period, ends the context of those that do not, and
// returns. The work of a handler that failed to end is taken over by another
// process, or by the next start.
func (r *Runner) Run(ctx context.Context) {
	var group sync.WaitGroup
	for _, c := range r.consumers {
		group.Go(func() { c.run(ctx) })
	}
	group.Wait()
}
