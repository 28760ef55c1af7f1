package graph_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

const (
	edge = `{ cursor ticket { id } node { __typename ... on MessagePostedEvent { message { body author { name } } }
		... on NoteAddedEvent { message { body } } } }`
	followQueue = `subscription($q: ID!, $after: Cursor) { queueEvents(queueId: $q, after: $after) ` + edge + ` }`
	followMine  = `subscription($after: Cursor) { myEvents(after: $after) ` + edge + ` }`
)

func (h *house) transfers(t *testing.T, who *member.Member, tk *ticket.Ticket, to string) {
	t.Helper()
	h.ask(t, who, `mutation($t: ID!, $q: ID!) { transferTicket(input: {ticketId: $t, queueId: $q}) { userErrors { code } } }`,
		vars{"t": ticketID(tk), "q": to})
}

// about checks of which ticket an event tells.
func (s *stream) about(tk *ticket.Ticket, kind, text string) heard {
	s.t.Helper()
	e := s.wants(kind, text)
	if e.edge.Ticket.ID != ticketID(tk) {
		s.t.Errorf("%s %q is told of ticket %s, want %s", kind, text, e.edge.Ticket.ID, ticketID(tk))
	}
	return e
}

// whole is a subscription over either transport.
type whole func(h *house, t *testing.T, url string, who *member.Member, query string, v vars) *stream

func wholes() map[string]whole {
	return map[string]whole{"sse": (*house).sseOf, "websocket": (*house).wsOf}
}

func TestAQueueIsFollowed(t *testing.T) {
	for name, subscribe := range wholes() {
		t.Run(name, func(t *testing.T) {
			eachStore(t, func(t *testing.T, h *house) {
				url := h.serve(t).URL
				support, billing := gid(scalar.Queue, h.Support.ID), gid(scalar.Queue, h.Billing.ID)
				begun := h.Opens(t, h.Lea, h.Help)
				at := h.ask(t, h.Sam, `query($t: ID!) { ticket(id: $t) { timeline(last: 1) { pageInfo { endCursor } } } }`,
					vars{"t": ticketID(begun)}).at("ticket.timeline.pageInfo.endCursor")
				chidi := subscribe(h, t, url, h.Chidi, followQueue, vars{"q": support, "after": at})
				sam := subscribe(h, t, url, h.Sam, followQueue, vars{"q": support, "after": at})
				other := h.Opens(t, h.Bob, h.Invoice) // in another queue
				h.says(t, h.Bob, other, "not here")
				h.says(t, h.Lea, begun, "one")
				h.notes(t, h.Chidi, begun, "between us")
				for _, s := range []*stream{chidi, sam} {
					s.about(begun, "MessagePostedEvent", "one")
					s.about(begun, "NoteAddedEvent", "between us")
				}
				// What leaves the queue is told to who may still see it, and to nobody else.
				witness := h.sse(t, url, h.Lea, vars{"t": ticketID(begun), "after": at})
				witness.wants("MessagePostedEvent", "one")
				h.transfers(t, h.Sam, begun, billing)
				sam.about(begun, "TicketTransferredEvent", "")
				witness.wants("TicketTransferredEvent", "")
				h.says(t, h.Lea, begun, "elsewhere by now")
				witness.wants("MessagePostedEvent", "elsewhere by now")
				h.transfers(t, h.Sam, begun, support)
				chidi.about(begun, "TicketTransferredEvent", "")
				last := sam.about(begun, "TicketTransferredEvent", "")
				sam.stop()

				h.says(t, h.Chidi, begun, "two")
				h.transfers(t, h.Sam, other, support)
				sam = subscribe(h, t, url, h.Sam, followQueue, vars{"q": support, "after": last.edge.Cursor})
				sam.about(begun, "MessagePostedEvent", "two")
				sam.about(begun, "StatusChangedEvent", "")
				sam.about(other, "TicketTransferredEvent", "")
				h.says(t, h.Bob, other, "here")
				sam.about(other, "MessagePostedEvent", "here")
			})
		})
	}
}

func TestAQueueIsNotFollowedByStrangers(t *testing.T) {
	h := sqlite(t)
	url := h.serve(t).URL
	support := gid(scalar.Queue, h.Support.ID)
	for name, subscribe := range wholes() {
		for _, c := range []struct {
			who   *member.Member
			queue string
			code  string
		}{
			{h.Dana, support, "FORBIDDEN"},
			{h.Lea, support, "FORBIDDEN"},
			{h.Chidi, "nonsense", "NOT_FOUND"},
			{h.Chidi, memberID(h.Chidi), "NOT_FOUND"},
		} {
			if e := subscribe(h, t, url, c.who, followQueue, vars{"q": c.queue}).next(); !strings.Contains(e.text, c.code) {
				t.Errorf("%s, %s of %s: %s", name, c.who.Name, c.queue, e.text)
			}
		}
	}
}

