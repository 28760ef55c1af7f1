package filetest

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

func allOf() page.Request { return page.Request{Last: page.MaxSize} }

// hour is longer than any write takes, and shorter than anything waits.
const (
	hour = time.Hour
	week = 7 * 24 * time.Hour
)

func uploadAttached(t *testing.T, d *desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	first, second := d.uploads(t, d.Chidi, "first.txt", "one"), d.uploads(t, d.Chidi, "second.txt", "two")
	m := d.says(t, d.Chidi, tk, "", second, first)
	of := d.of(t, d.Lea, m.ID)
	if len(of) != 2 || of[0].ID != second.ID || of[1].ID != first.ID || of[0].State != file.Stored || of[0].Size != 3 ||
		of[0].ContentType != file.PlainText || of[0].Name != "second.txt" {
		t.Fatalf("the message carries %+v", of)
	}
	if got, err := d.reads(t, d.Lea, second); err != nil || got != "two" {
		t.Errorf("the requester reads %q, %v", got, err)
	}
	_, err := d.reads(t, d.Bob, second)
	wants(t, "a stranger opens the file", err, file.ErrNotFound)
	if len(d.of(t, d.Bob, m.ID)) != 0 {
		t.Error("a stranger sees the file")
	}
}

func uploadIsOnesOwn(t *testing.T, d *desk) {
	a := d.uploads(t, d.Chidi, "mine.txt", "one")
	if got, err := d.reads(t, d.Chidi, a); err != nil || got != "one" {
		t.Errorf("the uploader reads %q, %v", got, err)
	}
	_, err := d.reads(t, d.Ada, a)
	wants(t, "an admin opens it", err, file.ErrNotFound)
	tk := d.Opens(t, d.Lea, d.Help)
	_, err = d.tickets.Reply(t.Context(), d.Call(t, d.Sam), d.Ref(tk), "look", enclosed([]*file.Attachment{a})...)
	wants(t, "another attaches it", err, file.ErrUpload)
	_, err = d.files.Upload(t.Context(), d.Call(t, d.Chidi), a.ID, strings.NewReader("other"))
	wants(t, "it is uploaded again", err, file.ErrUploaded)
	begun, err := d.files.BeginUpload(t.Context(), d.Call(t, d.Chidi), "x")
	must(t, "begin", err)
	_, err = d.files.Upload(t.Context(), d.Call(t, d.Sam), begun.ID, strings.NewReader("other"))
	wants(t, "another uploads it", err, file.ErrNotFound)
	_, err = d.tickets.Reply(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), "look", file.Enclosure{Upload: begun.ID})
	wants(t, "it is attached before it is there", err, file.ErrUpload)
	_, err = d.files.BeginUpload(t.Context(), d.Call(t, d.Chidi), " ")
	wants(t, "it has no name", err, file.ErrName)
}

func uploadAttachedOnce(t *testing.T, d *desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	a := d.uploads(t, d.Chidi, "a.txt", "one")
	d.says(t, d.Chidi, tk, "here", a)
	_, err := d.tickets.Reply(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), "again", file.Enclosure{Upload: a.ID})
	wants(t, "it is attached again", err, file.ErrUpload)
	if last := d.Read(t, tk.ID).Last; last.Body != "here" {
		t.Errorf("what was refused was said: %q", last.Body)
	}
}

func fileOfNote(t *testing.T, d *desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	a := d.uploads(t, d.Chidi, "secret.txt", "one")
	m, err := d.tickets.AddNote(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), "", file.Enclosure{Upload: a.ID})
	must(t, "add a note", err)
	if len(d.of(t, d.Sam, m.ID)) != 1 {
		t.Error("staff doesn't see the file of a note")
	}
	if len(d.of(t, d.Lea, m.ID)) != 0 {
		t.Error("a requester sees the file of a note")
	}
	_, err = d.reads(t, d.Lea, a)
	wants(t, "a requester opens the file of a note", err, file.ErrNotFound)
}

