package sqlstore_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

func (w *world) facts(t ticket.Ref) *channel.Facts {
	w.t.Helper()
	return got(w.s.Channels().Facts(w.t.Context(), w.id, t.ID, event.ChannelPlain))(w.t)
}

func TestASurfacesFactsAreGathered(t *testing.T) {
	var counter sqlstoretest.Counter
	counting := func(o *sqlstore.Options) { o.OnStatement = counter.Count }
	sqlstoretest.EachWith(t, counting, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "facts"), t.Context()
		must(t, s.Workspaces().Link(ctx, workspace.Link{Channel: event.ChannelPlain, ExternalID: "g1", Workspace: w.id}))
		must(t, s.Teams().Bind(ctx, w.id, w.team, 0, team.Role{Channel: event.ChannelPlain, ExternalID: "r-support"}))
		amy, bob := w.actor("amy", access.RoleRequester), w.actor("bob", access.RoleAgent)
		cleo := w.arrive("cleo", member.Arrival{})
		dora := w.arrive("dora", member.Arrival{Roles: []string{"r-support", "r-else"}})
		w.actor("eve", access.RoleSupervisor)
		opened := w.open(amy, "Broken")
		ref := ticket.Ref{ID: opened.ID}
		got(w.tickets.Claim(ctx, call(bob), ref))(t)
		got(w.tickets.AddParticipant(ctx, call(bob), ref, cleo.ID))(t)

		var f *channel.Facts
		if n := counter.During(func() { f = w.facts(ref) }); n > 8 {
			t.Errorf("facts took %d statements", n)
		}
		if f.Place != "g1" || f.Workspace.ID != w.id || f.Queue.Name != "Support" || f.Category.ID != w.category || f.Ticket.Number != 1 {
			t.Errorf("facts %+v", f)
		}
		if f.Requester.ExternalID != "u-amy" || f.Assignee.ExternalID != "u-bob" || len(f.Participants) != 1 || f.Participants[0].Member.Name != "cleo" {
			t.Errorf("people %+v, %+v, %+v", f.Requester, f.Assignee, f.Participants)
		}
		if len(f.Roles) != 1 || f.Roles[0] != "r-support" || f.Surface.State != channel.Wanted || f.Surface.Ticket != opened.ID {
			t.Errorf("roles %v, surface %+v", f.Roles, f.Surface)
		}
		staff := map[string]channel.Staff{}
		for _, p := range f.Staff {
			staff[p.Member.Name] = p
		}
		if len(staff) != 3 || staff["bob"].ByRole || !staff["dora"].ByRole || len(staff["bob"].Queues) != 1 || len(staff["eve"].Queues) != 0 {
			t.Errorf("staff %+v", staff)
		}
		if dora.Role != access.RoleAgent {
			t.Errorf("dora is %s", dora.Role)
		}
		if viewers := f.Audience(); len(viewers) != 5 { // the role, amy, bob, cleo, eve
			t.Errorf("audience %+v", viewers)
		}
	})
}

