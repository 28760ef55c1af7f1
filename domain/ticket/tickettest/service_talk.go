package tickettest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func serviceTalking() []test {
	return []test{
		{"everybody speaks for their side", sides},
		{"the first reply of staff is remembered", firstReply},
		{"a reply leaves one event, and a second if it moves the status", replyEvents},
		{"who may reply and who may note", whoTalks},
		{"words that nobody can read are refused", wordsRefused},
		{"the same message twice is said once", saidTwice},
		{"a replayed call shows nothing that one may not read", saidTwiceByAnother},
		{"what was edited unheard has no first text", editedUnheard},
		{"an edit that was overtaken changes nothing", editedOutOfOrder},
		{"one's own message can be edited", editOwn},
		{"a message is deleted by its author or by staff", deleteMessage},
		{"notes stay hidden from who asked for help", noteHidden},
		{"the helpdesk finds the message of a channel", fromChannel},
	}
}

// joins lets a member take part in a ticket.
func (d *Desk) joins(t *testing.T, who *member.Member, tk *ticket.Ticket) {
	t.Helper()
	d.Changes(t, d.Sam, tk, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.AddParticipant(c, who.ID) })
}

func sides(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	d.joins(t, d.Lea, tk)
	for _, try := range []struct {
		who  *member.Member
		want ticket.Side
	}{
		{d.Bob, ticket.FromRequester},
		{d.Lea, ticket.FromRequester},
		{d.Chidi, ticket.FromStaff},
		{d.Sam, ticket.FromStaff},
		{d.Ada, ticket.FromStaff},
	} {
		m, err := s.Reply(t.Context(), d.Call(t, try.who), d.Ref(tk), "Hello")
		must(t, try.who.Name+" replies", err)
		if m.Side != try.want || m.Author != try.who.ID || m.Kind != ticket.Reply {
			t.Errorf("%s speaks as %s, want %s", try.who.Name, m.Side, try.want)
		}
	}
	own := d.Opens(t, d.Chidi, d.Help)
	if m, err := s.Reply(t.Context(), d.Call(t, d.Chidi), d.Ref(own), "It's me"); err != nil || m.Side != ticket.FromRequester {
		t.Errorf("an agent in their own ticket speaks as %v, %v; want the requester", m, err)
	}
}

func firstReply(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	_, err := s.Reply(t.Context(), d.Call(t, d.Bob), d.Ref(tk), "Anybody?")
	must(t, "reply", err)
	_, err = s.AddNote(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), "Not now.")
	must(t, "note", err)
	if got := d.Read(t, tk.ID); !got.FirstReplyAt.IsZero() || got.Status != ticket.New {
		t.Errorf("before staff replied: first reply %v, status %s", got.FirstReplyAt, got.Status)
	}
	call := d.Call(t, d.Chidi)
	_, err = s.Reply(t.Context(), call, d.Ref(tk), "Yes!")
	must(t, "reply", err)
	_, err = s.Reply(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), "Still here.")
	must(t, "reply", err)
	if got := d.Read(t, tk.ID); !got.FirstReplyAt.Equal(truth(call.Now)) || got.Status != ticket.Open {
		t.Errorf("the first reply came at %v, status %s; want %v, open", got.FirstReplyAt, got.Status, call.Now)
	}
}

func replyEvents(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	reply := func(who *member.Member) func() error {
		return func() error { _, err := s.Reply(t.Context(), d.Call(t, who), d.Ref(tk), "Hello"); return err }
	}
	d.records(t, "the first reply", tk, reply(d.Chidi), event.TypeMessagePosted, event.TypeStatusChanged)
	d.records(t, "the second reply", tk, reply(d.Chidi), event.TypeMessagePosted)
	_, err := s.Resolve(t.Context(), d.Call(t, d.Chidi), d.Ref(tk))
	must(t, "resolve", err)
	d.records(t, "a word of thanks from staff", tk, reply(d.Chidi), event.TypeMessagePosted)
	d.records(t, "a doubt of the requester", tk, reply(d.Bob), event.TypeMessagePosted, event.TypeTicketReopened)
	if got := d.Read(t, tk.ID); got.Status != ticket.Open || !got.ResolvedAt.IsZero() {
		t.Errorf("the reopened ticket is %s, resolved at %v", got.Status, got.ResolvedAt)
	}
	d.records(t, "a note", tk, func() error {
		_, err := s.AddNote(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), "Hm.")
		return err
	}, event.TypeNoteAdded)
}

