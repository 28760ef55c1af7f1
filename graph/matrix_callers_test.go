package graph_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// caller is somebody who asks, and what they are to the ticket that they ask about.
type caller struct {
	name   string
	who    *member.Member // nil: nobody
	actor  access.Actor
	scope  access.Scope
	desk   *tickettest.Desk // where they are at home
	ticket *seen            // for reads
}

// seen is a ticket with what the rows name of it.
type seen struct {
	*ticket.Ticket

	begin               page.Cursor // before it was opened
	message, note, mine *ticket.Message
}

// matrix is a house with callers of all kinds.
type matrix struct {
	*house

	url     string
	values  vars
	callers []*caller
}

// newMatrix lets a member of each role in, in and out of the team that serves
// Support, another workspace's admin, and nobody.
func newMatrix(t *testing.T, h *house) *matrix {
	t.Helper()
	h.guests = map[string]auth.Subject{}
	m := &matrix{house: h, url: h.serve(t).URL}
	m.keeps(t, m.Help)
	elsewhere := tickettest.NewDesk(t, m.World)
	m.settle(t)
	for _, role := range access.Roles() {
		inside, outside := m.Arrives(t, string(role)+" in the team", "en", role), m.Arrives(t, string(role), "en", role)
		m.join(t, inside)
		for _, relation := range access.Relations() {
			who := outside
			if relation == access.Team {
				who = inside
			}
			m.add(t, m.Desk, who, relation, fmt.Sprintf("%s, %s", role, relation))
		}
	}
	admin := *elsewhere.Ada
	admin.Name = "admin of elsewhere"
	m.add(t, elsewhere, &admin, access.None, "another workspace's admin")
	m.callers = append(m.callers, &caller{name: "nobody", desk: m.Desk})
	for _, c := range m.callers {
		c.ticket = m.opens(t, c)
	}
	return m
}

// settle makes what the rows name beside the ticket.
func (m *matrix) settle(t *testing.T) {
	t.Helper()
	teams, err := m.Teams.List(t.Context(), m.Workspace.ID)
	if err != nil {
		t.Fatal(err)
	}
	g := access.Grant{Queue: m.Billing.ID, Role: access.RoleSupervisor, Class: access.ClassClaim, Effect: access.Allow}
	if err := m.services.Queues.SetGrant(t.Context(), m.Call(t, m.Ada), &g); err != nil {
		t.Fatal(err)
	}
	hours := m.opensOnMondays(t, m.Support.ID)
	policy, spare := m.promises(t, "never", "never"), m.promises(t, "spare", "spare")
	staffs, err := m.services.Tags.Create(t.Context(), m.Call(t, m.Ada), tag.Tag{Name: "staffs"})
	if err != nil {
		t.Fatal(err)
	}
	let, err := m.services.Auth.BeginFor(t.Context(), m.Workspace.ID, m.Ada.ID, "", "Console", m.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	key, _, err := m.services.Auth.CreateKey(t.Context(), m.Call(t, m.Ada), auth.KeyWish{Name: "Robot", Scopes: auth.ReadScopes()})
	if err != nil {
		t.Fatal(err)
	}
	m.plans(t, m.Support.ID)
	urgent := m.alerted(t)
	m.follows(t)
	gathered := m.digested(t, m.Support.ID, 0, m.Opens(t, m.Lea, m.Help).ID)
	m.values = vars{
		"plan": gid(scalar.DigestPlan, id.DigestPlan(m.Support.ID)), "digest": gid(scalar.Digest, gathered.ID),
		"urgent": ticketID(urgent), "start": scalar.EncodeCursor(page.Cursor{int64(0)}),
		"session": gid(scalar.Session, let.Session),
		"key":     gid(scalar.APIKey, key.ID),
		"tag":     gid(scalar.Tag, staffs.ID), "spare": gid(scalar.Tag, staffs.ID),
		"workspace": gid(scalar.Workspace, m.Workspace.ID), "member": memberID(m.Bob), "agent": memberID(m.Dana),
		"queue": gid(scalar.Queue, m.Support.ID), "otherQueue": gid(scalar.Queue, m.Billing.ID),
		"category": gid(scalar.Category, m.Help.ID), "otherCategory": gid(scalar.Category, m.Invoice.ID),
		"team": gid(scalar.Team, teams[0].ID), "grant": gid(scalar.Grant, g.ID),
		"policy": gid(scalar.Policy, policy.ID), "sparePolicy": gid(scalar.Policy, spare.ID),
		"hours": gid(scalar.Hours, hours.ID), "place": m.linked(t, fmt.Sprint("Place of ", m.Workspace.ID)),
		"desk": m.desked(t, "4711"),
	}
}

// join lets a member into the team that serves Support.
func (m *matrix) join(t *testing.T, who *member.Member) {
	t.Helper()
	teams, err := m.Teams.List(t.Context(), m.Workspace.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, served := range teams {
		if slices.Contains(served.Queues, m.Support.ID) {
			served.Members = append(served.Members, who.ID)
			if err := m.Teams.Save(t.Context(), served); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (m *matrix) add(t *testing.T, at *tickettest.Desk, who *member.Member, relation access.Relation, name string) {
	t.Helper()
	m.guests[who.Name] = auth.Subject{Workspace: at.Workspace.ID, Member: who.ID, ExpiresAt: m.Clock.Now().AddDate(1, 0, 0)}
	m.callers = append(m.callers, &caller{name: name, who: who, actor: at.Actor(t, who), desk: at, scope: access.Scope{
		Workspace: m.Workspace.ID, Queue: m.Support.ID, Category: m.Help.ID, Requester: relation == access.Requester,
		Assignee: relation == access.Assignee, Participant: relation == access.Participant,
	}})
}

// opens makes a ticket to which the caller has their relation.
func (m *matrix) opens(t *testing.T, c *caller, given ...step) *seen {
	t.Helper()
	head, err := m.Tickets.Head(t.Context(), m.Workspace.ID)
	if err != nil {
		t.Fatal(err)
	}
	requester, author, made := m.Lea, m.Lea, &seen{begin: page.Cursor{head}}
	if c.who != nil {
		author = c.who
	}
	if c.scope.Requester {
		requester = c.who
	}
	made.Ticket = m.Opens(t, requester, m.Help)
	byCaller := m.Cause(author)
	made.Ticket = m.Changes(t, m.Sam, made.Ticket, func(cause ticket.Cause, tk *ticket.Ticket) (err error) {
		made.mine, err = tk.Reply(byCaller, ticket.FromRequester, "en", "Mine.")
		steps := []step{
			func(tk *ticket.Ticket, cause ticket.Cause) error {
				made.message, err = tk.Reply(cause, ticket.FromStaff, "en", "Hello.")
				return err
			},
			func(tk *ticket.Ticket, cause ticket.Cause) error {
				made.note, err = tk.AddNote(cause, "en", "Hm.")
				return err
			},
			func(tk *ticket.Ticket, cause ticket.Cause) error { return tk.AddTag(cause, "staffs") },
			func(tk *ticket.Ticket, cause ticket.Cause) error { return m.relates(cause, tk, c) },
		}
		for _, s := range append(steps, given...) {
			if err == nil {
				err = s(tk, cause)
			}
		}
		return err
	})
	return made
}

func (m *matrix) relates(cause ticket.Cause, tk *ticket.Ticket, c *caller) error {
	switch {
	case c.scope.Assignee:
		return tk.Assign(cause, c.who.ID)
	case c.scope.Participant:
		return tk.AddParticipant(cause, c.who.ID)
	}
	return tk.Assign(cause, m.Dana.ID)
}