func fileOfDeleted(t *testing.T, d *desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	a := d.uploads(t, d.Lea, "oops.txt", "one")
	m := d.says(t, d.Lea, tk, "", a)
	_, err := d.tickets.DeleteMessage(t.Context(), d.Call(t, d.Lea), d.Ref(tk), m.ID)
	must(t, "delete", err)
	_, err = d.reads(t, d.Lea, a)
	wants(t, "the requester opens it", err, file.ErrNotFound)
	if got, err := d.reads(t, d.Chidi, a); err != nil || got != "one" {
		t.Errorf("staff reads %q, %v", got, err)
	}
}

func storedOnce(t *testing.T, d *desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	one, two := d.uploads(t, d.Chidi, "a.txt", "same"), d.uploads(t, d.Sam, "b.txt", "same")
	d.says(t, d.Chidi, tk, "a", one)
	d.says(t, d.Sam, tk, "b", two)
	d.objects(t, 1)
	for _, a := range []*file.Attachment{one, two} {
		if got, err := d.reads(t, d.Lea, a); err != nil || got != "same" {
			t.Errorf("%s reads %q, %v", a.Name, got, err)
		}
	}
	d.sweeps(t, week)
	d.objects(t, 1)
}

func storedPerWorkspace(t *testing.T, d *desk) {
	other := &desk{Desk: tickettest.NewDesk(t, d.World), bucket: d.bucket, repo: d.repo, files: d.files, tickets: d.tickets}
	a := d.uploads(t, d.Chidi, "a.txt", "same")
	b := other.uploads(t, other.Chidi, "a.txt", "same")
	if a.Blob == b.Blob {
		t.Error("two workspaces share an object")
	}
	d.objects(t, 2)
}

func copyMade(t *testing.T, d *desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	m, a := d.sends(t, d.Lea, tk, "d1")
	if a.State != file.Pending || a.Name != "log.txt" || a.Source != "somewhere" || a.Channel != event.ChannelDiscord || a.Message != m.ID {
		t.Errorf("the file is %+v", a)
	}
	_, err := d.reads(t, d.Lea, a)
	wants(t, "it is opened too early", err, file.ErrNotReady)
	waiting, err := d.files.Pending(t.Context(), d.system(), a.ID)
	if err != nil || waiting == nil || waiting.Source != "somewhere" {
		t.Fatalf("what is to be copied is %+v, %v", waiting, err)
	}
	b, err := d.files.Receive(t.Context(), d.system(), strings.NewReader("hello"))
	must(t, "receive", err)
	for range 2 {
		must(t, "record the copy", d.tickets.Copied(t.Context(), d.system(), waiting, b))
	}
	if got, err := d.reads(t, d.Lea, a); err != nil || got != "hello" {
		t.Errorf("it reads %q, %v", got, err)
	}
	if of := d.of(t, d.Lea, m.ID); of[0].ContentType != file.PlainText || of[0].Size != 5 {
		t.Errorf("the file is %+v", of[0])
	}
	if !d.sees(t, d.Lea, tk, event.TypeAttachmentStored) {
		t.Error("the history does not tell that the file is there")
	}
	if waiting, err := d.files.Pending(t.Context(), d.system(), a.ID); err != nil || waiting != nil {
		t.Errorf("it is still to be copied: %+v, %v", waiting, err)
	}
	d.sweeps(t, week)
	d.objects(t, 1)
}

func copyFails(t *testing.T, d *desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	m, a := d.sends(t, d.Lea, tk, "d1")
	must(t, "give up", d.tickets.CopyFailed(t.Context(), d.system(), a, file.Gone))
	if of := d.of(t, d.Lea, m.ID); of[0].State != file.Failed || of[0].Failure != file.Gone {
		t.Errorf("the file is %+v", of[0])
	}
	_, err := d.reads(t, d.Lea, a)
	wants(t, "it is opened", err, file.ErrNotFound)
	if !d.sees(t, d.Chidi, tk, event.TypeAttachmentFailed) || d.sees(t, d.Lea, tk, event.TypeAttachmentFailed) {
		t.Error("the failure is told to the wrong people")
	}
}

var errBroken = errors.New("the line broke")

