package sqlstore

import (
	"context"
	"errors"
	"time"
)

// Load runs fn, which stores a great many rows: the database may take memory for it. Who
// loads asks Served how many to store at once, and gives way after each transaction.
func (s *Store) Load(ctx context.Context, fn func(context.Context) error) (err error) {
	defer func() {
		err = errors.Join(err, s.settle(context.WithoutCancel(ctx), s.dialect.loaded))
	}()
	if err := s.settle(ctx, s.dialect.loads); err != nil {
		return err
	}
	return fn(ctx)
}

// way is how long others have to write after each transaction of who loads. SQLite lets who
// waits look again every 50 milliseconds, once that has waited as long.
const way = 100 * time.Millisecond

// Served reports whether another process works on the database, which would wait for each
// transaction: on SQLite with all that it writes.
func (s *Store) Served(ctx context.Context) (bool, error) {
	if s.dialect.processes {
		return s.accompanied(ctx)
	}
	return s.file.taken()
}

// GiveWay lets another process write that works on the database, if there is one.
func (s *Store) GiveWay(ctx context.Context) error {
	served, err := s.Served(ctx)
	if err != nil || !served {
		return err
	}
	return pause(ctx, way)
}
