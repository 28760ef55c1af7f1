package discord

import (
	"context"
	"errors"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/job"
)

// errInLine tells that others wait longer for such a place.
var errInLine = errors.New("other tickets wait for a channel already")

// inLine lets a ticket go behind those that wait for such a place.
func (r *run) inLine(ctx context.Context, k category.Surface) error {
	ahead, err := r.Channels.Ahead(ctx, r.call, event.ChannelDiscord, k, r.ticket)
	if err != nil {
		return err
	}
	if ahead > 0 {
		return errInLine
	}
	return nil
}

// wait puts the ticket in line for a place. That there is none is learned from
// the refusal, not from counting; when one is freed, the first is looked after.
func (r *run) wait(ctx context.Context, err error) (job.Outcome, error) {
	detail := "discord.waiting.threads"
	if rest.Is(err, rest.GuildFull) || r.facts.Kind() == category.InDM {
		detail = "discord.waiting.channels"
	}
	if r.surface.State != channel.Waiting {
		r.Logger.Warn("there is no place for a ticket's channel; it waits for one", "ticket", r.ticket, "error", err)
	}
	if r.surface.State == channel.Gone {
		now := parseShown(r.surface.Card)
		now.before = wasLost
		r.surface.Card = now.String()
	}
	r.surface.State, r.surface.Detail, r.surface.Kind = channel.Waiting, detail, r.lineKind()
	r.surface.Refusals++
	if err := r.save(ctx); err != nil {
		return job.Outcome{}, err
	}
	ahead, err := r.Channels.Ahead(ctx, r.call, event.ChannelDiscord, r.surface.Kind, r.ticket)
	if err != nil {
		return job.Outcome{}, err
	}
	r.openings.tell(ctx, int64(r.ticket), outlook{blocked: detail, position: ahead + 1})
	return job.Outcome{Again: r.Now().Add(patienceAfter(r.surface.Refusals))}, nil
}

// lineKind is what the ticket waits for: a thread, where it would make do with one.
func (r *run) lineKind() category.Surface {
	if k := r.facts.Kind(); k != category.InChannel {
		return k
	}
	return category.InThread
}
