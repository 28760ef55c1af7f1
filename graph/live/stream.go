package live

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/load"
)

// stream reads one workspace's log for all who follow it.
type stream struct {
	feed      *Feed
	workspace id.Workspace
	cancel    context.CancelFunc
	position  int64 // how far the log was read

	mu     sync.Mutex
	roster roster
}

// run reads on whenever there may be more, until nobody follows any more.
func (s *stream) run(ctx context.Context, events, rights <-chan struct{}) {
	review := time.NewTicker(s.feed.config.Review)
	defer review.Stop()
	for err := s.read(ctx); ; {
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.feed.fail(s, err)
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-events:
			err = s.read(ctx)
		case <-rights:
			err = s.review(ctx)
		case <-review.C:
			err = s.review(ctx)
		}
	}
}

// read hands on what is new in the log.
func (s *stream) read(ctx context.Context) error {
	for {
		found, err := s.feed.config.Services.Tickets.Log(ctx, s.feed.system(s.workspace), s.position, batch)
		if err != nil || len(found) == 0 {
			return err
		}
		last, more := found[len(found)-1].Sequence, len(found) == batch
		if err := s.distribute(ctx, found); err != nil {
			return err
		}
		s.position = last
		if !more {
			return nil
		}
	}
}

// distribute puts events into the mailboxes of those who may hear of them now.
func (s *stream) distribute(ctx context.Context, events []event.Envelope) error {
	events = s.awaited(events)
	if len(events) == 0 {
		return nil
	}
	views, err := s.feed.views(ctx, s.workspace, ticketsOf(events)...)
	if err != nil {
		return err
	}
	heard, err := s.audience(ctx, events, views)
	if err != nil {
		return err
	}
	if len(heard) == 0 {
		return nil
	}
	at := moment() // before rights are read: what changes from now on is newer
	now, err := s.feed.standing(ctx, s.workspace, slices.Collect(maps.Keys(heard)))
	if err != nil {
		return err
	}
	shared := s.feed.shared(s.workspace, events)
	for f, events := range heard {
		a, err := now.of(f, views)
		if err != nil {
			f.box.end(err)
			continue
		}
		for _, e := range events {
			if v := views[e.Ticket]; v.Hears(a, e) {
				f.box.put(mail{Envelope: e, view: v, actor: a, shared: shared, at: at})
			}
		}
	}
	return nil
}

// awaited keeps the events that somebody may want to hear of.
func (s *stream) awaited(events []event.Envelope) []event.Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(events, func(e event.Envelope) bool { return !s.roster.awaited(e) })
}

// audience finds who wishes to hear of the events, and of which. Who came
// meanwhile and wishes for more than a ticket reads the log first, and finds them there.
func (s *stream) audience(ctx context.Context, events []event.Envelope, views map[id.Ticket]*ticket.View) (map[*Follower][]event.Envelope, error) {
	s.mu.Lock()
	wide := s.roster.wide()
	s.mu.Unlock()
	circles := make([]ticket.Circle, len(events))
	if wide {
		var err error
		circles, err = s.feed.config.Services.Tickets.Circles(ctx, s.feed.system(s.workspace), views, events)
		if err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	heard := map[*Follower][]event.Envelope{}
	for i, e := range events {
		s.roster.audience(e, circles[i], heard)
	}
	return heard, nil
}

// review ends the wishes of those who lost the right to them.
func (s *stream) review(ctx context.Context) error {
	s.mu.Lock()
	followers := slices.Collect(maps.Keys(s.roster.all))
	tickets := slices.Collect(maps.Keys(s.roster.byTicket))
	s.mu.Unlock()
	views, err := s.feed.views(ctx, s.workspace, tickets...)
	if err != nil {
		return err
	}
	now, err := s.feed.standing(ctx, s.workspace, followers)
	if err != nil {
		return err
	}
	for _, f := range followers {
		if _, err := now.of(f, views); err != nil {
			f.box.end(err)
		}
	}
	return nil
}

// ticketsOf gives the tickets of events, each once.
func ticketsOf(events []event.Envelope) []id.Ticket {
	distinct := map[id.Ticket]struct{}{}
	for _, e := range events {
		distinct[e.Ticket] = struct{}{}
	}
	return slices.Collect(maps.Keys(distinct))
}

// views gives tickets as they are now.
func (f *Feed) views(ctx context.Context, w id.Workspace, tickets ...id.Ticket) (map[id.Ticket]*ticket.View, error) {
	views := make(map[id.Ticket]*ticket.View, len(tickets))
	for some := range slices.Chunk(tickets, batch) {
		found, err := f.config.Services.Tickets.Find(ctx, f.system(w), some...)
		if err != nil {
			return nil, err
		}
		for _, v := range found {
			views[v.ID] = v
		}
	}
	return views, nil
}

// shared is where all who hear of the events find what the events name. Whoever
// may hear of an event may see that.
func (f *Feed) shared(w id.Workspace, events []event.Envelope) *load.Rows {
	rows := f.config.Services.New(f.system(w))
	for _, e := range events {
		rows.WantEvent(e)
	}
	return rows
}

// moment is the machine's time: how old a finding is has nothing to do with the
// helpdesk's clock.
func moment() time.Time { return time.Now() } //nolint:forbidigo // as said
