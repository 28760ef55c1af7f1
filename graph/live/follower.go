package live

import (
	"context"
	"errors"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/load"
)

// Item is an event as its hearer may see it.
type Item struct {
	event.Envelope

	View *ticket.View // the ticket as it is now
	Rows *load.Rows   // the hearer's own
}

// Follower is somebody who hears of what happens.
type Follower struct {
	feed    *Feed
	wish    Wish
	came    access.Session // as who came was let in
	session access.Session // as they are now
	member  id.Member
	head    int64 // the end of the log when the follower came
	after   int64 // the sequence of the last event that was considered
	box     *mailbox
	hear    func(context.Context, Item) error
}

// Follow prepares to hand on what is wished for: after the given sequence, or, if
// it is nil, from now on. Codes: unauthenticated, forbidden, not_found.
func (f *Feed) Follow(ctx context.Context, s access.Session, w Wish, after *int64) (*Follower, error) {
	if err := s.Check(f.config.Now()); err != nil {
		return nil, err
	}
	if err := f.check(ctx, s.Actor, w); err != nil {
		return nil, err
	}
	head, err := f.config.Services.Tickets.Head(ctx, f.system(s.Actor.Workspace))
	if err != nil {
		return nil, err
	}
	follower := &Follower{feed: f, wish: w, came: s, session: s, member: s.Actor.Member, head: head, after: head, box: newMailbox()}
	if after != nil {
		follower.after = min(*after, head) // a place that is not there yet stands for now
	}
	return follower, nil
}

// check refuses a wish, with the wished ticket as it is now.
func (f *Feed) check(ctx context.Context, a access.Actor, w Wish) error {
	var view *ticket.View
	if w.Ticket != 0 {
		found, err := f.views(ctx, a.Workspace, w.Ticket)
		if err != nil {
			return err
		}
		view = found[w.Ticket]
	}
	return w.Check(a, view)
}

// Idle is what is done by a follower who heard nothing for a while.
type Idle struct {
	Every time.Duration // zero: nothing is done
	Do    func() error  // whose error ends the following
}

// Run hands on events to hear, one after the other, until ctx ends (then it is
// no error), the session ends, the right is lost, or hear or idle fails. Codes:
// unauthenticated, forbidden, not_found, those of hear and idle.
func (f *Follower) Run(ctx context.Context, idle Idle, hear func(context.Context, Item) error) error {
	home, left := f.session.Actor.Workspace, f.session.ExpiresAt.Sub(f.feed.config.Now())
	ctx, cancel := context.WithDeadlineCause(ctx, moment().Add(left), access.ErrExpired)
	defer cancel()
	f.hear = hear
	f.feed.join(home, f.head, f) //nolint:contextcheck // the stream is everybody's, and outlives who begins it
	defer f.feed.leave(home, f)
	err := f.follow(ctx, idle)
	switch {
	case errors.Is(context.Cause(ctx), access.ErrExpired):
		return access.ErrExpired
	case ctx.Err() != nil:
		return nil
	}
	return err
}

// follow reads the log until it has caught up, then what the stream puts into
// the mailbox.
func (f *Follower) follow(ctx context.Context, idle Idle) error {
	var quiet <-chan time.Time
	if idle.Every > 0 {
		ticker := time.NewTicker(idle.Every)
		defer ticker.Stop()
		quiet = ticker.C
	}
	for behind := true; ; {
		if behind {
			if err := f.catchUp(ctx); err != nil {
				return err
			}
		}
		all, over, err := f.box.take()
		if err != nil {
			return err
		}
		inTime, err := f.deliver(ctx, all)
		if err != nil {
			return err
		}
		if behind = over || !inTime; behind {
			continue
		}
		select {
		case <-f.box.signal:
		case <-quiet:
			if err := idle.Do(); err != nil {
				return err
			}
		case <-ctx.Done():
			return nil
		}
	}
}

// deliver hands on mail; false when some of it was too old to count.
func (f *Follower) deliver(ctx context.Context, all []mail) (bool, error) {
	for _, m := range all {
		if m.Sequence <= f.after {
			continue
		}
		if moment().Sub(m.at) > f.feed.config.Fresh {
			return false, nil
		}
		f.session.Actor = m.actor
		if err := f.hand(ctx, m.Envelope, m.view, m.shared); err != nil {
			return true, err
		}
		f.after = m.Sequence
	}
	return true, nil
}

func (f *Follower) hand(ctx context.Context, e event.Envelope, v *ticket.View, shared *load.Rows) error {
	call := access.Call{Actor: f.session.Actor, Now: f.feed.config.Now(), Origin: event.Origin{Channel: event.ChannelAPI}}
	return f.hear(ctx, Item{Envelope: e, View: v, Rows: f.feed.config.Services.Beside(call, shared)})
}

// catchUp reads the log from where the follower is to its end.
func (f *Follower) catchUp(ctx context.Context) error {
	home := f.session.Actor.Workspace
	var only []id.Ticket
	if f.wish.Ticket != 0 {
		only = append(only, f.wish.Ticket)
	}
	for {
		found, err := f.feed.config.Services.Tickets.Log(ctx, f.feed.system(home), f.after, batch, only...)
		if err != nil || len(found) == 0 {
			return err
		}
		if err := f.consider(ctx, found); err != nil {
			return err
		}
		if last := found[len(found)-1].Sequence; f.after == last && len(found) < batch {
			return nil
		}
	}
}

// consider hands on those of a batch that are wished for and may be heard of now.
// It stops where the finding gets old.
func (f *Follower) consider(ctx context.Context, events []event.Envelope) error {
	home, at := f.session.Actor.Workspace, moment()
	views, err := f.feed.views(ctx, home, ticketsOf(events)...)
	if err != nil {
		return err
	}
	now, err := f.feed.standing(ctx, home, []*Follower{f})
	if err != nil {
		return err
	}
	a, err := now.of(f, views)
	if err != nil {
		return err
	}
	f.session.Actor = a
	circles, err := f.circles(ctx, views, events)
	if err != nil {
		return err
	}
	shared := f.feed.shared(home, events)
	for i, e := range events {
		v := views[e.Ticket]
		if i > 0 && moment().Sub(at) > f.feed.config.Fresh {
			return nil
		}
		if v != nil && f.wish.wants(f.member, circles[i], e) && v.Hears(a, e) {
			if err := f.hand(ctx, e, v, shared); err != nil {
				return err
			}
		}
		f.after = e.Sequence
	}
	return nil
}

// circles gives those of events; a wish for a ticket needs none.
func (f *Follower) circles(ctx context.Context, views map[id.Ticket]*ticket.View, events []event.Envelope) ([]ticket.Circle, error) {
	if f.wish.Ticket != 0 {
		return make([]ticket.Circle, len(events)), nil
	}
	return f.feed.config.Services.Tickets.Circles(ctx, f.feed.system(f.session.Actor.Workspace), views, events)
}
