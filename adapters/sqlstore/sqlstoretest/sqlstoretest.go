// Package sqlstoretest gives tests a fresh store of each kind.
package sqlstoretest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
)

// PostgresEnv names the variable with the URL of a PostgreSQL database in which
// tests may create schemas.
const PostgresEnv = "TICKETSYS_TEST_POSTGRES_URL"

// Each runs body twice, in subtests: on SQLite and on PostgreSQL, each time on a
// store of its own. The second is skipped where PostgresEnv is not set.
func Each(t *testing.T, body func(t *testing.T, s *sqlstore.Store)) {
	t.Helper()
	EachWith(t, nil, body)
}

// EachWith is Each with options changed before the store is opened.
func EachWith(t *testing.T, change func(*sqlstore.Options), body func(t *testing.T, s *sqlstore.Store)) {
	t.Helper()
	EachURL(t, func(t *testing.T, databaseURL string) {
		o := sqlstore.Options{URL: databaseURL, Now: time.Now, Exclusive: true}
		if change != nil {
			change(&o)
		}
		body(t, Open(t, o))
	})
}

// EachURL runs body twice as Each does, with the URL of an empty database.
func EachURL(t *testing.T, body func(t *testing.T, databaseURL string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { body(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { body(t, Postgres(t)) })
}

// Open opens a store that is closed when the test ends.
func Open(tb testing.TB, o sqlstore.Options) *sqlstore.Store {
	tb.Helper()
	s, err := sqlstore.Open(tb.Context(), o)
	if err != nil {
		tb.Fatalf("open the store: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close the store: %v", err)
		}
	})
	return s
}

// SQLite gives the URL of a new SQLite file.
func SQLite(tb testing.TB) string {
	tb.Helper()
	return "sqlite://" + filepath.Join(tb.TempDir(), "test.db")
}

// Postgres gives the URL of a new schema, dropped when the test ends. It skips
// the test where PostgresEnv is not set.
func Postgres(tb testing.TB) string {
	tb.Helper()
	base := os.Getenv(PostgresEnv)
	if base == "" {
		tb.Skipf("%s is not set: not tested on PostgreSQL", PostgresEnv)
	}
	parsed, err := url.Parse(base)
	if err != nil {
		tb.Fatalf("%s can't be parsed", PostgresEnv)
	}
	schema := "test_" + rand.Text()
	execute(tb, base, "CREATE SCHEMA "+pgx.Identifier{schema}.Sanitize())
	tb.Cleanup(func() { execute(tb, base, "DROP SCHEMA "+pgx.Identifier{schema}.Sanitize()+" CASCADE") })
	query := parsed.Query()
	query.Set("search_path", `"`+schema+`"`)
	parsed.RawQuery = query.Encode()
	return parsed.String()
}

func execute(tb testing.TB, databaseURL, query string) {
	tb.Helper()
	ctx := context.WithoutCancel(tb.Context())
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		tb.Fatalf("connect to PostgreSQL: %v", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, query); err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
}

// Counter counts SQL statements. Give its Count as Options.OnStatement.
type Counter struct{ n atomic.Int64 }

// Count notes a statement.
func (c *Counter) Count(context.Context, string) { c.n.Add(1) }

// During gives the number of statements that fn sent.
func (c *Counter) During(fn func()) int {
	before := c.n.Load()
	fn()
	return int(c.n.Load() - before)
}
