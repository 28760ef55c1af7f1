package sqlstore_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
)

// TestWhoLoadsHoldsUpNoServer asks for nothing of SQLite for which a server would have to
// wait, however long it takes; it does so alone, and of PostgreSQL, where nobody waits.
func TestWhoLoadsHoldsUpNoServer(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		var asked []string
		here := sqlstoretest.Open(t, sqlstore.Options{
			URL: url, Now: time.Now, OnStatement: func(_ context.Context, query string) { asked = append(asked, query) },
		})
		long := func(during func() error) []string {
			t.Helper()
			asked = nil
			must(t, here.Load(t.Context(), func(context.Context) error { return during() }))
			must(t, here.Refresh(t.Context()))
			return slices.DeleteFunc(slices.Clone(asked), func(query string) bool {
				return query != "ANALYZE" && !strings.Contains(query, "TRUNCATE") && !strings.Contains(query, "60000")
			})
		}
		serve := func() *sqlstore.Store {
			return got(sqlstore.Open(t.Context(), sqlstore.Options{URL: url, Now: time.Now, Exclusive: true}))(t)
		}
		one := []string{"ANALYZE"}
		alone, served, overtaken := one, one, one
		if !strings.HasPrefix(url, "postgres") {
			alone = []string{"PRAGMA wal_autocheckpoint(60000)", "PRAGMA wal_checkpoint(TRUNCATE)", "ANALYZE"}
			served, overtaken = nil, alone[:1]
		}
		if did := long(func() error { return nil }); !slices.Equal(did, alone) {
			t.Errorf("alone: %q, want %q", did, alone)
		}
		var server *sqlstore.Store
		if did := long(func() error { server = serve(); return here.GiveWay(t.Context()) }); !slices.Equal(did, overtaken) {
			t.Errorf("when a server came: %q, want %q", did, overtaken)
		}
		if !strings.HasPrefix(url, "postgres") && !slices.Contains(asked, "PRAGMA wal_autocheckpoint(8000)") {
			t.Errorf("when a server came, its log went on growing: %q", asked)
		}
		must(t, server.InTx(t.Context(), func(context.Context, *sqlstore.Tx) error { // as long as it likes
			if did := long(func() error { return nil }); !slices.Equal(did, served) {
				t.Errorf("beside a server: %q, want %q", did, served)
			}
			return nil
		}))
		must(t, server.Close())
	})
}
