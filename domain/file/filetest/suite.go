package filetest

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// World is a fresh store: of tickets, and of files.
type World struct {
	tickettest.World

	Files file.Repository
	Work  job.Queue
}

// Suite holds a store to every promise of file.Repository, by what the services
// do on it.
func Suite(t *testing.T, setup func(t *testing.T) World) {
	t.Helper()
	for _, story := range []struct {
		name string
		tell func(t *testing.T, d *desk)
	}{
		{"an upload is attached, and opened by who may read the message", uploadAttached},
		{"an upload is its uploader's until it is attached", uploadIsOnesOwn},
		{"an upload is attached once", uploadAttachedOnce},
		{"a file of a note is for staff", fileOfNote},
		{"a file of a deleted message is for who may read its earlier texts", fileOfDeleted},
		{"the same file twice is stored once", storedOnce},
		{"the same file of two workspaces is stored twice", storedPerWorkspace},
		{"a copy is waited for, made once, and told", copyMade},
		{"a copy that fails is told to staff", copyFails},
		{"a write that breaks leaves nothing", writeBreaks},
		{"what a crash leaves is swept", crashSwept},
		{"what nobody attached is swept, and nothing else", orphansSwept},
		{"an object that cannot be removed holds up no other", sweepGoesOn},
		{"files that are too many or too large are refused", tooMuch},
		{"a message of files alone may lose its text", filesWithoutText},
		{"a file that is taken away is for who may read what was said before", takenAway},
		{"a file that comes later is the newer version's", addedLater},
		{"a picture is drawn in small once", drawnOnce},
		{"what cannot be drawn is left, and what cannot be read is tried again", notDrawn},
		{"a thumbnail is for who may open the file", thumbnailClosed},
		{"a thumbnail goes with its picture, and a broken one is swept", thumbnailSwept},
		{"a file for which the channel has no name is left alone", leftAlone},
	} {
		t.Run(story.name, func(t *testing.T) { story.tell(t, newDesk(t, setup(t))) })
	}
}

// desk is a helpdesk whose messages carry files.
type desk struct {
	*tickettest.Desk

	bucket  *Bucket
	painter *Painter
	work    job.Queue
	repo    file.Repository
	files   *file.Service
	tickets *ticket.Service
}

func newDesk(t *testing.T, w World) *desk {
	t.Helper()
	d := &desk{Desk: tickettest.NewDesk(t, w.World), bucket: &Bucket{}, repo: w.Files, work: w.Work}
	d.painter = &Painter{}
	d.files = file.NewService(w.Files, d.bucket, &Links{}, w.IDs, "").Drawing(d.painter)
	d.tickets = ticket.NewService(w.Tickets, w.Categories, w.Members, w.Queues, w.Workspaces, w.IDs)
	return d
}

func must(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func wants(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func (d *desk) system() access.Call {
	return access.Call{
		Actor: access.System(d.Workspace.ID), Now: d.Clock.Tick(), Origin: event.Origin{Channel: event.ChannelDiscord},
	}
}

// uploads has a member upload a file.
func (d *desk) uploads(t *testing.T, who *member.Member, name, content string) *file.Attachment {
	t.Helper()
	a, err := d.files.BeginUpload(t.Context(), d.Call(t, who), name)
	must(t, "begin an upload", err)
	a, err = d.files.Upload(t.Context(), d.Call(t, who), a.ID, strings.NewReader(content))
	must(t, "upload", err)
	return a
}

// says has a member reply with uploads.
func (d *desk) says(t *testing.T, who *member.Member, tk *ticket.Ticket, body string, uploads ...*file.Attachment) *ticket.Message {
	t.Helper()
	m, err := d.tickets.Reply(t.Context(), d.Call(t, who), d.Ref(tk), body, enclosed(uploads)...)
	must(t, "reply", err)
	return m
}

func enclosed(uploads []*file.Attachment) []file.Enclosure {
	with := make([]file.Enclosure, len(uploads))
	for i, a := range uploads {
		with[i].Upload = a.ID
	}
	return with
}

// sends takes a message in from a channel, with a file that is to be copied.
func (d *desk) sends(t *testing.T, who *member.Member, tk *ticket.Ticket, external string) (*ticket.Message, *file.Attachment) {
	t.Helper()
	c := d.Call(t, who)
	c.Origin = event.Origin{Channel: event.ChannelDiscord, ExternalID: external}
	m, err := d.tickets.Reply(t.Context(), c, d.Ref(tk), "", file.Enclosure{
		Name: "../log.txt", ContentType: "text/html", Size: 5, Source: "somewhere",
	})
	must(t, "take a message in", err)
	of := d.of(t, who, m.ID)
	if len(of) != 1 {
		t.Fatalf("the message carries %d files", len(of))
	}
	return m, of[0]
}

// of gives the files of a message that a member sees.
func (d *desk) of(t *testing.T, who *member.Member, m id.Message) []*file.Attachment {
	t.Helper()
	found, err := d.files.Of(t.Context(), d.Call(t, who), m)
	must(t, "list files", err)
	return found[m]
}

// reads gives the content of a file as a member gets it.
func (d *desk) reads(t *testing.T, who *member.Member, a *file.Attachment) (string, error) {
	t.Helper()
	_, r, err := d.files.Open(t.Context(), d.Call(t, who), a.ID)
	if err != nil {
		return "", err
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	must(t, "read", err)
	return string(content), nil
}

// history gives the types of a ticket's latest events that a member sees.
func (d *desk) sees(t *testing.T, who *member.Member, tk *ticket.Ticket, kind event.Type) bool {
	t.Helper()
	pages, err := d.tickets.Timeline(t.Context(), d.Call(t, who), query.Query{}, allOf(), tk.ID)
	must(t, "read the history", err)
	return slices.ContainsFunc(pages[tk.ID].Items, func(e event.Envelope) bool { return e.Data.Type() == kind })
}

// objects checks how many are stored.
func (d *desk) objects(t *testing.T, want int) {
	t.Helper()
	if keys := d.bucket.Keys(); len(keys) != want {
		t.Errorf("%d objects are stored, want %d: %v", len(keys), want, keys)
	}
}

// sweeps lets the scheduler pass, some time later.
func (d *desk) sweeps(t *testing.T, later time.Duration) {
	t.Helper()
	must(t, "sweep", d.files.Sweep(t.Context(), d.Clock.Now().Add(later)))
}
