package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"
)

// preparingConnector makes SQLite connections that keep their prepared
// statements: each text with arguments is parsed once per connection, whether
// it runs in a transaction or not.
type preparingConnector struct {
	driver.Connector
	onStatement func(ctx context.Context, query string)
}

// Connect implements driver.Connector.
func (c preparingConnector) Connect(ctx context.Context) (driver.Conn, error) {
	base, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := base.(sqliteConn)
	if !ok {
		return nil, driver.ErrBadConn
	}
	own := &preparingConn{sqliteConn: full, known: map[string]*keptStmt{}, knows: newKnowledge(), onStatement: c.onStatement}
	own.row = own.queryRow
	return own, nil
}

// sqliteConn is what the driver's connection can do.
type sqliteConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
	sqlite.FileControl
}

// sqliteStmt is what the driver's statement can do.
type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// preparingConn is used by one goroutine at a time, as database/sql promises.
type preparingConn struct {
	sqliteConn
	known       map[string]*keptStmt
	knows       *knowledge
	row         func(ctx context.Context, query string, args []any) scanner // queryRow
	values      []driver.NamedValue                                         // of the statement that begins
	onStatement func(ctx context.Context, query string)
}

type keptStmt struct {
	sqliteStmt
	busy bool // its rows are being read
}

// keptStatements bounds the memory of a connection.
const keptStatements = 200

// take gives the kept statement of the text, or nil when it is better run
// unprepared: it has no arguments (but for those around a transaction), or its
// rows are still being read.
func (c *preparingConn) take(ctx context.Context, query string, args []driver.NamedValue) (*keptStmt, error) {
	around := query == beginSQL || query == commitSQL || query == rollbackSQL
	if c.onStatement != nil && !around {
		c.onStatement(ctx, query)
	}
	if len(args) == 0 && !around {
		return nil, nil //nolint:nilnil // nil means unprepared
	}
	if kept, ok := c.known[query]; ok {
		if kept.busy {
			return nil, nil //nolint:nilnil // nil means unprepared
		}
		return kept, nil
	}
	if len(c.known) >= keptStatements {
		c.forget()
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	full, ok := prepared.(sqliteStmt)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver's statement lacks contexts"), prepared.Close())
	}
	kept := &keptStmt{sqliteStmt: full}
	c.known[query] = kept
	return kept, nil
}

// forget closes the statements that are not being read.
func (c *preparingConn) forget() {
	for query, kept := range c.known {
		if !kept.busy {
			_ = kept.Close()
			delete(c.known, query)
		}
	}
}

// ExecContext implements driver.ExecerContext.
func (c *preparingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	kept, err := c.take(ctx, query, args)
	if err != nil {
		return nil, err
	}
	if kept == nil {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	return kept.ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (c *preparingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	kept, err := c.take(ctx, query, args)
	if err != nil {
		return nil, err
	}
	if kept == nil {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	rows, err := kept.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	kept.busy = true
	return &keptRows{Rows: rows, stmt: kept}, nil
}

// Close implements driver.Conn.
func (c *preparingConn) Close() error {
	for _, kept := range c.known {
		_ = kept.Close()
	}
	clear(c.known)
	return c.sqliteConn.Close()
}

// keptRows give their statement back when they are closed.
type keptRows struct {
	driver.Rows
	stmt *keptStmt
}

// Close implements driver.Rows.
func (r *keptRows) Close() error {
	err := r.Rows.Close()
	r.stmt.busy = false
	return err
}
