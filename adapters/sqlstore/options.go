package sqlstore

import (
	"context"
	"log/slog"
	"time"

	"github.com/ticketsys/ticketsys/domain/job"
)

// Options say which database to open, and how.
type Options struct {
	URL    string           // sqlite://PATH or postgres://…
	Now    func() time.Time // the clock; required
	Logger *slog.Logger     // nil: discard
	Routes []job.Route      // which work an event makes necessary
	// Exclusive takes the SQLite file for this process alone, as serve does:
	// a second exclusive Open fails with ErrInUse, and what a killed process
	// had claimed is free at once. Commands that come and go leave it false.
	// PostgreSQL ignores it.
	Exclusive bool
	// PoolSize bounds the connections to PostgreSQL, and the readers of SQLite.
	// Zero: 16 and 4.
	PoolSize int
	// Sweep is how often PostgreSQL is looked at for what a process that died
	// did not signal. Zero: 5 seconds.
	Sweep time.Duration
	// OnStatement, if set, is called with each SQL statement that is sent,
	// other than those that begin and end transactions, or tell other processes
	// of them. For tests that count.
	OnStatement func(ctx context.Context, query string)
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Sweep == 0 {
		o.Sweep = 5 * time.Second
	}
	return o
}

func (o Options) poolSize(otherwise int) int {
	if o.PoolSize > 0 {
		return o.PoolSize
	}
	return otherwise
}
