package graph_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// unbounded lets one ask for everything at once.
func (h *house) unbounded() {
	l := &h.services.Limits
	l.Body, l.Tokens, l.Depth, l.Aliases, l.Repeats, l.Fields, l.Complexity = 1<<30, 1<<30, 1<<30, 1<<30, 1<<30, 1<<30, 1<<50
	h.handler = graph.NewHandler(h.services)
}

// crowd is what a house has more of: each list of IDs is as long as it is large.
type crowd struct {
	size    int
	members []id.Member
	queues  []id.Queue
	policy  id.Policy
	tags    []id.Tag
	digests []string       // quoted, of the first queue
	plans   []string       // quoted, of each
	ticket  *ticket.Ticket // with as much of everything
}

// grows gives the house n more of everything that there are lists of.
func (h *house) grows(t *testing.T, n int) *crowd {
	t.Helper()
	ctx, w, c := t.Context(), h.Workspace.ID, &crowd{size: n}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		name := fmt.Sprintf("%d of %d", i+1, n)
		m := h.Arrives(t, name, "en", access.RoleRequester)
		q := &queue.Queue{ID: id.Queue(h.IDs()), Workspace: w, Name: name}
		check(h.Queues.Save(ctx, q))
		c.members, c.queues = append(c.members, m.ID), append(c.queues, q.ID)
		check(h.Teams.Save(ctx, &team.Team{
			ID: id.Team(h.IDs()), Workspace: w, Name: name, Members: []id.Member{h.Chidi.ID}, Queues: []id.Queue{q.ID, h.Support.ID},
			Roles: []team.Role{{Channel: event.ChannelDiscord, ExternalID: name}},
		}))
		check(h.Categories.Save(ctx, &category.Category{
			ID: id.Category(h.IDs()), Workspace: w, Name: locale.Of("en", name), Intent: category.Support, Queue: q.ID, Priority: priority.Low,
		}))
		check(h.Queues.SetGrant(ctx, w, &access.Grant{Queue: q.ID, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Allow}))
		h.opensOnMondays(t, q.ID)
		c.policy = h.promises(t, name, name).ID
		word, err := h.services.Tags.Create(ctx, h.Call(t, h.Ada), tag.Tag{Name: name})
		check(err)
		c.tags = append(c.tags, word.ID)
		_, _, err = h.services.Auth.CreateKey(ctx, h.Call(t, h.Ada), auth.KeyWish{Name: name, Member: m.ID, Scopes: auth.ReadScopes()})
		check(err)
		_, err = h.services.Auth.BeginFor(ctx, w, m.ID, "", name, h.Clock.Now())
		check(err)
		h.elsewhere(t, fmt.Sprintf("elsewhere-%d-of-%d", i+1, n))
	}
	fill(t, h, n)
	c.ticket = h.talks(t, n)
	for i, q := range c.queues {
		h.plans(t, q)
		c.plans = append(c.plans, quote(gid(scalar.DigestPlan, id.DigestPlan(q))))
		d := h.digested(t, c.queues[0], time.Duration(i)*time.Minute, h.some(t, n)...)
		c.digests = append(c.digests, quote(gid(scalar.Digest, d.ID)))
	}
	return c
}

// elsewhere makes Ada a member of another workspace.
func (h *house) elsewhere(t *testing.T, slug string) {
	t.Helper()
	w := &workspace.Workspace{ID: id.Workspace(h.IDs()), Slug: slug, Name: slug, Locale: "en", Channel: event.ChannelAPI, CreatedAt: h.Clock.Now()}
	if err := h.Workspaces.Create(t.Context(), w, workspace.Setup{Team: "T", Queues: []string{"Q"}}); err != nil {
		t.Fatal(err)
	}
	known, err := h.Members.Identities(t.Context(), h.Workspace.ID, event.ChannelPlain, h.Ada.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Members.Arrive(t.Context(), w.ID, h.Clock.Now(), member.Arrival{
		Channel: event.ChannelPlain, ExternalID: known[h.Ada.ID], Name: "Ada",
	}); err != nil {
		t.Fatal(err)
	}
}

// talks opens a ticket in which everything happens that can happen to one, and
// then n times the most frequent: replies and notes, tags and people as far as a
// ticket has room for them and one more.
func (h *house) talks(t *testing.T, n int) *ticket.Ticket {
	t.Helper()
	tk := h.Opens(t, h.Lea, h.Help)
	h.arrives(t, tk)
	people := make([]id.Member, min(n, 48))
	for i := range people {
		people[i] = h.Arrives(t, fmt.Sprint("Guest ", i+1, " of ", n), "en", access.RoleRequester).ID
	}
	var said *ticket.Message
	h.Changes(t, h.Chidi, tk, func(c ticket.Cause, tk *ticket.Ticket) (err error) {
		said, err = tk.Reply(c, ticket.FromStaff, "en", "Looking.")
		return err
	})
	if _, err := h.services.Tickets.EditMessage(t.Context(), h.Call(t, h.Chidi), h.Ref(tk), said.ID, "Found it."); err != nil {
		t.Fatal(err)
	}
	return h.Changes(t, h.Chidi, tk, func(c ticket.Cause, tk *ticket.Ticket) error {
		return goesOn(c, tk, n, people)
	})
}

func goesOn(c ticket.Cause, tk *ticket.Ticket, n int, people []id.Member) error {
	for i := range n {
		if _, err := tk.Reply(c, ticket.FromStaff, "en", fmt.Sprint("Still looking. ", i)); err != nil {
			return err
		}
		if _, err := tk.AddNote(c, "en", "No idea."); err != nil {
			return err
		}
		if i < len(people) {
			if err := tk.AddParticipant(c, people[i]); err != nil {
				return err
			}
		}
		if i < 18 {
			if err := tk.AddTag(c, fmt.Sprint("tag ", i)); err != nil {
				return err
			}
		}
	}
	return nil
}
