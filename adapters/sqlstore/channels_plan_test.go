package sqlstore_test

import (
	"context"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// What somebody has to mend is found at once, among whatever was closed in years:
// staff asks for it, and every change of the bot's rights has it tried again.
func TestWhatIsHeldUpIsFoundByIndexAmongClosedTickets(t *testing.T) {
	var last string
	watch := func(o *sqlstore.Options) { o.OnStatement = func(_ context.Context, query string) { last = query } }
	sqlstoretest.EachWith(t, watch, func(t *testing.T, s *sqlstore.Store) {
		w, ctx, repo := newWorld(t, s, "held"), t.Context(), s.Channels()
		amy, bob := w.actor("amy", access.RoleRequester), w.actor("bob", access.RoleSupervisor)
		first := w.open(amy, "Broken")
		got(w.tickets.Resolve(ctx, call(bob), ticket.Ref{ID: first.ID}))(t)
		got(w.tickets.Close(ctx, call(bob), ticket.Ref{ID: first.ID}))(t)
		must(t, s.InTx(ctx, func(ctx context.Context, tx *sqlstore.Tx) error {
			for _, query := range []string{copiesSQL, `UPDATE counters SET value = 20000 WHERE name LIKE 'tickets/%'`} {
				if _, err := tx.Exec(ctx, query); err != nil {
					return err
				}
			}
			_, err := tx.Exec(ctx, `INSERT INTO surfaces (ticket_id, channel, workspace_id, external_id, state, detail, applied, card_id, card, seen_id, intent)
				SELECT t.id, t.channel, t.workspace_id, 'place-' || t.id, 'ready', '', '', '', '', '', '' FROM tickets t`)
			return err
		}))
		open := w.open(amy, "No place yet").ID
		must(t, repo.Save(ctx, &channel.Surface{Ticket: open, Workspace: w.id, Channel: event.ChannelPlain, State: channel.Blocked, ExternalID: "refused", Detail: "why"}))
		must(t, s.InTx(ctx, func(ctx context.Context, tx *sqlstore.Tx) error {
			_, err := tx.Exec(ctx, `ANALYZE`)
			return err
		}))
		by := func(index string, args ...any) {
			t.Helper()
			if plan := planOf(t, s, last, args...); !strings.Contains(plan, index) || strings.Contains(plan, "Seq Scan on tickets") || strings.Contains(plan, "SCAN t") {
				t.Errorf("%s\nis not asked by %s:\n%s", last, index, plan)
			}
		}
		if stuck := got(repo.Stuck(ctx, w.id, event.ChannelPlain, 10))(t); len(stuck) != 1 || stuck[0] != open {
			t.Errorf("stuck is %v", stuck)
		}
		by("surfaces_held", int64(w.id), "plain", 10)
		if held := got(repo.Held(ctx, w.id, event.ChannelPlain, 0, 10))(t); len(held) != 1 || held[0].Ticket != open {
			t.Errorf("held are %v", held)
		}
		by("surfaces_held", int64(w.id), "plain", 0, 10)
		waits := w.open(amy, "Nor this").ID
		if all := got(repo.Unsurfaced(ctx, w.id, event.ChannelPlain, id.Ticket(0), 10))(t); len(all) != 1 || all[0] != waits {
			t.Errorf("without a place are %v", all)
		}
		by("tickets_live", int64(w.id), "plain", 0, 10)
	})
}
