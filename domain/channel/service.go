package channel

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
)

// Service is what a channel's adapter may do; only the helpdesk itself acts
// through it.
type Service struct {
	repo Repository
	jobs job.Queue
}

// NewService makes the service.
func NewService(r Repository, q job.Queue) *Service { return &Service{repo: r, jobs: q} }

// Each method refuses everybody but the helpdesk itself with unauthenticated
// or forbidden; other codes are named.

// Facts gives what a ticket's surface should be made of. Codes besides: not_found.
func (s *Service) Facts(ctx context.Context, c access.Call, t id.Ticket, ch event.Channel) (*Facts, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.repo.Facts(ctx, c.Actor.Workspace, t, ch)
}

// Save records a surface. Codes besides: not_found, conflict (ErrStale).
func (s *Service) Save(ctx context.Context, c access.Call, f *Surface) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	return s.repo.Save(ctx, f)
}

// Delivered records a message as it stands on the surface, and the surface.
// Codes besides: those of Save.
func (s *Service) Delivered(ctx context.Context, c access.Call, f *Surface, d Delivery) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	return s.repo.Delivered(ctx, f, d)
}

// Seen records of places that everything up to a message was taken in.
func (s *Service) Seen(ctx context.Context, c access.Call, ch event.Channel, seen ...Sight) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	return s.repo.Seen(ctx, ch, seen...)
}

// Lost records that somebody removed the ticket's place, and has the surface
// looked after. What was recorded of another place meanwhile stays.
func (s *Service) Lost(ctx context.Context, c access.Call, t id.Ticket, ch event.Channel, externalID string) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	if err := s.repo.Lost(ctx, t, ch, externalID); err != nil {
		return err
	}
	return s.Wish(ctx, c, t, ch)
}

// CardLost records that of the messages that show the ticket's status, cardID,
// only some are left, and has the surface looked after.
func (s *Service) CardLost(ctx context.Context, c access.Call, t id.Ticket, ch event.Channel, cardID, left string) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	if err := s.repo.CardLost(ctx, t, ch, cardID, left); err != nil {
		return err
	}
	return s.Wish(ctx, c, t, ch)
}

// ByExternal finds the surface of a place. Codes besides: not_found.
func (s *Service) ByExternal(ctx context.Context, c access.Call, ch event.Channel, externalID string) (*Surface, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	f, err := s.repo.ByExternal(ctx, ch, externalID)
	if err == nil && f.Workspace != c.Actor.Workspace {
		return nil, ErrNotFound
	}
	return f, err
}

// Of finds the surface of a ticket. Codes besides: not_found.
func (s *Service) Of(ctx context.Context, c access.Call, t id.Ticket, ch event.Channel) (*Surface, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	f, err := s.repo.Of(ctx, t, ch)
	if err == nil && f.Workspace != c.Actor.Workspace {
		return nil, ErrNotFound
	}
	return f, err
}

// Live pages through the surfaces that exist of tickets that are not closed, or
// were closed no earlier than the given time, unless that is zero.
func (s *Service) Live(ctx context.Context, c access.Call, ch event.Channel, closed time.Time, after id.Ticket, limit int) ([]*Surface, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.repo.Live(ctx, c.Actor.Workspace, ch, closed, after, limit)
}

// Held pages through the surfaces that wait, are refused or have a detail.
func (s *Service) Held(ctx context.Context, c access.Call, ch event.Channel, after id.Ticket, limit int) ([]*Surface, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.repo.Held(ctx, c.Actor.Workspace, ch, after, limit)
}

// Unsurfaced pages through the tickets whose surface is still to be made.
func (s *Service) Unsurfaced(ctx context.Context, c access.Call, ch event.Channel, after id.Ticket, limit int) ([]id.Ticket, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.repo.Unsurfaced(ctx, c.Actor.Workspace, ch, after, limit)
}

// DeliveryOf finds the message that stands on a surface under an external ID.
// Codes besides: not_found.
func (s *Service) DeliveryOf(ctx context.Context, c access.Call, t id.Ticket, externalID string) (*Delivery, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.repo.DeliveryOf(ctx, t, externalID)
}

// Shown gives what stands of a ticket's messages in its place.
func (s *Service) Shown(ctx context.Context, c access.Call, t id.Ticket, ch event.Channel) ([]Delivery, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.repo.Shown(ctx, t, ch)
}

// Wish asks for the ticket's surface to be brought to its desired state now.
func (s *Service) Wish(ctx context.Context, c access.Call, t id.Ticket, ch event.Channel) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	return s.jobs.Enqueue(ctx, Work(c.Actor.Workspace, t, ch), c.Now)
}

// WishAll asks the same for many tickets at once.
func (s *Service) WishAll(ctx context.Context, c access.Call, ch event.Channel, tickets []id.Ticket) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	if len(tickets) == 0 {
		return nil
	}
	keys := make([]job.Key, len(tickets))
	for i, t := range tickets {
		keys[i] = Work(c.Actor.Workspace, t, ch)
	}
	return s.jobs.EnqueueAll(ctx, keys, c.Now)
}

// Work is the durable work of keeping a ticket's surface.
func Work(w id.Workspace, t id.Ticket, ch event.Channel) job.Key {
	return job.Key{Consumer: job.Consumer(ch.People()), Key: t.String(), Workspace: w}
}

// Route sends every event of a ticket whose surface is in the channel to that
// channel's adapter, but for what the surface shows already.
func Route(ch event.Channel) job.Route {
	return func(e event.Envelope) (job.Key, bool) {
		if e.Ticket == 0 || e.TicketChannel != ch || e.Internal || e.Echo {
			return job.Key{}, false
		}
		return Work(e.Workspace, e.Ticket, ch), true
	}
}
