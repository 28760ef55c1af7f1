// Package blob keeps objects in a folder of this machine.
//
// It stands on gocloud.dev/blob, so that another kind of store is another line
// in Open. The one for S3 is left out as long as nobody asks for it: with it the
// program is 12 MB larger, and an idle one holds 4 MB more.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"

	"github.com/ticketsys/ticketsys/domain/file"
)

// Bucket is an open store of objects. It implements file.Bucket and is safe for
// concurrent use.
type Bucket struct {
	folder string
	bucket *blob.Bucket
}

var _ file.Bucket = (*Bucket)(nil)

// folderMode keeps what people sent from other accounts of the machine.
const folderMode = 0o700

// Open opens the folder, and makes it when there is none. The caller closes
// the bucket.
func Open(folder string) (*Bucket, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("folder of files: %w", err)
	}
	b, err := fileblob.OpenBucket(folder, &fileblob.Options{
		CreateDir: true, DirFileMode: folderMode, NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
	})
	if err != nil {
		return nil, fmt.Errorf("folder of files: %w", err)
	}
	return &Bucket{folder: folder, bucket: b}, nil
}

// Close ends the use of the bucket.
func (b *Bucket) Close() error { return b.bucket.Close() }

// Write implements file.Bucket.
func (b *Bucket) Write(ctx context.Context, key string, from io.Reader) error {
	ctx, giveUp := context.WithCancel(ctx)
	defer giveUp()
	w, err := b.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: file.Binary, DisableContentTypeDetection: true})
	if err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	if _, err := io.Copy(w, from); err != nil {
		giveUp() // so that closing stores nothing
		return errors.Join(fmt.Errorf("store a file: %w", err), ignore(w.Close(), context.Canceled))
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	return b.settle(key)
}

// settle has the system write the object and its name to the disk, before
// anything relies on it.
func (b *Bucket) settle(key string) error {
	path := filepath.Join(b.folder, filepath.FromSlash(key))
	for _, p := range []string{path, filepath.Dir(path)} {
		f, err := os.Open(p)
		if err != nil {
			return fmt.Errorf("store a file: %w", err)
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return fmt.Errorf("store a file: %w", err)
		}
	}
	return nil
}

// unfinished is how long a file is left alone that a write began.
const unfinished = 6 * time.Hour

// Sweep removes what writes left that were broken off by the end of a process.
func (b *Bucket) Sweep(_ context.Context, now time.Time) error {
	left, err := filepath.Glob(filepath.Join(b.folder, "*", "*.tmp"))
	if err != nil {
		return fmt.Errorf("look for broken writes: %w", err)
	}
	var failed []error
	for _, path := range left {
		info, err := os.Stat(path)
		if err == nil && now.Sub(info.ModTime()) > unfinished {
			err = os.Remove(path)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

func ignore(err, expected error) error {
	if errors.Is(err, expected) || gcerrors.Code(err) == gcerrors.Canceled {
		return nil
	}
	return err
}

// Open implements file.Bucket.
func (b *Bucket) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	r, err := b.bucket.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, file.ErrNotFound.Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("read a file: %w", err)
	}
	return r, nil
}

// Delete implements file.Bucket.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	err := b.bucket.Delete(ctx, key)
	if err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("remove a file: %w", err)
	}
	return nil
}
