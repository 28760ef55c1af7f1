package sla

import (
	"context"
	"sync"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Consumer brings the clocks of a workspace's tickets in line with changed promises.
const Consumer = "promises"

// shelf keeps the newest book of each workspace that this process has read.
type shelf struct {
	mu    sync.Mutex
	books map[id.Workspace]*Book
}

func (s *shelf) put(w id.Workspace, b *Book) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.books == nil {
		s.books = map[id.Workspace]*Book{}
	}
	if known := s.books[w]; known.Version() <= b.Version() {
		s.books[w] = b
	}
}

// Known gives the newest book of the actor's workspace that was read, nil if none
// was: who uses it makes sure that it is still the newest. Codes: unauthenticated.
func (s *Service) Known(c access.Call) (*Book, error) {
	if !c.Actor.Known() {
		return nil, access.ErrNobody
	}
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	return s.shelf.books[c.Actor.Workspace], nil
}

// Read gives the book of the actor's workspace as it is now. Codes: unauthenticated.
func (s *Service) Read(ctx context.Context, c access.Call) (*Book, error) {
	if !c.Actor.Known() {
		return nil, access.ErrNobody
	}
	w := c.Actor.Workspace
	version, since, err := s.repo.Promises(ctx, w)
	if err != nil {
		return nil, err
	}
	hours, err := s.repo.Hours(ctx, w)
	if err != nil {
		return nil, err
	}
	policies, err := s.repo.Policies(ctx, w)
	if err != nil {
		return nil, err
	}
	categories, err := s.categories.List(ctx, w)
	if err != nil {
		return nil, err
	}
	// What changed after the version was read is read again, as of the next one.
	b := NewBook(version, hours, policies, categories...).InForce(since)
	s.shelf.put(w, b)
	return b, nil
}
