package category

import (
	"context"
	"slices"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// Repository is the port to stored categories.
type Repository interface {
	audit.Recorder

	// Save stores a new category or replaces one, which must have c's version if
	// that is not 0, and gives c the version that it has then. Codes: not_found
	// (it, or its queue), conflict (another version).
	Save(ctx context.Context, c *Category) error
	// Get finds categories by ID; those that are not in the workspace are left out.
	Get(ctx context.Context, w id.Workspace, ids ...id.Category) ([]*Category, error)
	// List gives the workspace's categories by position, archived ones last.
	List(ctx context.Context, w id.Workspace) ([]*Category, error)
	// Page gives a page of what the query finds in the workspace.
	Page(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*Category], error)
	// Count counts what Page would give in all.
	Count(ctx context.Context, w id.Workspace, where query.Where) (int, error)
}

// Service is what one may do with categories.
type Service struct {
	repo Repository
	ids  id.Source
}

// NewService makes the service.
func NewService(r Repository, ids id.Source) *Service { return &Service{repo: r, ids: ids} }

// Save stores a new category (without ID) or replaces one, which must have
// cat's version if that is not 0. Codes: unauthenticated, forbidden, invalid,
// not_found, conflict.
func (s *Service) Save(ctx context.Context, c access.Call, cat Category) (*Category, error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	if err := cat.Check(); err != nil {
		return nil, err
	}
	cat.Workspace = c.Actor.Workspace
	if err := s.place(ctx, &cat); err != nil {
		return nil, err
	}
	return s.store(ctx, c, cat)
}

// place gives an ID to a new category, and makes sure that another one is there.
func (s *Service) place(ctx context.Context, cat *Category) error {
	if cat.ID != 0 {
		found, err := s.repo.Get(ctx, cat.Workspace, cat.ID)
		if err == nil && len(found) == 0 {
			return ErrNotFound
		}
		return err
	}
	if cat.Version != 0 {
		return fault.ErrNoVersion
	}
	cat.ID = id.Category(s.ids())
	return nil
}

// Get finds a category. Codes: unauthenticated, forbidden, not_found.
func (s *Service) Get(ctx context.Context, c access.Call, cat id.Category) (*Category, error) {
	found, err := s.GetAll(ctx, c, cat)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNotFound
	}
	return found[0], nil
}

// GetAll finds categories by ID; unknown ones are left out. Codes:
// unauthenticated, forbidden.
func (s *Service) GetAll(ctx context.Context, c access.Call, ids ...id.Category) ([]*Category, error) {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.Get(ctx, c.Actor.Workspace, ids...)
}

// List gives the categories by position, those that are archived only when
// asked for. Codes: unauthenticated, forbidden.
func (s *Service) List(ctx context.Context, c access.Call, archived bool) ([]*Category, error) {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	all, err := s.repo.List(ctx, c.Actor.Workspace)
	if err != nil || archived {
		return all, err
	}
	return slices.DeleteFunc(all, func(c *Category) bool { return c.Archived }), nil
}
