package sqlstore

import (
	"context"
	"fmt"
	"time"
)

// Acquire implements job.Leases.
func (s *Store) Acquire(ctx context.Context, name, owner string, now, until time.Time) (bool, error) {
	changed, err := s.change(ctx, `INSERT INTO leases (name, owner, until_at) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until_at = excluded.until_at
		WHERE leases.owner = excluded.owner OR leases.until_at <= ?`, name, owner, Micros(until), Micros(now))
	if err != nil {
		return false, fmt.Errorf("acquire %s: %w", name, err)
	}
	return changed == 1, nil
}

// Release implements job.Leases.
func (s *Store) Release(ctx context.Context, name, owner string) error {
	if _, err := s.change(ctx, `DELETE FROM leases WHERE name = ? AND owner = ?`, name, owner); err != nil {
		return fmt.Errorf("release %s: %w", name, err)
	}
	return nil
}
