package tickettest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func talking() []test {
	return []test{
		{"a message is read back as it was said", messageReadBack},
		{"an edit keeps the earlier text as a version", messageEdited},
		{"a deletion hides the text and keeps the versions", messageDeleted},
		{"a message is changed in its own ticket only", messageElsewhere},
		{"a failing change of a message saves nothing", messageChangeFails},
		{"the message of an origin is found", messageFromOrigin},
		{"an edit of the same origin happens once", messageEditedOnce},
		{"messages are in the order in which they were written", messageOrder},
		{"messages are paged from both ends, ticket by ticket", messagePages},
		{"notes are for staff", notesHidden},
		{"the last message is the newest public one", lastMessage},
	}
}

// replies says something in public and gives the message as it was posted.
func (d *Desk) replies(t *testing.T, who *member.Member, tk *ticket.Ticket, c ticket.Cause, body string) *ticket.Message {
	t.Helper()
	side := ticket.FromStaff
	if tk.Requester == who.ID {
		side = ticket.FromRequester
	}
	var m *ticket.Message
	must(t, who.Name+" replies", d.Tickets.Update(t.Context(), d.Ref(tk), c.Origin, func(tk *ticket.Ticket) (err error) {
		m, err = tk.Reply(c, side, who.Locale, body)
		return err
	}))
	return m
}

func (d *Desk) notes(t *testing.T, who *member.Member, tk *ticket.Ticket, body string) *ticket.Message {
	t.Helper()
	var m *ticket.Message
	d.Changes(t, who, tk, func(c ticket.Cause, tk *ticket.Ticket) (err error) {
		m, err = tk.AddNote(c, who.Locale, body)
		return err
	})
	return m
}

func (d *Desk) edits(t *testing.T, who *member.Member, m *ticket.Message, body string) {
	t.Helper()
	c := d.Cause(who)
	must(t, who.Name+" edits", d.Tickets.UpdateMessage(t.Context(), ticket.Ref{Workspace: d.Workspace.ID, ID: m.Ticket}, m.ID, c.Origin,
		func(tk *ticket.Ticket, m *ticket.Message) error { return tk.Edit(c, m, body) }))
}

func (d *Desk) deletes(t *testing.T, who *member.Member, m *ticket.Message) {
	t.Helper()
	c := d.Cause(who)
	must(t, who.Name+" deletes", d.Tickets.UpdateMessage(t.Context(), ticket.Ref{Workspace: d.Workspace.ID, ID: m.Ticket}, m.ID, c.Origin,
		func(tk *ticket.Ticket, m *ticket.Message) error { tk.Delete(c, m); return nil }))
}

// message gives a message as the store has it.
func (d *Desk) message(t *testing.T, m id.Message) *ticket.Message {
	t.Helper()
	found, err := d.Tickets.MessagesByID(t.Context(), d.everyone(), m)
	must(t, "find the message", err)
	if found[m] == nil {
		t.Fatalf("message %d is not there", m)
	}
	return found[m]
}

// texts gives all versions that a message had.
func (d *Desk) texts(t *testing.T, m id.Message) []string {
	t.Helper()
	found, err := d.Tickets.Versions(t.Context(), d.everyone(), d.Everything(), m)
	must(t, "find the versions", err)
	var texts []string
	for i, v := range found[m] {
		if v.Message != m || v.Number != int64(i+1) || v.At.IsZero() {
			t.Errorf("version %d of %d is %+v", i+1, m, v)
		}
		texts = append(texts, v.Body)
	}
	return texts
}

func sameMessage(t *testing.T, got, want *ticket.Message) {
	t.Helper()
	g, w := *got, *want
	for _, m := range []*ticket.Message{&g, &w} {
		m.OccurredAt, m.RecordedAt = truth(m.OccurredAt), truth(m.RecordedAt)
		m.EditedAt, m.DeletedAt = truth(m.EditedAt), truth(m.DeletedAt)
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("the message is\n%+v, want\n%+v", g, w)
	}
}

func messageReadBack(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Lea, d.Help)
	c := d.CauseFrom(d.Lea, event.Origin{
		Channel: event.ChannelDiscord, ExternalID: "42", OccurredAt: d.Clock.Now().Add(-time.Hour),
	})
	said := d.replies(t, d.Lea, tk, c, "Ça fume 🔥\net ça sent.")
	sameMessage(t, d.message(t, said.ID), said)
	sameMessage(t, d.message(t, d.notes(t, d.Chidi, tk, "Call the fire brigade.").ID), d.said(t, tk)[3])
	if v := d.texts(t, said.ID); !slices.Equal(v, []string{"Ça fume 🔥\net ça sent."}) {
		t.Errorf("the message's versions are %q, want its text", v)
	}
}

