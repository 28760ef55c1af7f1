package sqlstore_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// A change of a ticket sees its tags as they are called then, whatever was seen before:
// policies, for one, choose tickets by them.
func TestAChangeSeesTagsAsTheyAreCalledNow(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w := newWorld(t, s, "called")
		tk := w.marked(w.actor("amy", access.RoleRequester), "fire", "floor-3")
		sees := func(when string, want ...string) {
			t.Helper()
			var tags []string
			must(t, s.Tickets().Update(t.Context(), ticket.Ref{Workspace: w.id, ID: tk.ID}, event.Origin{}, func(tk *ticket.Ticket) error {
				tags = slices.Clone(tk.Tags)
				clear(tk.Tags) // what a change does to its ticket is nobody else's
				return nil
			}))
			if !slices.Equal(tags, want) {
				t.Errorf("%s, a change sees %q, want %q", when, tags, want)
			}
		}
		named := func(name string) *tag.Tag { return got(s.Tags().Named(t.Context(), w.id, name))(t)[name] }
		renames := func(ctx context.Context, from, to string) {
			g := named(from)
			g.Name = to
			must(t, s.Tags().Save(ctx, g))
		}
		sees("At first", "fire", "floor-3")
		sees("Again", "fire", "floor-3")
		renames(t.Context(), "fire", "blaze")
		sees("Once it is renamed", "blaze", "floor-3")

		undone := errors.New("undone")
		wantErr(t, s.InTx(t.Context(), func(ctx context.Context, _ *sqlstore.Tx) error {
			renames(ctx, "blaze", "smoke")
			must(t, s.Tickets().Update(ctx, ticket.Ref{Workspace: w.id, ID: tk.ID}, event.Origin{}, func(tk *ticket.Ticket) error {
				if !slices.Equal(tk.Tags, []string{"floor-3", "smoke"}) {
					t.Errorf("In the transaction that renames it, a change sees %q", tk.Tags)
				}
				return nil
			}))
			return undone
		}), undone)
		sees("When renaming was undone", "blaze", "floor-3")

		must(t, s.Tags().Merge(t.Context(), w.id, named("floor-3").ID, 0, named("blaze").ID))
		sees("Once they are one", "floor-3")
		must(t, s.Tags().Delete(t.Context(), w.id, named("floor-3").ID, 0))
		sees("Once it is deleted")
	})
}

// A process sees what another one calls tags, though it remembers what they were called.
func TestAChangeSeesWhatAnotherProcessCallsTags(t *testing.T) {
	url := sqlstoretest.Postgres(t)
	open := func() *sqlstore.Store { return sqlstoretest.Open(t, sqlstore.Options{URL: url, Now: time.Now}) }
	here, there := open(), open()
	w := newWorld(t, here, "called")
	tk := w.marked(w.actor("amy", access.RoleRequester), "fire", "floor-3")
	sees := func(when string, want ...string) {
		t.Helper()
		for name, s := range map[string]*sqlstore.Store{"here": here, "there": there} {
			var tags []string
			must(t, s.Tickets().Update(t.Context(), ticket.Ref{Workspace: w.id, ID: tk.ID}, event.Origin{}, func(tk *ticket.Ticket) error {
				tags = slices.Clone(tk.Tags)
				return nil
			}))
			if !slices.Equal(tags, want) {
				t.Errorf("%s, a change %s sees %q, want %q", when, name, tags, want)
			}
		}
	}
	named := func(name string) *tag.Tag { return got(there.Tags().Named(t.Context(), w.id, name))(t)[name] }
	sees("At first", "fire", "floor-3")
	g := named("fire")
	g.Name = "blaze"
	must(t, there.Tags().Save(t.Context(), g))
	sees("Once it is renamed", "blaze", "floor-3")
	must(t, there.Tags().Merge(t.Context(), w.id, named("floor-3").ID, 0, named("blaze").ID))
	sees("Once they are one", "floor-3")
	must(t, there.Tags().Delete(t.Context(), w.id, named("floor-3").ID, 0))
	sees("Once it is deleted")
}
