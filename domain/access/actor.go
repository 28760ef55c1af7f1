// Package access is the one rule table: who may do what to which object. Every
// service method asks it before it does anything, whatever the channel that the
// wish came by.
package access

import (
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// Role is what a member is in a workspace. A higher role may do all that a
// lower one may.
type Role string

// The roles, lowest first.
const (
	RoleRequester  Role = "requester"  // asks for help
	RoleAgent      Role = "agent"      // works tickets of the queues that their teams serve
	RoleSupervisor Role = "supervisor" // works every queue
	RoleAdmin      Role = "admin"      // configures the workspace
)

// Roles lists the roles, lowest first.
func Roles() []Role { return []Role{RoleRequester, RoleAgent, RoleSupervisor, RoleAdmin} }

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { return r.rank() > 0 }

// AtLeast reports whether r may do all that least may.
func (r Role) AtLeast(least Role) bool { return r.Valid() && r.rank() >= least.rank() }

func (r Role) rank() int { return 1 + slices.Index(Roles(), r) }

// Actor is who asks: a member of one workspace with what the rules need to know
// of them, resolved once at the door. The zero Actor is nobody.
type Actor struct {
	Workspace id.Workspace
	Member    id.Member
	Role      Role
	Locale    locale.Tag
	Zone      string       // IANA name of their time zone; "": not known
	Queues    []id.Queue   // served by the member's teams
	Grants    []Grant      // those of the actor's role
	Scopes    []Permission // what an API key is limited to; nil: no limit but the rules
	SignOuts  int64        // how often the member was signed out everywhere
	system    bool
}

// System is the helpdesk itself in a workspace: deadlines and channel adapters
// act as it. It may do everything there and is recorded as no member.
func System(w id.Workspace) Actor { return Actor{Workspace: w, Role: RoleAdmin, system: true} }

// IsSystem reports whether the actor is the helpdesk itself.
func (a Actor) IsSystem() bool { return a.system }

// Within limits the actor to the permissions, as far as they have them; nil: not at all.
func (a Actor) Within(scopes []Permission) Actor {
	a.Scopes = scopes
	return a
}

// Admits reports whether the actor, whatever the rules allow, is not kept from the
// permission by the scopes of an API key. Whoever is let in sees where they are.
func (a Actor) Admits(p Permission) bool {
	return a.Scopes == nil || p == WorkspaceSee || slices.Contains(a.Scopes, p)
}

// Known reports whether the actor is somebody.
func (a Actor) Known() bool {
	return a.Workspace != 0 && a.Role.Valid() && (a.Member != 0 || a.system)
}

// Serves reports whether one of the actor's teams serves the queue.
func (a Actor) Serves(q id.Queue) bool { return slices.Contains(a.Queues, q) }

// Topic is the signal topic of what the workspace's members may do: roles, teams
// and grants.
func Topic(w id.Workspace) string { return "rights:" + w.String() }

// Call is one wish: who asks, when, and by which way it came.
type Call struct {
	Actor  Actor
	Now    time.Time
	Origin event.Origin
}
