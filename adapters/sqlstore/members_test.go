package sqlstore_test

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/team"
)

func TestArrivalsFollowTheChannelUntilAHandDecides(t *testing.T) {
	yes, no := true, false
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "arrive"), t.Context()
		must(t, s.Teams().Bind(ctx, w.id, w.team, 0, team.Role{Channel: event.ChannelPlain, ExternalID: "r1"}))
		first := w.arrive("amy", member.Arrival{})
		if first.Role != access.RoleRequester || first.Locale != "en" || first.ID == 0 || first.Account == 0 {
			t.Fatalf("a new member is %+v", first)
		}
		for _, step := range []struct {
			what string
			a    member.Arrival
			role access.Role
			tag  locale.Tag
		}{
			{"has a locale", member.Arrival{Locale: "fr"}, access.RoleRequester, "fr"},
			{"has no locale: it is kept", member.Arrival{}, access.RoleRequester, "fr"},
			{"has a team's role", member.Arrival{Roles: []string{"r0", "r1"}}, access.RoleAgent, "fr"},
			{"tells no roles: nothing changes", member.Arrival{}, access.RoleAgent, "fr"},
			{"is an administrator", member.Arrival{Admin: &yes}, access.RoleAdmin, "fr"},
			{"doesn't tell: it stays", member.Arrival{Roles: []string{"r1"}}, access.RoleAdmin, "fr"},
			{"is none any more", member.Arrival{Admin: &no}, access.RoleAgent, "fr"},
			{"lost the role", member.Arrival{Roles: []string{}}, access.RoleRequester, "fr"},
		} {
			m := w.arrive("amy", step.a)
			stored := got(s.Members().Get(ctx, w.id, first.ID))(t)[0]
			if m.ID != first.ID || m.Role != step.role || m.Locale != step.tag || *stored != *m {
				t.Errorf("who %s is %+v, stored %+v", step.what, m, stored)
			}
		}
		must(t, s.Members().SetRole(ctx, member.Ref{Workspace: w.id, ID: first.ID}, access.RoleSupervisor))
		must(t, s.Members().Choose(ctx, member.Ref{Workspace: w.id, ID: first.ID}, member.Choice{Locale: new(locale.Tag("ja"))}))
		if m := w.arrive("amy", member.Arrival{Roles: []string{"r1"}, Admin: &yes, Locale: "de"}); m.Role != access.RoleSupervisor || m.Locale != "ja" {
			t.Errorf("what was decided by hand became %s, %s", m.Role, m.Locale)
		}
	})
}

func TestArrivalsWriteOnlyWhatIsNew(t *testing.T) {
	var counter sqlstoretest.Counter
	watch := func(o *sqlstore.Options) { o.OnStatement = counter.Count }
	sqlstoretest.EachWith(t, watch, func(t *testing.T, s *sqlstore.Store) {
		w := newWorld(t, s, "quiet")
		must(t, s.Teams().Bind(t.Context(), w.id, w.team, 0, team.Role{Channel: event.ChannelPlain, ExternalID: "r1"}))
		a := member.Arrival{Roles: []string{"r1"}, Locale: "fr"}
		w.arrive("amy", a)
		blocked := make(chan struct{})
		held := make(chan struct{})
		var holding sync.WaitGroup
		holding.Go(func() { // a writer that never ends would hold up any other on SQLite
			_ = s.InTx(t.Context(), func(context.Context, *sqlstore.Tx) error {
				close(held)
				<-blocked
				return nil
			})
		})
		<-held
		if n := counter.During(func() { w.arrive("amy", a) }); n > 4 {
			t.Errorf("an arrival without news took %d statements", n)
		}
		close(blocked)
		holding.Wait()
	})
}

func TestTheSamePersonArrivesAtOnce(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w := newWorld(t, s, "atonce")
		var all sync.WaitGroup
		ids := make([]id.Member, 8)
		for i := range ids {
			all.Go(func() {
				m, err := s.Members().Arrive(t.Context(), w.id, noon, member.Arrival{Channel: event.ChannelPlain, ExternalID: "u", Name: "amy"})
				if err != nil {
					t.Error(err)
					return
				}
				ids[i] = m.ID
			})
		}
		all.Wait()
		if slices.Sort(ids); ids[0] == 0 || ids[0] != ids[7] {
			t.Errorf("one person became %v", ids)
		}
	})
}

func TestWhoLeavesLosesWhatTheChannelGave(t *testing.T) {
	yes := true
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "leave"), t.Context()
		must(t, s.Teams().Bind(ctx, w.id, w.team, 0, team.Role{Channel: event.ChannelPlain, ExternalID: "r1"}))
		amy := w.arrive("amy", member.Arrival{Roles: []string{"r1"}, Admin: &yes})
		must(t, s.Members().Leave(ctx, w.id, noon, event.ChannelPlain, "u-amy"))
		must(t, s.Members().Leave(ctx, w.id, noon, event.ChannelPlain, "never heard of"))
		a := got(s.Members().Actor(ctx, w.id, amy.ID))(t)
		if a.Role != access.RoleRequester || len(a.Queues) != 0 {
			t.Errorf("who left is still %+v", a)
		}
	})
}

