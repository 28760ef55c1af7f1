package discord

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// StaffConsumer is the name under which HandleStaff is registered for durable work.
func StaffConsumer() job.Consumer { return channel.StaffWork(event.ChannelDiscord) }

const (
	// staffPatience is for how long it is tried to tell staff something.
	staffPatience = 7 * 24 * time.Hour
	// staffLook is how soon is looked again where staff cannot be told; from then on
	// after as long again as it waits already.
	staffLook = 10 * time.Minute
	// waitedBefore is the cursor of what could not be told at first, skippedBefore that of
	// what waits on since others were refused there just now.
	waitedBefore  = 1
	skippedBefore = 2
	// kindTold is what staff is told, as kinds of posts are named.
	kindTold = "told"
)

// telling is something that staff is told.
type telling struct {
	*Adapter
	access.Call

	queue id.Queue
	at    time.Time
	over  bool // what it is about was done meanwhile
	nonce int64
	mark  string // stands below it, whatever else is said in it by then
	post  func(context.Context, render.Speaker) (wire.Post, error)
}

// HandleStaff does the durable work of telling staff of alerts and digests, where the
// desk of their queue is. It needs no gateway. What Discord refuses waits until somebody
// mends that, for a week, and is told then if it still matters.
func (a *Adapter) HandleStaff(ctx context.Context, c job.Claim) (job.Outcome, error) {
	t, key := &telling{Adapter: a, Call: a.system(c.Workspace)}, strings.Split(c.Key.Key, "/")
	if key[0] == channel.DeskWork {
		return a.lookAtDesks(ctx, t.Call)
	}
	found, err := t.about(ctx, key)
	if err != nil || !found {
		return job.Outcome{}, err
	}
	desk, err := a.Channels.DeskOf(ctx, t.Call, event.ChannelDiscord, t.queue)
	late := c.Cursor != 0
	if err != nil || late && t.over {
		return job.Outcome{}, err
	}
	if waited := a.Now().Sub(t.at); desk == nil && late && waited <= staffPatience {
		return job.Outcome{Again: a.Now().Add(max(staffLook, waited)), Cursor: c.Cursor}, nil
	}
	if desk == nil {
		return job.Outcome{}, nil
	}
	return t.deliver(ctx, c, desk)
}

// deliver tells it at the desk, or lets it wait. What waits, or is known to be unfit
// without a post, is not worth asking Discord where somebody asked just now.
func (t *telling) deliver(ctx context.Context, c job.Claim, desk *channel.Desk) (job.Outcome, error) {
	at, began := roomOf(desk), t.Adapter.Now()
	waits := job.Outcome{Cursor: waitedBefore}
	known := t.found.of(at)
	err := known.err
	skipped := err != nil && began.Sub(known.at) < unfitFor && (known.foreseen || c.Cursor != 0)
	if !skipped {
		known = t.tell(ctx, at, c.Cursor != 0 || c.Attempt > 1)
		err, known.at = known.err, began
	}
	if wait, limited := rest.Limited(err); limited {
		waits.Again = t.Adapter.Now().Add(wait)
		return waits, nil
	}
	if !skipped {
		t.follow(ctx, at, known)
	}
	waited := t.Adapter.Now().Sub(t.at)
	switch {
	case err != nil && waited > staffPatience:
		t.Logger.Warn("staff was not told of something", "channel_id", desk.ExternalID, "key", c.Key.Key, "error", err)
		return job.Outcome{}, nil
	case skipped && c.Cursor != skippedBefore:
		// Another process may have found it mended since, and hastened this in vain.
		return job.Outcome{Again: t.Adapter.Now().Add(staffLook), Cursor: skippedBefore}, nil
	case unfit(err):
		if !skipped {
			t.Logger.Warn("staff cannot be told of something; it waits until that is mended, as /setup status tells", "channel_id", desk.ExternalID, "key", c.Key.Key, "error", err)
		}
		waits.Again = t.Adapter.Now().Add(max(staffLook, waited))
		if t.found.mendedSince(at, began) { // what was hastened then was not this
			waits.Again = t.Adapter.Now()
		}
		return waits, nil
	}
	return job.Outcome{}, err
}

// follow takes note of whether something could be told in a room.
func (t *telling) follow(ctx context.Context, at room, now finding) {
	var err error
	switch {
	case now.err == nil:
		err = t.wasTold(ctx, t.Call, at, now)
	case unfit(now.err) && !t.found.mendedSince(at, now.at):
		t.found.note(at, now)
		err = t.reportRooms(ctx, t.Call, roomsFit(false))
	}
	if err != nil {
		t.Logger.Warn("whether staff can be told of something could not be reported", "channel_id", string(at.at), "error", err)
	}
}

// about finds out what staff is told; false if it is not there any more.
func (t *telling) about(ctx context.Context, key []string) (bool, error) {
	numbers := make([]int64, len(key))
	for i, part := range key[1:] {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return false, err
		}
		numbers[i+1] = n
	}
	switch {
	case key[0] == channel.AlertWork && len(key) == 3:
		return t.ofAlert(ctx, id.Ticket(numbers[1]), id.Event(numbers[2]))
	case key[0] == channel.DigestWork && len(key) == 2:
		return t.ofDigest(ctx, id.Digest(numbers[1]))
	}
	return false, nil
}

