package filetest

import (
	"io"
	"strconv"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
)

// Picture is the beginning of a PNG of 2 by 3 pixels.
const Picture = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03\x08\x06\x00\x00\x00\xb9\xea\xde\x81"

// draws does the work of drawing that is due, as the program does, and gives what of.
func (d *desk) draws(t *testing.T) (all []id.Blob) {
	t.Helper()
	claims, err := d.work.Claim(t.Context(), file.ThumbnailConsumer, "me", d.Clock.Now(), time.Minute, 10)
	must(t, "claim", err)
	for _, c := range claims {
		n, err := strconv.ParseInt(c.Key.Key, 10, 64)
		must(t, "read the work", err)
		must(t, "draw", d.files.Draw(t.Context(), d.system(), id.Blob(n)))
		all = append(all, id.Blob(n))
	}
	return all
}

// looks gives the thumbnail as a member gets it.
func (d *desk) looks(t *testing.T, who *member.Member, a *file.Attachment) (string, error) {
	t.Helper()
	_, r, err := d.files.Thumbnail(t.Context(), d.Call(t, who), a.ID)
	if err != nil {
		return "", err
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	must(t, "read", err)
	return string(content), nil
}

func drawnOnce(t *testing.T, d *desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	one, two := d.uploads(t, d.Chidi, "a.png", Picture), d.uploads(t, d.Sam, "b.png", Picture)
	words := d.uploads(t, d.Chidi, "c.txt", "words")
	m := d.says(t, d.Chidi, tk, "a", one, words)
	d.says(t, d.Sam, tk, "b", two)
	_, err := d.looks(t, d.Lea, one)
	wants(t, "it is looked at too early", err, file.ErrNotFound)
	if work := d.draws(t); len(work) != 1 || work[0] != one.Blob {
		t.Fatalf("drawn are %v, want %d", work, one.Blob)
	}
	must(t, "draw again", d.files.Draw(t.Context(), d.system(), one.Blob))
	if left, err := d.repo.Undrawn(t.Context(), d.Workspace.ID, one.Blob); left != nil || err != nil {
		t.Errorf("it is still to be drawn: %+v, %v", left, err)
	}
	if n := d.painter.Drawn(); n != 1 {
		t.Errorf("it was drawn %d times", n)
	}
	for _, a := range []*file.Attachment{one, two} {
		if got, err := d.looks(t, d.Lea, a); err != nil || got != "small" {
			t.Errorf("%s looks like %q, %v", a.Name, got, err)
		}
	}
	of := d.of(t, d.Lea, m.ID)
	want := file.Thumbnail{Blob: of[0].Thumbnail.Blob, ContentType: "image/png", Width: file.ThumbnailSide, Height: 1}
	if of[0].Thumbnail != want || want.Blob == 0 || of[1].Thumbnail != (file.Thumbnail{}) {
		t.Errorf("the message carries %+v and %+v", of[0].Thumbnail, of[1].Thumbnail)
	}
	if link, err := d.files.ThumbnailLink(t.Context(), d.Call(t, d.Lea), of[1]); err != nil || link != "" {
		t.Errorf("what is no picture is looked at by %q, %v", link, err)
	}
	d.sweeps(t, week)
	d.objects(t, 3)
}

func notDrawn(t *testing.T, d *desk) {
	a := d.uploads(t, d.Chidi, "a.png", Picture)
	d.painter.Fail = errBroken
	wants(t, "it cannot be read", d.files.Draw(t.Context(), d.system(), a.Blob), errBroken)
	d.painter.Fail = file.ErrNoPicture
	must(t, "it is no picture", d.files.Draw(t.Context(), d.system(), a.Blob))
	d.objects(t, 1)
	must(t, "what is gone is drawn", d.files.Draw(t.Context(), d.system(), a.Blob+1))
	_, err := d.looks(t, d.Chidi, a)
	wants(t, "it is looked at", err, file.ErrNotFound)
	if err := d.files.Draw(t.Context(), d.Call(t, d.Ada), a.Blob); err == nil {
		t.Error("an admin has something drawn")
	}
}

func thumbnailClosed(t *testing.T, d *desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	a := d.uploads(t, d.Chidi, "a.png", Picture)
	d.draws(t)
	_, err := d.looks(t, d.Sam, a)
	wants(t, "another looks at an upload", err, file.ErrNotFound)
	m, err := d.tickets.AddNote(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), "", file.Enclosure{Upload: a.ID})
	must(t, "add a note", err)
	if got, err := d.looks(t, d.Sam, a); err != nil || got != "small" {
		t.Errorf("staff sees %q, %v", got, err)
	}
	for _, who := range []*member.Member{d.Lea, d.Bob} {
		_, err = d.looks(t, who, a)
		wants(t, who.Name+" looks at the picture of a note", err, file.ErrNotFound)
	}
	_, err = d.tickets.DeleteMessage(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), m.ID)
	must(t, "delete", err)
	_, err = d.looks(t, d.Lea, a)
	wants(t, "the requester looks at the picture of what was deleted", err, file.ErrNotFound)
}

func thumbnailSwept(t *testing.T, d *desk) {
	a := d.uploads(t, d.Chidi, "a.png", Picture)
	d.bucket.Fail = func(what, _ string) error {
		if what != "open" {
			return errBroken // all that comes after the object is written
		}
		return nil
	}
	wants(t, "the end", d.files.Draw(t.Context(), d.system(), a.Blob), errBroken)
	d.bucket.Fail = nil
	d.objects(t, 2)
	d.draws(t)
	d.objects(t, 3)
	d.sweeps(t, 12*hour)
	d.objects(t, 2)
	if got, err := d.looks(t, d.Chidi, a); err != nil || got != "small" {
		t.Errorf("it looks like %q, %v", got, err)
	}
	d.sweeps(t, week) // nobody attached it
	d.objects(t, 0)
}
