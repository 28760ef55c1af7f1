package channel_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// person makes a member whom the channel calls by their number.
func person(n id.Member, role access.Role) channel.Person {
	return channel.Person{
		Member:     &member.Member{ID: n, Workspace: tickettest.TheWorkspace, Role: role},
		ExternalID: fmt.Sprint("user-", n),
	}
}

// facts are those of a ticket by a requester, with the team's role @helpers.
func facts(tk *ticket.Ticket) *channel.Facts {
	return &channel.Facts{
		Ticket: tk, Workspace: &workspace.Workspace{ID: tickettest.TheWorkspace}, Category: &category.Category{},
		Requester: person(tickettest.TheRequester, access.RoleRequester),
		Roles:     []string{"helpers"},
	}
}

func TestAPrivateTicketIsSeenByItsRequesterAndItsTeam(t *testing.T) {
	f := facts(tickettest.NewTicket(tickettest.With(6), tickettest.AssignedTo(7)))
	f.Participants = []channel.Person{person(6, access.RoleRequester)}
	f.Assignee = person(7, access.RoleAgent)
	f.Staff = []channel.Staff{
		{Person: person(8, access.RoleAgent), Queues: []id.Queue{tickettest.TheQueue}, ByRole: true},
		{Person: person(9, access.RoleAgent), Queues: []id.Queue{tickettest.TheQueue}},
		{Person: person(10, access.RoleSupervisor)},
	}
	want := []channel.Viewer{
		{Role: true, ExternalID: "helpers", Send: true},
		{ExternalID: "user-10", Send: true},
		{ExternalID: "user-5", Send: true},
		{ExternalID: "user-6", Send: true},
		{ExternalID: "user-7", Send: true},
		{ExternalID: "user-9", Send: true},
	}
	if got := f.Audience(); !slices.Equal(got, want) {
		t.Errorf("the audience is %v, want %v", got, want)
	}
}

func TestAnOpenCategoryIsSeenByEverybody(t *testing.T) {
	f := facts(tickettest.NewTicket())
	f.Grants = []access.Grant{
		{Category: tickettest.TheCategory, Role: access.RoleRequester, Class: access.ClassSee, Effect: access.Allow},
	}
	if first := f.Audience()[0]; first != (channel.Viewer{Role: true}) {
		t.Errorf("the audience begins with %v, want everybody, without writing", first)
	}
	f.Grants[0].Class = access.ClassAnswer
	if first := f.Audience()[0]; first.ExternalID == "" {
		t.Error("who may answer but not see was let in")
	}
}

func TestASupervisorKeepsWhatTheTeamsRoleLacks(t *testing.T) {
	f := facts(tickettest.NewTicket())
	f.Grants = []access.Grant{
		{Queue: tickettest.TheQueue, Role: access.RoleAgent, Class: access.ClassAnswer, Effect: access.Deny},
	}
	f.Staff = []channel.Staff{
		{Person: person(8, access.RoleAgent), Queues: []id.Queue{tickettest.TheQueue}, ByRole: true},
		{Person: person(9, access.RoleSupervisor), Queues: []id.Queue{tickettest.TheQueue}, ByRole: true},
	}
	want := []channel.Viewer{
		{Role: true, ExternalID: "helpers"},
		{ExternalID: "user-5", Send: true},
		{ExternalID: "user-9", Send: true},
	}
	if got := f.Audience(); !slices.Equal(got, want) {
		t.Errorf("the audience is %v, want %v", got, want)
	}
}

func TestWhoIsUnknownToTheChannelHasNoLine(t *testing.T) {
	f := facts(tickettest.NewTicket())
	f.Requester.ExternalID = ""
	f.Staff = []channel.Staff{{Person: channel.Person{Member: &member.Member{ID: 9, Role: access.RoleAdmin}}}}
	if got := f.Audience(); len(got) != 1 || !got[0].Role {
		t.Errorf("the audience is %v, want the team's role only", got)
	}
}

