package sqlstore

import (
	"context"
	"errors"
	"time"
)

// Load runs fn, which stores a great many rows: the database may take memory for it, and
// on SQLite the file as well, while no other process serves from it. Who loads asks
// Served how many to store at once, and gives way after each transaction.
func (s *Store) Load(ctx context.Context, fn func(context.Context) error) (err error) {
	defer func() {
		ctx := context.WithoutCancel(ctx)
		err = errors.Join(err, s.settle(ctx, s.dialect.loaded), s.settleAlone(ctx, s.dialect.carried))
	}()
	if err := s.settleAlone(ctx, s.dialect.loads); err != nil {
		return err
	}
	return fn(ctx)
}

// settleAlone runs statements for which others would have to wait, and leaves them out
// where there are any.
func (s *Store) settleAlone(ctx context.Context, statements []string) error {
	if held, err := s.heldUp(ctx); err != nil || held {
		return err
	}
	return s.settle(ctx, statements)
}

// heldUp reports whether what this process does at length holds up another one.
func (s *Store) heldUp(ctx context.Context) (bool, error) {
	if s.dialect.processes {
		return false, nil
	}
	return s.Served(ctx)
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

// GiveWay lets another process write that works on the database, if there is one: also
// one that came after Load had begun.
func (s *Store) GiveWay(ctx context.Context) error {
	served, err := s.Served(ctx)
	if err != nil || !served {
		return err
	}
	if err := s.settle(ctx, s.dialect.loaded); err != nil {
		return err
	}
	return pause(ctx, way)
}
