package access_test

import (
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
)

// matrix says, for each role that somebody may have, which permissions they
// hold by what they are to the ticket: its requester, its assignee, staff of a
// team that serves its queue, a participant, or nothing at all.
const matrix = `
requester        requester assignee team participant none
workspace.see        yes      yes    yes      yes     yes
workspace.manage      -        -      -        -       -
member.see            -        -      -        -       -
member.manage         -        -      -        -       -
audit.see             -        -      -        -       -
tag.see               -        -      -        -       -
tag.create            -        -      -        -       -
tag.manage            -        -      -        -       -
key.create            -        -      -        -       -
key.manage            -        -      -        -       -
session.manage        -        -      -        -       -
ticket.open          yes      yes    yes      yes     yes
ticket.open_for       -        -      -        -       -
ticket.see           yes      yes     -       yes      -
ticket.reply         yes       -      -       yes      -
note.see              -        -      -        -       -
note.write            -        -      -        -       -
ticket.claim          -        -      -        -       -
ticket.work           -        -      -        -       -
ticket.resolve       yes       -      -        -       -
ticket.manage         -        -      -        -       -
ticket.amend         yes       -      -        -       -
ticket.confirm       yes       -      -        -       -
ticket.reopen        yes       -      -        -       -
message.remove        -        -      -        -       -
message.history       -        -      -        -       -

agent            requester assignee team participant none
workspace.see        yes      yes    yes      yes     yes
workspace.manage      -        -      -        -       -
member.see           yes      yes    yes      yes     yes
member.manage         -        -      -        -       -
audit.see             -        -      -        -       -
tag.see              yes      yes    yes      yes     yes
tag.create           yes      yes    yes      yes     yes
tag.manage            -        -      -        -       -
key.create           yes      yes    yes      yes     yes
key.manage            -        -      -        -       -
session.manage        -        -      -        -       -
ticket.open          yes      yes    yes      yes     yes
ticket.open_for      yes      yes    yes      yes     yes
ticket.see           yes      yes    yes      yes      -
ticket.reply         yes      yes    yes      yes      -
note.see              -       yes    yes       -       -
note.write            -       yes    yes       -       -
ticket.claim          -       yes    yes       -       -
ticket.work           -       yes    yes       -       -
ticket.resolve       yes      yes    yes       -       -
ticket.manage         -       yes    yes       -       -
ticket.amend         yes      yes    yes       -       -
ticket.confirm       yes       -      -        -       -
ticket.reopen        yes      yes    yes       -       -
message.remove        -       yes    yes       -       -
message.history       -       yes    yes       -       -

supervisor       requester assignee team participant none
workspace.see        yes      yes    yes      yes     yes
workspace.manage      -        -      -        -       -
member.see           yes      yes    yes      yes     yes
member.manage         -        -      -        -       -
audit.see             -        -      -        -       -
tag.see              yes      yes    yes      yes     yes
tag.create           yes      yes    yes      yes     yes
tag.manage           yes      yes    yes      yes     yes
key.create           yes      yes    yes      yes     yes
key.manage            -        -      -        -       -
session.manage        -        -      -        -       -
ticket.open          yes      yes    yes      yes     yes
ticket.open_for      yes      yes    yes      yes     yes
ticket.see           yes      yes    yes      yes     yes
ticket.reply         yes      yes    yes      yes     yes
note.see              -       yes    yes      yes     yes
note.write            -       yes    yes      yes     yes
ticket.claim          -       yes    yes      yes     yes
ticket.work           -       yes    yes      yes     yes
ticket.resolve       yes      yes    yes      yes     yes
ticket.manage         -       yes    yes      yes     yes
ticket.amend         yes      yes    yes      yes     yes
ticket.confirm       yes       -      -        -       -
ticket.reopen        yes      yes    yes      yes     yes
message.remove        -       yes    yes      yes     yes
message.history       -       yes    yes      yes     yes

admin            requester assignee team participant none
workspace.see        yes      yes    yes      yes     yes
workspace.manage     yes      yes    yes      yes     yes
member.see           yes      yes    yes      yes     yes
member.manage        yes      yes    yes      yes     yes
audit.see            yes      yes    yes      yes     yes
tag.see              yes      yes    yes      yes     yes
tag.create           yes      yes    yes      yes     yes
tag.manage           yes      yes    yes      yes     yes
key.create           yes      yes    yes      yes     yes
key.manage           yes      yes    yes      yes     yes
session.manage       yes      yes    yes      yes     yes
ticket.open          yes      yes    yes      yes     yes
ticket.open_for      yes      yes    yes      yes     yes
ticket.see           yes      yes    yes      yes     yes
ticket.reply         yes      yes    yes      yes     yes
note.see             yes      yes    yes      yes     yes
note.write           yes      yes    yes      yes     yes
ticket.claim         yes      yes    yes      yes     yes
ticket.work          yes      yes    yes      yes     yes
ticket.resolve       yes      yes    yes      yes     yes
ticket.manage        yes      yes    yes      yes     yes
ticket.amend         yes      yes    yes      yes     yes
ticket.confirm       yes       -      -        -       -
ticket.reopen        yes      yes    yes      yes     yes
message.remove       yes      yes    yes      yes     yes
message.history      yes      yes    yes      yes     yes
`

