package discord

import (
	"context"
	"errors"
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

// blockedFor is how long a channel that Discord refuses is left alone at first.
const blockedFor = 10 * time.Minute

// staleTries is how often a run is begun anew since what was recorded of the
// ticket's channel changed while it ran, before it goes behind all others.
const staleTries = 5

// Sync brings a ticket's channel to its desired state. What Discord will refuse
// until somebody mends it is recorded and tried again much later; any other
// error is for the caller to try again.
func (a *Adapter) Sync(ctx context.Context, w id.Workspace, t id.Ticket) (job.Outcome, error) {
	for range staleTries {
		out, err := a.syncOnce(ctx, w, t)
		if !errors.Is(err, channel.ErrStale) {
			return out, err
		}
	}
	return job.Outcome{Again: a.Now()}, nil
}

func (a *Adapter) syncOnce(ctx context.Context, w id.Workspace, t id.Ticket) (job.Outcome, error) {
	r := &run{Adapter: a, call: a.system(w), ticket: t}
	err := r.read(ctx)
	if fault.CodeOf(err) == fault.NotFound {
		return job.Outcome{}, nil
	}
	if err != nil {
		return job.Outcome{}, err
	}
	return r.outcome(ctx, r.steps(ctx))
}

// run is one reconciliation of one ticket's channel.
type run struct {
	*Adapter
	call    access.Call
	ticket  id.Ticket
	facts   *channel.Facts
	surface *channel.Surface
	speech  render.Speaker
	silent  bool                // the requester turned out to take no direct messages
	staff   *run                // of a run in the requester's direct messages: the one where staff is
	bare    map[id.Message]bool // messages whose files Discord does not take
	kept    string              // why the place stays though it had its time, as a catalogue key
	again   time.Time           // when to look again though all else is done
}

func (r *run) read(ctx context.Context) error {
	f, err := r.Channels.Facts(ctx, r.call, r.ticket, r.where())
	if err != nil {
		return err
	}
	s := f.Surface
	s.Ticket, s.Workspace, s.Channel = r.ticket, r.call.Actor.Workspace, r.where()
	if s.State == "" {
		s.State = channel.Wanted
	}
	r.facts, r.surface, r.speech = f, &s, r.speak(f.Ticket.Locale)
	return nil
}

func (r *run) guild() wire.ID { return wire.ID(r.facts.Place) }

func (r *run) channel() wire.ID { return wire.ID(r.surface.ExternalID) }

func (r *run) closed() bool { return r.facts.Ticket.Status == ticket.Closed }

func (r *run) save(ctx context.Context) error { return r.Channels.Save(ctx, r.call, r.surface) }

// steps makes the difference between what is and what should be, in order.
func (r *run) steps(ctx context.Context) error {
	if r.guild() == "" || r.facts.Ticket.Channel != event.ChannelDiscord {
		return nil
	}
	err := r.resolve(ctx)
	if !r.facts.Linked {
		return r.unlink(ctx, err)
	}
	if err != nil {
		return err
	}
	if r.channel() == "" && r.closed() {
		return nil
	}
	if gone, err := r.clear(ctx); gone || err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{
		r.withdraw, r.ensurePlace, r.shape, r.announce, r.marker, r.card, r.posts, r.notice, r.relay, r.seal, r.settle,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// settle records that nothing is in the way any more, except perhaps of the place's
// removal.
func (r *run) settle(ctx context.Context) error {
	if r.surface.State == channel.Ready && r.surface.Detail == r.kept {
		return nil
	}
	if r.kept != "" && r.surface.Detail != r.kept {
		r.Logger.Warn("a closed ticket's channel stays until somebody looks into it",
			"ticket", r.ticket, "detail", r.Catalogue.Text("en", r.kept, nil))
	}
	r.surface.State, r.surface.Detail, r.surface.Refusals = channel.Ready, r.kept, 0
	return r.save(ctx)
}

// outcome sorts what stopped a run.
func (r *run) outcome(ctx context.Context, err error) (job.Outcome, error) {
	if err == nil {
		return job.Outcome{Again: r.again}, nil
	}
	if wait, ok := rest.Limited(err); ok {
		return job.Outcome{Again: r.Now().Add(wait)}, nil
	}
	switch {
	case rest.Is(err, rest.UnknownChannel):
		return job.Outcome{}, r.lost(ctx, r.call, r.surface) // which wishes for another one
	case rest.Is(err, rest.ThreadArchived):
		return r.unseal(ctx)
	case errors.Is(err, errInLine), rest.Is(err, rest.ThreadsFull, rest.GuildFull):
		return r.wait(ctx, err)
	case rest.Is(err, rest.UnknownGuild, rest.MissingAccess):
		return r.block(ctx, err, "discord.blocked.access")
	case rest.Forbidden(err), errors.Is(err, errHeldTooLittle):
		return r.block(ctx, err, "discord.blocked.permission")
	}
	return job.Outcome{}, err
}

// block records what stands in the way. Other tickets are not held up by it.
func (r *run) block(ctx context.Context, err error, detail string) (job.Outcome, error) {
	r.guilds.forgetRights(r.guild())
	if r.surface.State != channel.Blocked || r.surface.Detail != detail {
		r.Logger.Error("Discord refuses a ticket's channel until somebody mends it",
			"ticket", r.ticket, "detail", r.Catalogue.Text("en", detail, nil), "error", err)
	}
	if r.surface.State != channel.Gone && r.surface.State != channel.Cleared { // which tell what the next place begins with
		r.surface.State = channel.Blocked
	}
	r.surface.Detail = detail
	r.surface.Refusals++
	if err := r.save(ctx); err != nil {
		return job.Outcome{}, err
	}
	if r.channel() == "" {
		r.openings.tell(ctx, int64(r.ticket), outlook{blocked: detail})
	}
	return job.Outcome{Again: r.Now().Add(patienceAfter(r.surface.Refusals))}, nil
}

// patienceAfter is how long a channel that Discord refused so often is left
// alone, unless somebody mends it before: what nobody mends for hours is asked
// for every few hours, so that many of them do not add up to a ban of the address.
func patienceAfter(refusals int) time.Duration {
	return blockedFor << min(max(refusals-1, 0), 5)
}
