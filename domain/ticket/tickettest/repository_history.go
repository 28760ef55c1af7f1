package tickettest

import (
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func remembering() []test {
	return []test{
		{"an event is read back as it happened", eventReadBack},
		{"a workspace's history has no gaps, whatever the ticket", historyUnbroken},
		{"internal events are for staff", internalHidden},
		{"the timeline is paged from both ends, ticket by ticket", timelinePages},
		{"the log is read on from any place, whole or ticket by ticket", logRead},
		{"what moved tickets is found after any place", movesFound},
		{"participants are given by name, to those who may see", participants},
	}
}

func eventReadBack(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Help)
	c := d.CauseFrom(d.Chidi, event.Origin{
		Channel: event.ChannelDiscord, ExternalID: "click-9", OccurredAt: d.Clock.Now().Add(-time.Minute),
		CorrelationID: 77, CausationID: 78,
	})
	must(t, "claim", d.Tickets.Update(t.Context(), d.Ref(tk), c.Origin, func(tk *ticket.Ticket) error { return tk.Claim(c) }))
	all := d.history(t, tk)
	got := all[3]
	if got.ID == 0 || got.Sequence != all[2].Sequence+1 {
		t.Errorf("the claim has ID %d and sequence %d after %d", got.ID, got.Sequence, all[2].Sequence)
	}
	got.OccurredAt, got.RecordedAt = truth(got.OccurredAt), truth(got.RecordedAt)
	want := event.Envelope{
		ID: got.ID, Workspace: d.Workspace.ID, Sequence: got.Sequence, Ticket: tk.ID, Actor: d.Chidi.ID,
		Channel: event.ChannelDiscord, ExternalID: "click-9", CorrelationID: 77, CausationID: 78,
		OccurredAt: truth(c.Origin.OccurredAt), RecordedAt: truth(c.Now),
		TicketChannel: got.TicketChannel, Data: event.TicketClaimed{Assignee: d.Chidi.ID},
	}
	if got != want {
		t.Errorf("the claim is remembered as\n%+v, want\n%+v", got, want)
	}
	if greeting := all[2]; greeting.Actor != 0 || greeting.Channel != event.ChannelSystem {
		t.Errorf("the greeting is remembered as %d's by %s, want the helpdesk's own", greeting.Actor, greeting.Channel)
	}
}

func historyUnbroken(t *testing.T, d *Desk) {
	one, other := d.Opens(t, d.Bob, d.Help), NewDesk(t, d.World)
	other.Opens(t, other.Bob, other.Help)
	two := d.Opens(t, d.Lea, d.Invoice)
	d.replies(t, d.Chidi, one, d.Cause(d.Chidi), "Hello")
	d.replies(t, d.Dana, two, d.Cause(d.Dana), "Bonjour")
	d.unbroken(t)
	other.unbroken(t)
	if first := d.history(t, one)[0].Sequence; first != other.history(t, other.all(t, ticket.Query{})[0].Ticket)[0].Sequence {
		t.Errorf("the first event has sequence %d here and another one in the other workspace", first)
	}
}

func internalHidden(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Invoice)
	note := d.notes(t, d.Dana, tk, "between us")
	d.edits(t, d.Dana, note, "between us two")
	d.Changes(t, d.Dana, tk, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.AddTag(c, "nuisance") })
	d.deletes(t, d.Dana, note)
	d.Changes(t, d.Dana, tk, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Claim(c) })

	public := []event.Type{
		event.TypeTicketOpened, event.TypeMessagePosted, event.TypeTicketClaimed, event.TypeStatusChanged,
	}
	all := []event.Type{
		event.TypeTicketOpened, event.TypeMessagePosted, event.TypeNoteAdded, event.TypeMessageEdited,
		event.TypeTagAdded, event.TypeMessageDeleted, event.TypeTicketClaimed, event.TypeStatusChanged,
	}
	for _, reader := range []struct {
		who  *member.Member
		want []event.Type
	}{{d.Bob, public}, {d.Lea, nil}, {d.Chidi, nil}, {d.Dana, all}, {d.Sam, all}} {
		eye, err := ticket.VisibleTo(d.Actor(t, reader.who))
		must(t, "look as "+reader.who.Name, err)
		pages, err := d.Tickets.Timeline(t.Context(), eye, query.Query{}, Whole(), tk.ID)
		must(t, "read the timeline", err)
		var got []event.Type
		for _, e := range pages[tk.ID].Items {
			got = append(got, e.Data.Type())
		}
		if !slices.Equal(got, reader.want) {
			t.Errorf("%s reads %v, want %v", reader.who.Name, got, reader.want)
		}
	}
}