func messageEdited(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Help)
	m := d.replies(t, d.Bob, tk, d.Cause(d.Bob), "one")
	d.edits(t, d.Bob, m, "two")
	edited := d.Clock.Now()
	d.edits(t, d.Bob, m, "two")
	d.edits(t, d.Bob, m, "three")
	got := d.message(t, m.ID)
	if got.Body != "three" || got.Version != 3 || got.EditedBy != d.Bob.ID || !got.EditedAt.Equal(d.Clock.Now()) {
		t.Errorf("the message is %+v, want version 3 with the text three, edited by Bob just now", got)
	}
	if v := d.texts(t, m.ID); !slices.Equal(v, []string{"one", "two", "three"}) {
		t.Errorf("the versions are %q, want one, two, three: the same text again is none", v)
	}
	all, err := d.Tickets.Versions(t.Context(), d.everyone(), d.Everything(), m.ID)
	must(t, "find the versions", err)
	if second := all[m.ID][1]; second.By != d.Bob.ID || !second.At.Equal(edited) {
		t.Errorf("the second version is %+v, want Bob's at %v", second, edited)
	}
	if got := d.Read(t, tk.ID); got.MessageCount != 3 || got.Last.Body != "three" {
		t.Errorf("%d messages, the last being %q; want 3 and the edited text", got.MessageCount, got.Last.Body)
	}
}

func messageDeleted(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Help)
	m := d.replies(t, d.Bob, tk, d.Cause(d.Bob), "my password is hunter2")
	d.edits(t, d.Bob, m, "my password is *******")
	d.deletes(t, d.Bob, m)
	at := d.Clock.Now()
	d.deletes(t, d.Chidi, m)
	got := d.message(t, m.ID)
	if got.Body != "" || !got.DeletedAt.Equal(at) || got.Version != 2 {
		t.Errorf("the message is %+v, want no text, version 2, deleted at %v", got, at)
	}
	if v := d.texts(t, m.ID); !slices.Equal(v, []string{"my password is hunter2", "my password is *******"}) {
		t.Errorf("the versions are %q, want both texts", v)
	}
	want := []event.Type{event.TypeMessagePosted, event.TypeMessageEdited, event.TypeMessageDeleted}
	if got := d.kinds(t, tk)[3:]; !slices.Equal(got, want) {
		t.Errorf("the history goes on with %v, want %v: a second deletion is none", got, want)
	}
	c := d.Cause(d.Bob)
	err := d.Tickets.UpdateMessage(t.Context(), d.Ref(tk), m.ID, c.Origin,
		func(tk *ticket.Ticket, m *ticket.Message) error { return tk.Edit(c, m, "oops") })
	if !errors.Is(err, ticket.ErrMessageDeleted) {
		t.Errorf("editing what is deleted: %v, want ErrMessageDeleted", err)
	}
}

func messageElsewhere(t *testing.T, d *Desk) {
	one, two, other := d.Opens(t, d.Bob, d.Help), d.Opens(t, d.Lea, d.Help), NewDesk(t, d.World)
	m := d.replies(t, d.Bob, one, d.Cause(d.Bob), "mine")
	untouched := func(*ticket.Ticket, *ticket.Message) error {
		t.Error("the change was called")
		return nil
	}
	for name, try := range map[string]struct {
		ref  ticket.Ref
		m    id.Message
		want error
	}{
		"another ticket's message":   {d.Ref(two), m.ID, ticket.ErrMessageNotFound},
		"a message that never was":   {d.Ref(one), 1, ticket.ErrMessageNotFound},
		"another workspace's ticket": {other.Ref(one), m.ID, ticket.ErrNotFound},
		"an old version":             {ticket.Ref{Workspace: d.Workspace.ID, ID: one.ID, Version: 9}, m.ID, ticket.ErrVersion},
	} {
		if err := d.Tickets.UpdateMessage(t.Context(), try.ref, try.m, event.Origin{}, untouched); !errors.Is(err, try.want) {
			t.Errorf("%s: %v, want %v", name, err, try.want)
		}
	}
	found, err := d.Tickets.MessagesByID(t.Context(), other.everyone(), m.ID)
	if err != nil || len(found) != 0 {
		t.Errorf("another workspace reads %v, %v", found, err)
	}
}

