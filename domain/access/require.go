package access

import (
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
)

// The refusals of this package.
var (
	ErrNobody    = fault.New(fault.Unauthenticated, "fault.access.nobody")
	ErrForbidden = fault.New(fault.Forbidden, "fault.access.forbidden")
)

// Scope is what a permission is asked for: a workspace, or a ticket in it with
// the actor's personal relations to it.
type Scope struct {
	Workspace id.Workspace
	Queue     id.Queue
	Category  id.Category

	Requester, Assignee, Participant bool
}

// InWorkspace is the scope of a workspace as a whole.
func InWorkspace(w id.Workspace) Scope { return Scope{Workspace: w} }

// Require refuses the actor unless the table gives them the permission in the
// scope. Codes: unauthenticated, forbidden.
func Require(a Actor, p Permission, s Scope) error {
	if !a.Known() {
		return ErrNobody
	}
	if !Allowed(a, p, s) {
		return ErrForbidden
	}
	return nil
}

// RequireSystem refuses everybody but the helpdesk itself. Codes:
// unauthenticated, forbidden.
func RequireSystem(a Actor) error {
	switch {
	case !a.Known():
		return ErrNobody
	case !a.system:
		return ErrForbidden
	}
	return nil
}

// RequireScope refuses an actor whose API key does not have the scope, for what
// people may do with what is their own, without a permission. Codes:
// unauthenticated, forbidden.
func RequireScope(a Actor, p Permission) error {
	switch {
	case !a.Known():
		return ErrNobody
	case !a.Admits(p):
		return ErrForbidden
	}
	return nil
}

// RequireReach refuses to let the actor give somebody a role that may do more than
// they may themself: what a role lets one do, an API key without the scope for it does
// not hand on. Codes: unauthenticated, forbidden.
func RequireReach(a Actor, r Role) error {
	if !a.Known() {
		return ErrNobody
	}
	if !a.Role.AtLeast(r) {
		return ErrForbidden
	}
	for p, of := range table {
		if of.open(r) && !a.Admits(p) {
			return ErrForbidden
		}
	}
	return nil
}

// RequireGrant refuses to let the actor decide who may do what they may not themself: an
// API key without the scope for it neither grants it nor takes a refusal of it back.
// Codes: unauthenticated, forbidden.
func RequireGrant(a Actor, c Class) error {
	if !a.Known() {
		return ErrNobody
	}
	for p, of := range table {
		if of.class == c && !a.Admits(p) {
			return ErrForbidden
		}
	}
	return nil
}

// open reports whether whoever has the role has the permission somewhere: by what they
// are to a ticket, or where a grant widens it.
func (of rule) open(r Role) bool {
	for _, least := range []Role{of.requester, of.assignee, of.team, of.participant, of.none} {
		if least != nobody && r.AtLeast(least) {
			return true
		}
	}
	return of.class != "" && (!of.staff || r != RoleRequester)
}

// Allowed reports whether the table gives the actor the permission.
func Allowed(a Actor, p Permission, s Scope) bool {
	r, ok := table[p]
	switch {
	case !ok || !a.Known() || a.Workspace != s.Workspace || !a.Admits(p):
		return false
	case a.system:
		return true
	case s.Requester:
		return holds(a, r.requester)
	case s.Assignee && holds(a, r.assignee), s.Participant && holds(a, r.participant):
		return true
	case a.Serves(s.Queue):
		return granted(a, r, s, holds(a, r.team))
	}
	return granted(a, r, s, holds(a, r.none))
}

func holds(a Actor, least Role) bool { return least != nobody && a.Role.AtLeast(least) }

// granted applies the workspace's grants to what the table says. An admin can't
// be narrowed: nobody could undo it.
func granted(a Actor, r rule, s Scope, allowed bool) bool {
	if r.class == "" || a.Role == RoleAdmin || r.staff && a.Role == RoleRequester {
		return allowed
	}
	if e := effect(a, r.class, s.Queue, s.Category); e != "" {
		return e == Allow
	}
	return allowed
}

// effect finds the grant that decides: the category's before the queue's.
func effect(a Actor, c Class, q id.Queue, cat id.Category) Effect {
	var e Effect
	for _, g := range a.Grants {
		switch {
		case g.Role != a.Role || g.Class != c:
		case g.Category != 0 && g.Category == cat:
			return g.Effect
		case g.Category == 0 && g.Queue != 0 && g.Queue == q:
			e = g.Effect
		}
	}
	return e
}