func TestPostsAreWhatStandsOtherwiseThanItShould(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "posts"), t.Context()
		amy, bob := w.actor("amy", access.RoleRequester), w.actor("bob", access.RoleAgent)
		ref := ticket.Ref{ID: w.open(amy, "Broken").ID}
		surface := &channel.Surface{Ticket: ref.ID, Workspace: w.id, Channel: event.ChannelPlain, ExternalID: "c1", State: channel.Ready}
		must(t, s.Channels().Save(ctx, surface))
		fromChannel := call(amy)
		fromChannel.Origin = event.Origin{Channel: event.ChannelPlain, ExternalID: "m1"}
		got(w.tickets.Reply(ctx, fromChannel, ref, "from the channel"))(t)
		got(w.tickets.AddNote(ctx, call(bob), ref, "among staff"))(t)
		gone := got(w.tickets.Reply(ctx, call(bob), ref, "regretted"))(t)
		got(w.tickets.DeleteMessage(ctx, call(bob), ref, gone.ID))(t)
		kept := got(w.tickets.Reply(ctx, call(bob), ref, "answer"))(t)

		posts := w.facts(ref).Posts
		if len(posts) != 3 || posts[0].Message.Side != ticket.FromRequester || posts[1].Author != nil || posts[2].Message.ID != kept.ID ||
			posts[2].Author.Name != "bob" || posts[2].Delivery != nil {
			t.Fatalf("to be posted: %+v", posts)
		}
		for i, p := range posts {
			d := channel.Delivery{Message: p.Message.ID, ExternalID: string(rune('x' + i)), Version: p.Message.Version}
			must(t, s.Channels().Delivered(ctx, surface, d))
		}
		if left := w.facts(ref).Posts; len(left) != 0 {
			t.Fatalf("still to be posted: %+v", left)
		}
		got(w.tickets.EditMessage(ctx, call(bob), ref, kept.ID, "better answer"))(t)
		posts = w.facts(ref).Posts
		if len(posts) != 1 || posts[0].Delivery == nil || posts[0].Delivery.ExternalID != "z" || posts[0].Message.Body != "better answer" {
			t.Fatalf("to be changed: %+v", posts)
		}
		got(w.tickets.DeleteMessage(ctx, call(bob), ref, kept.ID))(t)
		if shown := got(s.Channels().Shown(ctx, ref.ID, event.ChannelPlain))(t); len(shown) != 3 || shown[2].ExternalID != "z" || shown[2].Message != kept.ID {
			t.Errorf("shown are %+v", shown)
		}
		must(t, s.Channels().Delivered(ctx, surface, channel.Delivery{Message: kept.ID, ExternalID: "z", Version: 2, Deleted: true}))
		if left := w.facts(ref).Posts; len(left) != 0 {
			t.Errorf("deleted, and still to be taken away: %+v", left)
		}
		surface.ExternalID = "c2"
		must(t, s.Channels().Save(ctx, surface))
		if shown := got(s.Channels().Shown(ctx, ref.ID, event.ChannelPlain))(t); len(shown) != 0 {
			t.Errorf("in a new place are shown %+v", shown)
		}
		if again := w.facts(ref).Posts; len(again) != 2 {
			t.Errorf("a new place shows %d messages again", len(again))
		}
		if d := got(s.Channels().DeliveryOf(ctx, ref.ID, "y"))(t); d.Message != posts[0].Message.ID && d.Version != 1 {
			t.Errorf("delivery %+v", d)
		}
		in := posts[0].Message.ID
		must(t, s.Channels().Delivered(ctx, surface, channel.Delivery{Message: in, ExternalID: "11 12 -13", Version: 1}))
		for part, deleted := range map[string]bool{"11": false, "12": false, "13": true} {
			if d := got(s.Channels().DeliveryOf(ctx, ref.ID, part))(t); d.Message != in || d.Deleted != deleted {
				t.Errorf("part %s: %+v", part, d)
			}
		}
		for _, other := range []string{"1", "2"} {
			_, err := s.Channels().DeliveryOf(ctx, ref.ID, other)
			wantErr(t, err, channel.ErrNotFound)
		}
		_, err := s.Channels().DeliveryOf(ctx, ref.ID, "unheard of")
		wantErr(t, err, channel.ErrNotFound)
	})
}

func TestSurfacesAreFoundAndListed(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx, repo := newWorld(t, s, "surfaces"), t.Context(), s.Channels()
		amy, bob := w.actor("amy", access.RoleRequester), w.actor("bob", access.RoleAgent)
		a, b, c := w.open(amy, "a"), w.open(amy, "b"), w.open(amy, "c")
		surface := channel.Surface{
			Ticket: a.ID, Workspace: w.id, Channel: event.ChannelPlain, ExternalID: "place", State: channel.Ready, Applied: "x", Card: "y",
			Intent: channel.Intent{Step: "card", Nonce: "n", Message: 7, At: noon},
		}
		must(t, repo.Save(ctx, &surface))
		closed := channel.Surface{Ticket: c.ID, Workspace: w.id, Channel: event.ChannelPlain, ExternalID: "other", State: channel.Ready}
		must(t, repo.Save(ctx, &closed))
		got(w.tickets.Resolve(ctx, call(bob), ticket.Ref{ID: c.ID}))(t)
		got(w.tickets.Close(ctx, call(bob), ticket.Ref{ID: c.ID}))(t)
		if found := got(repo.ByExternal(ctx, event.ChannelPlain, "place"))(t); *found != surface {
			t.Errorf("found %+v", found)
		}
		_, err := repo.Of(ctx, b.ID, event.ChannelPlain)
		wantErr(t, err, channel.ErrNotFound)
		if live := got(repo.Live(ctx, w.id, event.ChannelPlain, time.Time{}, 0, 10))(t); len(live) != 1 || live[0].Ticket != a.ID {
			t.Errorf("live: %v", live)
		}
		at := got(w.tickets.Get(ctx, call(bob), c.ID))(t).ClosedAt
		if both := got(repo.Live(ctx, w.id, event.ChannelPlain, at, 0, 10))(t); len(both) != 2 || both[1].Ticket != c.ID {
			t.Errorf("live or closed a moment ago: %v", both)
		}
		if live := got(repo.Live(ctx, w.id, event.ChannelPlain, at.Add(time.Millisecond), 0, 10))(t); len(live) != 1 {
			t.Errorf("live or closed later: %v", live)
		}
		missing := got(repo.Unsurfaced(ctx, w.id, event.ChannelPlain, 0, 10))(t)
		if len(missing) != 1 || missing[0] != b.ID {
			t.Errorf("without surface: %v", missing)
		}
		if rest := got(repo.Live(ctx, w.id, event.ChannelPlain, time.Time{}, a.ID, 10))(t); len(rest) != 0 {
			t.Errorf("after the last one: %v", rest)
		}
		foreign := surface
		foreign.Workspace = id.Workspace(s.IDs()())
		wantErr(t, repo.Save(ctx, &foreign), channel.ErrNotFound)
	})
}

