package channel

import (
	"cmp"
	"slices"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// Facts is all that decides what a ticket's surface should be.
type Facts struct {
	Ticket       *ticket.Ticket
	Workspace    *workspace.Workspace
	Place        string // external ID of what the ticket's place is in, or is to be in; "" if the workspace has none
	Linked       bool   // whether that is linked to the workspace
	Category     *category.Category
	Queue        *queue.Queue
	Requester    Person
	Assignee     Person // no Member: nobody
	Participants []Person
	Staff        []Staff        // members of the teams that serve the queue, all from supervisor up, and all agents where a grant lets any see
	Roles        []string       // the channel's roles that stand for those teams
	Grants       []access.Grant // of the ticket's queue and category, for every role
	Surface      Surface
	// Posts are the public messages that did not come from this channel and
	// stand on the surface otherwise than they should, oldest first.
	Posts []Post
	// Unstored counts what stands in the place of a closed ticket and nowhere else.
	Unstored Unstored
}

// Person is a member as a channel knows them.
type Person struct {
	Member     *member.Member
	ExternalID string // "" if the channel doesn't know them
}

// Staff is a member who may see the ticket by their work.
type Staff struct {
	Person
	Queues []id.Queue
	ByRole bool // holds one of Roles
}

// Post is a message to be shown, changed or taken away.
type Post struct {
	Message  *ticket.Message
	Author   *member.Member     // nil: the helpdesk itself
	Delivery *Delivery          // nil: not there yet
	Files    []*file.Attachment // that it carries or carried, in their order
}

// Carried gives the files that the message carries now.
func (p *Post) Carried() []*file.Attachment {
	var all []*file.Attachment
	for _, a := range p.Files {
		if !a.TakenAway() {
			all = append(all, a)
		}
	}
	return all
}

// Viewer is one line of a surface's rights.
type Viewer struct {
	Role       bool // a role, not a person; with an empty ExternalID: everyone
	ExternalID string
	Send       bool // besides seeing
}

// Audience gives who sees the surface and who may write in it, by the access
// table: one line for each role or person, in a fixed order. Nobody writes in the
// surface of a closed ticket, nor in one that is unlinked.
func (f *Facts) Audience() []Viewer {
	a := audience{facts: f, people: map[string]bool{}}
	a.roles()
	return a.everybody()
}

// Company gives the people of a place where roles count for nothing and nobody
// can be kept silent: those who see the ticket and may reply. Who may only see it
// reads it by other ways.
func (f *Facts) Company() []Viewer {
	a := audience{facts: f, people: map[string]bool{}, talkers: true}
	return a.everybody()
}

// everybody adds the people. A requester whom staff talks with in direct
// messages is not where staff is.
func (a *audience) everybody() []Viewer {
	f := a.facts
	if f.Kind() != category.InDM {
		a.person(f.Requester)
	}
	for _, p := range f.Participants {
		a.person(p)
	}
	a.person(f.Assignee)
	for _, s := range f.Staff {
		a.staff(s)
	}
	return a.list()
}

// Unlinked reports whether the ticket's place is in what is not linked to the
// workspace any more.
func (f *Facts) Unlinked() bool { return !f.Linked && f.Surface.ExternalID != "" }

type audience struct {
	facts               *Facts
	viewers             []Viewer
	people              map[string]bool // by external ID: may send
	rolesSee, rolesSend bool
	talkers             bool // only who may reply, were the ticket open
}

// roles asks the table about somebody who is no more than a member of a team
// that serves the queue, and about anybody at all.
func (a *audience) roles() {
	f := a.facts
	stranger := f.stranger()
	if see, send := a.ask(stranger); see {
		a.viewers = append(a.viewers, Viewer{Role: true, Send: send})
	}
	agent := stranger
	agent.Role, agent.Queues = access.RoleAgent, []id.Queue{f.Ticket.Queue}
	a.rolesSee, a.rolesSend = a.ask(agent)
	if !a.rolesSee {
		return
	}
	for _, r := range slices.Sorted(slices.Values(f.Roles)) {
		a.viewers = append(a.viewers, Viewer{Role: true, ExternalID: r, Send: a.rolesSend})
	}
}

func (a *audience) ask(actor access.Actor) (see, send bool) {
	scope := a.facts.Ticket.Scope(actor)
	see, send = access.Allowed(actor, access.TicketSee, scope), access.Allowed(actor, access.TicketReply, scope)
	if a.talkers {
		see = see && send
	}
	return see, send && a.facts.Ticket.Status != ticket.Closed && !a.facts.Unlinked()
}

func (a *audience) person(p Person) {
	if p.Member == nil || p.ExternalID == "" {
		return
	}
	a.staff(Staff{Person: p})
}

func (a *audience) staff(s Staff) {
	if s.Member == nil || s.ExternalID == "" {
		return
	}
	see, send := a.ask(access.Actor{
		Workspace: a.facts.Workspace.ID, Member: s.Member.ID, Role: s.Member.Role,
		Queues: s.Queues, Grants: a.facts.Grants,
	})
	byRole := s.ByRole && a.rolesSee && (a.rolesSend || !send)
	if see && !byRole {
		a.people[s.ExternalID] = a.people[s.ExternalID] || send
	}
}

func (a *audience) list() []Viewer {
	for external, send := range a.people {
		a.viewers = append(a.viewers, Viewer{ExternalID: external, Send: send})
	}
	slices.SortStableFunc(a.viewers, func(x, y Viewer) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(x.ExternalID, y.ExternalID))
	})
	return a.viewers
}

func rank(v Viewer) int {
	if v.Role {
		return 0
	}
	return 1
}
