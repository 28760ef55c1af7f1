package member

import (
	"context"
	"maps"

	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/id"
)

// now gives what the record tells of a member and of how they work tickets. What
// they are called is not in it: that can be erased, the record can't.
func (s *Service) now(w id.Workspace, m id.Member) func(context.Context) (audit.State, error) {
	return func(ctx context.Context) (audit.State, error) {
		found, err := s.repo.Get(ctx, w, m)
		if err != nil {
			return nil, err
		}
		agents, err := s.repo.Agents(ctx, w, m)
		state := audit.State{}
		for _, m := range found {
			maps.Copy(state, audit.Role(m.ID, m.Role))
		}
		for of, a := range agents {
			state[audit.Object{Kind: audit.Agent, ID: int64(of)}] = audit.Facts{
				"skills": audit.Text(a.Skills...), "languages": audit.Text(a.Languages...),
				"availability": audit.Text(a.Availability), "capacity": audit.Number(a.Capacity),
			}
		}
		return state, err
	}
}