func TestAnActorIsResolvedInOneStatement(t *testing.T) {
	var counter sqlstoretest.Counter
	watch := func(o *sqlstore.Options) { o.OnStatement = counter.Count }
	sqlstoretest.EachWith(t, watch, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "actor"), t.Context()
		bob := w.actor("bob", access.RoleAgent)
		for _, q := range []id.Queue{w.queue, w.other} {
			for _, c := range access.Classes() {
				must(t, s.Queues().SetGrant(ctx, w.id, &access.Grant{Queue: q, Role: access.RoleAgent, Class: c, Effect: access.Deny}))
			}
		}
		must(t, s.Queues().SetGrant(ctx, w.id, &access.Grant{Category: w.category, Role: access.RoleRequester, Class: access.ClassSee, Effect: access.Allow}))
		var a access.Actor
		if n := counter.During(func() { a = got(s.Members().Actor(ctx, w.id, bob.Member))(t) }); n != 1 {
			t.Errorf("took %d statements", n)
		}
		if a.Role != access.RoleAgent || a.Locale != "en" || len(a.Queues) != 1 || a.Queues[0] != w.queue || len(a.Grants) != 8 {
			t.Errorf("actor %+v", a)
		}
		_, err := s.Members().Actor(ctx, newWorld(t, s, "elsewhere").id, bob.Member)
		wantErr(t, err, member.ErrNotFound)
	})
}

func TestServiceMembersStandForTheirRole(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "service"), t.Context()
		one := got(s.Members().Service(ctx, w.id, access.RoleAdmin, noon))(t)
		two := got(s.Members().Service(ctx, w.id, access.RoleAdmin, noon))(t)
		if one.ID != two.ID || !one.Service || one.Role != access.RoleAdmin {
			t.Errorf("service members %+v and %+v", one, two)
		}
		wantErr(t, s.Members().SetRole(ctx, member.Ref{Workspace: w.id, ID: one.ID}, access.RoleAgent), member.ErrNotFound)
	})
}

func TestMembersAreListedAndFound(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx, repo := newWorld(t, s, "list"), t.Context(), s.Members()
		var all []id.Member
		for _, name := range []string{"Ann", "ANDY", "b%b", "bob"} {
			all = append(all, w.arrive(name, member.Arrival{}).ID)
		}
		must(t, repo.SetRole(ctx, member.Ref{Workspace: w.id, ID: all[3]}, access.RoleAgent))
		names := func(f query.Where, p page.Window) (names []string) {
			for _, m := range got(repo.Page(ctx, w.id, query.Query{Where: f}, p))(t).Items {
				names = append(names, m.Name)
			}
			return names
		}
		for _, c := range []struct {
			f    query.Where
			p    page.Window
			want []string
		}{
			{query.Where{}, page.Window{Limit: 2}, []string{"Ann", "ANDY"}},
			{query.Where{}, page.Window{Limit: 9, After: page.Cursor{int64(all[1])}}, []string{"b%b", "bob"}},
			{query.Where{}, page.Window{Limit: 1, Backward: true, Before: page.Cursor{int64(all[2])}}, []string{"ANDY"}},
			{only(member.FieldName, query.Contains, "an"), page.Window{Limit: 9}, []string{"Ann", "ANDY"}},
			{only(member.FieldName, query.Contains, "b%"), page.Window{Limit: 9}, []string{"b%b"}},
			{only(member.FieldRole, query.Eq, "agent"), page.Window{Limit: 9}, []string{"bob"}},
		} {
			if found := names(c.f, c.p); !slices.Equal(found, c.want) {
				t.Errorf("%+v, %+v: %v, want %v", c.f, c.p, found, c.want)
			}
		}
		if m := got(repo.ByIdentity(ctx, w.id, event.ChannelPlain, "u-Ann"))(t); m.ID != all[0] {
			t.Errorf("found %+v", m)
		}
		if known := got(repo.Identities(ctx, w.id, event.ChannelPlain, all...))(t); len(known) != 4 || known[all[0]] != "u-Ann" {
			t.Errorf("identities %v", known)
		}
		profile := &member.Agent{Member: all[3], Skills: []string{"go"}, Languages: []locale.Tag{"fr"}, Availability: member.Away, Capacity: 3}
		must(t, repo.SaveAgent(ctx, member.Ref{Workspace: w.id, ID: profile.Member}, profile))
		if a := got(repo.Agents(ctx, w.id, all...))(t)[all[3]]; a == nil || a.Capacity != 3 || a.Skills[0] != "go" || a.Languages[0] != "fr" {
			t.Errorf("profile %+v", a)
		}
		far := newWorld(t, s, "far").id
		if found := got(repo.Get(ctx, far, all...))(t); len(found) != 0 {
			t.Errorf("another workspace's members are found: %v", found)
		}
		wantErr(t, repo.SaveAgent(ctx, member.Ref{Workspace: far, ID: profile.Member}, profile), member.ErrNotFound)
		wantErr(t, repo.Choose(ctx, member.Ref{Workspace: far, ID: all[0]}, member.Choice{Locale: new(locale.Tag("fr"))}), member.ErrNotFound)
	})
}

