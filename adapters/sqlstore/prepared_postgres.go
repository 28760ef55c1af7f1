package sqlstore

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// bound is a statement with its arguments in the wire's form.
type bound struct {
	*pgconn.StatementDescription
	arguments pgx.ExtendedQueryBuilder
}

func (p *postgresSession) bind(ctx context.Context, conn *pgx.Conn, s statement) (bound, error) {
	query := p.store.dialect.rebind(s.sql)
	if watch := p.store.options.OnStatement; watch != nil {
		watch(ctx, query)
	}
	ready, err := p.prepare(ctx, conn, query)
	if err != nil {
		return bound{}, err
	}
	b := bound{StatementDescription: ready}
	err = b.arguments.Build(conn.TypeMap(), ready, s.args)
	return b, err
}

func (b bound) send(pipeline *pgconn.Pipeline) {
	if b.Name == "" {
		pipeline.SendQueryParams(b.SQL, b.arguments.ParamValues, b.ParamOIDs, b.arguments.ParamFormats, b.arguments.ResultFormats)
		return
	}
	pipeline.SendQueryPrepared(b.Name, b.arguments.ParamValues, b.arguments.ParamFormats, b.arguments.ResultFormats)
}

// shapes are the texts that are prepared. Their number bounds the memory that
// the server spends on them.
type shapes struct {
	mu    sync.Mutex
	known map[string]struct{}
}

const mostShapes = 200

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
func (p *postgresSession) prepare(ctx context.Context, conn *pgx.Conn, query string) (*pgconn.StatementDescription, error) {
	if p.store.shapes.admit(query) {
		return conn.Prepare(ctx, query, query)
	}
	return conn.PgConn().Prepare(ctx, "", query, nil)
}
