package sqlstore

import (
	"context"
	"errors"
)

// session is a connection that is in a transaction. One of commit and rollback
// ends it; rollback after a failed commit too.
type session struct {
	conn     Conn
	run      func(ctx context.Context, all []statement) (changed []int64, err error)
	commit   func(ctx context.Context, last []statement) error // runs the last statements, too
	rollback func(ctx context.Context)
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
func beginSQLite(ctx context.Context, s *Store) (*session, error) {
	base, err := s.writer.Conn(ctx)
	if err != nil {
		return nil, err
	}
	own, err := ownConn(base)
	if err == nil {
		err = own.run(ctx, beginSQL)
	}
	if err != nil {
		return nil, errors.Join(err, base.Close())
	}
	conn := Conn{bun: base, raw: direct{Conn: base.Conn, own: own}, dialect: s.dialect, row: own.queryRow}
	return &session{
		conn: conn,
		run:  conn.runAll,
		commit: func(ctx context.Context, last []statement) error {
			if _, err := conn.runAll(ctx, last); err != nil {
				return err
			}
			if err := own.run(ctx, commitSQL); err != nil {
				return err
			}
			return base.Close()
		},
		rollback: func(ctx context.Context) {
			_ = own.run(ctx, rollbackSQL)
			_ = base.Close()
		},
	}, nil
}
