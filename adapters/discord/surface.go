package discord

import (
	"context"
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
)

// stepChannel is the intent to make a ticket's channel, thread or post.
const stepChannel = "channel"

// made is a place that was made, and what was done to it by that.
type made struct {
	id      wire.ID
	kind    category.Surface
	applied applied
	card    wire.ID // the message that shows the ticket's status, if it was made with the place
}

// ensurePlace makes the ticket's place if there is none.
func (r *run) ensurePlace(ctx context.Context) error {
	if r.channel() != "" {
		return nil
	}
	if r.surface.Intent.Step != stepChannel {
		if err := r.inLine(ctx, r.lineKind()); err != nil {
			return err
		}
		r.surface.Intent, r.surface.In = channel.Intent{Step: stepChannel, At: r.Now()}, string(r.guild())
		if err := r.save(ctx); err != nil {
			return err
		}
	}
	place, err := r.createPlace(ctx, r.facts.Kind())
	if rest.RefusalOf(err) != nil {
		r.surface.Intent = channel.Intent{} // certainly not made
		if err := r.save(ctx); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	return r.have(ctx, place)
}

// createPlace makes a place of the kind. Where the guild has no room for
// another channel, a private thread takes its place.
func (r *run) createPlace(ctx context.Context, k category.Surface) (made, error) {
	switch k {
	case category.InThread:
		return r.createThread(ctx)
	case category.InForum:
		return r.createPost(ctx)
	case category.InChannel:
		place, err := r.createChannel(ctx)
		if rest.Is(err, rest.GuildFull) {
			return r.createThread(ctx)
		}
		return place, err
	default:
		place, err := r.createChannel(ctx)
		place.kind = k
		return place, err
	}
}

// have records the ticket's place. Who waited for one lets the next have a look.
func (r *run) have(ctx context.Context, m made) error {
	waited := r.surface.State == channel.Waiting
	r.surface.ExternalID, r.surface.Kind, r.surface.Applied = string(m.id), m.kind, m.applied.String()
	r.surface.Intent, r.surface.Refusals, r.surface.CardID = channel.Intent{}, 0, string(m.card)
	r.surface.In = string(r.guild())
	if r.surface.State != channel.Gone { // a lost one is remembered until the marker stands
		r.surface.State, r.surface.Detail = channel.Ready, ""
	}
	if err := r.save(ctx); err != nil || !waited {
		return err
	}
	return r.Channels.PlaceFreed(ctx, r.call, event.ChannelDiscord)
}

// announce tells the requester where their ticket is, once they can see it.
func (r *run) announce(ctx context.Context) error {
	if r.surface.Kind != category.InDM { // where they are not
		r.openings.there(ctx, int64(r.ticket), outlook{channel: r.channel()})
	}
	return nil
}

// createChannel makes the channel, under a channel category that has room. That
// one is full is learned from the refusal, not from counting.
func (r *run) createChannel(ctx context.Context) (made, error) {
	wanted, err := r.overwrites(ctx)
	if err != nil {
		return made{}, err
	}
	at := render.Place(r.facts.Ticket)
	n := wire.NewChannel{Name: at.Name, Topic: at.Topic, Type: wire.TypeText, Overwrites: wanted}
	did := applied{rights: render.Fingerprint(wanted), name: render.Fingerprint(at)}
	full := map[wire.ID]bool{}
	for {
		if n.ParentID, err = r.parent(ctx, full); err != nil {
			return made{}, err
		}
		ch, err := r.rest.CreateChannel(ctx, r.guild(), n)
		switch {
		case err == nil:
			return made{id: ch.ID, kind: category.InChannel, applied: did}, nil
		case rest.ParentFull(err) && !full[n.ParentID]:
			full[n.ParentID] = true
		case len(n.Overwrites) > 2 && someTargetGone(err):
			n.Overwrites, did.rights = n.Overwrites[:2], ""
		default:
			return made{}, err
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

// applied is what was last done to a place: fingerprints of its rights and of its
// name and topic, and whether it is a thread that was shut.
type applied struct {
	rights, name string
	sealed       bool
}

func (a applied) String() string {
	if a.sealed {
		return a.rights + " " + a.name + " sealed"
	}
	return a.rights + " " + a.name
}

func parseApplied(s string) applied {
	rights, name, _ := strings.Cut(s, " ")
	name, sealed, _ := strings.Cut(name, " ")
	return applied{rights: rights, name: name, sealed: sealed != ""}
}
