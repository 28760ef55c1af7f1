package sqlstore

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
)

// The statements around a transaction on PostgreSQL.
const (
	beginPostgresSQL    = "begin"
	commitPostgresSQL   = "commit"
	rollbackPostgresSQL = "rollback"
)

// postgresSession is a connection whose transaction begins with its first
// statement, in the same round trip where it can.
type postgresSession struct {
	base  bun.Conn
	store *Store
	begun bool
	err   error // of the beginning
}

func beginPostgres(ctx context.Context, s *Store) (session, error) {
	base, err := s.writer.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &postgresSession{base: base, store: s}, nil
}

func (p *postgresSession) connection() Conn {
	return Conn{bun: p.base, raw: beginning{p}, dialect: p.store.dialect, row: p.first, copy: p.copy}
}

// beginning begins the transaction before whatever is run in it first.
type beginning struct{ *postgresSession }

func (p *postgresSession) begin(ctx context.Context) error {
	if !p.begun {
		p.begun = true
		_, p.err = p.base.Conn.ExecContext(ctx, beginPostgresSQL)
	}
	return p.err
}

// ExecContext implements bun.IConn.
func (b beginning) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := b.begin(ctx); err != nil {
		return nil, err
	}
	return b.base.Conn.ExecContext(ctx, query, args...)
}

// QueryContext implements bun.IConn.
func (b beginning) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := b.begin(ctx); err != nil {
		return nil, err
	}
	return b.base.Conn.QueryContext(ctx, query, args...)
}

// QueryRowContext implements bun.IConn.
func (b beginning) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	_ = b.begin(ctx) // the commit will tell
	return b.base.Conn.QueryRowContext(ctx, query, args...)
}

// commitPatience is how long a commit may take that nobody waits for any more.
const commitPatience = 10 * time.Second

// first asks for one row. It gives nil where the transaction has begun already,
// which is for QueryRowContext then.
func (p *postgresSession) first(ctx context.Context, query string, args []any) scanner {
	if p.begun {
		return nil
	}
	p.begun = true
	row := &rawRow{}
	row.err = p.raw(func(conn *pgx.Conn) error {
		b, err := p.bind(ctx, conn, statement{sql: query, args: args})
		if err != nil {
			return err
		}
		row.types = conn.TypeMap()
		pipeline := conn.PgConn().StartPipeline(ctx)
		pipeline.SendQueryParams(beginPostgresSQL, nil, nil, nil, nil)
		b.send(pipeline)
		_, err = results(pipeline, row.read)
		return errors.Join(err, pipeline.Close())
	})
	p.err = row.err
	return row
}

// rawRow is the first row of an answer.
type rawRow struct {
	types  *pgtype.Map
	fields []pgconn.FieldDescription
	values [][]byte
	err    error
}

// read keeps the row of the last of the results that are read.
func (r *rawRow) read(result *pgconn.ResultReader) {
	r.values = nil
	if !result.NextRow() {
		return
	}
	r.fields = result.FieldDescriptions()
	for _, value := range result.Values() {
		r.values = append(r.values, bytes.Clone(value))
	}
}

// Scan implements scanner.
func (r *rawRow) Scan(into ...any) error {
	switch {
	case r.err != nil:
		return r.err
	case r.values == nil:
		return sql.ErrNoRows
	}
	return pgx.ScanRow(r.types, r.fields, r.values, into...)
}

// copy takes rows in.
func (p *postgresSession) copy(ctx context.Context, query string, text io.Reader) error {
	if err := p.begin(ctx); err != nil {
		return err
	}
	return p.raw(func(conn *pgx.Conn) error {
		_, err := conn.PgConn().CopyFrom(ctx, text, query)
		return err
	})
}

// run runs statements in one round trip.
func (p *postgresSession) run(ctx context.Context, all []statement) ([]int64, error) {
	if len(all) == 0 {
		return nil, nil
	}
	var changed []int64
	err := p.raw(func(conn *pgx.Conn) error {
		tags, err := p.pipe(ctx, conn, all, "")
		for _, tag := range tags {
			changed = append(changed, tag.RowsAffected())
		}
		return err
	})
	return changed, err
}

// rollback gives the connection back. If even this fails, the pool finds the
// transaction still open and drops the connection.
func (p *postgresSession) rollback(ctx context.Context) {
	if p.begun {
		_, _ = p.base.Conn.ExecContext(context.WithoutCancel(ctx), rollbackPostgresSQL)
	}
	_ = p.base.Close()
}

// commit sends the last statements and the COMMIT in one round trip: some lock
// rows that others wait for, and those must not wait for this process.
func (p *postgresSession) commit(ctx context.Context, last []statement) error {
	if p.err != nil {
		return p.err
	}
	ctx, cancel := context.WithTimeout(ctx, commitPatience)
	defer cancel()
	err := p.raw(func(conn *pgx.Conn) error {
		tags, err := p.pipe(ctx, conn, last, commitPostgresSQL)
		if err == nil && tags[len(tags)-1].String() == "ROLLBACK" {
			return errRolledBack
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.base.Close()
}

// errRolledBack is how a COMMIT ends that PostgreSQL turned into a rollback,
// because a statement before it had failed.
var errRolledBack = errors.New("the transaction was rolled back")

// raw hands out the driver's connection.
func (p *postgresSession) raw(use func(*pgx.Conn) error) error {
	return p.base.Raw(func(driverConn any) error {
		conn, ok := driverConn.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the driver's connection is a %T", driverConn)
		}
		return use(conn.Conn())
	})
}

// pipe sends statements, and what ends the transaction if it is to end, and
// gives what became of each. It begins the transaction that has not.
func (p *postgresSession) pipe(ctx context.Context, conn *pgx.Conn, all []statement, end string) ([]pgconn.CommandTag, error) {
	sent := make([]bound, 0, len(all))
	for _, s := range all {
		b, err := p.bind(ctx, conn, s)
		if err != nil {
			return nil, err
		}
		sent = append(sent, b)
	}
	pipeline := conn.PgConn().StartPipeline(ctx)
	begins := 0
	if !p.begun {
		p.begun, begins = true, 1
		pipeline.SendQueryParams(beginPostgresSQL, nil, nil, nil, nil)
	}
	for _, b := range sent {
		b.send(pipeline)
	}
	if end != "" {
		pipeline.SendQueryParams(end, nil, nil, nil, nil)
	}
	tags, err := results(pipeline, func(*pgconn.ResultReader) {})
	return tags[min(begins, len(tags)):], errors.Join(err, pipeline.Close())
}

// results reads what became of the statements of a pipeline, after read had a
// look at each.
func results(pipeline *pgconn.Pipeline, read func(*pgconn.ResultReader)) (tags []pgconn.CommandTag, err error) {
	if err := pipeline.Sync(); err != nil {
		return nil, err
	}
	for {
		result, err := pipeline.GetResults()
		if err != nil {
			return tags, err
		}
		reader, ok := result.(*pgconn.ResultReader)
		if !ok {
			return tags, nil // the end of the pipeline
		}
		read(reader)
		tag, err := reader.Close()
		if err != nil {
			return tags, err
		}
		tags = append(tags, tag)
	}
}
