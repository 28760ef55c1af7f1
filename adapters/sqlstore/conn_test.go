package sqlstore_test

import (
	"context"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
)

func TestUniqueViolationsAreTold(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		things(t, s)
		inTx(t, s, `INSERT INTO things (id) VALUES (1)`)
		err := s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error { return insert(ctx, tx, 1) })
		if !sqlstore.UniqueViolation(err) {
			t.Errorf("%v is no unique violation", err)
		}
		err = s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO nowhere (id) VALUES (?)`, 1)
			return err
		})
		if err == nil || sqlstore.UniqueViolation(err) {
			t.Errorf("%v is a unique violation", err)
		}
	})
}

func TestReadsCantWriteOnSQLite(t *testing.T) {
	s := sqlstoretest.Open(t, sqlstore.Options{URL: sqlstoretest.SQLite(t), Now: time.Now})
	if _, err := s.Read(t.Context()).Exec(t.Context(), `DELETE FROM jobs`); err == nil {
		t.Error("a reader wrote")
	}
}

// TestManyStatementsAtOnce reads a statement's rows while the same text runs
// again, and more texts than are kept.
func TestManyStatementsAtOnce(t *testing.T) {
	s := sqlstoretest.Open(t, sqlstore.Options{URL: sqlstoretest.SQLite(t), Now: time.Now})
	things(t, s)
	err := s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
		for thing := range int64(300) {
			if err := insert(ctx, tx, thing); err != nil {
				return err
			}
		}
		return countNested(ctx, t, tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func countNested(ctx context.Context, t *testing.T, tx *sqlstore.Tx) error {
	t.Helper()
	rows, err := tx.Query(ctx, `SELECT id FROM things WHERE id >= ?`, 0)
	if err != nil {
		return err
	}
	defer rows.Close()
	seen := 0
	for ; rows.Next(); seen++ {
		var n int
		// A text of its own each time, and the text that is being read.
		query := `SELECT count(*) FROM things WHERE id <> ? -- ` + time.Duration(seen).String()
		if err := tx.QueryRow(ctx, query, -1).Scan(&n); err != nil || n != 300 {
			t.Errorf("counted %d, error %v", n, err)
		}
		if err := tx.QueryRow(ctx, `SELECT id FROM things WHERE id >= ?`, 299).Scan(&n); err != nil || n != 299 {
			t.Errorf("read %d, error %v", n, err)
		}
	}
	if seen != 300 {
		t.Errorf("read %d rows of 300", seen)
	}
	return rows.Err()
}
