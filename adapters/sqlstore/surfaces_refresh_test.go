package sqlstore_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// shown opens a ticket whose surface is in the state.
func (w *world) shown(a access.Actor, subject string, state channel.State) id.Ticket {
	w.t.Helper()
	t := w.open(a, subject).ID
	must(w.t, w.s.Channels().Save(w.t.Context(), &channel.Surface{
		Ticket: t, Workspace: w.id, Channel: event.ChannelPlain, ExternalID: subject, State: state,
	}))
	return t
}

// refreshed works off what the channel has to do, and gives its keys in order.
func (w *world) refreshed() (keys []string) {
	w.t.Helper()
	for _, c := range got(w.s.Claim(w.t.Context(), job.Consumer(event.ChannelPlain), "me", noon, time.Minute, 100))(w.t) {
		keys = append(keys, c.Key.Key)
		must(w.t, w.s.Finish(w.t.Context(), c, job.Outcome{}, noon))
	}
	slices.Sort(keys)
	return keys
}

// rightsOf gives a world where changes of rights can be seen, of one live
// ticket among others, and that ticket.
func rightsOf(t *testing.T, s *sqlstore.Store) (*world, id.Ticket) {
	w, far := newWorld(t, s, "rights"), newWorld(t, s, "far")
	amy, bob := w.actor("amy", access.RoleRequester), w.actor("bob", access.RoleAgent)
	live := w.shown(amy, "live", channel.Ready)
	w.shown(amy, "gone", channel.Gone)
	w.open(amy, "without a surface")
	closed := ticket.Ref{ID: w.shown(amy, "closed", channel.Ready)}
	got(w.tickets.Resolve(t.Context(), call(bob), closed))(t)
	got(w.tickets.Close(t.Context(), call(bob), closed))(t)
	far.shown(far.actor("zoe", access.RoleRequester), "far away", channel.Ready)
	w.refreshed()
	return w, live
}

func TestChangedRightsReachTheLiveSurfaces(t *testing.T) {
	yes := true
	atNoon := func(o *sqlstore.Options) { o.Now = func() time.Time { return noon } }
	sqlstoretest.EachWith(t, atNoon, func(t *testing.T, s *sqlstore.Store) {
		w, live := rightsOf(t, s)
		ctx := t.Context()
		cleo := w.arrive("cleo", member.Arrival{})
		grant := access.Grant{Queue: w.queue, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Deny}
		tm := got(s.Teams().Get(ctx, w.id, w.team))(t)
		for _, step := range []struct {
			what    string
			change  func() error
			changes bool
		}{
			{"a requester arrived", func() error { w.arrive("dan", member.Arrival{}); return nil }, false},
			{"a grant is set", func() error { return s.Queues().SetGrant(ctx, w.id, &grant) }, true},
			{"the grant is removed", func() error { return s.Queues().RemoveGrant(ctx, w.id, grant) }, true},
			{"it was removed already", func() error { return s.Queues().RemoveGrant(ctx, w.id, grant) }, false},
			{"a team is saved", func() error { return s.Teams().Save(ctx, tm) }, true},
			{"a role is bound", func() error {
				return s.Teams().Bind(ctx, w.id, w.team, 0, team.Role{Channel: event.ChannelPlain, ExternalID: "r1"})
			}, true},
			{"a new agent arrived", func() error { w.arrive("eve", member.Arrival{Roles: []string{"r1"}}); return nil }, true},
			{"the agent was renamed", func() error { w.arrive("eve", member.Arrival{AvatarURL: "x"}); return nil }, false},
			{"the agent became an administrator", func() error { w.arrive("eve", member.Arrival{Admin: &yes}); return nil }, true},
			{"the administrator left the team", func() error { w.arrive("eve", member.Arrival{Roles: []string{}}); return nil }, true},
			{"the administrator left", func() error { return s.Members().Leave(ctx, w.id, noon, event.ChannelPlain, "u-eve") }, true},
			{"a requester left", func() error { return s.Members().Leave(ctx, w.id, noon, event.ChannelPlain, "u-dan") }, false},
			{"a role is given", func() error {
				return s.Members().SetRole(ctx, member.Ref{Workspace: w.id, ID: cleo.ID}, access.RoleSupervisor)
			}, true},
			{"the role is given again", func() error {
				return s.Members().SetRole(ctx, member.Ref{Workspace: w.id, ID: cleo.ID}, access.RoleSupervisor)
			}, false},
		} {
			must(t, step.change())
			var want []string
			if step.changes {
				want = []string{live.String()}
			}
			if keys := w.refreshed(); !slices.Equal(keys, want) {
				t.Errorf("%s: the surfaces of %v are looked at, want %v", step.what, keys, want)
			}
		}
	})
}

func TestRefusedChangesOfRightsAskForNothing(t *testing.T) {
	atNoon := func(o *sqlstore.Options) { o.Now = func() time.Time { return noon } }
	sqlstoretest.EachWith(t, atNoon, func(t *testing.T, s *sqlstore.Store) {
		w, _ := rightsOf(t, s)
		nowhere := access.Grant{Queue: 1, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Deny}
		if s.Queues().SetGrant(t.Context(), w.id, &nowhere) == nil || s.Members().SetRole(t.Context(), member.Ref{Workspace: w.id, ID: 1}, access.RoleAgent) == nil {
			t.Fatal("what concerns nothing was not refused")
		}
		if keys := w.refreshed(); len(keys) != 0 {
			t.Errorf("the surfaces of %v are looked at", keys)
		}
	})
}

func TestASurfaceThatIsBeingMadeLearnsOfChangedRights(t *testing.T) {
	atNoon := func(o *sqlstore.Options) { o.Now = func() time.Time { return noon } }
	sqlstoretest.EachWith(t, atNoon, func(t *testing.T, s *sqlstore.Store) {
		w := newWorld(t, s, "making")
		made := w.open(w.actor("amy", access.RoleRequester), "new").ID
		must(t, s.Channels().Save(t.Context(), &channel.Surface{
			Ticket: made, Workspace: w.id, Channel: event.ChannelPlain, State: channel.Wanted, Intent: channel.Intent{Step: "place"},
		}))
		bob := member.Ref{Workspace: w.id, ID: w.arrive("bob", member.Arrival{}).ID}
		must(t, s.Members().SetRole(t.Context(), bob, access.RoleSupervisor))
		if keys := w.refreshed(); !slices.Equal(keys, []string{made.String()}) {
			t.Errorf("the surfaces of %v are looked at, want that of %v", keys, made)
		}
	})
}
