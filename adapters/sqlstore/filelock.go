package sqlstore

import (
	"fmt"

	"github.com/gofrs/flock"
)

// fileLock is the right to serve from a SQLite file. The operating system takes
// it back when the process ends, however that ends. A nil fileLock, as for
// PostgreSQL, is always free.
type fileLock struct {
	lock *flock.Flock
	path string
	held bool // for as long as the store is open
}

func newFileLock(t target) *fileLock {
	if t.path == "" {
		return nil
	}
	return &fileLock{lock: flock.New(t.path + ".lock"), path: t.path}
}

// keep takes the lock until close.
func (f *fileLock) keep() error {
	_, err := f.hold()
	if f != nil && err == nil {
		f.held = true
	}
	return err
}

// hold takes the lock until release is called, unless it is kept anyway.
func (f *fileLock) hold() (release func() error, err error) {
	if f == nil || f.held {
		return func() error { return nil }, nil
	}
	got, err := f.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", f.lock.Path(), err)
	}
	if !got {
		return nil, fmt.Errorf("%w: %s", ErrInUse, f.path)
	}
	return f.lock.Unlock, nil
}

func (f *fileLock) close() error {
	if f == nil || !f.held {
		return nil
	}
	f.held = false
	return f.lock.Unlock()
}
