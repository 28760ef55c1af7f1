package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"

	"github.com/ticketsys/ticketsys/migrations"
)

// Migrate brings the schema up to date. Open does so by itself. Processes that
// start together take turns; a SQLite file that is being served is left alone,
// with ErrInUse.
func (s *Store) Migrate(ctx context.Context) error {
	return s.migrating(ctx, func(m *migrate.Migrator) error {
		status, err := m.MigrationsWithStatus(ctx)
		if err != nil || len(status.Unapplied()) == 0 {
			return err
		}
		release, err := s.file.hold(ctx)
		if err != nil {
			return err
		}
		_, err = m.Migrate(ctx)
		return errors.Join(err, release())
	})
}

// MigrateDown takes every migration back, and all data with it.
func (s *Store) MigrateDown(ctx context.Context) error {
	return s.migrating(ctx, func(m *migrate.Migrator) error {
		for {
			group, err := m.Rollback(ctx)
			if err != nil || group.IsZero() {
				return err
			}
		}
	})
}

// migrating runs fn while no other process migrates. The lock on PostgreSQL is
// the session's, so that it ends with the process, however that ends.
func (s *Store) migrating(ctx context.Context, fn func(*migrate.Migrator) error) (err error) {
	known, err := migrations.For(s.dialect.name)
	if err != nil {
		return err
	}
	if s.dialect.processes {
		unlock, err := s.advisoryLock(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, unlock()) }()
	}
	migrator := migrate.NewMigrator(s.writer, known,
		migrate.WithMarkAppliedOnSuccess(true), migrate.WithUpsert(true), migrate.AfterMigration(noteApplied))
	if err := migrator.Init(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := fn(migrator); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// noteApplied writes, in the transaction of a migration's way up, that it was
// applied. The library does so after that transaction, where a process may be
// killed in between; its own note then finds this one.
func noteApplied(ctx context.Context, tx bun.IConn, m *migrate.Migration) error {
	if m.IsApplied() { // this is the way down
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO bun_migrations (name, group_id) VALUES (?, ?)`, m.Name, m.GroupID)
	return err
}

func (s *Store) advisoryLock(ctx context.Context) (unlock func() error, err error) {
	conn, err := s.writer.DB.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(hashtextextended('migrate/' || current_schema(), 0))`); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate: lock: %w", err), conn.Close())
	}
	return func() error { return advisoryUnlock(context.WithoutCancel(ctx), conn) }, nil
}

func advisoryUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock(hashtextextended('migrate/' || current_schema(), 0))`)
	return errors.Join(err, conn.Close())
}
