package sqlstore_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/team"
)

func TestJoiningATeamByHandGivesItsRightsAtOnce(t *testing.T) {
	yes := true
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "hand"), t.Context()
		must(t, s.Teams().Bind(ctx, w.id, w.team, 0, team.Role{Channel: event.ChannelPlain, ExternalID: "r1"}))
		people := []struct {
			of       *member.Member
			in, left access.Role
		}{
			{w.arrive("amy", member.Arrival{}), access.RoleAgent, access.RoleRequester},
			{w.arrive("by role", member.Arrival{Roles: []string{"r1"}}), access.RoleAgent, access.RoleAgent},
			{w.arrive("admin", member.Arrival{Admin: &yes}), access.RoleAdmin, access.RoleAdmin},
			{w.arrive("by hand", member.Arrival{}), access.RoleRequester, access.RoleRequester},
		}
		must(t, s.Members().SetRole(ctx, member.Ref{Workspace: w.id, ID: people[3].of.ID}, access.RoleRequester))
		tm := got(s.Teams().Get(ctx, w.id, w.team))(t)
		for _, joins := range []bool{true, false} {
			tm.Members = nil
			for _, p := range people {
				if joins {
					tm.Members = append(tm.Members, p.of.ID)
				}
			}
			must(t, s.Teams().Save(ctx, tm))
			for _, p := range people {
				want := p.left
				if joins {
					want = p.in
				}
				if a := got(s.Members().Actor(ctx, w.id, p.of.ID))(t); a.Role != want {
					t.Errorf("in the team %v: %s is %s, want %s", joins, p.of.Name, a.Role, want)
				}
			}
		}
	})
}

func TestWhoLeavesOneOfTwoTeamsStaysAgent(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "two"), t.Context()
		amy := w.arrive("amy", member.Arrival{}).ID
		first := &team.Team{ID: id.Team(s.IDs()()), Workspace: w.id, Name: "First", Members: []id.Member{amy}}
		second := &team.Team{ID: id.Team(s.IDs()()), Workspace: w.id, Name: "Second", Members: []id.Member{amy}}
		must(t, s.Teams().Save(ctx, first))
		must(t, s.Teams().Save(ctx, second))
		for _, step := range []struct {
			leaves *team.Team
			want   access.Role
		}{{first, access.RoleAgent}, {second, access.RoleRequester}} {
			step.leaves.Members = nil
			must(t, s.Teams().Save(ctx, step.leaves))
			if a := got(s.Members().Actor(ctx, w.id, amy))(t); a.Role != step.want {
				t.Errorf("who left %s is %s, want %s", step.leaves.Name, a.Role, step.want)
			}
		}
	})
}