const (
	home id.Workspace = 1
	me   id.Member    = 10
	desk id.Queue     = 20
	kind id.Category  = 30
)

// related makes a member of a role and a ticket to which they have a relation.
func related(role access.Role, r access.Relation) (access.Actor, access.Scope) {
	actor := access.Actor{Workspace: home, Member: me, Role: role}
	ticket := access.Scope{Workspace: home, Queue: desk, Category: kind}
	switch r {
	case access.Requester:
		ticket.Requester = true
	case access.Assignee:
		ticket.Assignee = true
	case access.Participant:
		ticket.Participant = true
	case access.Team:
		actor.Queues = []id.Queue{desk + 1, desk}
	case access.None:
		actor.Queues = []id.Queue{desk + 1}
	}
	return actor, ticket
}

func TestTheTableSaysWhatIsWrittenHere(t *testing.T) {
	cells := 0
	for block := range strings.SplitSeq(strings.TrimSpace(matrix), "\n\n") {
		lines := strings.Split(block, "\n")
		header := strings.Fields(lines[0])
		for _, line := range lines[1:] {
			fields := strings.Fields(line)
			for i, cell := range fields[1:] {
				cells++
				role, relation, permission := access.Role(header[0]), access.Relation(header[i+1]), access.Permission(fields[0])
				actor, ticket := related(role, relation)
				if got := access.Allowed(actor, permission, ticket); got != (cell == "yes") {
					t.Errorf("%s with relation %s has %s: %v, want %s", role, relation, permission, got, cell)
				}
			}
		}
	}
	if want := len(access.Permissions()) * len(access.Roles()) * len(access.Relations()); cells != want {
		t.Errorf("the matrix has %d cells, want %d: one for each role, permission and relation", cells, want)
	}
}

func TestRelationsAddUpButTheRequesterIsNothingElse(t *testing.T) {
	agent, ticket := related(access.RoleAgent, access.Team)
	ticket.Participant = true
	if !access.Allowed(agent, access.NoteSee, ticket) {
		t.Error("an agent of the queue's team loses the notes by taking part")
	}
	ticket.Requester, ticket.Assignee = true, true
	if access.Allowed(agent, access.NoteSee, ticket) {
		t.Error("an agent reads notes about themself because they are in the team")
	}
}

func TestNobodyMayDoAnything(t *testing.T) {
	here := access.Scope{Workspace: home, Queue: desk, Requester: true, Assignee: true, Participant: true}
	for name, nobody := range map[string]access.Actor{
		"the zero actor":            {},
		"who has no workspace":      {Member: me, Role: access.RoleAdmin},
		"who has no member":         {Workspace: home, Role: access.RoleAdmin},
		"who has no role":           {Workspace: home, Member: me},
		"who has an unknown role":   {Workspace: home, Member: me, Role: "owner"},
		"who comes from elsewhere":  {Workspace: home + 1, Member: me, Role: access.RoleAdmin},
		"the helpdesk of elsewhere": access.System(home + 1),
	} {
		for _, p := range access.Permissions() {
			if access.Allowed(nobody, p, here) {
				t.Errorf("%s has %s", name, p)
			}
		}
	}
	if access.Allowed(access.Actor{}, access.WorkspaceSee, access.Scope{}) {
		t.Error("nobody is at home nowhere, and may look around there")
	}
}

func TestRefusalsHaveTheirCodes(t *testing.T) {
	agent, ticket := related(access.RoleAgent, access.None)
	for _, try := range []struct {
		what string
		got  error
		want error
	}{
		{"nobody", access.Require(access.Actor{}, access.TicketSee, ticket), access.ErrNobody},
		{"an agent of another queue", access.Require(agent, access.TicketSee, ticket), access.ErrForbidden},
		{"an unknown permission", access.Require(agent, "ticket.burn", ticket), access.ErrForbidden},
		{"an agent as the helpdesk", access.RequireSystem(agent), access.ErrForbidden},
		{"nobody as the helpdesk", access.RequireSystem(access.Actor{}), access.ErrNobody},
		{"the helpdesk", access.RequireSystem(access.System(home)), nil},
		{"the helpdesk, for anything", access.Require(access.System(home), access.TicketConfirm, ticket), nil},
	} {
		if try.got != try.want { //nolint:errorlint // the very refusal, without a wrapping
			t.Errorf("%s: %v, want %v", try.what, try.got, try.want)
		}
	}
}