func messageChangeFails(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Help)
	m := d.replies(t, d.Bob, tk, d.Cause(d.Bob), "as it was")
	before, told := d.Read(t, tk.ID).Ticket, len(d.history(t, tk))
	c := d.Cause(d.Bob)
	err := d.Tickets.UpdateMessage(t.Context(), d.Ref(tk), m.ID, c.Origin, func(tk *ticket.Ticket, m *ticket.Message) error {
		return errors.Join(tk.Edit(c, m, "changed"), ticket.ErrNotAuthor)
	})
	if !errors.Is(err, ticket.ErrNotAuthor) {
		t.Errorf("the store says %v, want what the change said", err)
	}
	sameMessage(t, d.message(t, m.ID), m)
	sameTicket(t, d.Read(t, tk.ID).Ticket, before)
	if n := len(d.history(t, tk)); n != told {
		t.Errorf("the history has %d events, want %d as before", n, told)
	}
}

func messageFromOrigin(t *testing.T, d *Desk) {
	other, tk := NewDesk(t, d.World), d.Opens(t, d.Bob, d.Help)
	origin := event.Origin{Channel: event.ChannelDiscord, ExternalID: "7001"}
	m := d.replies(t, d.Bob, tk, d.CauseFrom(d.Bob, origin), "from afar")
	got, err := d.Tickets.MessageFrom(t.Context(), d.Workspace.ID, origin)
	must(t, "find it", err)
	sameMessage(t, got, m)
	for name, try := range map[string]struct {
		in     id.Workspace
		origin event.Origin
	}{
		"another channel":   {d.Workspace.ID, event.Origin{Channel: event.ChannelPlain, ExternalID: "7001"}},
		"another ID":        {d.Workspace.ID, event.Origin{Channel: event.ChannelDiscord, ExternalID: "700"}},
		"another workspace": {other.Workspace.ID, origin},
		"no ID":             {d.Workspace.ID, event.Origin{Channel: event.ChannelAPI}},
	} {
		if m, err := d.Tickets.MessageFrom(t.Context(), try.in, try.origin); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%s: found %v, %v; want not_found", name, m, err)
		}
	}
}

func messageEditedOnce(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Help)
	m := d.replies(t, d.Bob, tk, d.Cause(d.Bob), "one")
	c := d.CauseFrom(d.Bob, event.Origin{Channel: event.ChannelDiscord, ExternalID: "edit-1"})
	edit := func(tk *ticket.Ticket, m *ticket.Message) error { return tk.Edit(c, m, "two") }
	must(t, "edit", d.Tickets.UpdateMessage(t.Context(), d.Ref(tk), m.ID, c.Origin, edit))
	d.edits(t, d.Bob, m, "three")
	if err := d.Tickets.UpdateMessage(t.Context(), d.Ref(tk), m.ID, c.Origin, edit); !errors.Is(err, ticket.ErrDuplicate) {
		t.Errorf("the same edit again: %v, want ErrDuplicate", err)
	}
	if got := d.message(t, m.ID).Body; got != "three" {
		t.Errorf("the message says %q, want three: an old edit that comes again is not made again", got)
	}
}

func messageOrder(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Help)
	start := d.Clock.Advance(time.Hour)
	for _, minute := range []int{30, 10, 20, 10} {
		d.replies(t, d.Bob, tk, d.CauseFrom(d.Bob, event.Origin{
			Channel: event.ChannelDiscord, ExternalID: fmt.Sprint(d.IDs()), OccurredAt: start.Add(time.Duration(minute) * time.Minute),
		}), fmt.Sprintf("written at %d", minute))
	}
	want := []string{"written at 10", "written at 10", "written at 20", "written at 30"}
	all := d.said(t, tk)
	if got := bodies(all[2:]); !slices.Equal(got, want) {
		t.Errorf("the messages are %q, want %q", got, want)
	}
	if all[2].ID >= all[3].ID {
		t.Error("of two messages written at the same time the later one comes first")
	}
	if !all[2].OccurredAt.Equal(start.Add(10*time.Minute)) || all[2].RecordedAt.Equal(all[2].OccurredAt) {
		t.Errorf("written at %v, heard of at %v", all[2].OccurredAt, all[2].RecordedAt)
	}
}

