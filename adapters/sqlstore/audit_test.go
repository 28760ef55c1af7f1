package sqlstore_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// record gives the entries of the workspace, the first one first.
func record(t *testing.T, s *sqlstore.Store, w id.Workspace) []*audit.Entry {
	t.Helper()
	q := query.Query{Order: []query.Order{{Field: query.FieldID}}}
	return got(s.Audit().Page(t.Context(), w, q, page.Window{Limit: page.MaxSize}))(t).Items
}

// told gives entries in short.
func told(entries []*audit.Entry) []string {
	var all []string
	for _, e := range entries {
		line := fmt.Sprintf("%d/%s: %s %s", e.Actor, e.Channel, e.Action, e.Object.Kind)
		for _, c := range e.Changes {
			line += fmt.Sprintf(" %s%v→%v", c.Field, c.Before.Items, c.After.Items)
		}
		all = append(all, line)
	}
	return all
}

func TestARecordedChangeIsKeptWithItsEntryOrNotAtAll(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx, broken := newWorld(t, s, "audit"), t.Context(), errors.New("broken")
		admin := w.actor("ada", access.RoleAdmin)
		from := len(record(t, s, w.id))
		save := func(name string, after error) error {
			q := queue.Queue{ID: w.other, Workspace: w.id, Name: name}
			return s.Audit().Recorded(ctx, call(admin), func(ctx context.Context) ([]audit.Entry, error) {
				if err := s.Queues().Save(ctx, &q); err != nil {
					return nil, err
				}
				now := audit.State{{Kind: audit.Queue, ID: int64(q.ID)}: {"name": audit.Text(name), "teams": audit.Named(audit.Team, w.team)}}
				return audit.Between(call(admin), nil, now), after
			})
		}
		wantErr(t, save("Lost", broken), broken)
		must(t, save("Kept", nil))
		entries := record(t, s, w.id)[from:]
		if len(entries) != 1 || got(s.Queues().Get(ctx, w.id, w.other))(t)[0].Name != "Kept" {
			t.Fatalf("the record is %q", told(entries))
		}
		e := entries[0]
		if e.ID == 0 || e.Workspace != w.id || e.Actor != admin.Member || !e.At.Equal(noon) || e.Object.ID != int64(w.other) ||
			e.Changes[1].After.Of != audit.Team || e.Changes[1].Before.Of != "" {
			t.Errorf("the entry is %+v", e)
		}
	})
}

// What follows from a change by itself is told as the doing of the same caller;
// what a channel tells, as the helpdesk's own.
func TestRolesThatFollowAreRecorded(t *testing.T) {
	yes := true
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "roles"), t.Context()
		admin := w.actor("ada", access.RoleAdmin)
		bob := w.arrive("bob", member.Arrival{})
		from := len(record(t, s, w.id))
		teams := team.NewService(s.Teams(), s.IDs())
		support := *got(teams.Get(ctx, call(admin), w.team))(t)
		support.Members = append(support.Members, bob.ID)
		got(teams.Save(ctx, call(admin), support))(t)
		w.arrive("bob", member.Arrival{Admin: &yes})
		w.arrive("bob", member.Arrival{Admin: &yes})
		want := []string{
			fmt.Sprintf("%d/api: changed member role[requester]→[agent]", admin.Member),
			fmt.Sprintf("%d/api: changed team memberIds[]→[%d]", admin.Member, bob.ID),
			"0/plain: changed member role[agent]→[admin]",
		}
		if lines := told(record(t, s, w.id)[from:]); !slices.Equal(lines, want) {
			t.Errorf("the record is %q, want %q", lines, want)
		}
	})
}

// The role that one team gets is taken from another: both are told.
func TestBothTeamsOfARoleAreTold(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "bind"), t.Context()
		admin := call(w.actor("ada", access.RoleAdmin))
		teams, role := team.NewService(s.Teams(), s.IDs()), team.Role{Channel: event.ChannelPlain, ExternalID: "r1"}
		must(t, teams.Bind(ctx, admin, w.team, 0, role))
		from := len(record(t, s, w.id))
		second := got(teams.Save(ctx, admin, team.Team{Name: "Second line"}))(t)
		must(t, teams.Bind(ctx, admin, second.ID, 0, role))
		must(t, teams.Bind(ctx, admin, second.ID, 0, role))
		lines := told(record(t, s, w.id)[from:])
		if len(lines) != 3 || lines[1] != fmt.Sprintf("%d/api: changed team roles[plain:r1]→[]", admin.Actor.Member) ||
			lines[2] != fmt.Sprintf("%d/api: changed team roles[]→[plain:r1]", admin.Actor.Member) {
			t.Errorf("the record is %q", lines)
		}
	})
}

// A workspace's own beginning, and the places that it is linked to, are told.
func TestLinksAreRecorded(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		ctx, spaces := t.Context(), workspace.NewService(s.Workspaces(), s.IDs(), setup(), rand.Reader)
		got(spaces.Start(ctx, noon))(t)
		first := got(spaces.Join(ctx, noon, workspace.Place{Channel: event.ChannelPlain, ExternalID: "one", Name: "One", Locale: "fr"}))(t)
		other := got(spaces.Join(ctx, noon, workspace.Place{Channel: event.ChannelPlain, ExternalID: "two", Name: "Two", Locale: "en"}))(t)
		for w, want := range map[id.Workspace]string{
			first.ID: "0/plain: changed workspace channel[api]→[plain] links[]→[plain:one] locale[en]→[fr] name[Default]→[One] slug[default]→[plain-one]",
			other.ID: "0/plain: changed workspace links[]→[plain:two]",
		} {
			if lines := told(record(t, s, w)); len(lines) != 2 || lines[1] != want {
				t.Errorf("the record is %q, want %q last", lines, want)
			}
		}
	})
}

// Changes of one workspace at the same time each tell what was there when they
// came: the record is one chain.
func TestChangesAtTheSameTimeAreOneChain(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w := newWorld(t, s, "chain")
		admin, queues := call(w.actor("ada", access.RoleAdmin)), queue.NewService(s.Queues(), s.IDs())
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				if _, err := queues.Save(t.Context(), admin, queue.Queue{ID: w.other, Name: fmt.Sprintf("Name %d", i)}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		name, n := "Billing", 0
		for _, e := range record(t, s, w.id) {
			if e.Object.ID != int64(w.other) {
				continue
			}
			if before := e.Changes[0].Before.Items[0]; before != name {
				t.Errorf("%q came before, the entry tells %q", name, before)
			}
			name, n = e.Changes[0].After.Items[0], n+1
		}
		if n != 8 {
			t.Errorf("%d entries, want 8", n)
		}
	})
}
