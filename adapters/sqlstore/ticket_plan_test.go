package sqlstore_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// copiesSQL fills a workspace with copies of its only ticket, ten for each minute of
// activity, as a statement that both databases know.
const copiesSQL = `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
	INSERT INTO tickets (id, workspace_id, number, version, status, priority, category_id, queue_id, requester_id, locale, channel,
		opened_at, activity_at, activity_minute, last_message_id, message_count, subject, tags, participants, answers)
	SELECT n.i, t.workspace_id, n.i, 1, t.status, t.priority, t.category_id, t.queue_id, t.requester_id, t.locale, t.channel,
		n.i, CAST(n.i AS BIGINT) * 6000000, n.i / 10, 0, 0, t.subject, '[]', '[]', '[]' FROM n CROSS JOIN tickets t`

func TestTheListIsAWalkAlongAnIndex(t *testing.T) {
	var last string
	watch := func(o *sqlstore.Options) { o.OnStatement = func(_ context.Context, query string) { last = query } }
	sqlstoretest.EachWith(t, watch, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "plan"), t.Context()
		w.open(w.actor("amy", access.RoleRequester), "Broken")
		must(t, s.InTx(ctx, func(ctx context.Context, tx *sqlstore.Tx) error {
			if _, err := tx.Exec(ctx, copiesSQL); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `ANALYZE`)
			return err
		}))
		everything := access.TicketFilter{Workspace: w.id, All: true}
		p := got(s.Tickets().List(ctx, ticket.Visibility{See: everything, Notes: everything}, ticket.Query{}, page.Window{Limit: 25, After: page.Cursor{int64(9000 * 6_000_000), int64(9000)}}))(t)
		if len(p.Items) != 25 || p.Items[0].Number != 8999 {
			t.Fatalf("the page has %d tickets", len(p.Items))
		}
		plan := planOf(t, s, last, int64(w.id), int64(900), int64(9000*6_000_000), int64(9000))
		if !strings.Contains(plan, "tickets_minute") || sorting(plan) {
			t.Errorf("the plan of the list:\n%s", plan)
		}
	})
}

// Whoever serves some queues sees by many conditions, of which a planner knows little: it
// must not read all tickets for the first page, whatever of them is asked for.
func TestThePageOfAnAgentIsAWalkAlongAnIndex(t *testing.T) {
	var last string
	watch := func(o *sqlstore.Options) { o.OnStatement = func(_ context.Context, query string) { last = query } }
	sqlstoretest.EachWith(t, watch, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "plan"), t.Context()
		w.open(w.actor("amy", access.RoleRequester), "Broken")
		must(t, s.InTx(ctx, func(ctx context.Context, tx *sqlstore.Tx) error {
			if _, err := tx.Exec(ctx, copiesSQL); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `ANALYZE`)
			return err
		}))
		bob := w.actor("bob", access.RoleAgent)
		queues := []id.Queue{w.queue, w.other}
		see := access.TicketFilter{Workspace: w.id, Member: bob.Member, AsRequester: true, AsAssignee: true, AsParticipant: true, Queues: queues}
		list := []any{int64(w.id), int64(bob.Member), int64(bob.Member), int64(bob.Member), arrayOf(t, w.queue, w.other)}
		for name, c := range map[string]struct {
			where query.Where
			args  []any
		}{
			"everything":  {},
			"by status":   {query.Where{Conditions: []query.Condition{{Field: ticket.FieldStatus, Op: query.In, Values: []any{"new", "open"}}}}, []any{arrayOf(t, `"new"`, `"open"`)}},
			"by priority": {query.Where{Conditions: []query.Condition{{Field: ticket.FieldPriority, Op: query.Eq, Values: []any{int64(2)}}}}, []any{int64(2)}},
		} {
			for _, w := range []page.Window{{Limit: 25}, {Limit: 25, After: page.Cursor{int64(9000 * 6_000_000), int64(9000)}}} {
				p := got(s.Tickets().List(ctx, ticket.Visibility{See: see, Notes: see}, ticket.Query{Where: c.where}, w))(t)
				if len(p.Items) != 25 {
					t.Fatalf("%s: the page has %d tickets", name, len(p.Items))
				}
				args := slices.Concat(list, c.args)
				if w.After != nil {
					args = append(args, int64(900), int64(9000*6_000_000), int64(9000))
				}
				if plan := planOf(t, s, last, args...); !strings.Contains(plan, "tickets_minute") || sorting(plan) {
					t.Errorf("the plan of the page, %s:\n%s\n%s", name, last, plan)
				}
			}
		}
	})
}

// arrayOf is a list as the database takes it for one argument.
func arrayOf[T any](t *testing.T, all ...T) string {
	brackets := []string{"[", "]"}
	if strings.HasSuffix(t.Name(), "postgres") {
		brackets = []string{"{", "}"}
	}
	var parts []string
	for _, v := range all {
		parts = append(parts, fmt.Sprint(v))
	}
	return brackets[0] + strings.Join(parts, ",") + brackets[1]
}

// planOf gives the database's own words on how it runs a statement.
func planOf(t *testing.T, s *sqlstore.Store, query string, args ...any) string {
	t.Helper()
	explain := "EXPLAIN "
	if strings.HasSuffix(t.Name(), "sqlite") {
		explain += "QUERY PLAN "
	}
	rows := got(s.Read(t.Context()).Query(t.Context(), explain+query, args...))(t)
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		columns := make([]any, len(got(rows.Columns())(t)))
		for i := range columns {
			columns[i] = new(any)
		}
		var line string
		columns[len(columns)-1] = &line
		must(t, rows.Scan(columns...))
		plan.WriteString(line + "\n")
	}
	must(t, rows.Err())
	return plan.String()
}