// What is told of a place and what is worked on there happen beside each other.
func TestALossOfSomethingOlderTakesNothingAway(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx, repo := newWorld(t, s, "lost"), t.Context(), s.Channels()
		tk := w.open(w.actor("amy", access.RoleRequester), "a").ID
		stands := channel.Surface{
			Ticket: tk, Workspace: w.id, Channel: event.ChannelPlain, ExternalID: "new", State: channel.Ready, Applied: "x",
			CardID: "3 4", Card: "y", SeenID: "5", Intent: channel.Intent{Step: "card", Nonce: "n", Message: 7, At: noon},
			Kind: category.InThread, Refusals: 2,
		}
		must(t, repo.Save(ctx, &stands))
		must(t, repo.Lost(ctx, tk, event.ChannelPlain, "old"))
		must(t, repo.CardLost(ctx, tk, event.ChannelPlain, "1 2", "1"))
		if now := got(repo.Of(ctx, tk, event.ChannelPlain))(t); *now != stands {
			t.Errorf("after losses of what is replaced: %+v", now)
		}
		must(t, repo.CardLost(ctx, tk, event.ChannelPlain, "3 4", "4"))
		stands.CardID, stands.Revision = "4", 2
		if now := got(repo.Of(ctx, tk, event.ChannelPlain))(t); *now != stands {
			t.Errorf("after the loss of the card: %+v", now)
		}
		must(t, repo.Lost(ctx, tk, event.ChannelPlain, "new"))
		want := channel.Surface{
			Ticket: tk, Workspace: w.id, Channel: event.ChannelPlain, State: channel.Gone, Kind: category.InThread, Revision: 3,
		}
		if now := got(repo.Of(ctx, tk, event.ChannelPlain))(t); *now != want {
			t.Errorf("after the loss of the place: %+v", now)
		}
		want.Intent = channel.Intent{Step: "channel", At: noon}
		must(t, repo.Save(ctx, &want))
		must(t, repo.Lost(ctx, tk, event.ChannelPlain, "new"))
		must(t, repo.Lost(ctx, tk, event.ChannelPlain, ""))
		if now := got(repo.Of(ctx, tk, event.ChannelPlain))(t); *now != want {
			t.Errorf("what is intended was forgotten: %+v", now)
		}
	})
}

