package main

import (
	"bytes"
	"image"
	"image/png"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/jobs"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/job"
)

// A picture that cannot be read is tried again, later and later, until it failed too
// often; one that the program ended with too often is left.
func TestThumbnailsAreTriedAgainAndGivenUp(t *testing.T) {
	env := inFolder(t)
	c, err := Environment(environment(env...))
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	a, err := newApp(t.Context(), c, appOptions{Logger: slog.New(slog.NewTextHandler(&log, nil)), Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	all, err := a.workspaces.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	call := access.Call{Actor: access.System(all[0].ID), Now: a.now()}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	b, err := a.files.Receive(t.Context(), call, &picture)
	if err != nil {
		t.Fatal(err)
	}
	work, some := b.Drawing()
	if !some || b.Width != 4 {
		t.Fatalf("what was received is %+v", b)
	}
	at := filepath.Join(c.DataDir, "files", b.Key())
	away := func(from, to string) {
		t.Helper()
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	drawn := func() bool {
		t.Helper()
		found, err := a.store.Files().Undrawn(t.Context(), b.Workspace, b.ID)
		return err == nil && found == nil
	}
	away(at, at+"x")
	if err := os.Mkdir(at, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, failures := range []int64{0, 7, drawFailures - 2} {
		before, ceiling := a.now(), jobs.Backoff(int(failures)+1, 1)
		out, err := a.draw(t.Context(), job.Claim{Key: work, Attempt: 1, Cursor: failures})
		if err != nil || out.Cursor != failures+1 || out.Again.Before(before) || out.Again.After(a.now().Add(ceiling)) || drawn() {
			t.Errorf("what cannot be read after %d failures ends with %+v, %v; want to be tried within %v", failures, out, err, ceiling)
		}
	}
	if out, err := a.draw(t.Context(), job.Claim{Key: work, Attempt: 1, Cursor: drawFailures - 1}); err != nil || out != (job.Outcome{}) || drawn() {
		t.Errorf("what failed too often ends with %+v, %v", out, err)
	}
	if err := os.Remove(at); err != nil {
		t.Fatal(err)
	}
	away(at+"x", at)
	if out, err := a.draw(t.Context(), job.Claim{Key: work, Attempt: drawAttempts + 1}); err != nil || !out.Again.IsZero() || drawn() {
		t.Errorf("what ended the program too often ends with %+v, %v", out, err)
	}
	if out, err := a.draw(t.Context(), job.Claim{Key: work, Attempt: drawAttempts}); err != nil || !out.Again.IsZero() || !drawn() {
		t.Errorf("what can be read ends with %+v, %v: %s", out, err, log.String())
	}
	if n := strconv.Itoa(int(b.ID)); strings.Count(log.String(), n) < 2 {
		t.Errorf("the log tells %s", log.String())
	}
	if _, err := a.draw(t.Context(), job.Claim{Key: job.Key{Consumer: file.ThumbnailConsumer, Key: "x"}}); err == nil {
		t.Error("work of nothing is done")
	}
}
