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
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
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
	// waitedBefore is the cursor of what could not be told at first.
	waitedBefore = 1
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
	late := c.Cursor == waitedBefore
	if err != nil || desk == nil || late && t.over {
		return job.Outcome{}, err
	}
	err = t.tell(ctx, desk, late || c.Attempt > 1)
	if wait, limited := rest.Limited(err); limited {
		return job.Outcome{Again: a.Now().Add(wait), Cursor: waitedBefore}, nil
	}
	if err == nil || unfit(err) {
		if err := a.reportRoom(ctx, t.Call, wire.ID(desk.Place), err == nil); err != nil {
			a.Logger.Warn("whether staff can be told of something could not be reported", "channel_id", desk.ExternalID, "error", err)
		}
	}
	waited := a.Now().Sub(t.at)
	switch {
	case err != nil && waited > staffPatience:
		a.Logger.Warn("staff was not told of something", "channel_id", desk.ExternalID, "key", c.Key.Key, "error", err)
		return job.Outcome{}, nil
	case unfit(err):
		a.Logger.Warn("staff cannot be told of something; it waits until that is mended, as /setup status tells", "channel_id", desk.ExternalID, "key", c.Key.Key, "error", err)
		return job.Outcome{Again: a.Now().Add(max(staffLook, waited)), Cursor: waitedBefore}, nil
	}
	return job.Outcome{}, err
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
// staff would read it since the desk was set up.
func (t *telling) tell(ctx context.Context, desk *channel.Desk, again bool) error {
	at := wire.ID(desk.ExternalID)
	if err := t.fitsStaff(ctx, wire.ID(desk.Place), at); err != nil {
		return err
	}
	w, err := t.Workspaces.Get(ctx, t.Call)
	if err != nil {
		return err
	}
	if again {
		stands, err := t.stands(ctx, at)
		if err != nil || stands {
			return err
		}
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
