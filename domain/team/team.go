// Package team knows the groups of agents that serve queues.
package team

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// Limits, in characters or items.
const (
	MaxName     = 80
	MaxMembers  = 500
	MaxQueues   = 100
	MaxRoles    = 50
	MaxExternal = 64 // of a channel's name for a role
)

// The refusals of this package.
var (
	ErrNotFound  = fault.New(fault.NotFound, "fault.team.not_found")
	ErrNameTaken = fault.New(fault.Conflict, "fault.team.name_taken")
)

// Team is a group of agents.
type Team struct {
	ID        id.Team
	Workspace id.Workspace
	Version   int64 // rises each time that it is saved, and when a role is bound to it or taken from it
	Name      string
	Members   []id.Member
	// KeepMembers lets Save leave who is in by hand, whatever Members says.
	KeepMembers bool
	Queues      []id.Queue // that it serves
	Roles       []Role     // of channels, whose holders are in the team
	// Guessed tells that the team's roles were recognised by their names and
	// nobody has confirmed them yet.
	Guessed bool
}

// Role is a role of a channel that makes its holders members of a team.
type Role struct {
	Channel    event.Channel
	ExternalID string
}

// Repository is the port to stored teams.
type Repository interface {
	audit.Recorder

	// Save stores a new team, or replaces one with all its lists, which must have
	// t's version if that is not 0; it gives t the version that it has then.
	// Members who are in by a channel's role are not touched by Members. Codes:
	// not_found, conflict (name taken, another version).
	Save(ctx context.Context, t *Team) error
	// Bind makes a channel's role stand for the team, instead of any other team
	// it stood for. The team's roles count as confirmed then. The team must have
	// the expected version if that is not 0. Codes: not_found, conflict (another version).
	Bind(ctx context.Context, w id.Workspace, t id.Team, expected int64, r Role) error
	// Unbind lets a channel's role stand for no team any more; false if it stood
	// for none.
	Unbind(ctx context.Context, w id.Workspace, r Role) (bool, error)
	// Get finds a team. Codes: not_found.
	Get(ctx context.Context, w id.Workspace, t id.Team) (*Team, error)
	// List gives all teams of the workspace, by name.
	List(ctx context.Context, w id.Workspace) ([]*Team, error)
	// Page gives a page of what the query finds in the workspace.
	Page(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*Team], error)
	// Count counts what Page would give in all.
	Count(ctx context.Context, w id.Workspace, where query.Where) (int, error)
}

// Service is what one may do with teams.
type Service struct {
	repo Repository
	ids  id.Source
}

// NewService makes the service.
func NewService(r Repository, ids id.Source) *Service { return &Service{repo: r, ids: ids} }

// Save stores a new team (without ID) or replaces one, which must have t's
// version if that is not 0. Codes: unauthenticated, forbidden, invalid,
// not_found, conflict.
func (s *Service) Save(ctx context.Context, c access.Call, t Team) (*Team, error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	name, err := locale.Clean(t.Name, "name", 1, MaxName)
	if err != nil {
		return nil, err
	}
	if err := t.checkLists(); err != nil {
		return nil, err
	}
	t.Name, t.Workspace = name, c.Actor.Workspace
	if err := s.place(ctx, &t); err != nil {
		return nil, err
	}
	return s.store(ctx, c, t)
}

// place gives an ID to a new team, and makes sure that another one is there.
func (s *Service) place(ctx context.Context, t *Team) error {
	if t.ID != 0 {
		_, err := s.repo.Get(ctx, t.Workspace, t.ID)
		return err
	}
	if t.Version != 0 {
		return fault.ErrNoVersion
	}
	t.ID = id.Team(s.ids())
	return nil
}

// checkLists refuses lists that are too long, and roles that name nothing.
func (t *Team) checkLists() error {
	for field, over := range map[string][2]int{
		"memberIds": {len(t.Members), MaxMembers}, "queueIds": {len(t.Queues), MaxQueues}, "roles": {len(t.Roles), MaxRoles},
	} {
		if over[0] > over[1] {
			return fault.New(fault.Invalid, "fault.text.too_many").With("Most", over[1]).On(field)
		}
	}
	for _, r := range t.Roles {
		if err := r.check("roles"); err != nil {
			return err
		}
	}
	return nil
}

func (r Role) check(field string) error {
	if _, err := locale.Clean(string(r.Channel), field, 1, MaxExternal); err != nil {
		return err
	}
	_, err := locale.Clean(r.ExternalID, field, 1, MaxExternal)
	return err
}

// Bind makes the holders of a channel's role members of the team, which must
// have the expected version if that is not 0.
// Codes: unauthenticated, forbidden, invalid, not_found, conflict.
func (s *Service) Bind(ctx context.Context, c access.Call, t id.Team, expected int64, r Role) error {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return err
	}
	if err := r.check("role"); err != nil {
		return err
	}
	return audit.Record(ctx, s.repo, c, s.now(c.Actor.Workspace), func(ctx context.Context) error {
		return s.repo.Bind(ctx, c.Actor.Workspace, t, expected, r)
	})
}

// Unbind lets a channel's role stand for no team any more, and tells whether it
// stood for one. Codes: unauthenticated, forbidden.
func (s *Service) Unbind(ctx context.Context, c access.Call, r Role) (bool, error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return false, err
	}
	stood := false
	err := audit.Record(ctx, s.repo, c, s.now(c.Actor.Workspace), func(ctx context.Context) (err error) {
		stood, err = s.repo.Unbind(ctx, c.Actor.Workspace, r)
		return err
	})
	return stood && err == nil, err
}

// Get finds a team. Codes: unauthenticated, forbidden, not_found.
func (s *Service) Get(ctx context.Context, c access.Call, t id.Team) (*Team, error) {
	if err := access.Require(c.Actor, access.MemberSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.Get(ctx, c.Actor.Workspace, t)
}

// List gives the workspace's teams. Codes: unauthenticated, forbidden.
func (s *Service) List(ctx context.Context, c access.Call) ([]*Team, error) {
	if err := access.Require(c.Actor, access.MemberSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.List(ctx, c.Actor.Workspace)
}
