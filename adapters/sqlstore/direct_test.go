package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
)

func TestRowsPastDatabaseSQL(t *testing.T) {
	s, err := Open(t.Context(), Options{URL: "sqlite://" + t.TempDir() + "/t.db", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	err = s.InTx(t.Context(), func(ctx context.Context, tx *Tx) error {
		var text string
		var number int64
		var small int
		var yes bool
		var raw []byte
		var maybe sql.NullString
		err := tx.QueryRow(ctx, `SELECT ?, ?, 7, 1, CAST('raw' AS BLOB), NULL`, id.Ticket(5).String(), id.Ticket(9)).Scan(&text, &number, &small, &yes, &raw, &maybe)
		if err != nil || text != "5" || number != 9 || small != 7 || !yes || string(raw) != "raw" || maybe.Valid {
			t.Errorf("read %q %d %d %v %q %v, error %v", text, number, small, yes, raw, maybe, err)
		}
		if err := tx.QueryRow(ctx, `SELECT 1 WHERE ? = 2`, 1).Scan(&number); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("no row gives %v", err)
		}
		for name, query := range map[string]string{
			"NULL where none can be": `SELECT NULL`, "a text as a number": `SELECT 'x'`, "too many columns": `SELECT 1, 2`, "no SQL": `SELECT FROM`,
		} {
			if err := tx.QueryRow(ctx, query).Scan(&number); err == nil {
				t.Errorf("%s was read", name)
			}
		}
		if _, err := tx.Exec(ctx, `SELECT ?`, struct{}{}); err == nil {
			t.Error("an argument of no SQL type was taken")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// texts is a row of one text.
type texts string

func (r texts) Scan(into ...any) error { *into[0].(*string) = string(r); return nil } //nolint:forcetypeassert // the caller's business

func TestUnpackingARow(t *testing.T) {
	var n int64
	var yes bool
	var last string
	if err := (unpacking{texts("-5\x1f1\x1fany\x1ftext"), everyColumn}).Scan(&n, &yes, &last); err != nil || n != -5 || !yes || last != "any\x1ftext" {
		t.Errorf("unpacked %d %v %q, error %v", n, yes, last, err)
	}
	for name, text := range map[string]texts{"too few columns": "1", "no number": "one\x1f1\x1f"} {
		if err := (unpacking{text, everyColumn}).Scan(&n, &yes, &last); err == nil {
			t.Errorf("%s: unpacked", name)
		}
	}
	var other float64
	if err := (unpacking{texts("1.5"), everyColumn}).Scan(&other); err == nil {
		t.Error("a type that is never packed was unpacked")
	}
}
