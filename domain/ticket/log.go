package ticket

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Log gives up to limit events of the workspace's history after a sequence, in
// order; only those of the given tickets if there are any. Only the helpdesk
// itself may: who hands events on asks Circles and Hears of each. Codes: unauthenticated,
// forbidden.
func (s *Service) Log(ctx context.Context, c access.Call, after int64, limit int, tickets ...id.Ticket) ([]event.Envelope, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.repo.Log(ctx, c.Actor.Workspace, after, limit, tickets...)
}

// Head gives the sequence of the last event of the workspace's history, 0 when
// nothing happened yet. Only the helpdesk itself may. Codes: unauthenticated,
// forbidden.
func (s *Service) Head(ctx context.Context, c access.Call) (int64, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return 0, err
	}
	return s.repo.Head(ctx, c.Actor.Workspace)
}

// Hears tells whether the actor may hear of an event of the ticket as it is now:
// the rule of Timeline, for one event.
func (t *Ticket) Hears(a access.Actor, e event.Envelope) bool {
	scope := t.Scope(a)
	return access.Allowed(a, access.TicketSee, scope) && (!e.Internal || access.Allowed(a, access.NoteSee, scope))
}
