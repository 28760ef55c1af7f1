package access

import (
	"slices"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Class is the group of permissions that a grant widens or narrows.
type Class string

// The classes.
const (
	ClassSee    Class = "see"
	ClassAnswer Class = "answer"
	ClassClaim  Class = "claim"
	ClassManage Class = "manage"
)

// Classes lists the classes.
func Classes() []Class { return []Class{ClassSee, ClassAnswer, ClassClaim, ClassManage} }

// Effect is what a grant does.
type Effect string

// The effects.
const (
	Allow Effect = "allow"
	Deny  Effect = "deny"
)

// Grant widens or narrows, for one role, what it may do in one queue or one
// category (a category's grant goes before its queue's). Requester, assignee
// and participants of a ticket keep what they have by being that.
type Grant struct {
	ID       id.Grant    // 0 in an actor's
	Version  int64       // rises with each change; 0 in an actor's
	Queue    id.Queue    // one of Queue and Category is set
	Category id.Category //
	Role     Role
	Class    Class
	Effect   Effect
}

// Check refuses a grant that says nothing or too much. Codes: invalid.
func (g Grant) Check() error {
	switch {
	case (g.Queue == 0) == (g.Category == 0):
		return fault.New(fault.Invalid, "fault.grant.place").On("queueId")
	case !g.Role.Valid() || g.Role == RoleAdmin:
		return fault.New(fault.Invalid, "fault.grant.role").On("role")
	case !slices.Contains(Classes(), g.Class):
		return fault.New(fault.Invalid, "fault.grant.class").On("permission")
	case g.Effect != Allow && g.Effect != Deny:
		return fault.New(fault.Invalid, "fault.grant.effect").On("effect")
	}
	return nil
}
