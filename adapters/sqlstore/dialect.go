package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"
	"modernc.org/sqlite"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/search"
)

// dialect is everything in which the two databases differ.
type dialect struct {
	name string // also the directory of its migrations
	bun  func() schema.Dialect
	// open gives the pool that writes and the pool that reads.
	open func(target, Options) (writer, reader *sql.DB, err error)
	// begin begins a transaction.
	begin func(context.Context, *Store) (session, error)
	// rebind turns ? into the database's placeholders.
	rebind func(query string) string
	// prepared goes before the arguments of hand-written SQL, so that the
	// driver prepares it.
	prepared []any
	// forUpdate locks the selected rows until the transaction ends;
	// skipLocked does so for those that nobody else has locked.
	forUpdate, skipLocked string
	// forChange locks the selected rows as a change of them would, which does not
	// hold up rows that refer to them.
	forChange string
	// forShare keeps the selected rows as they are until the transaction ends.
	forShare string
	// amongIDs and amongTexts compare a column with a list that is one argument,
	// which list makes.
	amongIDs, amongTexts string
	list                 func(any) any
	// few writes a condition as one that leaves few rows, for a planner that does not count
	// on rows that come nearly in order, and would rather read and sort all of a workspace's:
	// with it, and a range of the order, it walks the order's index. nil: the planner knows.
	few func(condition string) string
	// tickets are the statements that read tickets, and wide reads a wide row.
	tickets ticketTexts
	wide    func(scanner) scanner
	// called tells what the tags of a list of IDs are called.
	called string
	// mixed reads a row whose first columns may have travelled as one.
	mixed func(row scanner, together int) scanner
	// history gives the statements that add events of one workspace.
	history func(ctx context.Context, c Conn, all []statement, of []news) ([]statement, error)
	// lengthen gives the number of the last of n events that a history gets.
	lengthen func(ctx context.Context, c Conn, w id.Workspace, n int) (int64, error)
	// lockAll locks the tickets of several changes; those that it leaves out go alone.
	lockAll func(context.Context, *TicketRepository, *Tx, []*passenger) ([]*load, error)
	// searching are the statements by which the index follows the history, search asks
	// it, and learn and forget write it.
	searching searchTexts
	search    func(context.Context, *finding, map[found]bool) ([]found, error)
	learn     func(context.Context, Conn, []*search.Document) error
	forget    func(ctx context.Context, c Conn, places []int64) error
	// indexMany takes apart what there was before, for one whom nobody waits for.
	indexMany func(ctx context.Context, tx *Tx, told func(int)) (more bool, err error)
	// lanes is how many groups of changes are on their way at once.
	lanes int
	// retryable tells a failure that the same transaction may not meet again.
	retryable func(error) bool
	// processes tells that several may serve from the database at once, so that
	// signals must travel between them.
	processes bool
	// loads and loaded go around the storing of a great many rows, carried after it.
	// loads and carried are for one who works on the database alone.
	loads, loaded, carried []string
	// upkeep is what keeps plans good and the file small, run every so often.
	upkeep []string
}

const forUpdate = " FOR UPDATE"

func dialectOf(t target) *dialect {
	if t.config != nil {
		return &dialect{
			name:       "postgres",
			bun:        func() schema.Dialect { return pgdialect.New() },
			open:       openPostgres,
			begin:      beginPostgres,
			rebind:     newRebinder().dollars,
			prepared:   []any{pgx.QueryExecModeCacheStatement},
			forUpdate:  forUpdate,
			skipLocked: " FOR UPDATE SKIP LOCKED",
			forChange:  " FOR NO KEY UPDATE",
			forShare:   " FOR SHARE",
			amongIDs:   " = ANY(CAST(? AS BIGINT[]))",
			amongTexts: " = ANY(CAST(? AS TEXT[]))",
			list:       func(list any) any { return list },
			tickets:    ticketTextsOf(tagNamesPostgres, lockForm{before: remembering + `, `, join: ofWorkspace, end: forUpdate + " OF t"}),
			wide:       func(row scanner) scanner { return row },
			called:     calledPostgres,
			mixed:      func(row scanner, _ int) scanner { return row },
			history:    placed,
			lengthen:   lengthenPostgres,
			lockAll:    lockFree,
			searching:  searchTextsOf(`CAST(CAST(e.data AS JSON) ->> 'message' AS BIGINT)`),
			search:     searchPostgres,
			learn:      learnPostgres,
			forget:     forgetPostgres,
			indexMany:  indexManyPostgres,
			lanes:      4,
			retryable:  postgresRetryable,
			processes:  true,
		}
	}
	return &dialect{
		name:       "sqlite",
		bun:        func() schema.Dialect { return sqlitedialect.New() },
		open:       openSQLite,
		begin:      beginSQLite,
		rebind:     func(query string) string { return query },
		amongIDs:   " IN (SELECT value FROM json_each(?))",
		amongTexts: " IN (SELECT value FROM json_each(?))",
		list:       func(list any) any { return jsonText(list) },
		few:        func(condition string) string { return "likelihood(" + condition + ", 0.01)" },
		tickets:    ticketTextsOf(tagNamesSQLite, lockForm{begin: pack, behind: packEnd}),
		wide:       func(row scanner) scanner { return unpacking{row, everyColumn} },
		mixed:      func(row scanner, together int) scanner { return unpacking{row, together} },
		called:     calledSQLite,
		history:    appended,
		lengthen:   lengthenSQLite,
		lockAll:    lockEach,
		searching:  searchTextsOf(`json_extract(e.data, '$.message')`),
		search:     searchSQLite,
		learn:      learnSQLite,
		forget:     forgetSQLite,
		indexMany:  indexManySQLite,
		lanes:      1,
		retryable:  func(error) bool { return false },
		loads:      []string{"PRAGMA wal_autocheckpoint(60000)", "PRAGMA cache_size(-262144)"},
		loaded:     []string{"PRAGMA " + writerCheckpoint, "PRAGMA " + writerCache}, carried: []string{"PRAGMA wal_checkpoint(TRUNCATE)"},
		upkeep: []string{"PRAGMA optimize", "PRAGMA wal_checkpoint(TRUNCATE)"},
	}
}

