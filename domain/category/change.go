package category

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/priority"
)

// errNoQueue asks for what a new category lacks.
var errNoQueue = fault.New(fault.Invalid, "fault.category.queue").On("queueId")

// Change alters what is stored of the category that which names, or makes a new one of
// which if it has no ID. The stored one must have which's version if that is not
// 0. Alter may run more than once. Codes: unauthenticated, forbidden, invalid,
// not_found, conflict.
func (s *Service) Change(ctx context.Context, c access.Call, which Category, alter func(*Category)) (*Category, error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	if which.ID == 0 {
		which.Intent, which.Priority, which.Surface, which.Kept = Support, priority.Normal, InChannel, UsuallyKept
		alter(&which)
		if err := which.Check(); err != nil {
			return nil, err
		}
		if which.Queue == 0 {
			return nil, errNoQueue
		}
		return s.Save(ctx, c, which)
	}
	var saved *Category
	nothing := func(context.Context) (audit.State, error) { return nil, nil }
	err := audit.Record(ctx, s.repo, c, nothing, func(ctx context.Context) error {
		found, err := s.Get(ctx, c, which.ID)
		if err != nil {
			return err
		}
		changed := *found
		changed.Version = which.Version
		alter(&changed)
		saved, err = s.Save(ctx, c, changed)
		return err
	})
	if err != nil {
		return nil, err
	}
	return saved, nil
}
