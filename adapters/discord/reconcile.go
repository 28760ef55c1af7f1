package discord

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/event"
)

// stale knows of which guilds something was missed that no channel's history
// tells: of their roles, members and channels.
type stale struct {
	mu     sync.Mutex
	all    bool
	guilds map[wire.ID]bool
}

func newStale() *stale { return &stale{guilds: map[wire.ID]bool{}} }

func (s *stale) add(guild wire.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.guilds[guild] = true
}

func (s *stale) addAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = true
}

// take gives the guilds, of all if it says so, and forgets them.
func (s *stale) take() (all bool, guilds []wire.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, guilds = s.all, slices.Collect(maps.Keys(s.guilds))
	s.all = false
	clear(s.guilds)
	return all, guilds
}

// reconcileStale has each guild read anew of which something was missed.
func (in *inbox) reconcileStale(ctx context.Context) error {
	all, guilds := in.stale.take()
	if all {
		links, err := in.Workspaces.Linked(ctx, event.ChannelDiscord)
		if err != nil {
			in.stale.addAll()
			return err
		}
		for _, link := range links {
			guilds = append(guilds, wire.ID(link.ExternalID))
		}
	}
	for _, guild := range guilds {
		ok := in.lanes.put(ctx, "guild:"+string(guild), func(ctx context.Context) {
			err := in.guard("reconcile", func() error { return in.reconcile(ctx, guild) })
			if err != nil && ctx.Err() == nil {
				in.Logger.Error("a guild could not be read; trying again", "guild_id", string(guild), "error", err)
				in.staleAgain(guild, err)
			}
		})
		if !ok && ctx.Err() == nil {
			in.staleAgain(guild, nil)
		}
	}
	return nil
}

func (in *inbox) staleAgain(guild wire.ID, err error) {
	in.stale.add(guild)
	wait, limited := rest.Limited(err)
	if !limited {
		wait = 5 * time.Second
	}
	time.AfterFunc(wait, in.wantCatchUp)
}

// reconcile takes a guild for one that was just announced.
func (in *inbox) reconcile(ctx context.Context, guild wire.ID) error {
	g, err := in.rest.Guild(ctx, guild)
	if rest.RefusalOf(err) != nil {
		if _, limited := rest.Limited(err); limited {
			return err
		}
		return nil // the bot is not there any more; when it is again, the guild is announced
	}
	if err != nil {
		return err
	}
	g.MemberCount = len(g.Members) + 1 // which asks for all
	return in.guildCreate(ctx, g)
}
