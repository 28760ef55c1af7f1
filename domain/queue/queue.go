// Package queue knows the queues in which tickets wait.
package queue

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// MaxName is the longest name of a queue, in characters.
const MaxName = 80

// The refusals of this package.
var (
	ErrNotFound  = fault.New(fault.NotFound, "fault.queue.not_found")
	ErrNameTaken = fault.New(fault.Conflict, "fault.queue.name_taken")
)

// Queue is where tickets wait for the teams that serve it.
type Queue struct {
	ID        id.Queue
	Workspace id.Workspace
	Name      string
	Version   int64 // rises each time that it is saved
}

// Repository is the port to stored queues.
type Repository interface {
	audit.Recorder

	// Save stores a new queue or replaces one, which must have q's version if
	// that is not 0, and gives q the version that it has then. Codes: not_found,
	// conflict (name taken, another version).
	Save(ctx context.Context, q *Queue) error
	// Get finds queues by ID; those that are not in the workspace are left out.
	Get(ctx context.Context, w id.Workspace, ids ...id.Queue) ([]*Queue, error)
	// List gives all queues of the workspace, by name.
	List(ctx context.Context, w id.Workspace) ([]*Queue, error)
	// Page gives a page of what the query finds in the workspace.
	Page(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*Queue], error)
	// Count counts what Page would give in all.
	Count(ctx context.Context, w id.Workspace, where query.Where) (int, error)
	// SetGrant stores a grant, or gives its effect to the one for the same queue
	// or category, role and class, which must have g's version if that is not 0.
	// It gives g the ID and the version that are stored then, and after a conflict
	// the ID. Codes: not_found, conflict (another version).
	SetGrant(ctx context.Context, w id.Workspace, g *access.Grant) error
	// RemoveGrant takes back the grant for the same queue or category, role and
	// class, which must have g's version if that is not 0. Codes: conflict
	// (another version).
	RemoveGrant(ctx context.Context, w id.Workspace, g access.Grant) error
	// Grants gives all grants of the workspace.
	Grants(ctx context.Context, w id.Workspace) ([]access.Grant, error)
	// PageGrants gives a page of the grants that the query finds.
	PageGrants(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[access.Grant], error)
	// CountGrants counts what PageGrants would give in all.
	CountGrants(ctx context.Context, w id.Workspace, where query.Where) (int, error)
}

// Service is what one may do with queues and with the grants on them.
type Service struct {
	repo Repository
	ids  id.Source
}

// NewService makes the service.
func NewService(r Repository, ids id.Source) *Service { return &Service{repo: r, ids: ids} }

// Save stores a new queue (without ID) or replaces one, which must have q's
// version if that is not 0. Codes: unauthenticated, forbidden, invalid,
// not_found, conflict.
func (s *Service) Save(ctx context.Context, c access.Call, q Queue) (*Queue, error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	name, err := locale.Clean(q.Name, "name", 1, MaxName)
	if err != nil {
		return nil, err
	}
	q.Name, q.Workspace = name, c.Actor.Workspace
	if err := s.place(ctx, &q); err != nil {
		return nil, err
	}
	return s.store(ctx, c, q)
}

// place gives an ID to a new queue, and makes sure that another one is there.
func (s *Service) place(ctx context.Context, q *Queue) error {
	if q.ID != 0 {
		found, err := s.repo.Get(ctx, q.Workspace, q.ID)
		if err == nil && len(found) == 0 {
			return ErrNotFound
		}
		return err
	}
	if q.Version != 0 {
		return fault.ErrNoVersion
	}
	q.ID = id.Queue(s.ids())
	return nil
}

// Get finds a queue. Codes: unauthenticated, forbidden, not_found.
func (s *Service) Get(ctx context.Context, c access.Call, q id.Queue) (*Queue, error) {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	found, err := s.repo.Get(ctx, c.Actor.Workspace, q)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNotFound
	}
	return found[0], nil
}

// List gives the workspace's queues. Codes: unauthenticated, forbidden.
func (s *Service) List(ctx context.Context, c access.Call) ([]*Queue, error) {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.List(ctx, c.Actor.Workspace)
}

// SetGrant widens or narrows what a role may do in a queue or a category, and
// gives g the ID and the version of what is stored then. A version that g has
// already must be the stored one's. Codes: unauthenticated, forbidden, invalid,
// not_found, conflict.
func (s *Service) SetGrant(ctx context.Context, c access.Call, g *access.Grant) error {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return err
	}
	if err := g.Check(); err != nil {
		return err
	}
	if err := access.RequireGrant(c.Actor, g.Class); err != nil {
		return err
	}
	wanted := *g
	return audit.Record(ctx, s.repo, c, s.grantsNow(c.Actor.Workspace), func(ctx context.Context) error {
		*g = wanted
		return s.repo.SetGrant(ctx, c.Actor.Workspace, g)
	})
}

// RemoveGrant takes a grant back; one that is not there is no error. A version
// that g has must be the stored one's. Codes: unauthenticated, forbidden, conflict.
func (s *Service) RemoveGrant(ctx context.Context, c access.Call, g access.Grant) error {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return err
	}
	if err := access.RequireGrant(c.Actor, g.Class); err != nil {
		return err
	}
	return audit.Record(ctx, s.repo, c, s.grantsNow(c.Actor.Workspace), func(ctx context.Context) error {
		return s.repo.RemoveGrant(ctx, c.Actor.Workspace, g)
	})
}

// Grants gives all grants of the workspace. Codes: unauthenticated, forbidden.
func (s *Service) Grants(ctx context.Context, c access.Call) ([]access.Grant, error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.Grants(ctx, c.Actor.Workspace)
}
