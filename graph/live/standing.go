package live

import (
	"context"
	"maps"
	"slices"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// standing is what those who follow are at a moment, and whether what they came by
// still lets them in.
type standing struct {
	actors  map[id.Member]access.Actor // who is no member any more is nobody
	revoked map[id.APIKey]bool
}

// standing finds out about followers as they are now.
func (f *Feed) standing(ctx context.Context, w id.Workspace, followers []*Follower) (standing, error) {
	actors, err := f.config.Services.Members.ActorsOf(ctx, f.system(w), members(followers)...)
	if err != nil {
		return standing{}, err
	}
	revoked, err := f.revoked(ctx, followers)
	return standing{actors: actors, revoked: revoked}, err
}

// of gives the follower as they are, and refuses one who may not follow any more. Codes:
// those of Wish.Check.
func (s standing) of(f *Follower, views map[id.Ticket]*ticket.View) (access.Actor, error) {
	if s.revoked[f.came.Key] {
		return access.Actor{}, auth.ErrRevoked
	}
	a := f.came.As(s.actors[f.member])
	return a, f.wish.Check(a, views[f.wish.Ticket])
}

// revoked tells by which keys of those who follow nobody is let in any more.
func (f *Feed) revoked(ctx context.Context, followers []*Follower) (map[id.APIKey]bool, error) {
	keys := map[id.APIKey]struct{}{}
	for _, follower := range followers {
		if k := follower.came.Key; k != 0 {
			keys[k] = struct{}{}
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return f.config.Auth.Revoked(ctx, slices.Collect(maps.Keys(keys))...)
}
