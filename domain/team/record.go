package team

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/id"
)

// store saves a team and records what that changes.
func (s *Service) store(ctx context.Context, c access.Call, t Team) (*Team, error) {
	var saved Team
	err := audit.Record(ctx, s.repo, c, s.now(t.Workspace), func(ctx context.Context) error {
		saved = t
		return s.repo.Save(ctx, &saved)
	})
	if err != nil {
		return nil, err
	}
	return &saved, nil
}

// now gives what the record tells of the workspace's teams: of all, since a role
// that one gets is taken from another.
func (s *Service) now(w id.Workspace) func(context.Context) (audit.State, error) {
	return func(ctx context.Context) (audit.State, error) {
		all, err := s.repo.List(ctx, w)
		state := audit.State{}
		for _, t := range all {
			state[audit.Object{Kind: audit.Team, ID: int64(t.ID)}] = t.facts()
		}
		return state, err
	}
}

func (t *Team) facts() audit.Facts {
	return audit.Facts{
		"name": audit.Text(t.Name), "memberIds": audit.Named(audit.Member, t.Members...),
		"queueIds": audit.Named(audit.Queue, t.Queues...), "roles": RolesText(t.Roles), "isGuessed": audit.Yes(t.Guessed),
	}
}

// RolesText gives what the record tells of the roles that stand for a team.
func RolesText(roles []Role) audit.Value {
	texts := make([]string, len(roles))
	for i, r := range roles {
		texts[i] = string(r.Channel) + ":" + r.ExternalID
	}
	return audit.Text(texts...)
}
