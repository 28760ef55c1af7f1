package ticket

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// Get finds a ticket. Codes: unauthenticated, not_found.
func (s *Service) Get(ctx context.Context, c access.Call, t id.Ticket) (*View, error) {
	found, err := s.Find(ctx, c, t)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNotFound
	}
	return found[0], nil
}

// Alerts gives the alerts that were raised in a ticket, in order. Only the helpdesk
// itself may. Codes: unauthenticated, forbidden.
func (s *Service) Alerts(ctx context.Context, c access.Call, t id.Ticket) ([]event.Envelope, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.repo.Moves(ctx, c.Actor.Workspace, 0, []event.Type{event.TypeAlertRaised}, t)
}

// Find gives the tickets that the actor may see, in the order of the IDs;
// others are left out. Codes: unauthenticated.
func (s *Service) Find(ctx context.Context, c access.Call, ids ...id.Ticket) ([]*View, error) {
	f, err := access.Filter(c.Actor, access.TicketSee)
	if err != nil {
		return nil, err
	}
	return s.repo.Find(ctx, f, ids...)
}

// ByNumber finds a ticket. Codes: unauthenticated, not_found.
func (s *Service) ByNumber(ctx context.Context, c access.Call, n int64) (*View, error) {
	f, err := access.Filter(c.Actor, access.TicketSee)
	if err != nil {
		return nil, err
	}
	return s.repo.ByNumber(ctx, f, n)
}

// List pages through the tickets that the actor may see. Tags are staff's own
// words, and deadlines its own matter: no condition on them holds for who may not
// read the ticket's notes, and only staff has an order by deadlines.
// Codes: unauthenticated, forbidden, invalid.
func (s *Service) List(ctx context.Context, c access.Call, q Query, r page.Request) (page.Page[*View], error) {
	v, err := VisibleTo(c.Actor)
	if err != nil {
		return page.Page[*View]{}, err
	}
	if err := q.permitted(c.Actor); err != nil {
		return page.Page[*View]{}, err
	}
	w, err := q.Window(r)
	if err != nil {
		return page.Page[*View]{}, err
	}
	return s.repo.List(ctx, v, q, w)
}

// Count counts the tickets that List would give in all. Codes: unauthenticated, invalid.
func (s *Service) Count(ctx context.Context, c access.Call, q Query) (int, error) {
	v, err := VisibleTo(c.Actor)
	if err != nil {
		return 0, err
	}
	if err := q.Check(); err != nil {
		return 0, err
	}
	return s.repo.Count(ctx, v, q)
}

// VisibleTo gives what the actor may read in tickets. Codes: unauthenticated.
func VisibleTo(a access.Actor) (Visibility, error) {
	see, err := access.Filter(a, access.TicketSee)
	if err != nil {
		return Visibility{}, err
	}
	notes, err := access.Filter(a, access.NoteSee)
	return Visibility{See: see, Notes: notes}, err
}

// Messages pages through what a query finds of what was said in each of the
// tickets; notes only for staff. Codes: unauthenticated, invalid.
func (s *Service) Messages(ctx context.Context, c access.Call, q query.Query, r page.Request, tickets ...id.Ticket) (map[id.Ticket]page.Page[*Message], error) {
	v, err := VisibleTo(c.Actor)
	if err != nil {
		return nil, err
	}
	w, err := MessageTerms().Window(q, r)
	if err != nil {
		return nil, err
	}
	return s.repo.Messages(ctx, v, q, w, tickets...)
}

// MessageCounts counts what Messages would give of each of the tickets in all.
// Codes: unauthenticated, invalid.
func (s *Service) MessageCounts(ctx context.Context, c access.Call, where query.Where, tickets ...id.Ticket) (map[id.Ticket]int, error) {
	v, err := VisibleTo(c.Actor)
	if err != nil {
		return nil, err
	}
	if err := where.Check(); err != nil {
		return nil, err
	}
	return s.repo.MessageCounts(ctx, v, where, tickets...)
}

// MessagesByID finds messages that the actor may read; others are left out.
// Codes: unauthenticated.
func (s *Service) MessagesByID(ctx context.Context, c access.Call, ids ...id.Message) (map[id.Message]*Message, error) {
	v, err := VisibleTo(c.Actor)
	if err != nil {
		return nil, err
	}
	return s.repo.MessagesByID(ctx, v, ids...)
}

// Versions gives all texts that messages had, oldest first, to staff who may
// read the message; others get none. Codes: unauthenticated.
func (s *Service) Versions(ctx context.Context, c access.Call, ids ...id.Message) (map[id.Message][]Version, error) {
	v, err := VisibleTo(c.Actor)
	if err != nil {
		return nil, err
	}
	f, err := access.Filter(c.Actor, access.MessageHistory)
	if err != nil {
		return nil, err
	}
	return s.repo.Versions(ctx, v, f, ids...)
}

// Timeline pages through what a query finds of each ticket's history; internal
// events only for staff. Codes: unauthenticated, invalid.
func (s *Service) Timeline(ctx context.Context, c access.Call, q query.Query, r page.Request, tickets ...id.Ticket) (map[id.Ticket]page.Page[event.Envelope], error) {
	v, err := VisibleTo(c.Actor)
	if err != nil {
		return nil, err
	}
	w, err := TimelineTerms().Window(q, r)
	if err != nil {
		return nil, err
	}
	return s.repo.Timeline(ctx, v, q, w, tickets...)
}

// TimelineCounts counts what Timeline would give of each of the tickets in all.
// Codes: unauthenticated, invalid.
func (s *Service) TimelineCounts(ctx context.Context, c access.Call, where query.Where, tickets ...id.Ticket) (map[id.Ticket]int, error) {
	v, err := VisibleTo(c.Actor)
	if err != nil {
		return nil, err
	}
	if err := where.Check(); err != nil {
		return nil, err
	}
	return s.repo.TimelineCounts(ctx, v, where, tickets...)
}

// Participants gives the members who take part in each of the tickets.
// Codes: unauthenticated.
func (s *Service) Participants(ctx context.Context, c access.Call, tickets ...id.Ticket) (map[id.Ticket][]*member.Member, error) {
	f, err := access.Filter(c.Actor, access.TicketSee)
	if err != nil {
		return nil, err
	}
	return s.repo.Participants(ctx, f, tickets...)
}
