package discord

import (
	"context"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
)

// createPost makes a public post for the ticket, in the forum of its category.
// Its first message is the ticket's card.
func (r *run) createPost(ctx context.Context) (made, error) {
	forum, err := r.forum(ctx)
	if err != nil {
		return made{}, err
	}
	at := render.Place(r.facts.Ticket)
	n := wire.NewThread{Name: at.Name, Duration: quietWeek}
	if forum.Type == wire.TypeForum {
		opening, err := r.opening(ctx)
		if err != nil {
			return made{}, err
		}
		n.Message = &r.speech.Card(r.facts, opening)[0]
	} else {
		n.Type = wire.TypePublicThread
	}
	ch, err := r.rest.CreateThread(ctx, forum.ID, n)
	if err != nil {
		return made{}, err
	}
	place := made{id: ch.ID, kind: category.InForum, applied: applied{name: render.Fingerprint(at)}}
	if n.Message != nil {
		place.card = ch.ID
	}
	return place, nil
}

// forum finds the forum of the ticket's category, and makes it if it is missing.
func (r *run) forum(ctx context.Context) (*wire.Channel, error) {
	state := r.guilds.of(r.guild())
	state.place.Lock()
	defer state.place.Unlock()
	all, err := r.rest.Channels(ctx, r.guild())
	if err != nil {
		return nil, err
	}
	mark := render.ForumMark(r.facts.Category.ID)
	for i := range all {
		if strings.Contains(all[i].Topic, mark) {
			return &all[i], nil
		}
	}
	return r.createForum(ctx, mark)
}

// createForum makes a forum. A guild that may have none gets a channel whose
// threads are public.
func (r *run) createForum(ctx context.Context, mark string) (*wire.Channel, error) {
	me, err := r.me(ctx)
	if err != nil {
		return nil, err
	}
	held, err := r.held(ctx, r.guild())
	if err != nil {
		return nil, err
	}
	c, reader := r.facts.Category, r.facts.Workspace.Locale
	name, _ := c.Name.Pick(reader)
	about, _ := c.Description.Pick(reader)
	n := wire.NewChannel{
		Name: render.Slug(name), Type: wire.TypeForum, Topic: strings.TrimSpace(about + " " + mark),
		Overwrites: render.Hub(r.guild(), me, held),
	}
	ch, err := r.rest.CreateChannel(ctx, r.guild(), n)
	if f := rest.RefusalOf(err); rest.Is(err, rest.WrongType) || f != nil && strings.Contains(string(f.Errors), `"type"`) {
		n.Type = wire.TypeText
		return r.rest.CreateChannel(ctx, r.guild(), n)
	}
	return ch, err
}

// withdraw leaves a public post whose ticket is public no more: nobody writes
// there any longer, and the ticket goes on in a private place.
func (r *run) withdraw(ctx context.Context) error {
	if r.channel() == "" || r.surface.Kind != category.InForum || r.facts.Kind() == category.InForum {
		return nil
	}
	if did := parseApplied(r.surface.Applied); did.sealed {
		if err := r.open(ctx); err != nil {
			return err
		}
	}
	if _, err := r.post(ctx, kindMarker, 0, 0, r.speech.Withdrawn()); err != nil {
		return err
	}
	yes := true
	if err := r.rest.ChangeThread(ctx, r.channel(), wire.ThreadChange{Archived: &yes, Locked: &yes}); err != nil {
		return err
	}
	s := r.surface
	r.placed.forget(r.channel())
	s.State, s.Kind, s.ExternalID, s.SeenID, s.Applied, s.CardID = channel.Wanted, "", "", "", "", ""
	s.Card = shown{before: wasLeft}.String()
	return r.save(ctx)
}
