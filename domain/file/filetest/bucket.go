// Package filetest is what tests of files stand on: a bucket in memory, and the
// suite that every store of files passes.
package filetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/ticketsys/ticketsys/domain/file"
)

// Bucket keeps objects in memory. The zero value is ready to use.
type Bucket struct {
	mu      sync.Mutex
	objects map[string][]byte
	Fail    func(what, key string) error // what an operation meets; may be nil
}

var _ file.Bucket = (*Bucket)(nil)

func (b *Bucket) fault(what, key string) error {
	if b.Fail == nil {
		return nil
	}
	return b.Fail(what, key)
}

// Write implements file.Bucket.
func (b *Bucket) Write(ctx context.Context, key string, from io.Reader) error {
	content, err := io.ReadAll(from)
	if err = errors.Join(err, ctx.Err()); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.objects == nil {
		b.objects = map[string][]byte{}
	}
	b.objects[key] = content
	return b.fault("write", key)
}

// Open implements file.Bucket.
func (b *Bucket) Open(_ context.Context, key string) (io.ReadSeekCloser, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	content, ok := b.objects[key]
	if !ok {
		return nil, file.ErrNotFound
	}
	return closer{bytes.NewReader(content)}, b.fault("open", key)
}

type closer struct{ *bytes.Reader }

// Close implements io.Closer.
func (closer) Close() error { return nil }

// Delete implements file.Bucket.
func (b *Bucket) Delete(_ context.Context, key string) error {
	if err := b.fault("delete", key); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.objects, key)
	return nil
}

// Keys lists the objects.
func (b *Bucket) Keys() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.objects))
}
