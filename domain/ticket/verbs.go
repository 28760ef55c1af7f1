package ticket

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/priority"
)

// What a verb needs besides the ticket is looked up before the ticket is
// locked, and told only to those who may use the verb.
//
// Each verb below may be refused with unauthenticated, forbidden, not_found,
// conflict (the Ref's version is old) and invalid_transition; more codes are
// named where there are any.

// Claim makes the actor the ticket's assignee.
func (s *Service) Claim(ctx context.Context, c access.Call, r Ref) (*Ticket, error) {
	return s.change(ctx, c, r, access.TicketClaim, func(cause Cause, t *Ticket) error { return t.Claim(cause) })
}

// Assign gives the ticket to an agent. Codes besides: invalid (not an agent).
func (s *Service) Assign(ctx context.Context, c access.Call, r Ref, agent id.Member) (*Ticket, error) {
	if !c.Actor.Known() {
		return nil, access.ErrNobody
	}
	return s.change(ctx, c, r, access.TicketManage, s.assigning(ctx, c, agent))
}

func (s *Service) assigning(ctx context.Context, c access.Call, agent id.Member) func(Cause, *Ticket) error {
	unfit := s.agent(ctx, c, agent)
	return func(cause Cause, t *Ticket) error {
		if unfit != nil {
			return unfit
		}
		return t.Assign(cause, agent)
	}
}

// Unassign leaves the ticket to its queue's teams.
func (s *Service) Unassign(ctx context.Context, c access.Call, r Ref) (*Ticket, error) {
	return s.change(ctx, c, r, access.TicketClaim, unassigning(c))
}

func unassigning(c access.Call) func(Cause, *Ticket) error {
	return func(cause Cause, t *Ticket) error {
		if t.Assignee != c.Actor.Member {
			if err := authorise(c.Actor, access.TicketManage, t); err != nil {
				return err
			}
		}
		return t.Unassign(cause)
	}
}

// Transfer moves the ticket to another queue.
func (s *Service) Transfer(ctx context.Context, c access.Call, r Ref, to id.Queue) (*Ticket, error) {
	if !c.Actor.Known() {
		return nil, access.ErrNobody
	}
	return s.change(ctx, c, r, access.TicketManage, s.transferring(ctx, c, to))
}

func (s *Service) transferring(ctx context.Context, c access.Call, to id.Queue) func(Cause, *Ticket) error {
	unfit := s.unknownQueue(ctx, c, to)
	return func(cause Cause, t *Ticket) error {
		if unfit != nil {
			return unfit
		}
		return t.Transfer(cause, to)
	}
}

// Recategorise puts the ticket into another category and that one's queue.
// Codes besides: invalid (archived).
func (s *Service) Recategorise(ctx context.Context, c access.Call, r Ref, to id.Category) (*Ticket, error) {
	if !c.Actor.Known() {
		return nil, access.ErrNobody
	}
	return s.change(ctx, c, r, access.TicketManage, s.recategorising(ctx, c, to))
}

func (s *Service) recategorising(ctx context.Context, c access.Call, to id.Category) func(Cause, *Ticket) error {
	found, err := s.categories.Get(ctx, c.Actor.Workspace, to)
	return func(cause Cause, t *Ticket) error {
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return category.ErrNotFound.On("categoryId")
		}
		return t.Recategorise(cause, found[0])
	}
}

// SetPriority says how much the ticket matters. Codes besides: invalid.
func (s *Service) SetPriority(ctx context.Context, c access.Call, r Ref, p priority.Level) (*Ticket, error) {
	return s.change(ctx, c, r, access.TicketManage, func(cause Cause, t *Ticket) error { return t.SetPriority(cause, p) })
}

// AddParticipant lets another member take part. Codes besides: invalid.
func (s *Service) AddParticipant(ctx context.Context, c access.Call, r Ref, m id.Member) (*Ticket, error) {
	if !c.Actor.Known() {
		return nil, access.ErrNobody
	}
	_, unfit := s.member(ctx, c, m, "memberId")
	return s.change(ctx, c, r, access.TicketManage, func(cause Cause, t *Ticket) error {
		if unfit != nil {
			return unfit
		}
		return t.AddParticipant(cause, m)
	})
}

// RemoveParticipant ends a member's part. Everybody may end their own.
func (s *Service) RemoveParticipant(ctx context.Context, c access.Call, r Ref, m id.Member) (*Ticket, error) {
	p := access.TicketManage
	if m == c.Actor.Member && c.Actor.Admits(p) {
		p = access.TicketSee
	}
	return s.change(ctx, c, r, p, func(cause Cause, t *Ticket) error { return t.RemoveParticipant(cause, m) })
}

// Pend makes the ticket wait for its requester.
func (s *Service) Pend(ctx context.Context, c access.Call, r Ref) (*Ticket, error) {
	return s.change(ctx, c, r, access.TicketWork, func(cause Cause, t *Ticket) error { return t.Pend(cause) })
}

// Hold makes the ticket wait for something else.
func (s *Service) Hold(ctx context.Context, c access.Call, r Ref) (*Ticket, error) {
	return s.change(ctx, c, r, access.TicketWork, func(cause Cause, t *Ticket) error { return t.Hold(cause) })
}

// Resolve says that the work is done; a requester may say so of their own ticket.
func (s *Service) Resolve(ctx context.Context, c access.Call, r Ref) (*Ticket, error) {
	return s.change(ctx, c, r, access.TicketResolve, func(cause Cause, t *Ticket) error { return t.Resolve(cause) })
}

// Confirm is the requester agreeing that it is; that closes the ticket.
func (s *Service) Confirm(ctx context.Context, c access.Call, r Ref) (*Ticket, error) {
	return s.change(ctx, c, r, access.TicketConfirm, func(cause Cause, t *Ticket) error { return t.Confirm(cause) })
}

// Close ends a resolved ticket as staff.
func (s *Service) Close(ctx context.Context, c access.Call, r Ref) (*Ticket, error) {
	return s.change(ctx, c, r, access.TicketManage, func(cause Cause, t *Ticket) error { return t.Close(cause) })
}

// Reopen takes the work up again.
func (s *Service) Reopen(ctx context.Context, c access.Call, r Ref) (*Ticket, error) {
	return s.change(ctx, c, r, access.TicketReopen, func(cause Cause, t *Ticket) error { return t.Reopen(cause) })
}