func timelinePages(t *testing.T, d *Desk) {
	tk, beside := d.Opens(t, d.Bob, d.Invoice), d.Opens(t, d.Lea, d.Invoice)
	for _, tag := range []string{"a", "b", "c"} {
		d.Changes(t, d.Dana, tk, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.AddTag(c, tag) })
	}
	all := d.history(t, tk)
	cursor := func(i int) page.Cursor { return page.Cursor{all[i].Sequence} }
	for name, try := range map[string]struct {
		w          page.Window
		want       []event.Envelope
		prev, next bool
	}{
		"first two":  {page.Window{Limit: 2}, all[:2], false, true},
		"two after":  {page.Window{Limit: 2, After: cursor(1)}, all[2:4], true, true},
		"the rest":   {page.Window{Limit: 2, After: cursor(3)}, all[4:], true, false},
		"last two":   {page.Window{Limit: 2, Backward: true}, all[3:], true, false},
		"two before": {page.Window{Limit: 2, Backward: true, Before: cursor(3)}, all[1:3], true, true},
	} {
		pages, err := d.Tickets.Timeline(t.Context(), d.everyone(), query.Query{}, try.w, tk.ID, beside.ID)
		must(t, name, err)
		got := pages[tk.ID]
		if !slices.Equal(got.Items, try.want) || got.HasPrevious != try.prev || got.HasNext != try.next {
			t.Errorf("%s: %v, previous %v, next %v", name, got.Items, got.HasPrevious, got.HasNext)
		}
	}
	pages, err := d.Tickets.Timeline(t.Context(), d.everyone(), query.Query{}, page.Window{Limit: 2}, tk.ID, beside.ID)
	must(t, "read both", err)
	if p := pages[beside.ID]; len(p.Items) != 2 || p.HasNext {
		t.Errorf("the ticket beside has %d events, next %v; want 2 and no more", len(p.Items), p.HasNext)
	}
}

func participants(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Invoice)
	zoe, amy := d.Arrives(t, "Zoe", "en", "requester"), d.Arrives(t, "Amy", "en", "requester")
	d.Changes(t, d.Dana, tk, func(c ticket.Cause, tk *ticket.Ticket) error {
		if err := tk.AddParticipant(c, zoe.ID); err != nil {
			return err
		}
		return tk.AddParticipant(c, amy.ID)
	})
	for _, reader := range []struct {
		who  *member.Member
		want []id.Member
	}{{d.Bob, []id.Member{amy.ID, zoe.ID}}, {zoe, []id.Member{amy.ID, zoe.ID}}, {d.Lea, nil}} {
		eye, err := ticket.VisibleTo(d.Actor(t, reader.who))
		must(t, "look as "+reader.who.Name, err)
		found, err := d.Tickets.Participants(t.Context(), eye.See, tk.ID)
		must(t, "find participants", err)
		var got []id.Member
		for _, m := range found[tk.ID] {
			got = append(got, m.ID)
		}
		if !slices.Equal(got, reader.want) {
			t.Errorf("%s sees %v taking part, want %v", reader.who.Name, got, reader.want)
		}
	}
}