// drawn makes the facts of any ticket: who takes part, who works on it, whom
// grants let in or keep out.
func drawn(t *rapid.T) *channel.Facts {
	role := rapid.SampledFrom(access.Roles())
	tk := tickettest.NewTicket(tickettest.In(rapid.SampledFrom(ticket.Statuses()).Draw(t, "status")))
	f := facts(tk)
	f.Requester = person(tk.Requester, role.Draw(t, "the requester's role"))
	if rapid.Bool().Draw(t, "there is a participant") {
		tickettest.With(6)(tk)
		f.Participants = []channel.Person{person(6, role.Draw(t, "the participant's role"))}
	}
	if rapid.Bool().Draw(t, "there is an assignee") {
		tickettest.AssignedTo(7)(tk)
		f.Assignee = person(7, role.Draw(t, "the assignee's role"))
	}
	for n := range rapid.IntRange(0, 4).Draw(t, "staff") {
		s := channel.Staff{Person: person(id.Member(6+n), role.Draw(t, "role"))}
		if rapid.Bool().Draw(t, "in the team") {
			s.Queues = []id.Queue{tickettest.TheQueue}
			s.ByRole = s.Member.Role == access.RoleAgent && rapid.Bool().Draw(t, "by role")
		}
		f.Staff = append(f.Staff, s)
	}
	f.Grants = rapid.SliceOfNDistinct(grant(), 0, 4, func(g access.Grant) access.Grant { g.Effect = ""; return g }).Draw(t, "grants")
	alike(f)
	return f
}

// alike makes sure that nobody is two people of two roles.
func alike(f *channel.Facts) {
	for _, s := range f.Staff {
		for _, p := range append(f.Participants, f.Assignee) {
			if p.Member != nil && p.Member.ID == s.Member.ID {
				p.Member.Role = s.Member.Role
			}
		}
	}
}

// grant draws one that may concern the ticket. No grant lets everybody in: who
// is let in beside everybody can't be told apart in a channel.
func grant() *rapid.Generator[access.Grant] {
	return rapid.Custom(func(t *rapid.T) access.Grant {
		g := access.Grant{
			Role:   rapid.SampledFrom([]access.Role{access.RoleAgent, access.RoleSupervisor}).Draw(t, "role"),
			Class:  rapid.SampledFrom([]access.Class{access.ClassSee, access.ClassAnswer}).Draw(t, "class"),
			Effect: rapid.SampledFrom([]access.Effect{access.Allow, access.Deny}).Draw(t, "effect"),
		}
		if rapid.Bool().Draw(t, "for the category") {
			g.Category = tickettest.TheCategory
		} else {
			g.Queue = tickettest.TheQueue
		}
		return g
	})
}

// rights gives what the audience lets somebody do, by their own line and, if
// they hold it, by the team's role.
func rights(audience []channel.Viewer, externalID string, holdsRole bool) (see, send bool) {
	for _, v := range audience {
		if !v.Role && v.ExternalID == externalID || v.Role && (v.ExternalID == "" || holdsRole) {
			see, send = true, send || v.Send
		}
	}
	return see, send
}

func TestEverybodySeesWhatTheAccessTableSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawn(t)
		audience := f.Audience()
		people := append([]channel.Staff{{Person: f.Requester}}, f.Staff...)
		for _, p := range append(f.Participants, f.Assignee) {
			if p.Member != nil && !slices.ContainsFunc(f.Staff, func(s channel.Staff) bool { return s.Member.ID == p.Member.ID }) {
				people = append(people, channel.Staff{Person: p})
			}
		}
		for _, p := range people {
			actor := access.Actor{
				Workspace: tickettest.TheWorkspace, Member: p.Member.ID, Role: p.Member.Role, Queues: p.Queues, Grants: f.Grants,
			}
			scope := f.Ticket.Scope(actor)
			wantSee := access.Allowed(actor, access.TicketSee, scope)
			wantSend := wantSee && f.Ticket.Status != ticket.Closed && access.Allowed(actor, access.TicketReply, scope)
			if see, send := rights(audience, p.ExternalID, p.ByRole); see != wantSee || send != wantSend {
				t.Fatalf("%s %s sees %v and writes %v, by the access table %v and %v",
					p.Member.Role, p.ExternalID, see, send, wantSee, wantSend)
			}
		}
		if see, _ := rights(audience, "a stranger", false); see {
			t.Fatal("a stranger sees the ticket")
		}
	})
}

func TestNobodyWritesInAClosedTicket(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawn(t)
		tickettest.In(ticket.Closed)(f.Ticket)
		for _, v := range f.Audience() {
			if v.Send {
				t.Fatalf("%v writes in a closed ticket", v)
			}
		}
	})
}

func TestTheAudienceIsInAFixedOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawn(t)
		first := f.Audience()
		slices.Reverse(f.Staff)
		slices.Reverse(f.Roles)
		if again := f.Audience(); !slices.Equal(first, again) {
			t.Fatalf("the audience was %v and is %v", first, again)
		}
	})
}
