package sqlstore

import (
	"context"
	"database/sql"
	"io"

	"github.com/uptrace/bun"
)

// Conn runs SQL in a transaction or on the reader pool. Hand-written SQL has ?
// for arguments on both databases.
type Conn struct {
	bun     bun.IDB
	raw     bun.IConn // past bun
	dialect *dialect
	// row, if set, asks for one row past database/sql, or gives nil where that
	// is to be asked.
	row func(ctx context.Context, query string, args []any) scanner
	// copy, if set, runs a COPY of what text gives.
	copy func(ctx context.Context, query string, text io.Reader) error
	// known is what need not be asked for, in a transaction that writes to SQLite.
	known *knowledge
}

// Bun gives bun's query builder on the same transaction or pool.
func (c Conn) Bun() bun.IDB { return c.bun }

// ForUpdate is what ends a SELECT whose rows stay locked until the transaction
// ends: empty on SQLite, where the whole transaction holds the lock.
func (c Conn) ForUpdate() string { return c.dialect.forUpdate }

// Exec runs a statement that gives no rows.
func (c Conn) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return c.raw.ExecContext(ctx, c.dialect.rebind(query), c.arguments(args)...)
}

// Query runs a statement that gives rows. The caller closes them, before the
// next statement of the same transaction.
func (c Conn) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return c.raw.QueryContext(ctx, c.dialect.rebind(query), c.arguments(args)...)
}

// QueryRow runs a statement that gives at most one row; sql.ErrNoRows comes
// from its Scan.
func (c Conn) QueryRow(ctx context.Context, query string, args ...any) Row {
	if c.row != nil {
		if row := c.row(ctx, query, args); row != nil {
			return row
		}
	}
	return c.raw.QueryRowContext(ctx, c.dialect.rebind(query), c.arguments(args)...)
}

// Affected runs a statement and gives the number of rows that it changed.
func (c Conn) Affected(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := c.Exec(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (c Conn) arguments(args []any) []any {
	if len(c.dialect.prepared) == 0 || len(args) == 0 {
		return args
	}
	all := make([]any, 0, len(args)+1)
	return append(append(all, c.dialect.prepared...), args...)
}
