package sqlstore_test

import (
	"context"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// sorting tells that a plan reads everything to put it in order. Rows that come
// in order but for equal ones are not sorted in that sense.
func sorting(plan string) bool {
	return strings.Contains(plan, "USE TEMP B-TREE FOR ORDER BY") || strings.Contains(plan, "->  Sort")
}

// indexed are the orders for which the database has an index: on PostgreSQL only
// those whose index costs posting a message nothing more.
func indexed(t *testing.T) []ticket.Field {
	if strings.HasSuffix(t.Name(), "postgres") {
		return []ticket.Field{ticket.FieldNumber, ticket.FieldActivityAt}
	}
	return []ticket.Field{ticket.FieldNumber, ticket.FieldActivityAt, ticket.FieldPriority, ticket.FieldOpenedAt}
}

func TestEveryIndexedOrderIsAWalkAlongIt(t *testing.T) {
	var last string
	watch := func(o *sqlstore.Options) { o.OnStatement = func(_ context.Context, query string) { last = query } }
	sqlstoretest.EachWith(t, watch, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "orders"), t.Context()
		admin := w.actor("admin", access.RoleAdmin)
		w.open(admin, "Broken")
		must(t, s.InTx(ctx, func(ctx context.Context, tx *sqlstore.Tx) error {
			if _, err := tx.Exec(ctx, copiesSQL); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `ANALYZE`)
			return err
		}))
		for _, f := range indexed(t) {
			for _, descending := range []bool{false, true} {
				q := ticket.Query{Order: []query.Order{{Field: f, Descending: descending}}}
				p := got(w.tickets.List(ctx, call(admin), q, page.Request{First: 25}))(t)
				if len(p.Items) != 25 {
					t.Fatalf("the page has %d tickets", len(p.Items))
				}
				if plan := planOf(t, s, last, int64(w.id)); sorting(plan) {
					t.Errorf("the plan of the list by %s, descending %v:\n%s", f, descending, plan)
				}
			}
		}
	})
}
