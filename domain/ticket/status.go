package ticket

import (
	"slices"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// Status is where a ticket stands.
type Status string

// The statuses.
const (
	New      Status = "new"      // nobody has taken it up
	Open     Status = "open"     // being worked on
	Pending  Status = "pending"  // waits for the requester
	OnHold   Status = "on_hold"  // waits for something else
	Resolved Status = "resolved" // done, as far as staff sees
	Closed   Status = "closed"   // over
)

// Statuses lists the statuses in the order of a ticket's life.
func Statuses() []Status { return []Status{New, Open, Pending, OnHold, Resolved, Closed} }

// Valid reports whether s is one of the statuses.
func (s Status) Valid() bool { return slices.Contains(Statuses(), s) }

// move is something that can happen to a ticket's status.
type move string

const (
	moveTakeUp       move = "take_up"       // an agent claims or is assigned
	moveAgentReply   move = "agent_reply"   // a public reply of staff
	moveMemberReply  move = "member_reply"  // a message of the requester or a participant
	movePend         move = "pend"          // staff waits for the requester
	moveHold         move = "hold"          // staff waits for something else
	moveResolve      move = "resolve"       //
	moveConfirm      move = "confirm"       // the requester agrees
	moveClose        move = "close"         // staff or a deadline ends it
	moveLose         move = "lose"          // its place was removed, and that ends it
	moveExpire       move = "expire"        // nobody went on with it
	moveReopen       move = "reopen"        //
	moveChangeAspect move = "change_aspect" // priority, tags, queue, category, participants, assignee taken away
	moveSnooze       move = "snooze"        // staff looks at it later
	moveNote         move = "note"          // staff among themselves
	moveEdit         move = "edit"          // a message gets another text
)

// machine is the state machine: what each move makes of each status. A pair
// that is not here is refused.
var machine = map[move]map[Status]Status{
	moveTakeUp:       {New: Open, Open: Open, Pending: Pending, OnHold: OnHold},
	moveAgentReply:   {New: Open, Open: Open, Pending: Pending, OnHold: OnHold, Resolved: Resolved},
	moveMemberReply:  {New: New, Open: Open, Pending: Open, OnHold: Open, Resolved: Open},
	movePend:         {New: Pending, Open: Pending, Pending: Pending, OnHold: Pending},
	moveHold:         {New: OnHold, Open: OnHold, Pending: OnHold, OnHold: OnHold},
	moveResolve:      {New: Resolved, Open: Resolved, Pending: Resolved, OnHold: Resolved},
	moveConfirm:      {Resolved: Closed},
	moveClose:        {Resolved: Closed},
	moveLose:         {New: Closed, Open: Closed, Pending: Closed, OnHold: Closed, Resolved: Closed},
	moveExpire:       {New: Closed, Open: Closed, Pending: Closed, Resolved: Closed},
	moveReopen:       {Pending: Open, OnHold: Open, Resolved: Open, Closed: Open},
	moveChangeAspect: {New: New, Open: Open, Pending: Pending, OnHold: OnHold, Resolved: Resolved},
	moveSnooze:       {New: New, Open: Open, Pending: Pending, OnHold: OnHold},
	moveNote:         {New: New, Open: Open, Pending: Pending, OnHold: OnHold, Resolved: Resolved, Closed: Closed},
	moveEdit:         {New: New, Open: Open, Pending: Pending, OnHold: OnHold, Resolved: Resolved},
}

// The refusals of the machine. A closed ticket has a sentence of its own, since
// the way on is always the same: reopen it.
var (
	ErrClosed     = fault.New(fault.Transition, "fault.ticket.closed")
	ErrTransition = fault.New(fault.Transition, "fault.ticket.transition")
	ErrUnresolved = fault.New(fault.Transition, "fault.ticket.unresolved")
	ErrActive     = fault.New(fault.Transition, "fault.ticket.active")
)

// after gives the status that the move leads to. Codes: invalid_transition.
func (s Status) after(m move) (Status, error) {
	if next, ok := machine[m][s]; ok {
		return next, nil
	}
	switch {
	case m == moveReopen:
		return s, ErrActive
	case (m == moveConfirm || m == moveClose) && s != Closed:
		return s, ErrUnresolved
	case s == Closed:
		return s, ErrClosed
	}
	return s, ErrTransition.With("Status", string(s)).With("Action", string(m))
}