func (t *telling) ofAlert(ctx context.Context, n id.Ticket, e id.Event) (bool, error) {
	f, err := t.Channels.Facts(ctx, t.Call, n, event.ChannelDiscord)
	if fault.CodeOf(err) == fault.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	all, err := t.Tickets.Alerts(ctx, t.Call, n)
	i := slices.IndexFunc(all, func(a event.Envelope) bool { return a.ID == e })
	if err != nil || i < 0 {
		return false, err
	}
	alert, _ := all[i].Data.(event.AlertRaised)
	t.queue, t.at, t.nonce, t.mark = f.Ticket.Queue, all[i].RecordedAt, int64(e), "A-"+e.String()
	t.over = f.Ticket.Status == ticket.Resolved || f.Ticket.Status == ticket.Closed
	t.post = func(ctx context.Context, s render.Speaker) (wire.Post, error) {
		places, err := t.Channels.Standings(ctx, t.Call, n)
		return s.Alert(f, alert, urlOf(places[n])), err
	}
	return true, nil
}

func (t *telling) ofDigest(ctx context.Context, n id.Digest) (bool, error) {
	found, err := t.Digests.Get(ctx, t.Call, n)
	if err != nil || len(found) == 0 {
		return false, err
	}
	d := found[0]
	t.queue, t.at, t.nonce, t.mark = d.Queue, d.At, int64(d.ID), "D-"+d.ID.String()
	if t.over, err = t.outdated(ctx, d); err != nil {
		return false, err
	}
	t.post = func(ctx context.Context, s render.Speaker) (wire.Post, error) {
		named, err := t.Tickets.Find(ctx, t.Call, d.Tickets...)
		if err != nil {
			return wire.Post{}, err
		}
		places, err := t.Channels.Standings(ctx, t.Call, d.Tickets...)
		if err != nil {
			return wire.Post{}, err
		}
		q, err := t.Queues.Get(ctx, t.Call, d.Queue)
		if err != nil {
			return wire.Post{}, err
		}
		told := render.Digest{Queue: q.Name, Count: d.Count}
		for _, n := range d.Tickets {
			for _, v := range named {
				if v.ID == n {
					told.Tickets = append(told.Tickets, render.Waiting{Ticket: v.Ticket, URL: urlOf(places[n])})
				}
			}
		}
		if d.Calls {
			told.Roles, err = t.rolesOf(ctx, d.Queue)
		}
		return s.Digest(told), err
	}
	return true, nil
}

// outdated reports whether what a digest tells is told by a later one of its queue, or
// nothing of it waits any more.
func (t *telling) outdated(ctx context.Context, d *digest.Digest) (bool, error) {
	last, err := t.Digests.Page(ctx, t.Call, d.Queue, query.Query{}, page.Request{First: 1})
	if err != nil || len(last.Items) > 0 && last.Items[0].ID != d.ID {
		return err == nil, err
	}
	named, err := t.Tickets.Find(ctx, t.Call, d.Tickets...)
	waits := func(v *ticket.View) bool { return v.Turn == ticket.StaffsTurn && v.Queue == d.Queue }
	return !slices.ContainsFunc(named, waits), err
}

func urlOf(s *channel.Standing) string {
	if s == nil {
		return ""
	}
	return s.URL()
}

// rolesOf gives the roles of the teams that serve a queue.
func (t *telling) rolesOf(ctx context.Context, q id.Queue) ([]string, error) {
	teams, err := t.Teams.List(ctx, t.Call)
	var roles []string
	for _, one := range teams {
		for _, r := range one.Roles {
			if r.Channel == event.ChannelDiscord && slices.Contains(one.Queues, q) {
				roles = append(roles, r.ExternalID)
			}
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(roles))), err
}

// tell posts it, unless it turns out that it stands there already, or that others than
// staff would read it since the desk was set up. It gives what that tells of the room.
func (t *telling) tell(ctx context.Context, at room, again bool) (f finding) {
	if f.home, f.err = t.fitsStaff(ctx, at.guild, at.at); f.err != nil {
		f.foreseen = true
		return f
	}
	if again {
		stands, err := t.stands(ctx, at.at)
		if f.err = err; err != nil || stands {
			return f
		}
	}
	f.err = t.say(ctx, at.at)
	return f
}

func (t *telling) say(ctx context.Context, at wire.ID) error {
	w, err := t.Workspaces.Get(ctx, t.Call)
	if err != nil {
		return err
	}
	p, err := t.post(ctx, t.speak(w.Locale))
	if err != nil {
		return err
	}
	p.Embeds[0].Footer = &wire.EmbedFooter{Text: t.mark}
	p.Nonce, p.EnforceNonce = nonce(kindTold, t.nonce, 0, t.at), true
	_, err = t.rest.Post(ctx, at, p)
	return err
}

// stands looks in the channel for what may have been posted before, with an outcome
// that nobody heard of. Its words may have changed since.
func (t *telling) stands(ctx context.Context, at wire.ID) (bool, error) {
	me, err := t.me(ctx)
	if err != nil {
		return false, err
	}
	for after := wire.FirstAt(t.at.Add(-clockSkew)); ; {
		page, err := t.rest.History(ctx, at, after)
		if err != nil {
			return false, err
		}
		for i := range page {
			m := &page[i]
			after = m.ID
			if m.Author != nil && m.Author.ID == me && t.marks(m.Embeds) {
				return true, nil
			}
		}
		if len(page) < rest.HistoryPage {
			return false, nil
		}
	}
}

func (t *telling) marks(all []wire.Embed) bool {
	return slices.ContainsFunc(all, func(e wire.Embed) bool { return e.Footer != nil && e.Footer.Text == t.mark })
}
