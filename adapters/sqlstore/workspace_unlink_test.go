package sqlstore_test

import (
	"crypto/rand"
	"fmt"
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// What a place gave people ends with its link, and is told; what people decided stays.
func TestUnlinkingTakesBackWhatThePlaceGave(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx, yes := newWorld(t, s, "one"), t.Context(), true
		teams := team.NewService(s.Teams(), s.IDs())
		admin := call(w.actor("ada", access.RoleAdmin))
		must(t, s.Workspaces().Link(ctx, workspace.Link{Channel: event.ChannelPlain, ExternalID: "g", Workspace: w.id}))
		must(t, teams.Bind(ctx, admin, w.team, 0, team.Role{Channel: event.ChannelPlain, ExternalID: "r1"}))
		boss := w.arrive("boss", member.Arrival{Place: "g", Admin: &yes})
		agent := w.arrive("agent", member.Arrival{Place: "g", Roles: []string{"r1"}})
		both := w.arrive("both", member.Arrival{Place: "g", Roles: []string{"r1"}, Admin: &yes})
		named := w.arrive("named", member.Arrival{Place: "g", Admin: &yes})
		must(t, s.Members().SetRole(ctx, member.Ref{Workspace: w.id, ID: named.ID}, access.RoleSupervisor))
		kept := got(s.Teams().Get(ctx, w.id, w.team))(t)
		kept.Members = []id.Member{both.ID}
		must(t, s.Teams().Save(ctx, kept))
		if agent.Role != access.RoleAgent || boss.Role != access.RoleAdmin {
			t.Fatalf("they begin as %s and %s", agent.Role, boss.Role)
		}

		spaces, from := workspace.NewService(s.Workspaces(), s.IDs(), setup(), rand.Reader), len(record(t, s, w.id))
		got(spaces.Unlink(ctx, admin, 0, event.ChannelPlain, "g"))(t)
		for m, want := range map[*member.Member]access.Role{
			boss: access.RoleRequester, agent: access.RoleRequester, both: access.RoleAgent, named: access.RoleSupervisor,
		} {
			now := got(s.Members().Actor(ctx, w.id, m.ID))(t)
			if now.Role != want || (len(now.Queues) > 0) != (m == both) {
				t.Errorf("%s is %s now and works %v, want %s", m.Name, now.Role, now.Queues, want)
			}
		}
		if left := got(s.Teams().Get(ctx, w.id, w.team))(t); len(left.Roles) != 0 || left.Version == kept.Version {
			t.Errorf("the team is %+v", left)
		}
		lines := told(record(t, s, w.id)[from:])
		slices.Sort(lines)
		by := fmt.Sprintf("%d/api: changed ", admin.Actor.Member)
		want := []string{
			by + "member role[admin]→[agent]", by + "member role[admin]→[requester]", by + "member role[agent]→[requester]",
			by + "team roles[plain:r1]→[]", by + "workspace channel[plain]→[api] links[plain:g]→[]",
		}
		if !slices.Equal(lines, want) {
			t.Errorf("the record is %q, want %q", lines, want)
		}
	})
}
