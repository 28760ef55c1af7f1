package sqlstore

import (
	"context"
	"fmt"
	"time"
)

// leaseMemory is how long an ended lease is kept, for whoever looks into the
// database to learn who held it.
const leaseMemory = 24 * time.Hour

// Maintain looks after the database: it forgets ended leases and expired keys of
// idempotency, and signing keys that verify nothing any more, and does what SQLite leaves to its user. PostgreSQL looks after itself. It is safe in
// several processes at once.
func (s *Store) Maintain(ctx context.Context, now time.Time) error {
	if _, err := s.change(ctx, `DELETE FROM leases WHERE until_at < ?`, Micros(now.Add(-leaseMemory))); err != nil {
		return fmt.Errorf("forget leases: %w", err)
	}
	if _, err := s.change(ctx, `DELETE FROM idempotency_keys WHERE expires_at <= ?`, Micros(now)); err != nil {
		return fmt.Errorf("forget keys: %w", err)
	}
	if _, err := s.change(ctx, `DELETE FROM signing_keys WHERE until_at > 0 AND until_at <= ?`, Micros(now)); err != nil {
		return fmt.Errorf("forget signing keys: %w", err)
	}
	if err := s.forgetSessions(ctx, now); err != nil {
		return err
	}
	return s.settle(ctx, s.dialect.upkeep)
}

// Refresh lets the database learn what it holds, which it does by itself only
// some time after many rows were stored. Where another process serves from SQLite it
// does nothing: the whole of it is one transaction, in which nobody else could write, and
// Maintain of that process learns the same little by little.
func (s *Store) Refresh(ctx context.Context) error {
	return s.settleAlone(ctx, []string{`ANALYZE`})
}

// settle runs statements without arguments on the writer.
func (s *Store) settle(ctx context.Context, statements []string) error {
	for _, statement := range statements {
		if _, err := s.writer.DB.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