// Who works on a surface reads it, and saves it much later.
func TestWhatIsNotedOfASurfaceIsNotOverwritten(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx, repo := newWorld(t, s, "stale"), t.Context(), s.Channels()
		tk := w.open(w.actor("amy", access.RoleRequester), "a").ID
		worked := channel.Surface{Ticket: tk, Workspace: w.id, Channel: event.ChannelPlain, ExternalID: "place", State: channel.Ready, CardID: "1 2"}
		twin := worked
		must(t, repo.Save(ctx, &worked))
		wantErr(t, repo.Save(ctx, &twin), channel.ErrStale)
		must(t, repo.Seen(ctx, event.ChannelPlain, channel.Sight{ExternalID: "place", SeenID: "7"}))
		must(t, repo.Save(ctx, &worked)) // what was seen is kept by itself
		must(t, repo.CardLost(ctx, tk, event.ChannelPlain, "1 2", "2"))
		wantErr(t, repo.Save(ctx, &worked), channel.ErrStale)
		d := channel.Delivery{Message: 1, ExternalID: "m", Version: 1}
		wantErr(t, repo.Delivered(ctx, &worked, d), channel.ErrStale)
		_, err := repo.DeliveryOf(ctx, tk, "m")
		wantErr(t, err, channel.ErrNotFound)
		read := got(repo.Of(ctx, tk, event.ChannelPlain))(t)
		must(t, repo.Delivered(ctx, read, d))
		must(t, repo.Lost(ctx, tk, event.ChannelPlain, "place"))
		wantErr(t, repo.Save(ctx, read), channel.ErrStale)
		if now := got(repo.Of(ctx, tk, event.ChannelPlain))(t); now.State != channel.Gone || now.ExternalID != "" || now.CardID != "" {
			t.Errorf("the loss was overwritten: %+v", now)
		}
		must(t, repo.Refresh(ctx, tk, event.ChannelPlain)) // there is nothing to refresh
		again := got(repo.Of(ctx, tk, event.ChannelPlain))(t)
		again.ExternalID, again.Applied = "new", "all"
		must(t, repo.Save(ctx, again))
		must(t, repo.Refresh(ctx, tk, event.ChannelPlain))
		if now := got(repo.Of(ctx, tk, event.ChannelPlain))(t); now.Applied != "" || now.Revision != again.Revision+1 {
			t.Errorf("refreshed: %+v", now)
		}
	})
}

func TestWhatAChannelCanDoIsKept(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx, repo := newWorld(t, s, "reports"), t.Context(), s.Channels()
		must(t, s.Workspaces().Link(ctx, workspace.Link{Channel: event.ChannelPlain, ExternalID: "g1", Workspace: w.id}))
		r := channel.Report{Workspace: w.id, Channel: event.ChannelPlain, State: channel.Connected, At: noon, Capabilities: []channel.Capability{
			{Key: "a", On: true}, {Key: "b", Mend: "x.y"},
		}}
		must(t, repo.SaveReport(ctx, &r))
		r.State = channel.Removed
		must(t, repo.SaveReport(ctx, &r))
		found := got(repo.Reports(ctx, w.id))(t)
		if len(found) != 1 || found[0].State != channel.Removed || len(found[0].Off()) != 1 || found[0].Off()[0].Mend != "x.y" || !found[0].At.Equal(noon) {
			t.Errorf("reports %+v", found)
		}
		amy, bob := w.actor("amy", access.RoleRequester), w.actor("bob", access.RoleSupervisor)
		var all []id.Ticket
		for i, state := range []channel.State{channel.Waiting, channel.Waiting, channel.Blocked, channel.Ready} {
			tk := w.open(amy, "a").ID
			all = append(all, tk)
			f := channel.Surface{Ticket: tk, Workspace: w.id, Channel: event.ChannelPlain, State: state, Kind: category.InThread}
			if state == channel.Ready {
				f.ExternalID = string(rune('a' + i))
			}
			must(t, repo.Save(ctx, &f))
		}
		if stuck := got(repo.Stuck(ctx, w.id, event.ChannelPlain, 10))(t); len(stuck) != 3 || stuck[2] != all[2] {
			t.Errorf("stuck: %v of %v", stuck, all)
		}
		for i, s := range []channel.Surface{
			{State: channel.Ready, ExternalID: "kept", Detail: "why.it.stays"},
			{State: channel.Blocked, ExternalID: "refused", Detail: "why"},
			{State: channel.Ready, ExternalID: "usual"},
			{State: channel.Blocked, Detail: "it never got a place"},
			{State: channel.Cleared},
		} {
			tk := w.open(amy, "closed")
			got(w.tickets.Resolve(ctx, call(bob), ticket.Ref{ID: tk.ID}))(t)
			got(w.tickets.Close(ctx, call(bob), ticket.Ref{ID: tk.ID}))(t)
			s.Ticket, s.Workspace, s.Channel = tk.ID, w.id, event.ChannelPlain
			must(t, repo.Save(ctx, &s))
			if i < 2 {
				all = append(all, tk.ID)
			}
		}
		late, again := w.open(amy, "late").ID, w.open(amy, "reopened").ID
		must(t, repo.Save(ctx, &channel.Surface{Ticket: late, Workspace: w.id, Channel: event.ChannelPlain, State: channel.Blocked, Detail: "why"}))
		must(t, repo.Save(ctx, &channel.Surface{Ticket: again, Workspace: w.id, Channel: event.ChannelPlain, State: channel.Cleared, Detail: "no new place"}))
		if stuck := got(repo.Stuck(ctx, w.id, event.ChannelPlain, 10))(t); !slices.Equal(stuck, []id.Ticket{all[0], all[1], all[2], late, again, all[4], all[5]}) {
			t.Errorf("stuck: %v of %v, %v and %v", stuck, all, late, again)
		}
		standings := got(repo.Standings(ctx, w.id, all...))(t)
		if standings[all[1]].Position != 2 || standings[all[3]].Position != 0 || standings[all[3]].Place != "g1" || standings[all[2]].State != channel.Blocked {
			t.Errorf("standings %+v", standings)
		}
	})
}

