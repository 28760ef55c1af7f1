package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
)

// saved runs a statement that writes one row, if it has the version that is
// expected, and returns the new one: its last condition is
// CAST(? AS BIGINT) IN (0, table.version). When it writes none, either there is
// no such row, which missing says, or it has another version.
func (tx *Tx) saved(ctx context.Context, r row, missing error, query string, args ...any) (int64, error) {
	version, err := one(ctx, tx.Conn, sql.ErrNoRows, number[int64], query, args...)
	if !errors.Is(err, sql.ErrNoRows) {
		return version, err
	}
	return 0, tx.unsaved(ctx, r, missing)
}

// row names a row of a table with a version.
type row struct {
	table     string
	id        int64
	workspace id.Workspace
}

// unsaved tells why a row was not written.
func (tx *Tx) unsaved(ctx context.Context, r row, missing error) error {
	version, err := one(ctx, tx.Conn, missing, number[int64],
		`SELECT version FROM `+r.table+` WHERE id = ? AND workspace_id = ?`, r.id, int64(r.workspace))
	if err != nil {
		return err
	}
	return fault.Outdated(version)
}
