package member

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
)

// ChangeAgent alters an agent's profile as SaveAgent would store it; who has none
// begins with one that takes tickets. Alter may run more than once. Codes:
// unauthenticated, forbidden, invalid, not_found, conflict.
func (s *Service) ChangeAgent(ctx context.Context, c access.Call, r Ref, alter func(*Agent)) error {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return err
	}
	nothing := func(context.Context) (audit.State, error) { return nil, nil }
	return audit.Record(ctx, s.repo, c, nothing, func(ctx context.Context) error {
		found, err := s.repo.Agents(ctx, c.Actor.Workspace, r.ID)
		if err != nil {
			return err
		}
		changed := Agent{Member: r.ID, Availability: Online}
		if a := found[r.ID]; a != nil {
			changed = *a
		}
		alter(&changed)
		return s.SaveAgent(ctx, c, r.Version, &changed)
	})
}
