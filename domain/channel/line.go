package channel

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Ahead counts the tickets that wait for such a place before the given one.
func (s *Service) Ahead(ctx context.Context, c access.Call, ch event.Channel, k category.Surface, t id.Ticket) (int, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return 0, err
	}
	return s.repo.Ahead(ctx, c.Actor.Workspace, ch, k, t)
}

// Talks gives what is shown in somebody's direct messages, in whatever workspace:
// tickets that are not closed first, of these the most active first. It serves
// the door by which they come in, before it is known who acts where.
func (s *Service) Talks(ctx context.Context, ch event.Channel, externalID string, limit int) ([]*Surface, error) {
	return s.repo.Talks(ctx, ch, externalID, limit)
}

// PlaceFreed has those looked after who are the first to wait for a place, since
// one may be free now. Whoever gets one calls it again, for who is next.
func (s *Service) PlaceFreed(ctx context.Context, c access.Call, ch event.Channel) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	first, err := s.repo.Heads(ctx, c.Actor.Workspace, ch)
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

// Involved pages through those who opened or take part in tickets that are not
// closed.
func (s *Service) Involved(ctx context.Context, c access.Call, ch event.Channel, after id.Member, limit int) ([]Involved, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.repo.Involved(ctx, c.Actor.Workspace, ch, after, limit)
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