func logRead(t *testing.T, d *Desk) {
	head := func() int64 {
		t.Helper()
		n, err := d.Tickets.Head(t.Context(), d.Workspace.ID)
		must(t, "find the end of the log", err)
		return n
	}
	if n := head(); n != 0 {
		t.Errorf("a workspace in which nothing happened ends at %d", n)
	}
	one, other := d.Opens(t, d.Bob, d.Help), NewDesk(t, d.World)
	other.Opens(t, other.Bob, other.Help)
	two := d.Opens(t, d.Lea, d.Invoice)
	d.notes(t, d.Chidi, one, "between us")
	last := d.history(t, one)
	if n := head(); n != last[len(last)-1].Sequence {
		t.Errorf("the log ends at %d, want %d", n, last[len(last)-1].Sequence)
	}
	read := func(after int64, limit int, tickets ...id.Ticket) []event.Envelope {
		t.Helper()
		all, err := d.Tickets.Log(t.Context(), d.Workspace.ID, after, limit, tickets...)
		must(t, "read the log", err)
		return all
	}
	all := read(0, 100)
	for i, e := range all {
		if e.Sequence != int64(i+1) || e.Workspace != d.Workspace.ID {
			t.Errorf("event %d of the log is %+v", i+1, e)
		}
	}
	if int64(len(all)) != head() {
		t.Errorf("the log has %d events, want all %d, internal ones too", len(all), head())
	}
	if some := read(1, 2); len(some) != 2 || some[0] != all[1] || some[1] != all[2] {
		t.Errorf("two events after the first are %+v", some)
	}
	if none := read(head(), 100); len(none) != 0 {
		t.Errorf("after the end there is %+v", none)
	}
	if own, want := read(0, 100, two.ID), d.history(t, two); !slices.EqualFunc(own, want, sameEvent) {
		t.Errorf("the log of a ticket is\n%+v, want\n%+v", own, want)
	}
	if both := read(0, 100, one.ID, two.ID); len(both) != len(all) {
		t.Errorf("the log of both tickets has %d events, want %d", len(both), len(all))
	}
}

func movesFound(t *testing.T, d *Desk) {
	one, other := d.Opens(t, d.Bob, d.Help), d.Opens(t, d.Lea, d.Help)
	for _, tk := range []*ticket.Ticket{one, other} {
		d.Changes(t, d.Chidi, tk, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Claim(c) })
		d.replies(t, d.Chidi, tk, d.Cause(d.Chidi), "Hello")
		d.Changes(t, d.Chidi, tk, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.AddParticipant(c, d.Dana.ID) })
		d.Changes(t, d.Chidi, tk, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Unassign(c) })
	}
	read := func(after int64, tickets ...id.Ticket) (types []event.Type, last int64) {
		t.Helper()
		all, err := d.Tickets.Moves(t.Context(), d.Workspace.ID, after, event.Movers(), tickets...)
		must(t, "read what moved tickets", err)
		for _, e := range all {
			if e.Sequence <= last || !slices.Contains(tickets, e.Ticket) {
				t.Errorf("after %d comes event %d of ticket %d", last, e.Sequence, e.Ticket)
			}
			types, last = append(types, e.Data.Type()), e.Sequence
		}
		return types, last
	}
	want := []event.Type{event.TypeTicketClaimed, event.TypeParticipantAdded, event.TypeTicketUnassigned}
	got, last := read(0, one.ID)
	if !slices.Equal(got, want) {
		t.Errorf("a ticket was moved by %v, want %v", got, want)
	}
	if got, _ := read(last-1, one.ID); !slices.Equal(got, want[2:]) {
		t.Errorf("before its end it was moved by %v, want %v", got, want[2:])
	}
	if got, _ := read(last, one.ID, other.ID); !slices.Equal(got, want) {
		t.Errorf("both were moved later by %v, want %v", got, want)
	}
	if got, _ := read(0); len(got) != 0 {
		t.Errorf("no ticket was moved by %v", got)
	}
}

func sameEvent(a, b event.Envelope) bool {
	return a.ID == b.ID && a.Sequence == b.Sequence && a.Data == b.Data
}
