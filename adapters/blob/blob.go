// Package blob keeps objects in a folder of this machine.
//
// It does with files alone what a library for all kinds of stores would need a
// good part of the idle program's memory for; docs/adr/0016 has the figures.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/ticketsys/ticketsys/domain/file"
)

// Bucket is an open store of objects. It implements file.Bucket and is safe for
// concurrent use.
type Bucket struct{ folder *os.Root }

var _ file.Bucket = (*Bucket)(nil)

// What people sent is kept from other accounts of the machine.
const (
	folderMode fs.FileMode = 0o700
	fileMode   fs.FileMode = 0o600
)

// Open opens the folder, and makes it when there is none. The caller closes
// the bucket.
func Open(folder string) (*Bucket, error) {
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return nil, fmt.Errorf("folder of files: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("folder of files: %w", err)
	}
	return &Bucket{folder: root}, nil
}

// Close ends the use of the bucket.
func (b *Bucket) Close() error { return b.folder.Close() }

// Write implements file.Bucket. The object appears whole, and is on the disk
// with its name before anything can rely on it.
func (b *Bucket) Write(ctx context.Context, key string, from io.Reader) (err error) {
	if err := b.folder.MkdirAll(path.Dir(key), folderMode); err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	draft := key + unfinishedSuffix
	f, err := b.folder.OpenFile(draft, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, fileMode)
	if err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	_, err = io.Copy(f, from)
	if err = errors.Join(err, ctx.Err(), f.Sync(), f.Close()); err == nil {
		err = b.folder.Rename(draft, key)
	}
	if err != nil {
		return fmt.Errorf("store a file: %w", errors.Join(err, ignore(b.folder.Remove(draft))))
	}
	return b.settle(path.Dir(key))
}

// settle has the system write a folder's names to the disk.
func (b *Bucket) settle(folder string) error {
	f, err := b.folder.Open(folder)
	if err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	return nil
}

const (
	// unfinishedSuffix ends the name of what is still being written.
	unfinishedSuffix = ".tmp"
	// unfinished is how long it is left alone.
	unfinished = 6 * time.Hour
)

// Sweep removes what writes left that were broken off by the end of a process.
func (b *Bucket) Sweep(_ context.Context, now time.Time) error {
	left, err := fs.Glob(b.folder.FS(), "*/*"+unfinishedSuffix)
	if err != nil {
		return fmt.Errorf("look for broken writes: %w", err)
	}
	var failed []error
	for _, name := range left {
		info, err := b.folder.Stat(name)
		if err == nil && now.Sub(info.ModTime()) > unfinished {
			err = b.folder.Remove(name)
		}
		failed = append(failed, ignore(err))
	}
	return errors.Join(failed...)
}

// ignore forgives that something is gone already.
func ignore(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Open implements file.Bucket.
func (b *Bucket) Open(_ context.Context, key string) (io.ReadSeekCloser, error) {
	f, err := b.folder.Open(key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, file.ErrNotFound.Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("read a file: %w", err)
	}
	return f, nil
}

// Delete implements file.Bucket.
func (b *Bucket) Delete(_ context.Context, key string) error {
	if err := ignore(b.folder.Remove(key)); err != nil {
		return fmt.Errorf("remove a file: %w", err)
	}
	return nil
}
