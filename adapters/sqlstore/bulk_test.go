package sqlstore_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
)

// rowsOfAll have whatever a statement takes as an argument, in many rows.
func rowsOfAll() (rows [][]any) {
	type called string
	texts := []string{"", "plain", "a\tb", "two\nlines\r", `C:\new\N`, `\N`, "日本語 🎟"}
	fractions := []float64{0, 0.1, -1.5, 1e-300, math.MaxFloat64, 12345678.9}
	for i := range 1200 {
		var text any = texts[i%len(texts)]
		switch i % 5 {
		case 0:
			text = called(texts[i%len(texts)])
		case 1:
			text = (*string)(nil)
		case 2:
			text = &texts[i%len(texts)]
		}
		rows = append(rows, []any{i, uint8(i), fractions[i%len(fractions)], float32(i) / 2, text, i%2 == 0, []byte{0, byte(i), '\\'}}) //nolint:gosec // any bytes do
	}
	return rows
}

const rowsTable = ` (n BIGINT, small BIGINT, fraction DOUBLE PRECISION, half DOUBLE PRECISION, text TEXT, flag BOOLEAN, raw BYTEA)`

// TestManyRowsAreWrittenAsOneIs by whichever way a database takes many.
func TestManyRowsAreWrittenAsOneIs(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		must(t, s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
			for _, table := range []string{"one_by_one", "many"} {
				if _, err := tx.Exec(ctx, `CREATE TABLE `+table+rowsTable); err != nil {
					return err
				}
			}
			rows := rowsOfAll()
			for _, row := range rows {
				if _, err := tx.Exec(ctx, `INSERT INTO one_by_one VALUES (?, ?, ?, ?, ?, ?, ?)`, row...); err != nil {
					return err
				}
			}
			if err := tx.WriteRows(ctx, `INSERT INTO many (n, small, fraction, half, text, flag, raw) VALUES `, rows...); err != nil {
				return err
			}
			var all, others int
			err := tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM many), (SELECT COUNT(*) FROM (SELECT * FROM many EXCEPT SELECT * FROM one_by_one) AS o)`).Scan(&all, &others)
			if err != nil || all != len(rows) || others != 0 {
				t.Errorf("of %d rows %d are there, and %d are others (%v)", len(rows), all, others, err)
			}
			return nil
		}))
	})
}

// TestRowsOfUnequalWidthAreNotWritten: their values would stand in each other's columns.
func TestRowsOfUnequalWidthAreNotWritten(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		err := s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
			if _, err := tx.Exec(ctx, `CREATE TABLE odd (a BIGINT, b BIGINT)`); err != nil {
				return err
			}
			return tx.WriteRows(ctx, `INSERT INTO odd (a, b) VALUES `, []any{1, 2}, []any{3}, []any{4, 5, 6})
		})
		if err == nil || !strings.Contains(err.Error(), "row 2 has 1 values") {
			t.Errorf("it ends with %v", err)
		}
	})
}
