package rest

import (
	"context"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/team"
)

// Team is a group of agents that serves queues.
type Team struct {
	ID        string     `json:"id" doc:"Identifies the team."`
	Name      string     `json:"name" doc:"Its name."`
	Version   int64      `json:"version" doc:"Rises each time that it is saved, or a role is bound to it or taken from it; for If-Match."`
	MemberIDs []string   `json:"memberIds" nullable:"false" doc:"Who is in it, at most 500."`
	QueueIDs  []string   `json:"queueIds" nullable:"false" doc:"The queues that it serves, at most 100."`
	Roles     []TeamRole `json:"roles" nullable:"false" doc:"The channels' roles whose holders are in it."`
	IsGuessed bool       `json:"isGuessed" doc:"Whether its roles were recognised by their names and nobody has confirmed them yet."`
}

// TeamRole is a channel's role whose holders are in a team.
type TeamRole struct {
	Channel    string `json:"channel" enum:"api,discord,direct_message,system,plain" doc:"The channel."`
	ExternalID string `json:"externalId" doc:"What the channel calls the role."`
}

func (r TeamRole) role() team.Role {
	return team.Role{Channel: event.Channel(inside(r.Channel)), ExternalID: r.ExternalID}
}

func showTeam(t *team.Team) Team {
	return Team{
		ID: external(opaque.Team, t.ID), Name: t.Name, Version: t.Version, IsGuessed: t.Guessed,
		MemberIDs: each(t.Members, func(m id.Member) string { return external(opaque.Member, m) }),
		QueueIDs:  each(t.Queues, func(q id.Queue) string { return external(opaque.Queue, q) }),
		Roles:     each(t.Roles, func(r team.Role) TeamRole { return TeamRole{outside(string(r.Channel)), r.ExternalID} }),
	}
}

// The inputs of teams.
type (
	// TeamPath names a team.
	TeamPath struct {
		TeamID string `path:"teamId" doc:"The team's ID."`
	}
	// TeamInput is a new team.
	TeamInput struct {
		Keyed

		Body TeamParts
	}
	// TeamChange is what is to be different about a team.
	TeamChange struct {
		TeamPath
		Expecting

		Body TeamParts
	}
	// TeamParts is what a team is to be. What is left out stays as it is; a new one
	// needs a name. Null empties.
	TeamParts struct {
		Name      Field[string]     `json:"name,omitzero" doc:"Its name, 1 to 80 characters."`
		MemberIDs Field[[]string]   `json:"memberIds,omitzero" doc:"Who is in it by hand, at most 500; who is in it by a channel's role stays."`
		QueueIDs  Field[[]string]   `json:"queueIds,omitzero" doc:"The queues that it serves, at most 100."`
		Roles     Field[[]TeamRole] `json:"roles,omitzero" doc:"The channels' roles whose holders are in it, at most 50."`
	}
	// RoleBinding is a role for a team.
	RoleBinding struct {
		TeamPath
		Expecting

		Body TeamRole
	}
)

func (p TeamPath) id() id.Team { return opaque.Of[id.Team](opaque.Team, p.TeamID) }

// apply changes what is given.
func (p TeamParts) apply(t *team.Team) {
	p.Name.to(&t.Name)
	if p.MemberIDs.Set {
		t.Members, t.KeepMembers = each(p.MemberIDs.Value, opaqueMember), false
	}
	if p.QueueIDs.Set {
		t.Queues = each(p.QueueIDs.Value, func(q string) id.Queue { return opaque.Of[id.Queue](opaque.Queue, q) })
	}
	if p.Roles.Set {
		t.Roles = each(p.Roles.Value, TeamRole.role)
	}
}

func opaqueMember(m string) id.Member { return opaque.Of[id.Member](opaque.Member, m) }

func (s *server) team(ctx context.Context, c access.Call, t id.Team) (shown[Team], error) {
	found, err := s.Teams.Get(ctx, c, t)
	if err != nil {
		return shown[Team]{}, err
	}
	body := showTeam(found)
	return shown[Team]{&body, found.Version}, nil
}

func (s *server) teams() {
	pages(s, operation{id: "listTeams", path: "/teams", tag: tagPeople, summary: "List teams", about: "By name unless ordered otherwise. Staff only.", codes: []fault.Code{fault.Forbidden}},
		source[ListInput, *team.Team, Team]{
			list: list{
				name: "TeamWhere",
				columns: columns{
					"name": texts(team.FieldName, "On the name."), "member": ids(team.FieldMember, opaque.Member, "On who is in it."),
					"queue": ids(team.FieldQueue, opaque.Queue, "On the queues that it serves."),
				},
				orders: created(team.FieldName),
			},
			fetch: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query, r page.Request) (page.Page[*team.Team], error) {
				return s.Teams.Page(ctx, c, q, r)
			},
			count: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query) (int, error) {
				return s.Teams.Count(ctx, c, q.Where)
			},
			cursor: func(q query.Query, one *team.Team) page.Cursor { return team.Terms().CursorOf(q, one.SortKey) },
			show: func(_ context.Context, _ access.Call, all []*team.Team) ([]Team, error) {
				return each(all, showTeam), nil
			},
		})
	fetch(s, operation{id: "getTeam", path: "/teams/{teamId}", tag: tagPeople, summary: "Show a team", about: "Staff only.", codes: []fault.Code{fault.Forbidden, fault.NotFound}},
		func(ctx context.Context, c access.Call, in *struct {
			TeamPath
			Conditional
		},
		) (shown[Team], error) {
			return s.team(ctx, c, in.id())
		})
	change(s, operation{id: "createTeam", path: "/teams", tag: tagPeople, summary: "Make a team", about: "Administrators only.", status: http.StatusCreated, codes: configured},
		func(ctx context.Context, c access.Call, in *TeamInput, _ int64) (string, error) {
			return saved(opaque.Team, func() (*team.Team, error) { return s.Teams.Change(ctx, c, team.Team{}, in.Body.apply) },
				func(t *team.Team) id.Team { return t.ID })
		},
		func(ctx context.Context, c access.Call, _ *TeamInput, t string) (shown[Team], error) {
			return s.team(ctx, c, opaque.Of[id.Team](opaque.Team, t))
		})
	change(s, operation{id: "changeTeam", method: http.MethodPatch, path: "/teams/{teamId}", tag: tagPeople, summary: "Change a team", about: "Administrators only.", codes: configured},
		func(ctx context.Context, c access.Call, in *TeamChange, version int64) (string, error) {
			_, err := s.Teams.Change(ctx, c, team.Team{ID: in.id(), Version: version}, in.Body.apply)
			return in.TeamID, err
		},
		func(ctx context.Context, c access.Call, in *TeamChange, _ string) (shown[Team], error) {
			return s.team(ctx, c, in.id())
		})
	change(s, operation{
		id: "bindTeamRole", path: "/teams/{teamId}/roles", tag: tagPeople, summary: "Bind a channel's role to a team", codes: configured,
		about: "Its holders are members of the team from then on, instead of any other team that the role stood for. Administrators only.",
	}, func(ctx context.Context, c access.Call, in *RoleBinding, version int64) (string, error) {
		return in.TeamID, s.Teams.Bind(ctx, c, in.id(), version, in.Body.role())
	}, func(ctx context.Context, c access.Call, in *RoleBinding, _ string) (shown[Team], error) {
		return s.team(ctx, c, in.id())
	})
}