func writeBreaks(t *testing.T, d *desk) {
	_, err := d.files.Receive(t.Context(), d.system(), io.MultiReader(strings.NewReader("half"), failing{}))
	wants(t, "the reader fails", err, errBroken)
	d.bucket.Fail = func(what, _ string) error {
		if what == "write" {
			return errBroken
		}
		return nil
	}
	_, err = d.files.Receive(t.Context(), d.system(), strings.NewReader("whole"))
	wants(t, "the bucket fails", err, errBroken)
	d.objects(t, 0)
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errBroken }

// crashSwept lets the process end after the object is written and before that is
// recorded, as far as anybody can tell: everything afterwards fails.
func crashSwept(t *testing.T, d *desk) {
	d.bucket.Fail = func(string, string) error { return errBroken }
	_, err := d.files.Receive(t.Context(), d.system(), strings.NewReader("lost"))
	wants(t, "the end", err, errBroken)
	d.bucket.Fail = nil
	d.objects(t, 1)
	d.sweeps(t, hour)
	d.objects(t, 1) // for all that is known it is still being written
	d.sweeps(t, week)
	d.objects(t, 0)
}

func orphansSwept(t *testing.T, d *desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	d.says(t, d.Chidi, tk, "here", d.uploads(t, d.Chidi, "a.txt", "attached"))
	orphan := d.uploads(t, d.Chidi, "b.txt", "orphan")
	d.sweeps(t, hour)
	if _, err := d.reads(t, d.Chidi, orphan); err != nil {
		t.Errorf("it was swept at once: %v", err)
	}
	d.sweeps(t, week)
	_, err := d.reads(t, d.Chidi, orphan)
	wants(t, "an old upload is opened", err, file.ErrNotFound)
	d.objects(t, 1)
	again := d.uploads(t, d.Chidi, "b.txt", "orphan")
	if got, err := d.reads(t, d.Chidi, again); err != nil || got != "orphan" {
		t.Errorf("what was swept and comes again reads %q, %v", got, err)
	}
}

func sweepGoesOn(t *testing.T, d *desk) {
	stuck := d.uploads(t, d.Chidi, "a.txt", "stuck")
	d.uploads(t, d.Chidi, "b.txt", "other")
	key := (&file.Blob{ID: stuck.Blob, Workspace: stuck.Workspace}).Key()
	d.bucket.Fail = func(what, at string) error {
		if what == "delete" && at == key {
			return errBroken
		}
		return nil
	}
	wants(t, "the sweep tells", d.files.Sweep(t.Context(), d.Clock.Now().Add(week)), errBroken)
	if keys := d.bucket.Keys(); !slices.Equal(keys, []string{key}) {
		t.Errorf("left are %v", keys)
	}
	d.bucket.Fail = nil
	d.sweeps(t, week)
	d.objects(t, 0)
}

// endless is a file without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func tooMuch(t *testing.T, d *desk) {
	// Reading a whole file of that size in memory would take long: the bucket
	// stops when the reader does.
	begun, err := d.files.BeginUpload(t.Context(), d.Call(t, d.Chidi), "big.bin")
	must(t, "begin", err)
	_, err = d.files.Upload(t.Context(), d.Call(t, d.Chidi), begun.ID, endless{})
	wants(t, "a file without an end", err, file.ErrTooLarge)
	_, err = d.files.Upload(t.Context(), d.Call(t, d.Chidi), begun.ID, strings.NewReader(""))
	wants(t, "an empty file", err, file.ErrEmpty)
	tk := d.Opens(t, d.Lea, d.Help)
	_, err = d.tickets.Reply(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), "many", make([]file.Enclosure, file.MaxPerMessage+1)...)
	wants(t, "too many files", err, file.ErrTooMany)
}

func filesWithoutText(t *testing.T, d *desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	m := d.says(t, d.Chidi, tk, "look", d.uploads(t, d.Chidi, "a.txt", "one"))
	edited, err := d.tickets.EditMessage(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), m.ID, "")
	if err != nil || edited.Body != "" || edited.Version != 2 {
		t.Errorf("the text is not taken away: %+v, %v", edited, err)
	}
	plain := d.says(t, d.Chidi, tk, "no files")
	if _, err := d.tickets.EditMessage(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), plain.ID, ""); err == nil {
		t.Error("a message says nothing at all")
	}
}
