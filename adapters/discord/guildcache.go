package discord

import (
	"context"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// guildAge is how long what was read of a guild is believed.
const guildAge = time.Minute

// guildCache remembers for a while what is asked often: which workspace a guild
// belongs to, and what the bot may do there.
type guildCache struct {
	now   func() time.Time
	mu    sync.Mutex
	known map[wire.ID]*guildState
}

type guildState struct {
	workspace   id.Workspace
	workspaceAt time.Time
	held        wire.Permission
	heldAt      time.Time
	powers      *powers
	powersAt    time.Time
	names       *guildNames
	namesAt     time.Time
	place       sync.Mutex // held while a channel category is looked for or made
}

func newGuildCache(now func() time.Time) *guildCache {
	return &guildCache{now: now, known: map[wire.ID]*guildState{}}
}

func (c *guildCache) of(guild wire.ID) *guildState {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known[guild] == nil {
		c.known[guild] = &guildState{}
	}
	return c.known[guild]
}

// forgetRights makes the bot's permissions in the guild be read again.
func (c *guildCache) forgetRights(guild wire.ID) {
	s := c.of(guild)
	c.mu.Lock()
	defer c.mu.Unlock()
	s.heldAt = time.Time{}
}

// workspaceOf gives the guild's workspace. Codes: not_found.
func (a *Adapter) workspaceOf(ctx context.Context, guild wire.ID) (id.Workspace, error) {
	s := a.guilds.of(guild)
	a.guilds.mu.Lock()
	w, at := s.workspace, s.workspaceAt
	a.guilds.mu.Unlock()
	if w != 0 && a.Now().Sub(at) < guildAge {
		return w, nil
	}
	found, err := a.Workspaces.ByPlace(ctx, event.ChannelDiscord, string(guild))
	if err != nil {
		return 0, err
	}
	a.guilds.mu.Lock()
	defer a.guilds.mu.Unlock()
	s.workspace, s.workspaceAt = found.ID, a.Now()
	return found.ID, nil
}

// held gives the permissions that the bot has in the guild, channels aside.
func (a *Adapter) held(ctx context.Context, guild wire.ID) (wire.Permission, error) {
	s := a.guilds.of(guild)
	a.guilds.mu.Lock()
	p, at := s.held, s.heldAt
	a.guilds.mu.Unlock()
	if !at.IsZero() && a.Now().Sub(at) < guildAge {
		return p, nil
	}
	p, err := a.readHeld(ctx, guild)
	if err != nil {
		return 0, err
	}
	a.guilds.mu.Lock()
	defer a.guilds.mu.Unlock()
	s.held, s.heldAt = p, a.Now()
	return p, nil
}

func (a *Adapter) readHeld(ctx context.Context, guild wire.ID) (wire.Permission, error) {
	me, err := a.me(ctx)
	if err != nil {
		return 0, err
	}
	m, err := a.rest.Member(ctx, guild, me)
	if err != nil {
		return 0, err
	}
	roles, err := a.rest.Roles(ctx, guild)
	if err != nil {
		return 0, err
	}
	mine := map[wire.ID]bool{guild: true}
	for _, r := range m.Roles {
		mine[r] = true
	}
	var p wire.Permission
	for _, r := range roles {
		if mine[r.ID] {
			p |= r.Permissions
		}
	}
	if p.Has(wire.Administrator) {
		return wire.Everything, nil
	}
	return p, nil
}
