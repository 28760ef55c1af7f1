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
	head    int64     // the end of the log when the follower came
	after   int64     // the sequence of the last event that was considered
	digest  id.Digest // the last of which the follower heard
	box     *mailbox
	behind  bool   // the log has what was not considered yet
	found   []mail // what was found and is to be considered
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
	follower := &Follower{feed: f, wish: w, came: s, session: s, member: s.Actor.Member, head: head, after: head, box: newMailbox(), behind: true}
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
	ctx, leave := f.Begin(ctx)
	defer leave()
	var quiet <-chan time.Time
	if idle.Every > 0 {
		ticker := time.NewTicker(idle.Every)
		defer ticker.Stop()
		quiet = ticker.C
	}
	for {
		i, err := f.next(ctx, quiet, idle.Do)
		if err != nil || i == nil {
			return err
		}
		if err := hear(ctx, *i); err != nil {
			return f.ending(ctx, err)
		}
	}
}

// Begin makes the follower hear of what happens, until leave is called or ctx ends.
// The context that it gives is for Next, and ends with the session, too.
func (f *Follower) Begin(ctx context.Context) (following context.Context, leave func()) {
	home, left := f.session.Actor.Workspace, f.session.ExpiresAt.Sub(f.feed.config.Now())
	ctx, cancel := context.WithDeadlineCause(ctx, moment().Add(left), access.ErrExpired)
	f.feed.join(home, f.head, f)
	gone := context.AfterFunc(ctx, func() { f.feed.leave(home, f) })
	return ctx, func() {
		if gone() {
			f.feed.leave(home, f)
		}
		cancel()
	}
}

// Next waits for the next event, and gives nil when ctx ended without the session.
// Codes: unauthenticated, forbidden, not_found.
func (f *Follower) Next(ctx context.Context) (*Item, error) { return f.next(ctx, nil, nil) }

func (f *Follower) next(ctx context.Context, quiet <-chan time.Time, idle func() error) (*Item, error) {
	for {
		if i := f.first(); i != nil {
			return i, nil
		}
		if len(f.found) > 0 {
			continue
		}
		waits, err := f.look(ctx)
		if err != nil {
			return nil, f.ending(ctx, err)
		}
		if !waits {
			continue
		}
		select {
		case <-f.box.signal:
		case <-quiet:
			if err := idle(); err != nil {
				return nil, err
			}
		case <-ctx.Done():
			return nil, f.ending(ctx, nil)
		}
	}
}

// ending is why the following ends: the session's end goes before what came of it.
func (f *Follower) ending(ctx context.Context, err error) error {
	switch why := context.Cause(ctx); {
	case why == nil:
		return err
	case errors.Is(why, access.ErrExpired):
		return access.ErrExpired
	}
	return nil
}

// first takes the first of what was found, and gives it if it is heard. Where the
// finding has grown old meanwhile, the log is read again.
func (f *Follower) first() *Item {
	if len(f.found) == 0 {
		return nil
	}
	m := f.found[0]
	if !m.counts && moment().Sub(m.at) > f.feed.config.Fresh {
		f.found, f.behind = nil, true
		return nil
	}
	if f.found = f.found[1:]; len(f.found) == 0 {
		f.found = nil
	}
	if m.Sequence <= f.after {
		return nil
	}
	f.after = m.Sequence
	if m.view == nil || f.heard(m.Envelope) {
		return nil
	}
	f.session.Actor = m.actor
	call := access.Call{Actor: m.actor, Now: f.feed.config.Now(), Origin: event.Origin{Channel: event.ChannelAPI}}
	return &Item{Envelope: m.Envelope, View: m.view, Rows: f.feed.config.Services.Beside(call, m.shared)}
}

// heard tells whether an event says nothing new: who wishes for digests hears of each by
// the first of its tickets that they can see.
func (f *Follower) heard(e event.Envelope) bool {
	d, ok := e.Data.(event.Digested)
	if !ok || f.wish.Only != event.TypeDigested {
		return false
	}
	known := d.Digest == f.digest
	f.digest = d.Digest
	return known
}

// look finds more: in the log until all of it was read, and then in the mailbox. It
// tells whether there is nothing but to wait.
func (f *Follower) look(ctx context.Context) (waits bool, err error) {
	if f.behind {
		return false, f.catchUp(ctx)
	}
	f.found, f.behind, err = f.box.take()
	return len(f.found) == 0 && !f.behind, err
}

// catchUp reads on in the log.
func (f *Follower) catchUp(ctx context.Context) error {
	var only []id.Ticket
	if f.wish.Ticket != 0 {
		only = append(only, f.wish.Ticket)
	}
	events, err := f.feed.config.Services.Tickets.Log(ctx, f.feed.system(f.session.Actor.Workspace), f.after, batch, only...)
	if err != nil {
		return err
	}
	f.behind = len(events) == batch
	if len(events) == 0 {
		return nil
	}
	return f.consider(ctx, events)
}

// consider finds those of a batch that are wished for and may be heard of now. The
// first counts however long its reader takes, so that there is an end.
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
	f.found = make([]mail, len(events))
	for i, e := range events {
		v := views[e.Ticket]
		if v != nil && (!f.wish.wants(f.member, circles[i], e) || !v.Hears(a, e)) {
			v = nil
		}
		f.found[i] = mail{Envelope: e, view: v, actor: a, shared: shared, at: at, counts: i == 0}
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
