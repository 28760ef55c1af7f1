package access

import (
	"slices"

	"github.com/ticketsys/ticketsys/domain/id"
)

// TicketFilter is the rule of a permission in the form of a condition on
// tickets, so that a store applies it before it counts or cuts a page. A ticket
// passes if
//
//	All, or
//	Member is its requester, and AsRequester; or is not, and
//		is its assignee, and AsAssignee, or one of its participants, and AsParticipant,
//		or its category is in Categories,
//		or its category is not in NotCategories, and its queue is in Queues, or AnyQueue and it is not in NotQueues.
//
// It gives the same answer as Allowed, ticket by ticket; a property test holds it to that.
type TicketFilter struct {
	Workspace                              id.Workspace
	All                                    bool
	Member                                 id.Member
	AsRequester, AsAssignee, AsParticipant bool
	AnyQueue                               bool
	Queues                                 []id.Queue
	NotQueues                              []id.Queue
	Categories                             []id.Category
	NotCategories                          []id.Category
}

// Filter gives the condition under which the actor has the permission.
// Codes: unauthenticated.
func Filter(a Actor, p Permission) (TicketFilter, error) {
	r, ok := table[p]
	if !ok || !a.Known() {
		return TicketFilter{}, ErrNobody
	}
	f := TicketFilter{Workspace: a.Workspace, Member: a.Member}
	if !a.Admits(p) {
		return f, nil // nothing passes
	}
	if a.system || everyTicket(a, r) {
		f.All = true
		return f, nil
	}
	f.AsRequester, f.AsAssignee, f.AsParticipant = holds(a, r.requester), holds(a, r.assignee), holds(a, r.participant)
	if f.AnyQueue = holds(a, r.none); !f.AnyQueue && holds(a, r.team) {
		f.Queues = append(f.Queues, a.Queues...)
	}
	f.byGrant(a, r)
	return f, nil
}

// everyTicket reports whether no ticket can be refused to the actor.
func everyTicket(a Actor, r rule) bool {
	return a.Role == RoleAdmin && holds(a, r.requester) && holds(a, r.none)
}

// Passes reports whether the filter lets a ticket of the given scope through.
func (f TicketFilter) Passes(s Scope) bool {
	switch {
	case s.Workspace != f.Workspace:
		return false
	case f.All:
		return true
	case s.Requester:
		return f.AsRequester
	case s.Assignee && f.AsAssignee, s.Participant && f.AsParticipant, slices.Contains(f.Categories, s.Category):
		return true
	case slices.Contains(f.NotCategories, s.Category):
		return false
	}
	return slices.Contains(f.Queues, s.Queue) || f.AnyQueue && !slices.Contains(f.NotQueues, s.Queue)
}

// Reaches reports whether the filter lets tickets of the queue through to one who
// is nothing to them in person.
func (f TicketFilter) Reaches(q id.Queue) bool {
	return f.All || len(f.Categories) > 0 || slices.Contains(f.Queues, q) || f.AnyQueue && !slices.Contains(f.NotQueues, q)
}

func (f *TicketFilter) byGrant(a Actor, r rule) {
	if r.class == "" || r.staff && a.Role == RoleRequester {
		return
	}
	denied := map[id.Queue]bool{}
	for _, g := range a.Grants {
		if g.Role != a.Role || g.Class != r.class {
			continue
		}
		switch {
		case g.Category != 0 && g.Effect == Allow:
			f.Categories = append(f.Categories, g.Category)
		case g.Category != 0:
			f.NotCategories = append(f.NotCategories, g.Category)
		case g.Effect == Allow:
			f.Queues = append(f.Queues, g.Queue)
		default:
			denied[g.Queue] = true
			f.NotQueues = append(f.NotQueues, g.Queue)
		}
	}
	f.Queues = without(f.Queues, denied)
}

func without(queues []id.Queue, denied map[id.Queue]bool) []id.Queue {
	kept := queues[:0:0]
	for _, q := range queues {
		if !denied[q] {
			kept = append(kept, q)
		}
	}
	return kept
}

// Covers reports whether the filter lets all tickets of the queue through, but for
// what one is to them in person.
func (f TicketFilter) Covers(q id.Queue) bool {
	return f.All || len(f.NotCategories) == 0 && f.Opens(q)
}

// Opens reports whether the queue itself is open, though not tickets of all categories
// need be. Queue 0 is one that is not known: it may be any.
func (f TicketFilter) Opens(q id.Queue) bool {
	if f.All || q != 0 && slices.Contains(f.Queues, q) {
		return true
	}
	return f.AnyQueue && !slices.Contains(f.NotQueues, q) && (q != 0 || len(f.NotQueues) == 0)
}
