package workspace

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// Settings are what an administrator decides of a workspace; nil leaves it as it is.
type Settings struct {
	Name   *string
	Locale *locale.Tag
}

// Update changes the actor's workspace. It must have the expected version if that
// is not 0. Codes: unauthenticated, forbidden, invalid, conflict.
func (s *Service) Update(ctx context.Context, c access.Call, expected int64, to Settings) (*Workspace, error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	if to.Name != nil {
		name, err := locale.Clean(*to.Name, "name", 1, MaxName)
		if err != nil {
			return nil, err
		}
		to.Name = &name
	}
	if to.Locale != nil && !to.Locale.Valid() {
		return nil, fault.New(fault.Invalid, "fault.locale.unknown").With("Locale", string(*to.Locale)).On("locale")
	}
	err := audit.Record(ctx, s.repo, c, s.now(c.Actor.Workspace), func(ctx context.Context) error {
		return s.repo.Update(ctx, c.Actor.Workspace, expected, to)
	})
	if err != nil {
		return nil, err
	}
	return s.repo.Get(ctx, c.Actor.Workspace)
}