func whoTalks(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	zoe := d.Arrives(t, "Zoe", "en", access.RoleRequester)
	d.joins(t, zoe, tk)
	for _, try := range []struct {
		who         *member.Member
		reply, note fault.Code
	}{
		{d.Bob, "", fault.Forbidden},
		{zoe, "", fault.Forbidden},
		{d.Lea, fault.NotFound, fault.NotFound},
		{d.Dana, fault.NotFound, fault.NotFound},
		{d.Chidi, "", ""},
		{d.Sam, "", ""},
		{d.Ada, "", ""},
	} {
		_, err := s.Reply(t.Context(), d.Call(t, try.who), d.Ref(tk), "Hello")
		refused(t, try.who.Name+" replies", err, try.reply, "")
		_, err = s.AddNote(t.Context(), d.Call(t, try.who), d.Ref(tk), "Psst")
		refused(t, try.who.Name+" notes", err, try.note, "")
	}
	other := NewDesk(t, d.World)
	_, err := other.Service().Reply(t.Context(), other.Call(t, other.Ada), other.Ref(tk), "Hello")
	refused(t, "another workspace's admin", err, fault.NotFound, "")
}

func wordsRefused(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	stale := d.Ref(tk)
	stale.Version = 9
	d.unharmed(t, "refused words", tk, func() {
		for _, body := range []string{"", " \n\t", strings.Repeat("é", ticket.MaxBody+1), "\xff", "a\x00b"} {
			_, err := s.Reply(t.Context(), d.Call(t, d.Bob), d.Ref(tk), body)
			refused(t, "a reply", err, fault.Invalid, "body")
			_, err = s.AddNote(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), body)
			refused(t, "a note", err, fault.Invalid, "body")
		}
		_, err := s.Reply(t.Context(), d.Call(t, d.Bob), stale, "Hello")
		refused(t, "a reply to another version", err, fault.Conflict, "")
	})
	if m, err := s.Reply(t.Context(), d.Call(t, d.Bob), d.Ref(tk), strings.Repeat("é", ticket.MaxBody)); err != nil || m.Version != 1 {
		t.Errorf("the longest reply: %v", err)
	}
}

func saidTwice(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	first, err := s.Reply(t.Context(), d.from(t, d.Bob, "message-1"), d.Ref(tk), "Hello?")
	must(t, "reply", err)
	d.unharmed(t, "the same message again", tk, func() {
		again, err := s.Reply(t.Context(), d.from(t, d.Bob, "message-1"), d.Ref(tk), "Hello?")
		must(t, "reply again", err)
		sameMessage(t, again, first)
	})
	claim := d.from(t, d.Chidi, "click-1")
	_, err = s.Claim(t.Context(), claim, d.Ref(tk))
	must(t, "claim", err)
	_, err = s.Unassign(t.Context(), d.Call(t, d.Sam), d.Ref(tk))
	must(t, "unassign", err)
	d.unharmed(t, "the same click again", tk, func() {
		again, err := s.Claim(t.Context(), claim, d.Ref(tk))
		must(t, "claim again", err)
		if again.Assignee != 0 {
			t.Errorf("the click that came again gave the ticket to %d", again.Assignee)
		}
	})
}

func saidTwiceByAnother(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	_, err := s.AddNote(t.Context(), d.from(t, d.Chidi, "note-1"), d.Ref(tk), "He is lying.")
	must(t, "note", err)
	for _, nosy := range []*member.Member{d.Bob, d.Lea} {
		if m, err := s.Reply(t.Context(), d.from(t, nosy, "note-1"), d.Ref(tk), "?"); fault.CodeOf(err) != fault.NotFound || m != nil {
			t.Errorf("%s replays a note's call and is given %v, %v", nosy.Name, m, err)
		}
	}
}

func editOwn(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	mine, greeting := d.said(t, tk)[0].ID, d.said(t, tk)[1].ID
	d.records(t, "an edit", tk, func() error {
		m, err := s.EditMessage(t.Context(), d.Call(t, d.Bob), d.Ref(tk), mine, " It is very broken. ")
		if err == nil && (m.Body != "It is very broken." || m.Version != 2) {
			t.Errorf("the edited message is %+v", m)
		}
		return err
	}, event.TypeMessageEdited)
	d.records(t, "the same text again", tk, func() error {
		_, err := s.EditMessage(t.Context(), d.Call(t, d.Bob), d.Ref(tk), mine, "It is very broken.")
		return err
	})
	note, err := s.AddNote(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), "Psst")
	must(t, "note", err)
	d.unharmed(t, "refused edits", tk, func() {
		for name, try := range map[string]struct {
			who  *member.Member
			m    id.Message
			body string
			want error
		}{
			"an agent edits the requester's": {d.Chidi, mine, "x", ticket.ErrNotAuthor},
			"an admin, too":                  {d.Ada, mine, "x", ticket.ErrNotAuthor},
			"the helpdesk's own greeting":    {d.Chidi, greeting, "x", ticket.ErrNotAuthor},
			"a stranger":                     {d.Lea, mine, "x", ticket.ErrNotFound},
			"a note, by the requester":       {d.Bob, note.ID, "x", ticket.ErrMessageNotFound},
			"a message that never was":       {d.Bob, 1, "x", ticket.ErrMessageNotFound},
		} {
			if _, err := s.EditMessage(t.Context(), d.Call(t, try.who), d.Ref(tk), try.m, try.body); !errors.Is(err, try.want) {
				t.Errorf("%s: %v, want %v", name, err, try.want)
			}
		}
		_, err := s.EditMessage(t.Context(), d.Call(t, d.Bob), d.Ref(tk), mine, " ")
		refused(t, "an empty text", err, fault.Invalid, "body")
	})
	versions, err := s.Versions(t.Context(), d.Call(t, d.Chidi), mine)
	if err != nil || len(versions[mine]) != 2 {
		t.Errorf("an agent reads the versions %v, %v; want both", versions, err)
	}
	if versions, err := s.Versions(t.Context(), d.Call(t, d.Bob), mine); err != nil || len(versions[mine]) != 0 {
		t.Errorf("the requester reads the versions %v, %v; want none", versions, err)
	}
}

