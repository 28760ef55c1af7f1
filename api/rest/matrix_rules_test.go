package rest_test

import "github.com/ticketsys/ticketsys/domain/access"

// rule gives what becomes of an operation when the caller asks for it: "seen" or
// "nothing" of a read, "done" of a change, or the code of the refusal. It asks the
// access table, as the services do; nobody is refused before it is asked.
type rule func(c *caller) string

func (c *caller) may(p access.Permission) bool { return access.Allowed(c.actor, p, c.scope) }

// mayAtHome tells what the caller may do in their own workspace as a whole.
func (c *caller) mayAtHome(p access.Permission) bool {
	return access.Allowed(c.actor, p, access.InWorkspace(c.actor.Workspace))
}

func (c *caller) isHere() bool { return c.actor.Workspace == c.scope.Workspace }

// everybody gets the outcome, wherever they are at home.
func everybody(outcome string) rule { return func(*caller) string { return outcome } }

// shows is of what is looked for: it is there for who has the permission.
func shows(p access.Permission) rule {
	return func(c *caller) string {
		if c.may(p) {
			return "seen"
		}
		return "nothing"
	}
}

// follows is of what is asked for by its ID: it does not exist without the permission.
func follows(p access.Permission) rule {
	return func(c *caller) string {
		if c.may(p) {
			return "seen"
		}
		return "not_found"
	}
}

// within is of what is part of a ticket, and is not told of without the permission.
func within(p access.Permission) rule {
	return func(c *caller) string {
		if !c.may(access.TicketSee) {
			return "not_found"
		}
		return shows(p)(c)
	}
}

// own is of a change in the caller's own workspace, of nothing that is named.
func own(p access.Permission) rule {
	return func(c *caller) string {
		if c.mayAtHome(p) {
			return "done"
		}
		return "forbidden"
	}
}

// settles is of a change of what is named and belongs to the workspace.
func settles(p access.Permission) rule {
	return func(c *caller) string {
		if c.mayAtHome(p) && !c.isHere() {
			return "not_found"
		}
		return own(p)(c)
	}
}

// needs is of what is done to a ticket.
func needs(p access.Permission) rule { return unlessHidden(access.TicketSee, p) }

// all is of what is done to a ticket and takes several permissions.
func all(ps ...access.Permission) rule {
	return func(c *caller) string {
		outcome := "done"
		for _, p := range ps {
			if got := needs(p)(c); got != "done" {
				outcome = got
			}
		}
		return outcome
	}
}

// unlessHidden is of what is done to something that does not exist without the
// one permission, and is not to be touched without the other.
func unlessHidden(see, p access.Permission) rule {
	return func(c *caller) string {
		switch {
		case !c.may(see):
			return "not_found"
		case !c.may(p):
			return "forbidden"
		}
		return "done"
	}
}

// releases is of unassigning: one's own by who may claim, another's by who may
// manage as well.
func releases(c *caller) string {
	if c.scope.Assignee {
		return needs(access.TicketClaim)(c)
	}
	return all(access.TicketClaim, access.TicketManage)(c)
}

// offers is of what a workspace has, which is refused to who has not the permission
// in their own; another one's is not in it.
func offers(p access.Permission) rule {
	return func(c *caller) string {
		switch {
		case !c.mayAtHome(p):
			return "forbidden"
		case !c.isHere():
			return "nothing"
		}
		return "seen"
	}
}

// names is of what belongs to the workspace and is asked for by its ID.
func names(p access.Permission) rule {
	return func(c *caller) string {
		if got := offers(p)(c); got != "nothing" {
			return got
		}
		return "not_found"
	}
}

// sessioned is of a session that is an administrator's: theirs alone to see, of all who
// have sessions.
func sessioned(outcome, hidden string) rule {
	return func(c *caller) string {
		if c.isHere() && c.mayAtHome(access.SessionManage) {
			return outcome
		}
		return hidden
	}
}

// keyed is of an API key that is an administrator's: theirs alone to see, of those
// who have keys at all.
func keyed(outcome, hidden string) rule {
	return func(c *caller) string {
		switch {
		case !c.mayAtHome(access.KeyCreate):
			return "forbidden"
		case c.isHere() && c.mayAtHome(access.KeyManage):
			return outcome
		}
		return hidden
	}
}

// looks is of what the caller's own workspace has, whichever that is.
func looks(p access.Permission) rule {
	return func(c *caller) string {
		if c.mayAtHome(p) {
			return "seen"
		}
		return "forbidden"
	}
}

// gathered is of a queue's digests: for those to whom the queue's notes are open.
func gathered(otherwise, elsewhere string) rule {
	return func(c *caller) string {
		f, err := access.Filter(c.actor, access.NoteSee)
		switch {
		case err != nil || !f.Opens(c.scope.Queue):
			return otherwise
		case !c.isHere():
			return elsewhere
		}
		return "seen"
	}
}

// reported is of what became of the promises of a queue: for staff to whom all of its
// tickets are open.
func reported(c *caller) string {
	f, err := access.Filter(c.actor, access.NoteSee)
	switch {
	case err != nil || !c.mayAtHome(access.MemberSee):
		return "forbidden"
	case !c.isHere() || !f.Covers(c.scope.Queue):
		return "nothing"
	}
	return "seen"
}
