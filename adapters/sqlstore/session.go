package sqlstore

import (
	"context"
	"errors"

	"github.com/uptrace/bun"
)

// session is a connection that is in a transaction. One of commit and rollback
// ends it; rollback after a failed commit too.
type session interface {
	// connection is what statements are run on.
	connection() Conn
	// run runs statements in their order, and gives how many rows each changed.
	run(ctx context.Context, all []statement) (changed []int64, err error)
	// commit runs the last statements, too.
	commit(ctx context.Context, last []statement) error
	rollback(ctx context.Context)
}

// The statements around a transaction on SQLite. It is the writer from its
// beginning on, so that it never fails half-way because another one is.
const (
	beginSQL    = "BEGIN IMMEDIATE"
	commitSQL   = "COMMIT"
	rollbackSQL = "ROLLBACK"
)

// beginSQLite begins on the only connection that writes. It does without sql.Tx,
// which keeps a goroutine for each transaction and each query, and lets each
// statement run to its end, whatever becomes of the context: it takes
// microseconds, and watching over it would take as many. A transaction whose
// context has ended does not commit.
func beginSQLite(ctx context.Context, s *Store) (session, error) {
	base, err := s.writer.Conn(ctx)
	if err != nil {
		return nil, err
	}
	own, err := ownConn(base)
	if err == nil {
		err = own.begin(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, base.Close())
	}
	if own.knows.renewed {
		s.called.forget()
	}
	return &sqliteSession{base: base, own: own, dialect: s.dialect}, nil
}

// sqliteSession is the connection that writes.
type sqliteSession struct {
	base    bun.Conn
	own     *preparingConn
	dialect *dialect
}

func (s *sqliteSession) connection() Conn {
	return Conn{bun: s.base, raw: direct{Conn: s.base.Conn, own: s.own}, dialect: s.dialect, row: s.own.row, known: s.own.knows}
}

// run runs the statements one after the other.
func (s *sqliteSession) run(ctx context.Context, all []statement) ([]int64, error) {
	changed := make([]int64, len(all))
	for i, one := range all {
		result, err := s.own.direct(ctx, one.sql, one.args)
		if err != nil {
			return nil, err
		}
		if changed[i], err = result.RowsAffected(); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

func (s *sqliteSession) commit(ctx context.Context, last []statement) error {
	if _, err := s.run(ctx, last); err != nil {
		return err
	}
	if err := s.own.commit(ctx); err != nil {
		return err
	}
	return s.base.Close()
}

func (s *sqliteSession) rollback(ctx context.Context) {
	s.own.rollback(ctx)
	_ = s.base.Close()
}

func (c *preparingConn) begin(ctx context.Context) error {
	_, err := c.direct(ctx, beginSQL, nil)
	if err == nil && c.atVersion(c.knows.begin) != nil {
		c.knows.forget()
	}
	return err
}

// commit does not fail for what is to be known: if that is not told of the version that
// is left, the next transaction finds another one.
func (c *preparingConn) commit(ctx context.Context) error {
	_, err := c.direct(ctx, commitSQL, nil)
	if err == nil {
		_ = c.atVersion(c.knows.commit)
	}
	return err
}

func (c *preparingConn) rollback(ctx context.Context) {
	c.knows.rollback()
	_, _ = c.direct(ctx, rollbackSQL, nil)
}

// atVersion tells which version of the database the connection sees. It changes with
// whatever anybody writes.
func (c *preparingConn) atVersion(tell func(uint32)) error {
	version, err := c.FileControlDataVersion("main")
	if err == nil {
		tell(version)
	}
	return err
}
