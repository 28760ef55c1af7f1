package sqlstore_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// spreadSQL lets tickets differ in what an index finds few of them by.
const spreadSQL = `UPDATE tickets SET opened_at = activity_at,
	requester_id = CASE WHEN id % 500 = 3 THEN ? ELSE requester_id END, assignee_id = CASE WHEN id % 500 = 7 THEN ? END,
	kept_by = id % 100 = 5, deadline = CASE WHEN id % 100 = 5 THEN activity_at ELSE 9223372036854775807 END,
	snoozed_until = CASE WHEN id % 100 = 9 THEN activity_at END`

// What leaves few tickets is found by an index of its own, although they come by activity:
// SQLite, which is told that the order's index is a good one, must not walk all tickets
// along it for a page that they do not fill.
func TestFewTicketsAreFoundByWhatLeavesFew(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		var last string
		s := sqlstoretest.Open(t, sqlstore.Options{
			URL: sqlstoretest.SQLite(t), Now: time.Now, OnStatement: func(_ context.Context, query string) { last = query },
		})
		w := newWorld(t, s, "plan")
		w.open(w.actor("amy", access.RoleRequester), "Broken")
		bob, cleo := w.actor("bob", access.RoleAgent), w.actor("cleo", access.RoleRequester)
		must(t, s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
			if _, err := tx.Exec(ctx, copiesSQL); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, spreadSQL, int64(cleo.Member), int64(bob.Member)); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `ANALYZE`)
			return err
		}))
		const minute = 60_000_000
		const late int64 = 1990 * minute
		is := func(f ticket.Field, op query.Op, value int64) query.Condition {
			return query.Condition{Field: f, Op: op, Values: []any{value}}
		}
		agents := access.TicketFilter{Workspace: w.id, Member: bob.Member, AsRequester: true, AsAssignee: true, AsParticipant: true, Queues: []id.Queue{w.queue, w.other}}
		rules := map[*access.TicketFilter][]any{
			{Workspace: w.id, All: true}: {int64(w.id)},
			&agents:                      {int64(w.id), int64(bob.Member), int64(bob.Member), int64(bob.Member), arrayOf(t, w.queue, w.other)},
		}
		for name, c := range map[string]struct {
			query.Condition
			index string
		}{
			"opened since":   {is(ticket.FieldOpenedAt, query.Gte, late), "tickets_opened"},
			"opened before":  {is(ticket.FieldOpenedAt, query.Lt, late), "tickets_minute"}, // most of them
			"due before":     {is(ticket.FieldDeadline, query.Lt, late), "tickets_deadline"},
			"snoozed beyond": {is(ticket.FieldSnoozed, query.Gt, late), "tickets_snoozed"},
			"of a requester": {is(ticket.FieldRequester, query.Eq, int64(cleo.Member)), "tickets_requester"},
			"of an assignee": {is(ticket.FieldAssignee, query.Eq, int64(bob.Member)), "tickets_assignee"},
			"numbered from":  {is(ticket.FieldNumber, query.Gte, 19_900), "(workspace_id=? AND number>?)"},
			"a ticket":       {is(query.FieldID, query.Eq, 19_900), "PRIMARY KEY"},
		} {
			for see, rule := range rules {
				for _, where := range []query.Where{
					{Conditions: []query.Condition{c.Condition}},
					{And: []query.Where{{Conditions: []query.Condition{c.Condition}}}},
				} {
					for _, window := range []page.Window{{Limit: 25}, {Limit: 25, After: page.Cursor{late, int64(9000)}}} {
						_ = got(s.Tickets().List(t.Context(), ticket.Visibility{See: *see, Notes: *see}, ticket.Query{Where: where}, window))(t)
						args := slices.Concat(rule, c.Values)
						if strings.Count(last, "t.workspace_id = ?") > 1 { // who may compare it
							args = slices.Concat(args, rule)
						}
						if window.After != nil {
							args = append(args, late/minute, late, int64(9000))
						}
						first, _, _ := strings.Cut(planOf(t, s, last, args...), "\n")
						if !strings.HasPrefix(first, "SEARCH t ") || !strings.Contains(first, c.index) {
							t.Errorf("%s, all %v, after %v: %s", name, see.All, window.After, first)
						}
					}
				}
			}
		}
	})
}
