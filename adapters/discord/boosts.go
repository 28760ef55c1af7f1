package discord

import (
	"context"
	"slices"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/file"
)

// uploadLimit gives how large each of the files may be, in bytes, to be sent where
// the ticket is. Nothing is asked for those that any place takes.
func (r *run) uploadLimit(ctx context.Context, files []*file.Attachment) (int64, error) {
	least := render.UploadLimit(0)
	if r.isDirect() || !slices.ContainsFunc(files, func(a *file.Attachment) bool { return a.Size > least }) {
		return least, nil
	}
	tier, err := r.tier(ctx, r.guild())
	return render.UploadLimit(tier), err
}

// tier gives the level that the guild's boosts reached; 0 if Discord does not say.
func (a *Adapter) tier(ctx context.Context, guild wire.ID) (int, error) {
	s := a.guilds.of(guild)
	a.guilds.mu.Lock()
	tier, known := s.tier, a.guilds.believed(s.tierAt)
	a.guilds.mu.Unlock()
	if known {
		return tier, nil
	}
	g, err := a.rest.Guild(ctx, guild)
	if _, limited := rest.Limited(err); !limited && rest.RefusalOf(err) != nil {
		return 0, nil //nolint:nilerr // what it does not say is no reason to send nothing
	}
	if err != nil {
		return 0, err
	}
	a.guilds.boosted(g)
	return g.Tier, nil
}

// boosted learns the level of a guild's boosts.
func (c *guildCache) boosted(g *wire.Guild) {
	s, now := c.of(g.ID), c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	s.tier, s.tierAt = g.Tier, now
}

// guildUpdate hears of boosts that were added or ran out.
func (in *inbox) guildUpdate(_ context.Context, g *wire.Guild) error {
	in.guilds.boosted(g)
	return nil
}
