package filetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// originals are files as a channel has them: each is called like its content.
func originals(names ...string) []file.Enclosure {
	all := make([]file.Enclosure, len(names))
	for i, name := range names {
		all[i] = file.Enclosure{Name: name + ".txt", ExternalID: name, Source: "where " + name + " is"}
	}
	return all
}

// arrives takes a message in from a channel, with copies made of its files.
func (d *desk) arrives(t *testing.T, who *member.Member, tk *ticket.Ticket, body string, names ...string) *ticket.Message {
	t.Helper()
	c := d.Call(t, who)
	c.Origin = event.Origin{Channel: event.ChannelDiscord, ExternalID: "m" + body}
	m, err := d.tickets.Reply(t.Context(), c, d.Ref(tk), body, originals(names...)...)
	must(t, "take a message in", err)
	d.copies(t, m.ID)
	return m
}

// copies makes the copies of a message's files that are waited for.
func (d *desk) copies(t *testing.T, m id.Message) {
	t.Helper()
	all, err := d.files.Ever(t.Context(), d.system(), m)
	must(t, "list files", err)
	for _, a := range all[m] {
		if a.State != file.Pending {
			continue
		}
		b, err := d.files.Receive(t.Context(), d.system(), strings.NewReader(a.ExternalID))
		must(t, "receive", err)
		must(t, "record the copy", d.tickets.Copied(t.Context(), d.system(), a, b))
	}
}

// rewrites has a message changed in its channel.
func (d *desk) rewrites(t *testing.T, who *member.Member, tk *ticket.Ticket, m *ticket.Message, body string, names ...string) *ticket.Message {
	t.Helper()
	c := d.Call(t, who)
	c.Origin = event.Origin{Channel: event.ChannelDiscord, ExternalID: "edit:" + body + strings.Join(names, ",")}
	changed, err := d.tickets.RewriteMessage(t.Context(), c, d.Ref(tk), m.ID, body, originals(names...))
	must(t, "rewrite", err)
	return changed
}

// carries gives the names of the files that a member finds with a message, and with
// each of its versions.
func (d *desk) carries(t *testing.T, who *member.Member, m id.Message) (now []string, then map[int64][]string) {
	t.Helper()
	name := func(a *file.Attachment) string { return strings.TrimSuffix(a.Name, ".txt") }
	for _, a := range d.of(t, who, m) {
		now = append(now, name(a))
	}
	ever, err := d.files.Ever(t.Context(), d.Call(t, who), m)
	must(t, "list all files", err)
	versions, err := d.tickets.Versions(t.Context(), d.Call(t, who), m)
	must(t, "list the versions", err)
	then = map[int64][]string{}
	for _, v := range versions[m] {
		for _, a := range ever[m] {
			if a.In(v.Number) {
				then[v.Number] = append(then[v.Number], name(a))
			}
		}
	}
	return now, then
}

func holds(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s carries %q, want %q", what, got, want)
	}
}

func takenAway(t *testing.T, d *desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	m := d.arrives(t, d.Lea, tk, "look", "a", "b")
	of := d.of(t, d.Lea, m.ID)
	changed := d.rewrites(t, d.Lea, tk, m, "look", "b")
	if changed.Version != 2 || changed.Body != "look" {
		t.Errorf("the message is %+v", changed)
	}
	now, then := d.carries(t, d.Lea, m.ID)
	holds(t, "to its author the message", now, "b")
	if len(then) != 0 {
		t.Errorf("the author finds versions with %v", then)
	}
	_, err := d.reads(t, d.Lea, of[0])
	wants(t, "the author opens what they took away", err, file.ErrNotFound)
	now, then = d.carries(t, d.Chidi, m.ID)
	holds(t, "to staff the message", now, "b")
	holds(t, "its first version", then[1], "a", "b")
	holds(t, "its second version", then[2], "b")
	if got, err := d.reads(t, d.Chidi, of[0]); err != nil || got != "a" {
		t.Errorf("staff reads %q, %v", got, err)
	}
	d.sweeps(t, week)
	d.objects(t, 2)
	if told := d.edits(t, d.Lea, tk); len(told) != 1 || told[0] != (event.MessageEdited{Message: m.ID, Version: 2, FilesRemoved: 1}) {
		t.Errorf("the history tells of %+v", told)
	}
}

func addedLater(t *testing.T, d *desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	m := d.arrives(t, d.Lea, tk, "look", "a", "b")
	for range 2 { // the same news again changes nothing
		d.rewrites(t, d.Lea, tk, m, "look here", "b", "c")
	}
	d.rewrites(t, d.Lea, tk, m, "look here", "c", "b")
	d.copies(t, m.ID)
	now, then := d.carries(t, d.Chidi, m.ID)
	holds(t, "the message", now, "b", "c")
	holds(t, "its first version", then[1], "a", "b")
	holds(t, "its second version", then[2], "b", "c")
	if len(then) != 2 {
		t.Errorf("it has %d versions", len(then))
	}
	if got, err := d.reads(t, d.Lea, d.of(t, d.Lea, m.ID)[1]); err != nil || got != "c" {
		t.Errorf("the new file reads %q, %v", got, err)
	}
	if told := d.edits(t, d.Lea, tk); len(told) != 1 || told[0].FilesAdded != 1 || told[0].FilesRemoved != 1 {
		t.Errorf("the history tells of %+v", told)
	}
	d.rewrites(t, d.Lea, tk, m, "no files any more")
	if now, then = d.carries(t, d.Chidi, m.ID); len(now)+len(then[3]) != 0 {
		t.Errorf("it carries %v, its third version %v", now, then[3])
	}
	_, err := d.tickets.EditMessage(t.Context(), d.Call(t, d.Lea), d.Ref(tk), m.ID, "")
	if err == nil {
		t.Error("a message says nothing at all, since it had files once")
	}
}

// leftAlone has a channel tell of files for which it has no names.
func leftAlone(t *testing.T, d *desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	m := d.says(t, d.Lea, tk, "look", d.uploads(t, d.Lea, "mine.txt", "one"))
	d.rewrites(t, d.Lea, tk, m, "look here", "")
	now, then := d.carries(t, d.Chidi, m.ID)
	holds(t, "the message", now, "mine")
	holds(t, "its first version", then[1], "mine")
	_, err := d.tickets.RewriteMessage(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), m.ID, "mine now", originals("x"))
	wants(t, "another rewrites it", err, ticket.ErrNotAuthor)
}

// edits gives what the history tells a member of edits.
func (d *desk) edits(t *testing.T, who *member.Member, tk *ticket.Ticket) []event.MessageEdited {
	t.Helper()
	pages, err := d.tickets.Timeline(t.Context(), d.Call(t, who), query.Query{}, page.Request{Last: page.MaxSize}, tk.ID)
	must(t, "read the history", err)
	var all []event.MessageEdited
	for _, e := range pages[tk.ID].Items {
		if told, is := e.Data.(event.MessageEdited); is {
			all = append(all, told)
		}
	}
	return all
}
