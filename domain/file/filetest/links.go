package filetest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/domain/file"
)

// Links remembers the links that it signed. The zero value is ready to use.
type Links struct {
	mu    sync.Mutex
	known map[string]file.Link
}

var _ file.Links = (*Links)(nil)

// Sign implements file.Links.
func (l *Links) Sign(_ context.Context, of file.Link, _ time.Time) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil {
		l.known = map[string]file.Link{}
	}
	for name, known := range l.known {
		if known == of {
			return name, nil
		}
	}
	name := fmt.Sprintf("link%d", len(l.known)+1)
	l.known[name] = of
	return name, nil
}

// Check implements file.Links.
func (l *Links) Check(_ context.Context, signed string, now time.Time) (file.Link, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	found, ok := l.known[signed]
	if !ok || !now.Before(found.ExpiresAt) {
		return file.Link{}, file.ErrLink
	}
	return found, nil
}