func TestTeamsAndTheirRoles(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx, repo := newWorld(t, s, "teams"), t.Context(), s.Teams()
		role := team.Role{Channel: event.ChannelPlain, ExternalID: "r1"}
		must(t, repo.Save(ctx, &team.Team{ID: w.team, Workspace: w.id, Name: "Support", Queues: []id.Queue{w.queue}, Roles: []team.Role{role}, Guessed: true}))
		dora := w.arrive("dora", member.Arrival{Roles: []string{"r1"}})
		tm := got(repo.Get(ctx, w.id, w.team))(t)
		if !tm.Guessed || len(tm.Members) != 1 || tm.Members[0] != dora.ID || len(tm.Queues) != 1 || tm.Roles[0] != role {
			t.Errorf("team %+v", tm)
		}
		tm.Members = nil
		must(t, repo.Save(ctx, tm))
		if again := got(repo.Get(ctx, w.id, w.team))(t); len(again.Members) != 1 {
			t.Error("a list without her removed who is in by a role")
		}
		second := &team.Team{ID: id.Team(s.IDs()()), Workspace: w.id, Name: "Second"}
		must(t, repo.Save(ctx, second))
		must(t, repo.Bind(ctx, w.id, second.ID, 0, role))
		all := got(repo.List(ctx, w.id))(t)
		if len(all) != 2 || all[0].Name != "Second" || len(all[0].Roles) != 1 || len(all[1].Roles) != 0 {
			t.Errorf("teams %+v", all)
		}
		wantErr(t, repo.Save(ctx, &team.Team{ID: id.Team(s.IDs()()), Workspace: w.id, Name: "Second"}), team.ErrNameTaken)
		far := newWorld(t, s, "far")
		stolen := &team.Team{ID: w.team, Workspace: far.id, Name: "Stolen"}
		wantErr(t, repo.Save(ctx, stolen), team.ErrNotFound)
		wantErr(t, repo.Bind(ctx, far.id, w.team, 0, role), team.ErrNotFound)
		wantErr(t, repo.Save(ctx, &team.Team{ID: far.team, Workspace: far.id, Name: "x", Queues: []id.Queue{w.queue}}), queue.ErrNotFound)
		wantErr(t, repo.Save(ctx, &team.Team{ID: far.team, Workspace: far.id, Name: "x", Members: []id.Member{dora.ID}}), member.ErrNotFound)
	})
}

// Many are resolved as each of them would be.
func TestActorsAreResolvedTogether(t *testing.T) {
	var counter sqlstoretest.Counter
	sqlstoretest.EachWith(t, func(o *sqlstore.Options) { o.OnStatement = counter.Count }, func(t *testing.T, s *sqlstore.Store) {
		w, other, ctx := newWorld(t, s, "actors"), newWorld(t, s, "elsewhere"), t.Context()
		stranger := other.arrive("zoe", member.Arrival{})
		var ids []id.Member
		for i, role := range access.Roles() {
			m := w.arrive(string(role), member.Arrival{Locale: "fr"})
			must(t, s.Members().SetRole(ctx, member.Ref{Workspace: w.id, ID: m.ID}, role))
			ids = append(ids, m.ID)
			if i > 1 {
				teams := got(s.Teams().List(ctx, w.id))(t)
				teams[0].Members = append(teams[0].Members, m.ID)
				must(t, s.Teams().Save(ctx, teams[0]))
			}
		}
		var all map[id.Member]access.Actor
		if n := counter.During(func() { all = got(s.Members().Actors(ctx, w.id, append(ids, stranger.ID)...))(t) }); n != 1 {
			t.Errorf("%d statements", n)
		}
		if len(all) != len(ids) {
			t.Errorf("there are %d actors, want %d", len(all), len(ids))
		}
		for _, m := range ids {
			if one := got(s.Members().Actor(ctx, w.id, m))(t); !reflect.DeepEqual(one, all[m]) {
				t.Errorf("%+v is among others %+v", one, all[m])
			}
		}
	})
}

// only is one condition.
func only(f query.Field, op query.Op, value any) query.Where {
	return query.Where{Conditions: []query.Condition{{Field: f, Op: op, Values: []any{value}}}}
}