func TestTicketsWaitInLineForAPlace(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx, repo := newWorld(t, s, "line"), t.Context(), s.Channels()
		amy, bob := w.actor("amy", access.RoleRequester), w.actor("bob", access.RoleAgent)
		var line []id.Ticket
		for range 3 {
			tk := w.open(amy, "a").ID
			line = append(line, tk)
			must(t, repo.Save(ctx, &channel.Surface{Ticket: tk, Workspace: w.id, Channel: event.ChannelPlain, State: channel.Waiting, Kind: category.InThread}))
		}
		other := w.open(amy, "b").ID
		must(t, repo.Save(ctx, &channel.Surface{Ticket: other, Workspace: w.id, Channel: event.ChannelPlain, State: channel.Waiting, Kind: category.InDM}))
		got(w.tickets.AddParticipant(ctx, call(bob), ticket.Ref{ID: line[1]}, bob.Member))(t)
		if first := got(repo.Heads(ctx, w.id, event.ChannelPlain))(t); len(first) != 2 || first[0] != line[0] || first[1] != other {
			t.Errorf("first in line: %v of %v", first, line)
		}
		got(w.tickets.Resolve(ctx, call(bob), ticket.Ref{ID: line[0]}))(t)
		got(w.tickets.Close(ctx, call(bob), ticket.Ref{ID: line[0]}))(t)
		if first := got(repo.Heads(ctx, w.id, event.ChannelPlain))(t); len(first) != 2 || first[0] != line[1] {
			t.Errorf("first in line after one left it: %v of %v", first, line)
		}
		if n := got(repo.Ahead(ctx, w.id, event.ChannelPlain, category.InThread, line[2]))(t); n != 1 {
			t.Errorf("%d are ahead of the last", n)
		}
		for who, want := range map[id.Member]int{amy.Member: 0, bob.Member: 1} {
			found := got(repo.Concerning(ctx, w.id, event.ChannelPlain, who, 0, 10))(t)
			if who == amy.Member {
				want = 3
			}
			if len(found) != want {
				t.Errorf("%d concerns %v, want %d", who, found, want)
			}
		}
	})
}

func TestWhatWasSeenIsNeverUnseen(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx, repo := newWorld(t, s, "seen"), t.Context(), s.Channels()
		surface := &channel.Surface{
			Ticket: w.open(w.actor("amy", access.RoleRequester), "a").ID, Workspace: w.id,
			Channel: event.ChannelPlain, ExternalID: "place", State: channel.Ready,
		}
		must(t, repo.Save(ctx, surface))
		for _, step := range []struct{ seen, want string }{{"9", "9"}, {"10", "10"}, {"9", "10"}, {"11", "11"}} {
			must(t, repo.Seen(ctx, event.ChannelPlain, channel.Sight{ExternalID: "place", SeenID: step.seen}, channel.Sight{ExternalID: "nowhere", SeenID: "1"}))
			must(t, repo.Save(ctx, surface)) // it was read before anything was seen
			if f := got(repo.Of(ctx, surface.Ticket, event.ChannelPlain))(t); f.SeenID != step.want {
				t.Errorf("after %s: seen %s, want %s", step.seen, f.SeenID, step.want)
			}
		}
		surface.ExternalID = "new place"
		must(t, repo.Save(ctx, surface))
		if f := got(repo.Of(ctx, surface.Ticket, event.ChannelPlain))(t); f.SeenID != "" {
			t.Errorf("seen %s of a new place", f.SeenID)
		}
	})
}
