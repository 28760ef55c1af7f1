package channel

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Ahead counts the tickets that wait for a place before the given one.
func (s *Service) Ahead(ctx context.Context, c access.Call, t id.Ticket, ch event.Channel) (int, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return 0, err
	}
	return s.repo.Ahead(ctx, c.Actor.Workspace, ch, t)
}

// PlaceFreed has the first tickets that wait for a place looked after, since
// some may be free now: as many as the given number.
func (s *Service) PlaceFreed(ctx context.Context, c access.Call, ch event.Channel, places int) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	first, err := s.repo.First(ctx, c.Actor.Workspace, ch, places)
	if err != nil {
		return err
	}
	for _, t := range first {
		if err := s.Wish(ctx, c, t, ch); err != nil {
			return err
		}
	}
	return nil
}

// Concerning pages through the tickets that are not closed and whose requester
// or participant the member is.
func (s *Service) Concerning(ctx context.Context, c access.Call, ch event.Channel, m id.Member, after id.Ticket, limit int) ([]id.Ticket, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.repo.Concerning(ctx, c.Actor.Workspace, ch, m, after, limit)
}

// Refresh has all of the ticket's surface applied again, whatever is recorded
// of it: somebody may have changed it there.
func (s *Service) Refresh(ctx context.Context, c access.Call, t id.Ticket, ch event.Channel) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	if err := s.repo.Refresh(ctx, t, ch); err != nil {
		return err
	}
	return s.Wish(ctx, c, t, ch)
}