func messagePages(t *testing.T, d *Desk) {
	long, short := d.Opens(t, d.Bob, d.Invoice), d.Opens(t, d.Lea, d.Invoice)
	for i := range 4 {
		d.replies(t, d.Bob, long, d.Cause(d.Bob), fmt.Sprint(i))
	}
	all := d.said(t, long)
	cursor := func(i int) page.Cursor { return ticket.MessageCursor(all[i]) }
	for name, try := range map[string]struct {
		w          page.Window
		want       []string
		prev, next bool
	}{
		"first two":        {page.Window{Limit: 2}, []string{"It is broken.", "0"}, false, true},
		"two after":        {page.Window{Limit: 2, After: cursor(1)}, []string{"1", "2"}, true, true},
		"the rest":         {page.Window{Limit: 2, After: cursor(3)}, []string{"3"}, true, false},
		"last two":         {page.Window{Limit: 2, Backward: true}, []string{"2", "3"}, true, false},
		"two before":       {page.Window{Limit: 2, Backward: true, Before: cursor(3)}, []string{"0", "1"}, true, true},
		"the beginning":    {page.Window{Limit: 2, Backward: true, Before: cursor(1)}, []string{"It is broken."}, false, true},
		"between":          {page.Window{Limit: 9, After: cursor(0), Before: cursor(3)}, []string{"0", "1"}, true, false},
		"after the last":   {page.Window{Limit: 2, After: cursor(4)}, nil, true, false},
		"before the first": {page.Window{Limit: 2, Backward: true, Before: cursor(0)}, nil, false, true},
	} {
		pages, err := d.Tickets.Messages(t.Context(), d.everyone(), query.Query{}, try.w, long.ID, short.ID)
		must(t, name, err)
		got := pages[long.ID]
		if !slices.Equal(bodies(got.Items), try.want) || got.HasPrevious != try.prev || got.HasNext != try.next {
			t.Errorf("%s: %q, previous %v, next %v; want %q, %v, %v",
				name, bodies(got.Items), got.HasPrevious, got.HasNext, try.want, try.prev, try.next)
		}
	}
	pages, err := d.Tickets.Messages(t.Context(), d.everyone(), query.Query{}, page.Window{Limit: 2}, long.ID, short.ID)
	must(t, "read both", err)
	if p := pages[short.ID]; !slices.Equal(bodies(p.Items), []string{"It is broken."}) || p.HasNext {
		t.Errorf("beside the long ticket the short one has %q, next %v", bodies(p.Items), p.HasNext)
	}
}

func notesHidden(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Invoice)
	note := d.notes(t, d.Dana, tk, "He never pays.")
	d.replies(t, d.Dana, tk, d.Cause(d.Dana), "Thank you!")
	d.edits(t, d.Dana, note, "He seldom pays.")
	for _, reader := range []struct {
		who  *member.Member
		want []string
	}{
		{d.Bob, []string{"It is broken.", "Thank you!"}},
		{d.Lea, nil},
		{d.Chidi, nil},
		{d.Dana, []string{"It is broken.", "He seldom pays.", "Thank you!"}},
		{d.Sam, []string{"It is broken.", "He seldom pays.", "Thank you!"}},
		{d.Ada, []string{"It is broken.", "He seldom pays.", "Thank you!"}},
	} {
		eye, err := ticket.VisibleTo(d.Actor(t, reader.who))
		must(t, "look as "+reader.who.Name, err)
		pages, err := d.Tickets.Messages(t.Context(), eye, query.Query{}, Whole(), tk.ID)
		must(t, "read", err)
		if got := bodies(pages[tk.ID].Items); !slices.Equal(got, reader.want) {
			t.Errorf("%s reads %q, want %q", reader.who.Name, got, reader.want)
		}
		found, err := d.Tickets.MessagesByID(t.Context(), eye, note.ID)
		must(t, "read by ID", err)
		if sees := slices.Contains(reader.want, "He seldom pays."); (found[note.ID] != nil) != sees {
			t.Errorf("%s sees the note by its ID: %v, want %v", reader.who.Name, !sees, sees)
		}
	}
	pages, err := d.Tickets.Messages(t.Context(), ticket.Visibility{See: d.Everything()}, query.Query{}, page.Window{Limit: 2}, tk.ID)
	must(t, "read without notes", err)
	if p := pages[tk.ID]; len(p.Items) != 2 || p.HasNext {
		t.Errorf("without notes %q, next %v: a hidden note counts for the page", bodies(p.Items), p.HasNext)
	}
}

func lastMessage(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Invoice)
	d.replies(t, d.Dana, tk, d.Cause(d.Dana), "On its way.")
	d.notes(t, d.Dana, tk, "It is not.")
	if got := d.Read(t, tk.ID); got.Last == nil || got.Last.Body != "On its way." || got.MessageCount != 2 {
		t.Errorf("the last of %d messages is %+v, want the reply, of 2", got.MessageCount, got.Last)
	}
}
