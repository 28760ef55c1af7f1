package sqlstore_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// noon is when the stories of these tests begin.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// world is a workspace with a queue, a category and a team that serves it.
type world struct {
	t  *testing.T
	s  *sqlstore.Store
	id id.Workspace

	queue, other id.Queue // "Support", which the team serves, and "Billing"
	category     id.Category
	team         id.Team
	tickets      *ticket.Service
}

func setup() workspace.Setup {
	return workspace.Setup{
		Team:   "Support",
		Queues: []string{"Support"},
		Categories: []category.Category{{
			Name: locale.Text{"en": "Help", "fr": "Aide"}, Intent: category.Support, Queue: 1, Priority: priority.Normal,
			Form: []category.Field{{
				Key: "what", Label: locale.Of("en", "What?"), Style: category.Long, Purpose: category.Body, Most: 4000,
			}},
			Greeting: locale.Text{"en": "Hello {{requester}}, this is ticket {{number}}.", "fr": "Bonjour {{requester}} : ticket {{number}}."},
		}},
	}
}

func newWorld(t *testing.T, s *sqlstore.Store, slug string) *world {
	t.Helper()
	w := &world{t: t, s: s, id: id.Workspace(s.IDs()())}
	must(t, s.Workspaces().Create(t.Context(), &workspace.Workspace{
		ID: w.id, Slug: slug, Name: slug, Locale: "en", Channel: event.ChannelPlain, CreatedAt: noon,
	}, setup()))
	w.queue = got(s.Queues().List(t.Context(), w.id))(t)[0].ID
	w.category = got(s.Categories().List(t.Context(), w.id))(t)[0].ID
	w.team = got(s.Teams().List(t.Context(), w.id))(t)[0].ID
	w.other = id.Queue(s.IDs()())
	must(t, s.Queues().Save(t.Context(), &queue.Queue{ID: w.other, Workspace: w.id, Name: "Billing"}))
	w.tickets = ticket.NewService(s.Tickets(), s.Categories(), s.Members(), s.Queues(), s.Workspaces(), s.IDs())
	return w
}

// arrive makes a member as a channel would.
func (w *world) arrive(name string, a member.Arrival) *member.Member {
	w.t.Helper()
	a.Name, a.ExternalID = name, "u-"+name
	if a.Channel == "" {
		a.Channel = event.ChannelPlain
	}
	return got(w.s.Members().Arrive(w.t.Context(), w.id, noon, a))(w.t)
}

// actor gives an actor of the role; agents are in the team.
func (w *world) actor(name string, r access.Role) access.Actor {
	w.t.Helper()
	m := w.arrive(name, member.Arrival{})
	if r == access.RoleAgent {
		tm := got(w.s.Teams().Get(w.t.Context(), w.id, w.team))(w.t)
		tm.Members = append(tm.Members, m.ID)
		must(w.t, w.s.Teams().Save(w.t.Context(), tm))
	}
	must(w.t, w.s.Members().SetRole(w.t.Context(), member.Ref{Workspace: w.id, ID: m.ID}, r))
	return got(w.s.Members().Actor(w.t.Context(), w.id, m.ID))(w.t)
}

func call(a access.Actor) access.Call {
	return access.Call{Actor: a, Now: noon, Origin: event.Origin{Channel: event.ChannelAPI}}
}

func (w *world) open(a access.Actor, subject string) *ticket.Ticket {
	w.t.Helper()
	return got(w.tickets.Open(w.t.Context(), call(a), ticket.OpenInput{Category: w.category, Subject: subject, Body: "It broke."}))(w.t)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// got gives the result of a call that must not fail: got(call())(t).
func got[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantErr(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
}
