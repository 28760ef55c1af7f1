package sqlstore_test

import (
	"context"
	"errors"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// A warning that was stored without a silence to warn of is taken away; others stay.
func TestWarningsOfNothingAreTakenAway(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		d := tickettest.NewDesk(t, tickettest.World{
			Tickets: s.Tickets(), Members: s.Members(), Queues: s.Queues(), Categories: s.Categories(),
			Workspaces: s.Workspaces(), Teams: s.Teams(), IDs: s.IDs(),
		})
		err := s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
			_, nothing := tx.Exec(ctx, `UPDATE categories SET closing = '{"resolved":60000000000,"warning":7200000000000}' WHERE id = ?`, int64(d.Help.ID))
			_, both := tx.Exec(ctx, `UPDATE categories SET closing = '{"silence":86400000000000,"warning":7200000000000}' WHERE id = ?`, int64(d.Invoice.ID))
			_, again := tx.Exec(ctx, `DELETE FROM bun_migrations WHERE name = '0048'`)
			return errors.Join(nothing, both, again)
		})
		if err := errors.Join(err, s.Migrate(t.Context())); err != nil {
			t.Fatal(err)
		}
		for c, want := range map[*category.Category]category.Closing{
			d.Help: {Resolved: 60e9}, d.Invoice: {Silence: 86400e9, Warning: 7200e9},
		} {
			found, err := s.Categories().Get(t.Context(), d.Workspace.ID, c.ID)
			if err != nil || len(found) != 1 || found[0].Closing != want {
				t.Errorf("%v: it closes by %+v, error %v", c.Name, found, err)
			}
		}
	})
}
