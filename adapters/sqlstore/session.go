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
<<<<<<< HEAD
=======

// patient lets each statement run to its end, whatever becomes of the context:
// it takes microseconds, and watching over it would take as many. A transaction
// whose context has ended does not commit.
type patient struct{ *sql.Conn }

// ExecContext implements bun.IConn.
func (c patient) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return c.Conn.ExecContext(context.WithoutCancel(ctx), query, args...)
}

// QueryContext implements bun.IConn.
func (c patient) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return c.Conn.QueryContext(context.WithoutCancel(ctx), query, args...)
}

// QueryRowContext implements bun.IConn.
func (c patient) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return c.Conn.QueryRowContext(context.WithoutCancel(ctx), query, args...)
}

// beginPostgres begins on a connection of its own.
func beginPostgres(ctx context.Context, s *Store) (*session, error) {
	base, err := s.writer.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := base.Conn.ExecContext(ctx, "begin"); err != nil {
		return nil, errors.Join(err, base.Close())
	}
	p := &postgresSession{base: base, store: s}
	return &session{
		conn:     Conn{bun: base, raw: base.Conn, dialect: s.dialect},
		commit:   p.commit,
		rollback: p.rollback,
	}, nil
}

type postgresSession struct {
	base  bun.Conn
	store *Store
}

// rollback gives the connection back. If even this fails, the pool finds the
// transaction still open and drops the connection.
func (p *postgresSession) rollback(ctx context.Context) {
	_, _ = p.base.Conn.ExecContext(context.WithoutCancel(ctx), "rollback")
	_ = p.base.Close()
}

// commit sends the last statements and the COMMIT in one round trip. The late
// ones lock rows that others wait for, and those must wait neither for this
// process nor for the statements that could go before.
func (p *postgresSession) commit(ctx context.Context, last []statement) error {
	err := p.base.Raw(func(driverConn any) error {
		conn, ok := driverConn.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the driver's connection is a %T", driverConn)
		}
		return p.finish(ctx, conn.Conn(), last)
	})
	if err != nil {
		return err
	}
	return p.base.Close()
}

func (p *postgresSession) finish(ctx context.Context, conn *pgx.Conn, last []statement) error {
	var sent []bound
	for _, s := range p.parts(last) {
		b, err := p.bind(ctx, conn, s)
		if err != nil {
			return err
		}
		sent = append(sent, b)
	}
	pipeline := conn.PgConn().StartPipeline(ctx)
	for _, b := range sent {
		pipeline.SendQueryPrepared(b.name, b.arguments.ParamValues, b.arguments.ParamFormats, b.arguments.ResultFormats)
	}
	pipeline.SendQueryParams("commit", nil, nil, nil, nil)
	return errors.Join(outcome(pipeline), pipeline.Close())
}

// parts makes as few statements of the last ones as can be: those that are late
// by themselves, where the server can have both ready at once by their names.
func (p *postgresSession) parts(last []statement) []statement {
	if len(last) == 0 {
		return nil
	}
	early, late := apart(last)
	if len(early) == 0 || len(late) == 0 {
		return []statement{together(last)}
	}
	first, second := together(early), together(late)
	if p.named(first) && p.named(second) {
		return []statement{first, second}
	}
	return []statement{together(last)}
}

func (p *postgresSession) named(s statement) bool {
	return len(s.args) <= mostNamedArguments && p.store.shapes.admit(p.store.dialect.rebind(s.sql))
}

// bound is a prepared statement with its arguments in the wire's form.
type bound struct {
	name      string
	arguments pgx.ExtendedQueryBuilder
}

func (p *postgresSession) bind(ctx context.Context, conn *pgx.Conn, s statement) (bound, error) {
	query := p.store.dialect.rebind(s.sql)
	if watch := p.store.options.OnStatement; watch != nil {
		watch(ctx, query)
	}
	ready, err := p.prepare(ctx, conn, query, p.named(s))
	if err != nil {
		return bound{}, err
	}
	b := bound{name: ready.Name}
	return b, b.arguments.Build(conn.TypeMap(), ready, s.args)
}

// shapes are the texts that are prepared. Their number bounds the memory that
// the server spends on them.
type shapes struct {
	mu    sync.Mutex
	known map[string]struct{}
}

const mostShapes = 200

// mostNamedArguments bounds the texts that are prepared under a name: one with
// more of them is of a bulk change, and of as many shapes as there are sizes.
const mostNamedArguments = 250

func newShapes() *shapes { return &shapes{known: map[string]struct{}{}} }

// admit reports whether the text is one of them, and makes it one if it can.
func (s *shapes) admit(query string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.known[query]
	if !ok && len(s.known) < mostShapes {
		s.known[query] = struct{}{}
		return true
	}
	return ok
}

// prepare makes the server know the text once per connection, unless it knows
// a great many already.
func (p *postgresSession) prepare(ctx context.Context, conn *pgx.Conn, query string, named bool) (*pgconn.StatementDescription, error) {
	if named {
		return conn.Prepare(ctx, query, query)
	}
	return conn.PgConn().Prepare(ctx, "", query, nil)
}

// errRolledBack is how a COMMIT ends that PostgreSQL turned into a rollback,
// because a statement before it had failed.
var errRolledBack = errors.New("the transaction was rolled back")

// outcome reads what became of the statements of a pipeline.
func outcome(pipeline *pgconn.Pipeline) error {
	if err := pipeline.Sync(); err != nil {
		return err
	}
	for {
		result, err := pipeline.GetResults()
		if err != nil {
			return err
		}
		reader, ok := result.(*pgconn.ResultReader)
		if !ok {
			return nil // the end of the pipeline
		}
		tag, err := reader.Close()
		if err != nil {
			return err
		}
		if tag.String() == "ROLLBACK" {
			return errRolledBack
		}
	}
}
>>>>>>> f958d6a (Change up to a hundred tickets at once)
