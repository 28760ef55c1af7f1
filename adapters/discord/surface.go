package discord

import (
	"context"
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
)

// stepChannel is the intent to make a ticket's channel.
const stepChannel = "channel"

// ensureChannel makes the ticket's channel if there is none.
func (r *run) ensureChannel(ctx context.Context) error {
	if r.channel() != "" {
		return nil
	}
	if r.surface.Intent.Step != stepChannel {
		r.surface.Intent = channel.Intent{Step: stepChannel, At: r.Now()}
		if err := r.save(ctx); err != nil {
			return err
		}
	}
	made, applied, err := r.createChannel(ctx)
	if rest.RefusalOf(err) != nil {
		r.surface.Intent = channel.Intent{} // certainly not made
		if err := r.save(ctx); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	return r.have(ctx, made, applied)
}

// have records the ticket's channel.
func (r *run) have(ctx context.Context, ch wire.ID, a applied) error {
	r.surface.ExternalID, r.surface.Applied, r.surface.Intent = string(ch), a.String(), channel.Intent{}
	if r.surface.State != channel.Gone { // a lost one is remembered until the marker stands
		r.surface.State = channel.Ready
	}
	return r.save(ctx)
}

// announce tells the requester where their ticket is, once they can see it.
func (r *run) announce(ctx context.Context) error {
	r.openings.there(ctx, int64(r.ticket), r.channel())
	return nil
}

// createChannel makes the channel, under a channel category that has room. That
// one is full is learned from the refusal, not from counting.
func (r *run) createChannel(ctx context.Context) (wire.ID, applied, error) {
	wanted, err := r.overwrites(ctx)
	if err != nil {
		return "", applied{}, err
	}
	at := render.Place(r.facts.Ticket)
	n := wire.NewChannel{Name: at.Name, Topic: at.Topic, Type: wire.TypeText, Overwrites: wanted}
	did := applied{rights: render.Fingerprint(wanted), name: render.Fingerprint(at)}
	full := map[wire.ID]bool{}
	for {
		if n.ParentID, err = r.parent(ctx, full); err != nil {
			return "", applied{}, err
		}
		ch, err := r.rest.CreateChannel(ctx, r.guild(), n)
		switch {
		case err == nil:
			return ch.ID, did, nil
		case rest.ParentFull(err) && !full[n.ParentID]:
			full[n.ParentID] = true
		case len(n.Overwrites) > 2 && someTargetGone(err):
			n.Overwrites, did.rights = n.Overwrites[:2], ""
		default:
			return "", applied{}, err
		}
	}
}

// someTargetGone reports whether a channel was refused since a role or person
// in its overwrites is there no more.
func someTargetGone(err error) bool {
	f := rest.RefusalOf(err)
	return rest.Is(err, rest.UnknownOverwrite, rest.UnknownUser, rest.UnknownMember) ||
		f != nil && strings.Contains(string(f.Errors), "permission_overwrites")
}

// parent finds a channel category for tickets that is not full, or makes one.
func (r *run) parent(ctx context.Context, full map[wire.ID]bool) (wire.ID, error) {
	state := r.guilds.of(r.guild())
	state.place.Lock()
	defer state.place.Unlock()
	all, err := r.rest.Channels(ctx, r.guild())
	if err != nil {
		return "", err
	}
	base := r.speak(r.facts.Workspace.Locale).Say("discord.channel.parent", nil)
	children := map[wire.ID]int{}
	byName := map[string]wire.ID{}
	for _, ch := range all {
		children[ch.ParentID]++
		if ch.Type == wire.TypeCategory {
			byName[ch.Name] = ch.ID
		}
	}
	name := base
	for n := 2; ; n++ {
		found, ok := byName[name]
		if !ok {
			made, err := r.rest.CreateChannel(ctx, r.guild(), wire.NewChannel{Name: name, Type: wire.TypeCategory})
			if err != nil {
				return "", err
			}
			return made.ID, nil
		}
		if !full[found] && children[found] < parentRoom {
			return found, nil
		}
		name = base + " " + strconv.Itoa(n)
	}
}

// parentRoom is how many channels Discord documents for a category: no use to try more.
const parentRoom = 50

// findChannel looks for the ticket's channel by its mark; "" if there is none.
func (r *run) findChannel(ctx context.Context) (wire.ID, error) {
	all, err := r.rest.Channels(ctx, r.guild())
	if err != nil {
		return "", err
	}
	for _, ch := range all {
		if render.MarkedTicket(ch.Topic) == r.ticket {
			return ch.ID, nil
		}
	}
	return "", nil
}

// applied is what was last done to a channel, as fingerprints of its rights and
// of its name and topic.
type applied struct{ rights, name string }

func (a applied) String() string { return a.rights + " " + a.name }

func parseApplied(s string) applied {
	rights, name, _ := strings.Cut(s, " ")
	return applied{rights: rights, name: name}
}
