package graph

import (
	"context"
	"reflect"
	"time"

	"github.com/99designs/gqlgen/graphql/handler/transport"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/graph/model"
)

// follower hands a ticket's events on to one subscriber. It reads them from the
// log; a signal only says that there may be more.
type follower struct {
	*Resolver

	session access.Session
	ticket  id.Ticket
	after   page.Cursor
	out     chan *model.TimelineEdge
}

// follow begins a subscription. Whatever commits after the first look is
// signalled, because the signals are subscribed to before it.
func (r *Resolver) follow(ctx context.Context, t id.Ticket, after page.Cursor) (<-chan *model.TimelineEdge, error) {
	f := &follower{Resolver: r, session: access.FromContext(ctx), ticket: t, after: after, out: make(chan *model.TimelineEdge)}
	signal, stop := r.config.Signals.Subscribe(event.TicketTopic(f.session.Actor.Workspace, t))
	if err := f.begin(ctx); err != nil {
		stop()
		return nil, err
	}
	go func() {
		defer close(f.out)
		defer stop()
		if err := f.run(ctx, signal); err != nil {
			r.end(ctx, err)
		}
	}()
	return f.out, nil
}

// begin checks the wish and finds the place to begin after.
func (f *follower) begin(ctx context.Context) error {
	call := f.call(ctx)
	if _, err := f.config.Tickets.Get(ctx, call, f.ticket); err != nil {
		return err
	}
	if f.after != nil {
		_, err := page.Request{After: f.after}.Window(1)
		return err
	}
	last, err := f.config.Tickets.Timeline(ctx, call, page.Request{Last: 1}, f.ticket)
	f.after = page.Cursor{0}
	for _, e := range last[f.ticket].Items {
		f.after = page.Cursor{e.Sequence}
	}
	return err
}

// run hands on events until the subscriber goes or their session ends.
func (f *follower) run(ctx context.Context, signal <-chan struct{}) error {
	expiry := time.NewTimer(f.session.ExpiresAt.Sub(f.config.Now()))
	defer expiry.Stop()
	for {
		more, err := f.deliver(ctx, expiry.C)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		case more:
			continue
		}
		select {
		case <-signal:
		case <-expiry.C:
			return access.ErrExpired
		case <-ctx.Done():
			return nil
		}
	}
}

// deliver hands on a page of events, and tells whether there are more.
func (f *follower) deliver(ctx context.Context, expiry <-chan time.Time) (bool, error) {
	p, err := f.read(ctx)
	if err != nil {
		return false, err
	}
	rows := f.load.New(f.now())
	for _, e := range p.Items {
		rows.WantEvent(e)
	}
	for _, e := range p.Items {
		edge, err := model.NewTimelineEdge(rows, e)
		if err != nil {
			return false, err
		}
		select {
		case f.out <- edge:
			f.after = edge.Cursor
		case <-expiry:
			return false, access.ErrExpired
		case <-ctx.Done():
			return false, nil
		}
	}
	return p.HasNext, nil
}

// read gives the next events that the subscriber may see as they are now. Who
// may not see the ticket any more hears no more of it.
func (f *follower) read(ctx context.Context) (page.Page[event.Envelope], error) {
	p, err := f.timeline(ctx)
	if err != nil {
		return p, err
	}
	was := f.session.Actor
	if f.session, err = f.renewed(ctx, f.session); err != nil {
		return page.Page[event.Envelope]{}, err
	}
	same := reflect.DeepEqual(was, f.session.Actor)
	if same && len(p.Items) > 0 {
		return p, nil
	}
	if _, err := f.config.Tickets.Get(ctx, f.now(), f.ticket); err != nil || same {
		return page.Page[event.Envelope]{}, err
	}
	return f.timeline(ctx)
}

func (f *follower) timeline(ctx context.Context) (page.Page[event.Envelope], error) {
	found, err := f.config.Tickets.Timeline(ctx, f.now(), page.Request{First: page.MaxSize, After: f.after}, f.ticket)
	return found[f.ticket], err
}

// now is the subscriber's wish at this moment.
func (f *follower) now() access.Call {
	return access.Call{Actor: f.session.Actor, Now: f.config.Now(), Origin: event.Origin{Channel: event.ChannelAPI}}
}

// end tells the subscriber why the stream ends, in the transport's way.
func (r *Resolver) end(ctx context.Context, err error) {
	if e, ok := ctx.Value(endingKey{}).(*ending); ok {
		e.err = err
	} else if ctx.Value(webSocketKey{}) != nil {
		transport.AddSubscriptionError(ctx, r.present(ctx, err))
	}
}