func deleteMessage(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	d.joins(t, d.Lea, tk)
	say := func(who *member.Member) id.Message {
		m, err := s.Reply(t.Context(), d.Call(t, who), d.Ref(tk), "Oops")
		must(t, "reply", err)
		return m.ID
	}
	remove := func(c access.Call, m id.Message) func() error {
		return func() error { _, err := s.DeleteMessage(t.Context(), c, d.Ref(tk), m); return err }
	}
	own, others, third := say(d.Bob), say(d.Bob), say(d.Bob)
	d.records(t, "a requester deletes their own", tk, remove(d.Call(t, d.Bob), own), event.TypeMessageDeleted)
	d.records(t, "and again", tk, remove(d.Call(t, d.Bob), own))
	d.records(t, "an agent deletes another's", tk, remove(d.Call(t, d.Chidi), others), event.TypeMessageDeleted)
	helpdesk := access.Call{Actor: access.System(d.Workspace.ID), Now: d.Clock.Tick()}
	d.records(t, "the helpdesk hears of a deletion", tk, remove(helpdesk, third), event.TypeMessageDeleted)
	agents := say(d.Chidi)
	d.unharmed(t, "refused deletions", tk, func() {
		refused(t, "a participant deletes another's", remove(d.Call(t, d.Lea), agents)(), fault.Forbidden, "")
		refused(t, "an agent of another queue", remove(d.Call(t, d.Dana), agents)(), fault.NotFound, "")
	})
	_, err := s.EditMessage(t.Context(), d.Call(t, d.Bob), d.Ref(tk), own, "I meant this")
	refused(t, "an edit of what is deleted", err, fault.Transition, "")
	if got := d.message(t, own); got.Body != "" || got.DeletedAt.IsZero() {
		t.Errorf("the deleted message is %+v", got)
	}
}

func noteHidden(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Invoice)
	note, err := s.AddNote(t.Context(), d.Call(t, d.Dana), d.Ref(tk), "Chargeback.")
	must(t, "note", err)
	for _, reader := range []struct {
		who  *member.Member
		said []string
		told int
	}{
		{d.Bob, []string{"It is broken."}, 2},
		{d.Lea, nil, 0},
		{d.Dana, []string{"It is broken.", "Chargeback."}, 3},
	} {
		call := d.Call(t, reader.who)
		said, err := s.Messages(t.Context(), call, query.Query{}, page.Request{}, tk.ID)
		must(t, "messages", err)
		if got := bodies(said[tk.ID].Items); !slices.Equal(got, reader.said) {
			t.Errorf("%s reads %q, want %q", reader.who.Name, got, reader.said)
		}
		told, err := s.Timeline(t.Context(), call, query.Query{}, page.Request{}, tk.ID)
		must(t, "timeline", err)
		if n := len(told[tk.ID].Items); n != reader.told {
			t.Errorf("%s reads %d events, want %d", reader.who.Name, n, reader.told)
		}
		byID, err := s.MessagesByID(t.Context(), call, note.ID)
		must(t, "by ID", err)
		if seen := byID[note.ID] != nil; seen != (reader.told == 3) {
			t.Errorf("%s sees the note by its ID: %v", reader.who.Name, seen)
		}
	}
	if got := d.Read(t, tk.ID); got.Last == nil || got.Last.ID == note.ID {
		t.Errorf("the list shows %v as the last message", got.Last)
	}
}

func fromChannel(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	said, err := s.Reply(t.Context(), d.from(t, d.Bob, "42"), d.Ref(tk), "Hello?")
	must(t, "reply", err)
	helpdesk := d.helpdesk()
	found, err := s.FromChannel(t.Context(), helpdesk, event.ChannelDiscord, "42")
	if err != nil || found.ID != said.ID {
		t.Errorf("found %v, %v; want what Bob said", found, err)
	}
	_, err = s.FromChannel(t.Context(), helpdesk, event.ChannelPlain, "42")
	refused(t, "another channel", err, fault.NotFound, "")
	_, err = s.FromChannel(t.Context(), d.Call(t, d.Ada), event.ChannelDiscord, "42")
	refused(t, "an admin", err, fault.Forbidden, "")
}