// openPostgres gives one pool for both. Statements are prepared only where that
// is asked for: bun's texts differ each time, and would drive the others out of
// the connection's cache.
func openPostgres(t target, o Options) (*sql.DB, *sql.DB, error) {
	config := *t.config
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.RuntimeParams["application_name"] = "ticketsys"
	if o.OnStatement != nil {
		config.Tracer = statementTracer(o.OnStatement)
	}
	pool := stdlib.OpenDB(config)
	size := o.poolSize(16)
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return pool, pool, nil
}

// What the writer of SQLite carries over at a time, in pages, and keeps in memory.
const (
	writerCheckpoint = "wal_autocheckpoint(8000)"
	writerCache      = "cache_size(-2048)"
)

// openSQLite gives one writer, so that transactions queue in this process
// instead of failing as busy, and a pool of readers beside it. The file is made
// readable for its owner only. The log of writes is carried over every 32 MB: a
// page that many messages changed is carried over once.
func openSQLite(t target, o Options) (*sql.DB, *sql.DB, error) {
	file, err := os.OpenFile(t.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("open the database file: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, nil, fmt.Errorf("open the database file: %w", err)
	}
	writer, err := sqlitePool(t.path, o, "journal_mode(WAL)", "synchronous(FULL)", writerCheckpoint, writerCache)
	if err != nil {
		return nil, nil, err
	}
	writer.SetMaxOpenConns(1)
	writer.SetMaxIdleConns(1)
	reader, err := sqlitePool(t.path, o, "query_only(1)", "cache_size(-2048)")
	if err != nil {
		return nil, nil, errors.Join(err, writer.Close())
	}
	size := o.poolSize(4)
	reader.SetMaxOpenConns(size)
	reader.SetMaxIdleConns(size)
	reader.SetConnMaxIdleTime(time.Minute)
	return writer, reader, nil
}

func sqlitePool(path string, o Options, pragmas ...string) (*sql.DB, error) {
	query := url.Values{
		"_pragma": append([]string{"busy_timeout(10000)", "foreign_keys(1)"}, pragmas...),
		"_txlock": {"immediate"},
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
	base, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("open the database file: %w", err)
	}
	return sql.OpenDB(preparingConnector{Connector: base, onStatement: o.OnStatement}), nil
}

// postgresRetryable tells serialization failures and deadlocks.
func postgresRetryable(err error) bool {
	failure, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (failure.Code == "40001" || failure.Code == "40P01")
}

// UniqueViolation reports whether err says that a unique name or key is taken.
func UniqueViolation(err error) bool {
	if failure, ok := errors.AsType[*pgconn.PgError](err); ok {
		return failure.Code == "23505"
	}
	const primaryKey, unique = 1555, 2067
	failure, ok := errors.AsType[*sqlite.Error](err)
	return ok && (failure.Code() == primaryKey || failure.Code() == unique)
}

// refusedContent reports whether err says that the database can't take what was written,
// or that what it has is no JSON: it would be so again.
func refusedContent(err error) bool {
	if failure, ok := errors.AsType[*pgconn.PgError](err); ok {
		const data, constraint, limit = "22", "23", "54" // the classes of what it answers
		return strings.HasPrefix(failure.Code, data) || strings.HasPrefix(failure.Code, constraint) || strings.HasPrefix(failure.Code, limit)
	}
	if failure, ok := errors.AsType[*sqlite.Error](err); ok {
		const tooBig, constraint, mismatch, primary = 18, 19, 20, 0xff
		code := failure.Code() & primary
		return code == tooBig || code == constraint || code == mismatch
	}
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, kind := errors.AsType[*json.UnmarshalTypeError](err)
	return syntax || kind
}

// refusedByDatabase reports whether err is the database's own answer, so that it
// is known what did not happen; any other may hide that it did.
func refusedByDatabase(err error) bool {
	if _, ok := errors.AsType[*pgconn.PgError](err); ok {
		return true
	}
	_, ok := errors.AsType[*sqlite.Error](err)
	return ok
}

// statementTracer passes on what is sent to PostgreSQL.
type statementTracer func(ctx context.Context, query string)

// TraceQueryStart implements pgx.QueryTracer.
func (t statementTracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if ctx.Value(signalling{}) != nil {
		return ctx
	}
	switch strings.ToLower(data.SQL) {
	case "begin", "commit", "rollback":
	default:
		t(ctx, data.SQL)
	}
	return ctx
}

// signalling marks what is sent at times of its own, for no caller.
type signalling struct{}

// TraceQueryEnd implements pgx.QueryTracer.
func (statementTracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
