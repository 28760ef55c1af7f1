package sqlstore_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// What is asked for by its ID is looked up by it, also while SQLite knows nothing yet of how
// many rows there are: it must not read all of a workspace for a few of them.
func TestWhatIsAskedForByIDIsLookedUp(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		var last string
		s := sqlstoretest.Open(t, sqlstore.Options{
			URL: sqlstoretest.SQLite(t), Now: time.Now, OnStatement: func(_ context.Context, query string) { last = query },
		})
		w, repo := newWorld(t, s, "plan"), s.Tickets()
		tk := w.open(w.actor("amy", access.RoleRequester), "Broken")
		bob := w.actor("bob", access.RoleAgent)
		agents := access.TicketFilter{Workspace: w.id, Member: bob.Member, AsRequester: true, AsAssignee: true, AsParticipant: true, Queues: []id.Queue{w.queue, w.other}}
		for _, learned := range []bool{false, true} {
			if learned {
				must(t, s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
					_, err := tx.Exec(ctx, copiesSQL)
					return err
				}))
				must(t, s.Refresh(t.Context()))
			}
			for _, see := range []access.TicketFilter{{Workspace: w.id, All: true}, agents} {
				v, ctx := ticket.Visibility{See: see, Notes: see}, t.Context()
				for name, ask := range map[string]func() error{
					"tickets":         func() error { _, err := repo.Find(ctx, see, tk.ID, 7, 8); return err },
					"passing tickets": func() error { _, err := s.Digests().Passing(ctx, see, tk.ID, 7, 8); return err },
					"messages":        func() error { _, err := repo.MessagesByID(ctx, v, tk.LastMessage, 7, 8); return err },
					"versions":        func() error { _, err := repo.Versions(ctx, v, see, tk.LastMessage, 7, 8); return err },
					"participants":    func() error { _, err := repo.Participants(ctx, see, tk.ID, 7, 8); return err },
				} {
					must(t, ask())
					plan := planOf(t, s, last, make([]any, strings.Count(last, "?"))...)
					for line := range strings.Lines(plan) {
						if strings.Contains(line, "(workspace_id=") || strings.HasPrefix(strings.TrimSpace(line), "SCAN") && !strings.Contains(line, "VIRTUAL TABLE") {
							t.Errorf("%s, all %v, learned %v: %s\n%s", name, see.All, learned, line, plan)
						}
					}
				}
			}
		}
	})
}
