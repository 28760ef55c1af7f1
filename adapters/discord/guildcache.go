package discord

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// guildAge is how long what was read of a guild is believed.
const guildAge = time.Minute

// guildCache remembers for a while what is asked often: which workspace a guild
// belongs to, and what the bot may do there.
type guildCache struct {
	now     func() time.Time
	mu      sync.Mutex
	known   map[wire.ID]*guildState
	watched time.Time // since when each change of the bot's rights is heard of; zero: none is

	signals  job.Signals     // nil: nothing is heard of links
	relinks  int             // how often it was heard
	relinked <-chan struct{} // signals that some guild's workspace is another one; nil: nobody listens yet
	stop     func()
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
	tier        int
	tierAt      time.Time
	place       sync.Mutex // held while a channel category is looked for or made
}

func newGuildCache(now func() time.Time, s job.Signals) *guildCache {
	return &guildCache{now: now, known: map[wire.ID]*guildState{}, signals: s}
}

// hear forgets which workspaces guilds belong to, if that changed for any, in this
// process or another. The caller holds mu.
func (c *guildCache) hear() {
	if c.signals == nil {
		return
	}
	if c.relinked == nil {
		c.relinked, c.stop = c.signals.Subscribe(workspace.LinksTopic)
	}
	select {
	case <-c.relinked:
		c.forgetWorkspaces()
	default:
	}
}

func (c *guildCache) forgetWorkspaces() {
	c.relinks++
	for _, s := range c.known {
		s.workspace = 0
	}
}

// deafen listens to nothing any more.
func (c *guildCache) deafen() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.relinked != nil {
		c.stop()
		c.relinked = nil
		c.forgetWorkspaces()
	}
}

func (c *guildCache) of(guild wire.ID) *guildState {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known[guild] == nil {
		c.known[guild] = &guildState{}
	}
	return c.known[guild]
}

// watch begins a session: what is learned from now on of the bot's rights is
// true until something else is heard.
func (c *guildCache) watch() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watched = c.now()
}

// unwatch ends it.
func (c *guildCache) unwatch() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watched = time.Time{}
}

// believed reports whether what was read of the bot's rights then is true now.
func (c *guildCache) believed(at time.Time) bool {
	return !at.IsZero() && (c.now().Sub(at) < guildAge || !c.watched.IsZero() && !at.Before(c.watched))
}

// learn takes from the announcement of a guild what would be asked otherwise.
func (c *guildCache) learn(me wire.ID, g *wire.Guild) {
	i := slices.IndexFunc(g.Members, func(m wire.Member) bool { return m.User != nil && m.User.ID == me })
	s, now := c.of(g.ID), c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	s.heldAt, s.powersAt = time.Time{}, time.Time{}
	s.tier, s.tierAt = g.Tier, now
	if i < 0 {
		return
	}
	s.held, s.heldAt = heldBy(&g.Members[i], g.ID, g.Roles), now
	if g.OwnerID.Valid() {
		s.powers, s.powersAt = powersIn(g), now
	}
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
	a.guilds.hear()
	w, at, turn := s.workspace, s.workspaceAt, a.guilds.relinks
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
	if turn == a.guilds.relinks { // else it may be what was so before
		s.workspace, s.workspaceAt = found.ID, a.Now()
	}
	return found.ID, nil
}

// held gives the permissions that the bot has in the guild, channels aside.
func (a *Adapter) held(ctx context.Context, guild wire.ID) (wire.Permission, error) {
	s := a.guilds.of(guild)
	a.guilds.mu.Lock()
	p, known := s.held, a.guilds.believed(s.heldAt)
	a.guilds.mu.Unlock()
	if known {
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
	return heldBy(m, guild, roles), nil
}

// heldBy gives a member's permissions in the guild, channels aside. Everybody
// holds the role that has the guild's own ID.
func heldBy(m *wire.Member, guild wire.ID, roles []wire.Role) wire.Permission {
	var p wire.Permission
	for _, r := range roles {
		if r.ID == guild || slices.Contains(m.Roles, r.ID) {
			p |= r.Permissions
		}
	}
	if p.Has(wire.Administrator) {
		return wire.Everything
	}
	return p
}
