package tag

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

// Repository is the port to the vocabulary.
type Repository interface {
	audit.Recorder

	// Save stores a new tag or replaces one, which must have t's version if that is
	// not 0, and gives t the version that it has then. The name that a tag had stays
	// with it, until another tag is given it. Codes: not_found, conflict (another
	// tag is called so, another version).
	Save(ctx context.Context, t *Tag) error
	// Merge makes tags part of another one: tickets that had them have that one, and
	// it is found by their names. It must have the version if that is not 0, and
	// gets a new one. Codes: not_found (ErrNotFound of what becomes part, ErrNotFound
	// on "intoId"), conflict.
	Merge(ctx context.Context, w id.Workspace, into id.Tag, version int64, parts ...id.Tag) error
	// Delete takes a tag out of the vocabulary, and so from all tickets. It must have
	// the version if that is not 0. Codes: not_found, conflict.
	Delete(ctx context.Context, w id.Workspace, t id.Tag, version int64) error

	// Get finds tags by ID; those that are not in the workspace are left out.
	Get(ctx context.Context, w id.Workspace, tags ...id.Tag) ([]*Tag, error)
	// Named finds tags by names that they have or had; others are left out.
	Named(ctx context.Context, w id.Workspace, names ...string) (map[string]*Tag, error)
	// Page gives a page of what the query finds in the workspace.
	Page(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*Tag], error)
	// Count counts what Page would give in all.
	Count(ctx context.Context, w id.Workspace, where query.Where) (int, error)
	// Tickets counts, for each of the tags, the tickets that pass the filter.
	Tickets(ctx context.Context, f access.TicketFilter, tags ...id.Tag) (map[id.Tag]int, error)
}

// Service is what one may do with the vocabulary.
type Service struct {
	repo Repository
	ids  id.Source
}

// NewService makes the service.
func NewService(r Repository, ids id.Source) *Service { return &Service{repo: r, ids: ids} }

func require(c access.Call, p access.Permission) error {
	return access.Require(c.Actor, p, access.InWorkspace(c.Actor.Workspace))
}

// Create adds a tag to the vocabulary. Codes: unauthenticated, forbidden, invalid,
// conflict.
func (s *Service) Create(ctx context.Context, c access.Call, t Tag) (*Tag, error) {
	if err := require(c, access.TagCreate); err != nil {
		return nil, err
	}
	if err := t.clean(); err != nil {
		return nil, err
	}
	t.ID, t.Workspace, t.CreatedAt, t.Version = id.Tag(s.ids()), c.Actor.Workspace, c.Now, 0
	return s.save(ctx, c, t, func(context.Context, *Tag) error { return nil })
}

// Change alters a tag, which must have the version if that is not 0. Tickets show
// it at once, and none of them is changed by it. Alter may run more than once.
// Codes: unauthenticated, forbidden, invalid, not_found, conflict.
func (s *Service) Change(ctx context.Context, c access.Call, t id.Tag, version int64, alter func(*Tag)) (*Tag, error) {
	if err := require(c, access.TagManage); err != nil {
		return nil, err
	}
	return s.save(ctx, c, Tag{ID: t, Workspace: c.Actor.Workspace}, func(ctx context.Context, t *Tag) error {
		found, err := s.repo.Get(ctx, c.Actor.Workspace, t.ID)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return ErrNotFound
		}
		*t = *found[0]
		alter(t)
		t.Version = version
		return t.clean()
	})
}

// save stores a tag that prepare made ready, and records what that changes.
func (s *Service) save(ctx context.Context, c access.Call, t Tag, prepare func(context.Context, *Tag) error) (*Tag, error) {
	var saved Tag
	err := audit.Record(ctx, s.repo, c, s.now(t.Workspace, t.ID), func(ctx context.Context) error {
		saved = t
		if err := prepare(ctx, &saved); err != nil {
			return err
		}
		return s.repo.Save(ctx, &saved)
	})
	if err != nil {
		return nil, err
	}
	return &saved, nil
}

// Merge makes tags part of another one, which must have the version if that is not
// 0: tickets that had them have it at once, and it is found by their names. Codes:
// unauthenticated, forbidden, invalid (none, too many, itself), not_found, conflict.
func (s *Service) Merge(ctx context.Context, c access.Call, into id.Tag, version int64, parts ...id.Tag) error {
	if err := require(c, access.TagManage); err != nil {
		return err
	}
	parts = slices.Compact(slices.Sorted(slices.Values(parts)))
	switch {
	case len(parts) == 0:
		return fault.New(fault.Invalid, "fault.text.empty").On("tagIds")
	case len(parts) > MaxMerged:
		return fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxMerged).On("tagIds")
	case slices.Contains(parts, into):
		return ErrItself.On("tagIds")
	}
	return audit.Record(ctx, s.repo, c, s.now(c.Actor.Workspace, append(parts, into)...), func(ctx context.Context) error {
		return s.repo.Merge(ctx, c.Actor.Workspace, into, version, parts...)
	})
}

// Delete takes a tag out of the vocabulary, and so from all tickets at once. It must
// have the version if that is not 0. Codes: unauthenticated, forbidden, not_found,
// conflict.
func (s *Service) Delete(ctx context.Context, c access.Call, t id.Tag, version int64) error {
	if err := require(c, access.TagManage); err != nil {
		return err
	}
	return audit.Record(ctx, s.repo, c, s.now(c.Actor.Workspace, t), func(ctx context.Context) error {
		return s.repo.Delete(ctx, c.Actor.Workspace, t, version)
	})
}

// now gives what the record tells of tags.
func (s *Service) now(w id.Workspace, tags ...id.Tag) func(context.Context) (audit.State, error) {
	return func(ctx context.Context) (audit.State, error) {
		found, err := s.repo.Get(ctx, w, tags...)
		state := audit.State{}
		for _, t := range found {
			state[t.object()] = t.facts()
		}
		return state, err
	}
}

func (t *Tag) object() audit.Object { return audit.Object{Kind: audit.Tag, ID: int64(t.ID)} }

func (t *Tag) facts() audit.Facts {
	return audit.Facts{
		"name": audit.Text(t.Name), "formerNames": audit.Text(t.Former...),
		"colour": audit.Text(t.Colour), "description": audit.Text(t.Description),
	}
}

// Created tells that the tag was made by whoever marked a ticket with a word that
// was new.
func (t *Tag) Created(c access.Call) []audit.Entry {
	return audit.Between(c, nil, audit.State{t.object(): t.facts()})
}
