package sqlstore_test

import (
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func TestAGrantLetsAgentsOfOtherTeamsIn(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "guests"), t.Context()
		ref := ticket.Ref{ID: w.open(w.actor("amy", access.RoleRequester), "Broken").ID}
		guest := w.arrive("guest", member.Arrival{})
		must(t, s.Teams().Save(ctx, &team.Team{ID: id.Team(s.IDs()()), Workspace: w.id, Name: "Billing", Members: []id.Member{guest.ID}}))
		ofQueue := access.Grant{Queue: w.queue, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Allow}
		ofCategory := access.Grant{Category: w.category, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Allow}
		for _, c := range []struct {
			what  string
			grant access.Grant
			in    bool
		}{
			{"their queue", ofQueue, true},
			{"their category", ofCategory, true},
			{"another queue", access.Grant{Queue: w.other, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Allow}, false},
			{"supervisors", access.Grant{Queue: w.queue, Role: access.RoleSupervisor, Class: access.ClassSee, Effect: access.Allow}, false},
			{"who answers only", access.Grant{Queue: w.queue, Role: access.RoleAgent, Class: access.ClassAnswer, Effect: access.Allow}, false},
			{"nobody", access.Grant{Queue: w.queue, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Deny}, false},
		} {
			must(t, s.Queues().SetGrant(ctx, w.id, &c.grant))
			guests := slices.Contains(w.facts(ref).Audience(), channel.Viewer{ExternalID: "u-guest"})
			see := access.Allowed(got(s.Members().Actor(ctx, w.id, guest.ID))(t), access.TicketSee,
				access.Scope{Workspace: w.id, Queue: w.queue, Category: w.category})
			if guests != c.in || see != c.in {
				t.Errorf("a grant for %s: in the audience %v, by the access table %v, want %v", c.what, guests, see, c.in)
			}
			must(t, s.Queues().RemoveGrant(ctx, w.id, c.grant))
		}
		must(t, s.Queues().SetGrant(ctx, w.id, &ofQueue))
		must(t, s.Queues().SetGrant(ctx, w.id, &access.Grant{Category: w.category, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Deny}))
		if a := w.facts(ref).Audience(); slices.ContainsFunc(a, func(v channel.Viewer) bool { return v.ExternalID == "u-guest" }) {
			t.Errorf("the category keeps agents out, and the audience is %v", a)
		}
	})
}
