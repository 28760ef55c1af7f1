package filetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Backend is a store of objects that can be looked into.
type Backend struct {
	file.Bucket

	Keys func(t *testing.T) []string // of all objects in it
}

// Crash ends the process before and after everything that it does outside of memory,
// from an upload to the end of a sweep, and looks at what is left: no attachment
// without what it promises, no object that is forgotten.
func Crash(t *testing.T, setup func(t *testing.T) World, open func(t *testing.T) Backend) {
	t.Helper()
	d := newDesk(t, setup(t))
	for at := 1; ; at++ {
		more := true
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("step %d, after %t", at, after), func(t *testing.T) {
				more = crashAt(t, d, open(t), at, after)
			})
		}
		if !more {
			if at < 10 {
				t.Errorf("there were only %d steps", at-1)
			}
			return
		}
	}
}

// crashAt reports whether there was such a step.
func crashAt(t *testing.T, d *desk, b Backend, at int, after bool) bool {
	t.Helper()
	tk := d.Opens(t, d.Lea, d.Help)
	steps := &steps{at: at, after: after}
	s := &story{desk: d, painter: &Painter{}, mark: fmt.Sprintf("%d %t", at, after)}
	whole := file.NewService(d.repo, b, &Links{}, d.IDs, "").Drawing(s.painter)
	s.files = file.NewService(stepRepository{d.repo, steps}, stepBucket{b, steps}, &Links{}, d.IDs, "").Drawing(s.painter)
	s.day(t)
	kept := s.uploaded
	if kept != nil {
		if _, err := d.tickets.Reply(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), "look", file.Enclosure{Upload: kept.ID}); err != nil {
			kept = nil // of which nobody was told that it is there
		}
	}
	s.files = whole
	s.day(t) // again, by another process
	for _, later := range []time.Duration{hour, week, 2 * week} {
		must(t, "sweep", whole.Sweep(t.Context(), d.Clock.Now().Add(later)))
	}
	s.settled(t, b, kept)
	return steps.taken >= at
}

// story is an upload, the drawing of it in small, and the sweep of another one that
// nobody wants.
type story struct {
	*desk

	files    *file.Service
	painter  *Painter
	mark     string           // makes what is uploaded unlike that of other stories
	uploaded *file.Attachment // as the uploader was told
}

// day goes as far as it gets.
func (s *story) day(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	if orphan := s.upload(t, Picture+"orphan"+s.mark); orphan != nil {
		_ = s.files.Draw(ctx, s.system(), orphan.Blob)
	}
	_ = s.files.Sweep(ctx, s.Clock.Now().Add(week))
	if a := s.upload(t, Picture+s.mark); a != nil {
		s.uploaded = a
		_ = s.files.Draw(ctx, s.system(), a.Blob)
	}
	_ = s.files.Sweep(ctx, s.Clock.Now().Add(hour))
}

// upload gives what was uploaded, nil if it was refused.
func (s *story) upload(t *testing.T, content string) *file.Attachment {
	t.Helper()
	a, err := s.files.BeginUpload(t.Context(), s.Call(t, s.Chidi), "a.png")
	if err == nil {
		a, err = s.files.Upload(t.Context(), s.Call(t, s.Chidi), a.ID, strings.NewReader(content))
	}
	if err != nil {
		return nil
	}
	return a
}

// settled checks what is left when all is swept.
func (s *story) settled(t *testing.T, b Backend, kept *file.Attachment) {
	t.Helper()
	var want []string
	if kept != nil {
		of, err := s.files.Get(t.Context(), s.Call(t, s.Lea), kept.ID)
		must(t, "find the file", err)
		if of.State != file.Stored {
			t.Fatalf("the file is %+v", of)
		}
		for _, object := range []id.Blob{of.Blob, of.Thumbnail.Blob} {
			if object == 0 {
				continue
			}
			key := (&file.Blob{ID: object, Workspace: of.Workspace}).Key()
			want = append(want, key)
			if len(get(t, b, key)) == 0 {
				t.Errorf("%s is empty", key)
			}
		}
		_, content, err := s.files.Open(t.Context(), s.Call(t, s.Lea), kept.ID)
		must(t, "open the file", err)
		defer content.Close()
		if all, err := io.ReadAll(content); err != nil || string(all) != Picture+s.mark {
			t.Errorf("the file reads %q, %v", all, err)
		}
	}
	got := b.Keys(t)
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("the store holds %v, want %v", got, want)
	}
}

var errEnded = errors.New("the process has ended")

// steps counts what a process does, and ends it at one of them.
type steps struct {
	at    int
	after bool // the step is done, and nobody hears of it
	taken int
}

// take does a step.
func (s *steps) take(do func() error) error {
	s.taken++
	if s.taken > s.at || s.taken == s.at && !s.after {
		return errEnded
	}
	err := do()
	if s.taken == s.at {
		return errEnded
	}
	return err
}

// stepRepository takes changes for steps.
type stepRepository struct {
	file.Repository

	steps *steps
}

func (r stepRepository) Loose(ctx context.Context, b *file.Blob, at time.Time) error {
	return r.steps.take(func() error { return r.Repository.Loose(ctx, b, at) })
}

func (r stepRepository) Keep(ctx context.Context, b *file.Blob, at time.Time) (kept *file.Blob, err error) {
	err = r.steps.take(func() error { kept, err = r.Repository.Keep(ctx, b, at); return err })
	return kept, err
}

func (r stepRepository) Illustrate(ctx context.Context, b *file.Blob, t file.Thumbnail) (done bool, err error) {
	err = r.steps.take(func() error { done, err = r.Repository.Illustrate(ctx, b, t); return err })
	return done, err
}

func (r stepRepository) Condemn(ctx context.Context, before time.Time, limit int) (n int, err error) {
	err = r.steps.take(func() error { n, err = r.Repository.Condemn(ctx, before, limit); return err })
	return n, err
}

func (r stepRepository) Forget(ctx context.Context, b id.Blob) error {
	return r.steps.take(func() error { return r.Repository.Forget(ctx, b) })
}

func (r stepRepository) Uploaded(ctx context.Context, a *file.Attachment) error {
	return r.steps.take(func() error { return r.Repository.Uploaded(ctx, a) })
}

func (r stepRepository) DropUploads(ctx context.Context, before time.Time) error {
	return r.steps.take(func() error { return r.Repository.DropUploads(ctx, before) })
}

// stepBucket takes changes of objects for steps. A write that is ended before it was
// whole leaves nothing, by the contract of buckets.
type stepBucket struct {
	file.Bucket

	steps *steps
}

func (b stepBucket) Write(ctx context.Context, key string, from io.Reader) error {
	return b.steps.take(func() error { return b.Bucket.Write(ctx, key, from) })
}

func (b stepBucket) Delete(ctx context.Context, key string) error {
	return b.steps.take(func() error { return b.Bucket.Delete(ctx, key) })
}