func TestMyOwnTicketsAreFollowed(t *testing.T) {
	for name, subscribe := range wholes() {
		t.Run(name, func(t *testing.T) {
			eachStore(t, func(t *testing.T, h *house) {
				url := h.serve(t).URL
				old := h.Opens(t, h.Lea, h.Help)
				begun := vars{"after": h.ask(t, h.Lea, `query($t: ID!) { ticket(id: $t) { timeline(last: 1) { pageInfo { endCursor } } } }`,
					vars{"t": ticketID(old)}).at("ticket.timeline.pageInfo.endCursor")}
				lea, bob := subscribe(h, t, url, h.Lea, followMine, begun), subscribe(h, t, url, h.Bob, followMine, begun)
				chidi := subscribe(h, t, url, h.Chidi, followMine, begun)
				h.notes(t, h.Chidi, old, "not for her")
				h.says(t, h.Chidi, old, "for her")
				lea.about(old, "MessagePostedEvent", "for her")
				lea.about(old, "StatusChangedEvent", "")
				h.Changes(t, h.Chidi, old, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Claim(c) })
				chidi.about(old, "TicketClaimedEvent", "") // nothing before: it was the team's, not his
				lea.about(old, "TicketClaimedEvent", "")
				h.Changes(t, h.Chidi, old, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.AddParticipant(c, h.Bob.ID) })
				h.says(t, h.Lea, old, "to all")
				for _, s := range []*stream{lea, bob, chidi} {
					s.about(old, "ParticipantAddedEvent", "")
					s.about(old, "MessagePostedEvent", "to all")
				}
				h.Changes(t, h.Chidi, old, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.RemoveParticipant(c, h.Bob.ID) })
				h.says(t, h.Lea, old, "without Bob")
				h.Changes(t, h.Sam, old, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Unassign(c) })
				h.says(t, h.Lea, old, "without Chidi")
				own := h.Opens(t, h.Bob, h.Help)
				bob.about(own, "TicketOpenedEvent", "")
				chidi.about(old, "ParticipantRemovedEvent", "")
				chidi.about(old, "MessagePostedEvent", "without Bob")
				last := chidi.about(old, "TicketUnassignedEvent", "")
				h.Changes(t, h.Sam, own, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Assign(c, h.Chidi.ID) })
				chidi.about(own, "TicketAssignedEvent", "")
				chidi.stop()
				subscribe(h, t, url, h.Chidi, followMine, vars{"after": last.edge.Cursor}).about(own, "TicketAssignedEvent", "")
			})
		})
	}
}

