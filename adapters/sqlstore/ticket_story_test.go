package sqlstore_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func TestATicketsLifeIsStored(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w := newWorld(t, s, "story")
		amy, bob := w.actor("amy", access.RoleRequester), w.actor("bob", access.RoleAgent)
		cleo := w.arrive("cleo", member.Arrival{})
		opened := w.open(amy, "Broken")
		if opened.Number != 1 {
			t.Errorf("the first ticket has number %d", opened.Number)
		}
		ref := ticket.Ref{ID: opened.ID}
		ctx := t.Context()
		got(w.tickets.Claim(ctx, call(bob), ref))(t)
		said := got(w.tickets.Reply(ctx, call(bob), ref, "Have you tried"))(t)
		got(w.tickets.EditMessage(ctx, call(bob), ref, said.ID, "Have you tried turning it off?"))(t)
		got(w.tickets.AddTags(ctx, call(bob), ref, "hardware", "urgent"))(t)
		got(w.tickets.RemoveTags(ctx, call(bob), ref, "urgent"))(t)
		got(w.tickets.AddParticipant(ctx, call(bob), ref, cleo.ID))(t)
		note := got(w.tickets.AddNote(ctx, call(bob), ref, "Third this week."))(t)
		first := got(w.tickets.Reply(ctx, call(amy), ref, "Oh"))(t)
		got(w.tickets.DeleteMessage(ctx, call(amy), ref, first.ID))(t)
		got(w.tickets.Resolve(ctx, call(bob), ref))(t)
		got(w.tickets.Confirm(ctx, call(amy), ref))(t)

		v := got(w.tickets.Get(ctx, call(bob), opened.ID))(t)
		if v.Status != ticket.Closed || v.Assignee != bob.Member || len(v.Tags) != 1 || v.Tags[0] != "hardware" ||
			len(v.Participants) != 1 || v.MessageCount != 4 || v.ClosedAt.IsZero() || v.FirstReplyAt.IsZero() {
			t.Errorf("stored %+v", v.Ticket)
		}
		if v.RequesterMember.Name != "amy" || v.AssigneeMember.Name != "bob" || v.InQueue.Name != "Support" {
			t.Errorf("row of %v, %v, %v", v.RequesterMember, v.AssigneeMember, v.InQueue)
		}
		if v.Last == nil || v.Last.ID != first.ID || v.Last.Body != "" || v.Last.DeletedAt.IsZero() {
			t.Errorf("last message %+v", v.Last)
		}
		staff := got(w.tickets.Messages(ctx, call(bob), query.Query{}, page.Request{}, opened.ID))(t)[opened.ID]
		public := got(w.tickets.Messages(ctx, call(amy), query.Query{}, page.Request{}, opened.ID))(t)[opened.ID]
		if len(staff.Items) != 5 || len(public.Items) != 4 {
			t.Errorf("staff reads %d messages, the requester %d", len(staff.Items), len(public.Items))
		}
		if greeting := public.Items[1].Body; greeting != "Hello amy, this is ticket 1." {
			t.Errorf("greeting %q", greeting)
		}
		versions := got(w.tickets.Versions(ctx, call(bob), said.ID, first.ID, note.ID))(t)
		if len(versions[said.ID]) != 2 || versions[said.ID][0].Body != "Have you tried" || versions[first.ID][0].Body != "Oh" {
			t.Errorf("versions %+v", versions)
		}
		if hidden := got(w.tickets.Versions(ctx, call(amy), said.ID))(t); len(hidden) != 0 {
			t.Errorf("the requester reads earlier texts: %v", hidden)
		}
		history := got(w.tickets.Timeline(ctx, call(bob), query.Query{}, page.Request{First: 100}, opened.ID))(t)[opened.ID].Items
		for i, e := range history {
			if e.Sequence != int64(i+1) {
				t.Errorf("event %d has sequence %d", i, e.Sequence)
			}
		}
		if d, ok := history[0].Data.(event.TicketOpened); !ok || d.Number != 1 || d.Requester != amy.Member {
			t.Errorf("history begins with %+v", history[0])
		}
		shown := got(w.tickets.Timeline(ctx, call(amy), query.Query{}, page.Request{First: 100}, opened.ID))(t)[opened.ID].Items
		if len(shown) != len(history)-4 { // a note, two tags on, one off
			t.Errorf("the requester sees %d of %d events", len(shown), len(history))
		}
		people := got(w.tickets.Participants(ctx, call(amy), opened.ID))(t)[opened.ID]
		if len(people) != 1 || people[0].Name != "cleo" {
			t.Errorf("participants %v", people)
		}
	})
}
