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

// folder keeps objects as files of a folder.
type folder struct{ root *os.Root }

var _ file.Bucket = (*folder)(nil)

// What people sent is kept from other accounts of the machine.
const (
	folderMode fs.FileMode = 0o700
	fileMode   fs.FileMode = 0o600
)

// Open opens a bucket in a folder, which is made when there is none. The caller
// closes the bucket.
func Open(path string) (*Bucket, error) {
	if err := os.MkdirAll(path, folderMode); err != nil {
		return nil, fmt.Errorf("folder of files: %w", err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("folder of files: %w", err)
	}
	f := &folder{root: root}
	return &Bucket{Bucket: f, sweep: f.sweep, close: root.Close}, nil
}

// Write implements file.Bucket. The object appears whole, and is on the disk
// with its name before anything can rely on it.
func (b *folder) Write(ctx context.Context, key string, from io.Reader) (err error) {
	if err := b.root.MkdirAll(path.Dir(key), folderMode); err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	draft := key + unfinishedSuffix
	f, err := b.root.OpenFile(draft, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, fileMode)
	if err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	_, err = io.Copy(f, from)
	if err = errors.Join(err, ctx.Err(), f.Sync(), f.Close()); err == nil {
		err = b.root.Rename(draft, key)
	}
	if err != nil {
		return fmt.Errorf("store a file: %w", errors.Join(err, ignore(b.root.Remove(draft))))
	}
	return b.settle(path.Dir(key))
}

// settle has the system write a folder's names to the disk.
func (b *folder) settle(path string) error {
	f, err := b.root.Open(path)
	if err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	return nil
}

// unfinishedSuffix ends the name of what is still being written.
const unfinishedSuffix = ".tmp"

// sweep removes what writes left that were broken off by the end of a process.
func (b *folder) sweep(_ context.Context, now time.Time) error {
	left, err := fs.Glob(b.root.FS(), "*/*"+unfinishedSuffix)
	if err != nil {
		return fmt.Errorf("look for broken writes: %w", err)
	}
	var failed []error
	for _, name := range left {
		info, err := b.root.Stat(name)
		if err == nil && now.Sub(info.ModTime()) > unfinished {
			err = b.root.Remove(name)
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
func (b *folder) Open(_ context.Context, key string) (io.ReadSeekCloser, error) {
	f, err := b.root.Open(key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, file.ErrNotFound.Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("read a file: %w", err)
	}
	return f, nil
}

// Delete implements file.Bucket.
func (b *folder) Delete(_ context.Context, key string) error {
	if err := ignore(b.root.Remove(key)); err != nil {
		return fmt.Errorf("remove a file: %w", err)
	}
	return nil
}