// A right that is withdrawn ends what it was for, whether or not anything happens.
func TestWithdrawnRightsEndSubscriptionsAtOnce(t *testing.T) {
	queue := func(h *house) (string, vars) { return followQueue, vars{"q": gid(scalar.Queue, h.Support.ID)} }
	for name, c := range map[string]struct {
		wish     func(*house) (string, vars)
		withdraw func(context.Context, *house) error // of one who worked here
		code     string
	}{
		"the role": {queue, func(ctx context.Context, h *house) error {
			return h.Members.SetRole(ctx, member.Ref{Workspace: h.Workspace.ID, ID: h.Chidi.ID}, access.RoleRequester)
		}, "FORBIDDEN"},
		"the team": {queue, func(ctx context.Context, h *house) error {
			teams, err := h.Teams.List(ctx, h.Workspace.ID)
			if err != nil {
				return err
			}
			for _, of := range teams {
				of.Members = nil
				if err := h.Teams.Save(ctx, of); err != nil {
					return err
				}
			}
			return nil
		}, "FORBIDDEN"},
		"the queue of the team": {queue, func(ctx context.Context, h *house) error {
			teams, err := h.Teams.List(ctx, h.Workspace.ID)
			if err != nil {
				return err
			}
			return h.Teams.Save(ctx, &team.Team{ID: teams[1].ID, Workspace: h.Workspace.ID, Name: teams[1].Name, Members: teams[1].Members})
		}, "FORBIDDEN"},
		"a grant": {queue, func(ctx context.Context, h *house) error {
			return h.Queues.SetGrant(ctx, h.Workspace.ID, &access.Grant{
				Queue: h.Support.ID, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Deny,
			})
		}, "FORBIDDEN"},
		"a category's grant": {func(h *house) (string, vars) { return follow, vars{"t": ticketID(h.ticket)} }, func(ctx context.Context, h *house) error {
			return h.Queues.SetGrant(ctx, h.Workspace.ID, &access.Grant{
				Category: h.Help.ID, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Deny,
			})
		}, "NOT_FOUND"},
		"a ticket's": {func(h *house) (string, vars) { return follow, vars{"t": ticketID(h.ticket)} }, func(ctx context.Context, h *house) error {
			return h.Members.SetRole(ctx, member.Ref{Workspace: h.Workspace.ID, ID: h.Chidi.ID}, access.RoleRequester)
		}, "NOT_FOUND"},
		"membership": {func(*house) (string, vars) { return followMine, nil }, func(ctx context.Context, h *house) error {
			return h.store.InTx(ctx, func(ctx context.Context, tx *sqlstore.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM team_members WHERE member_id = ?`, int64(h.Chidi.ID))
				if err == nil { // to another workspace, and nobody is told
					_, err = tx.Exec(ctx, `UPDATE members SET workspace_id = (SELECT MAX(id) FROM workspaces WHERE id <> workspace_id)
						WHERE id = ?`, int64(h.Chidi.ID))
				}
				return err
			})
		}, "UNAUTHENTICATED"},
	} {
		for transport, subscribe := range wholes() {
			t.Run(name+" over "+transport, func(t *testing.T) {
				sqlstoretest.Each(t, func(t *testing.T, store *sqlstore.Store) {
					h := build(t, store, &sqlstoretest.Counter{}, func(c *graph.Config) { c.Limits.Review = 50 * time.Millisecond })
					tickettest.NewDesk(t, h.World)
					h.ticket = h.Opens(t, h.Lea, h.Help)
					query, v := c.wish(h)
					s := subscribe(h, t, h.serve(t).URL, h.Chidi, query, v)
					h.says(t, h.Lea, h.ticket, "before") // heard or not, as it comes before or after the beginning
					if err := c.withdraw(t.Context(), h); err != nil {
						t.Fatal(err)
					}
					e := s.next()
					if strings.Contains(e.text, "before") {
						e = s.next()
					}
					// A token that names nobody ends its WebSocket as well, by whichever notices first.
					if ended := c.code == "UNAUTHENTICATED" && strings.Contains(e.text, "4403"); !ended && !strings.Contains(e.text, c.code) {
						t.Errorf("it ends with %s %s, want %s", e.kind, e.text, c.code)
					}
				})
			})
		}
	}
}

// Two processes share a PostgreSQL: what one writes, a subscriber of the other hears.
func TestSubscriptionsHearOtherProcesses(t *testing.T) {
	url := sqlstoretest.Postgres(t)
	here := build(t, sqlstoretest.Open(t, sqlstore.Options{URL: url, Now: time.Now}), &sqlstoretest.Counter{})
	there := elsewhere(t, url)
	tk := here.Opens(t, here.Lea, here.Help)
	base := here.serve(t).URL
	for name, s := range map[string]*stream{
		"ticket": here.sse(t, base, here.Lea, vars{"t": ticketID(tk), "after": scalar.EncodeCursor(page.Cursor{int64(0)})}),
		"queue":  here.wsOf(t, base, here.Chidi, followQueue, vars{"q": gid(scalar.Queue, here.Support.ID), "after": scalar.EncodeCursor(page.Cursor{int64(0)})}),
		"mine":   here.sseOf(t, base, here.Lea, followMine, vars{"after": scalar.EncodeCursor(page.Cursor{int64(0)})}),
	} {
		for s.next().edge.Node.Typename != "MessagePostedEvent" { // it has caught up then
		}
		if _, err := there.Reply(t.Context(), here.Call(t, here.Lea), here.Ref(tk), name); err != nil {
			t.Fatal(err)
		}
		for {
			if e := s.next(); e.edge.Node.Message.Body == name {
				break
			}
		}
	}
}

// elsewhere is another process's ticket service on the same database.
func elsewhere(t *testing.T, url string) *ticket.Service {
	t.Helper()
	s := sqlstoretest.Open(t, sqlstore.Options{URL: url, Now: time.Now})
	return ticket.NewService(s.Tickets(), s.Categories(), s.Members(), s.Queues(), s.Workspaces(), s.IDs())
}
