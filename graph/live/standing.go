package live

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// standing is what those who follow are at a moment, and what of that by which they came
// lets nobody in any more.
type standing struct {
	actors map[id.Member]access.Actor // who is no member any more is nobody
	over   auth.Over
}

// standing finds out about followers as they are now.
func (f *Feed) standing(ctx context.Context, w id.Workspace, followers []*Follower) (standing, error) {
	actors, err := f.config.Services.Members.ActorsOf(ctx, f.system(w), members(followers)...)
	if err != nil || f.config.Auth == nil {
		return standing{actors: actors}, err
	}
	came := make([]access.Session, len(followers))
	for i, follower := range followers {
		came[i] = follower.came
	}
	over, err := f.config.Auth.Over(ctx, came...)
	return standing{actors: actors, over: over}, err
}

// of gives the follower as they are, and refuses one who may not follow any more. Codes:
// those of Wish.Check.
func (s standing) of(f *Follower, views map[id.Ticket]*ticket.View) (access.Actor, error) {
	now := s.actors[f.member]
	if err := s.over.Check(f.came, now); err != nil && now.Known() {
		return access.Actor{}, err
	}
	a := f.came.As(now)
	return a, f.wish.Check(a, views[f.wish.Ticket])
}
