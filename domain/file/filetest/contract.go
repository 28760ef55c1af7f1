package filetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/ticketsys/ticketsys/domain/file"
)

// BucketSuite holds a store of objects to every promise of file.Bucket.
func BucketSuite(t *testing.T, open func(t *testing.T) file.Bucket) {
	t.Helper()
	for _, promise := range []struct {
		name string
		keep func(t *testing.T, b file.Bucket)
	}{
		{"an object is read as it was written, from anywhere", readAsWritten},
		{"a large object is read as it was written", largeAsWritten},
		{"an empty object is one", emptyObject},
		{"an object is written anew", writtenAnew},
		{"a write that breaks leaves nothing", brokenWrite},
		{"a write that is ended leaves nothing", endedWrite},
		{"what is removed is gone, and nothing else", removedObject},
		{"objects are written and read side by side", sideBySide},
	} {
		t.Run(promise.name, func(t *testing.T) { promise.keep(t, open(t)) })
	}
}

func put(t *testing.T, b file.Bucket, key string, content []byte) {
	t.Helper()
	must(t, "write", b.Write(t.Context(), key, bytes.NewReader(content)))
}

func get(t *testing.T, b file.Bucket, key string) []byte {
	t.Helper()
	r, err := b.Open(t.Context(), key)
	must(t, "open", err)
	defer r.Close()
	content, err := io.ReadAll(r)
	must(t, "read", err)
	return content
}

func objectIs(t *testing.T, b file.Bucket, key string, want []byte) {
	t.Helper()
	if got := get(t, b, key); !bytes.Equal(got, want) {
		t.Errorf("%s holds %d bytes, %.40q, want %d, %.40q", key, len(got), got, len(want), want)
	}
}

func missing(t *testing.T, b file.Bucket, key string) {
	t.Helper()
	r, err := b.Open(t.Context(), key)
	if err == nil {
		must(t, "close", r.Close())
	}
	wants(t, key+" is opened", err, file.ErrNotFound)
}

func readAsWritten(t *testing.T, b file.Bucket) {
	put(t, b, "1/2", []byte("hello world"))
	objectIs(t, b, "1/2", []byte("hello world"))
	r, err := b.Open(t.Context(), "1/2")
	must(t, "open", err)
	defer r.Close()
	for _, at := range []struct {
		offset int64
		whence int
		stands int64
		rest   string
	}{{0, io.SeekEnd, 11, ""}, {0, io.SeekStart, 0, "hello world"}, {6, io.SeekStart, 6, "world"}, {-3, io.SeekEnd, 8, "rld"}} {
		if stands, err := r.Seek(at.offset, at.whence); err != nil || stands != at.stands {
			t.Fatalf("it stands at %d, %v, want %d", stands, err, at.stands)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != at.rest {
			t.Errorf("from %d on it reads %q, %v, want %q", at.stands, got, err, at.rest)
		}
	}
	missing(t, b, "1/3")
	missing(t, b, "2/2")
}

// large is more than a store may take at once.
func large() []byte {
	content := make([]byte, 17<<20+3)
	for i := range content {
		content[i] = byte(i * 7 / 5)
	}
	return content
}

func largeAsWritten(t *testing.T, b file.Bucket) {
	put(t, b, "1/2", large())
	objectIs(t, b, "1/2", large())
}

func emptyObject(t *testing.T, b file.Bucket) {
	put(t, b, "1/2", nil)
	objectIs(t, b, "1/2", nil)
}

func writtenAnew(t *testing.T, b file.Bucket) {
	put(t, b, "1/2", []byte("the first one"))
	put(t, b, "1/2", []byte("another"))
	objectIs(t, b, "1/2", []byte("another"))
}

func brokenWrite(t *testing.T, b file.Bucket) {
	for _, length := range []int{0, 100, 17 << 20} {
		err := b.Write(t.Context(), "1/2", io.MultiReader(bytes.NewReader(make([]byte, length)), failing{}))
		if !errors.Is(err, errBroken) {
			t.Errorf("the write of %d bytes ended with %v", length, err)
		}
		missing(t, b, "1/2")
	}
}

// ending ends what reads it.
type ending struct {
	end  context.CancelFunc
	left int
}

// Read implements io.Reader.
func (e *ending) Read(p []byte) (int, error) {
	if e.left -= len(p); e.left < 0 {
		e.end()
	}
	if e.left < -1<<20 {
		return 0, io.EOF
	}
	return len(p), nil
}

func endedWrite(t *testing.T, b file.Bucket) {
	for _, length := range []int{0, 9 << 20} {
		ctx, end := context.WithCancel(t.Context())
		if err := b.Write(ctx, "1/2", &ending{end, length}); err == nil {
			t.Errorf("the write of %d bytes came to its end", length)
		}
		end()
		missing(t, b, "1/2")
	}
}

func removedObject(t *testing.T, b file.Bucket) {
	put(t, b, "1/2", []byte("x"))
	put(t, b, "1/23", []byte("y"))
	for range 2 {
		must(t, "remove", b.Delete(t.Context(), "1/2"))
	}
	missing(t, b, "1/2")
	objectIs(t, b, "1/23", []byte("y"))
}

func sideBySide(t *testing.T, b file.Bucket) {
	var all sync.WaitGroup
	for i := range 8 {
		key := "1/" + strings.Repeat("1", i+1)
		all.Go(func() {
			if err := b.Write(t.Context(), key, strings.NewReader(key)); err != nil {
				t.Errorf("write: %v", err)
			}
		})
	}
	all.Wait()
	for i := range 8 {
		key := "1/" + strings.Repeat("1", i+1)
		objectIs(t, b, key, []byte(key))
	}
}
