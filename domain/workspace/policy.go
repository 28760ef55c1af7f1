package workspace

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/fault"
)

// LossPolicy says what becomes of an open ticket whose place in its channel was
// removed by hand.
type LossPolicy string

// The policies.
const (
	Rebuild LossPolicy = "rebuild" // it gets another place
	CloseIt LossPolicy = "close"   // it is closed, with that as the reason
)

// LossPolicies lists the policies.
func LossPolicies() []LossPolicy { return []LossPolicy{Rebuild, CloseIt} }

// SetLossPolicy says what becomes of open tickets whose place is removed. The
// workspace must have the expected version if that is not 0.
// Codes: unauthenticated, forbidden, invalid, conflict.
func (s *Service) SetLossPolicy(ctx context.Context, c access.Call, expected int64, p LossPolicy) (*Workspace, error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	if p != Rebuild && p != CloseIt {
		return nil, fault.New(fault.Invalid, "fault.workspace.loss_policy").On("onSurfaceLost")
	}
	err := audit.Record(ctx, s.repo, c, s.now(c.Actor.Workspace), func(ctx context.Context) error {
		return s.repo.SetLossPolicy(ctx, c.Actor.Workspace, expected, p)
	})
	if err != nil {
		return nil, err
	}
	return s.repo.Get(ctx, c.Actor.Workspace)
}
