package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

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

// lockPatience is how long the lock is waited for: taken holds it for an instant.
const lockPatience = 50 * time.Millisecond

func newFileLock(t target) *fileLock {
	if t.path == "" {
		return nil
	}
	return &fileLock{lock: flock.New(t.path + ".lock"), path: t.path}
}

// keep takes the lock until close.
func (f *fileLock) keep(ctx context.Context) error {
	_, err := f.hold(ctx)
	if f != nil && err == nil {
		f.held = true
	}
	return err
}

// hold takes the lock until release is called, unless it is kept anyway.
func (f *fileLock) hold(ctx context.Context) (release func() error, err error) {
	if f == nil || f.held {
		return func() error { return nil }, nil
	}
	patient, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	got, err := f.lock.TryLockContext(patient, lockPatience/10)
	if err != nil && (ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded)) {
		return nil, fmt.Errorf("lock %s: %w", f.lock.Path(), err)
	}
	if !got {
		return nil, fmt.Errorf("%w: %s", ErrInUse, f.path)
	}
	return f.lock.Unlock, nil
}

// taken reports whether another process has the right.
func (f *fileLock) taken() (bool, error) {
	if f == nil || f.held {
		return false, nil
	}
	look := flock.New(f.lock.Path())
	free, err := look.TryRLock()
	if err = errors.Join(err, look.Close()); err != nil {
		return false, fmt.Errorf("lock %s: %w", f.lock.Path(), err)
	}
	return !free, nil
}

func (f *fileLock) close() error {
	if f == nil || !f.held {
		return nil
	}
	f.held = false
	return f.lock.Unlock()
}
