package discord

import (
	"context"

	"github.com/ticketsys/ticketsys/adapters/discord/hear"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// bodyOf gives what a member's message says as plain text, with the names of
// whom and what it mentions; "" if nothing is known of what it says.
func (a *Adapter) bodyOf(ctx context.Context, p *place, m *wire.Message) string {
	body := []rune(hear.Text(m, a.namesIn(ctx, p.guild)))
	return string(body[:min(len(body), ticket.MaxBody)])
}

// namesIn finds the names of a guild's roles and channels when somebody mentions
// one. What cannot be asked has no name: no message waits for it.
func (a *Adapter) namesIn(ctx context.Context, guild wire.ID) hear.Names {
	find := func(of func(*guildNames) map[wire.ID]string) func(wire.ID) string {
		return func(id wire.ID) string { return of(a.guildNames(ctx, guild, id))[id] }
	}
	if guild == "" { // direct messages name neither
		return hear.Names{}
	}
	return hear.Names{
		Role:    find(func(n *guildNames) map[wire.ID]string { return n.roles }),
		Channel: find(func(n *guildNames) map[wire.ID]string { return n.channels }),
	}
}

// guildNames are the names of what a guild has.
type guildNames struct{ roles, channels map[wire.ID]string }

// guildNames gives the names in the guild, asked again if one is not among them,
// but not more often than once in guildAge.
func (a *Adapter) guildNames(ctx context.Context, guild, wanted wire.ID) *guildNames {
	s := a.guilds.of(guild)
	a.guilds.mu.Lock()
	known, at := s.names, s.namesAt
	a.guilds.mu.Unlock()
	if known != nil && (known.has(wanted) || a.Now().Sub(at) < guildAge) {
		return known
	}
	read, err := a.readNames(ctx, guild)
	if err != nil {
		a.Logger.Warn("the names of roles and channels could not be read", "guild", string(guild), "error", err)
		if known == nil {
			return &guildNames{}
		}
		return known
	}
	a.guilds.mu.Lock()
	defer a.guilds.mu.Unlock()
	s.names, s.namesAt = read, a.Now()
	return read
}

func (n *guildNames) has(id wire.ID) bool { return n.roles[id] != "" || n.channels[id] != "" }

func (a *Adapter) readNames(ctx context.Context, guild wire.ID) (*guildNames, error) {
	roles, err := a.rest.Roles(ctx, guild)
	if err != nil {
		return nil, err
	}
	channels, err := a.rest.Channels(ctx, guild)
	if err != nil {
		return nil, err
	}
	n := &guildNames{roles: map[wire.ID]string{}, channels: map[wire.ID]string{}}
	for _, r := range roles {
		n.roles[r.ID] = r.Name
	}
	for _, ch := range channels {
		n.channels[ch.ID] = ch.Name
	}
	return n, nil
}
