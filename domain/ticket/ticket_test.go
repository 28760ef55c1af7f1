package ticket_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

const agent id.Member = 50

// by is somebody acting now.
func by(m id.Member) ticket.Cause {
	return ticket.Cause{By: m, Now: tickettest.NewClock().Tick(), Origin: event.Origin{Channel: event.ChannelAPI}, IDs: tickettest.IDs()}
}

func TestANumberReachesWhatWasWrittenBeforeIt(t *testing.T) {
	cat := &category.Category{
		ID: 3, Workspace: 1, Queue: 2, Name: locale.Of("en", "Help"), Priority: priority.Normal,
		Greeting: locale.Of("en", "Ticket {{number}}, {{requester}}: {{number}}"),
	}
	begun, err := ticket.Begin(by(5), cat, &member.Member{ID: 5, Name: "Bob"}, ticket.Opening{Body: "number"})
	if err != nil {
		t.Fatal(err)
	}
	begun.Numbered(42)
	changes := begun.TakeChanges()
	if got := changes.Messages[1].Body; got != "Ticket 42, Bob: 42" || changes.Messages[0].Body != "number" {
		t.Errorf("the messages are %q and %q", changes.Messages[0].Body, got)
	}
	if opened, ok := changes.Events[0].Data.(event.TicketOpened); !ok || opened.Number != 42 || begun.Number != 42 {
		t.Errorf("the history begins with %+v", changes.Events[0].Data)
	}
	if again := begun.TakeChanges(); len(again.Events)+len(again.Messages)+len(again.Edited) != 0 {
		t.Errorf("taken a second time, the changes are %+v", again)
	}
	if _, err := ticket.Begin(by(5), cat, &member.Member{ID: 5}, ticket.Opening{Body: ticket.NumberMark}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("somebody typed the mark of the number: %v", err)
	}
}

func TestARepliersClockIsNotOurs(t *testing.T) {
	tk, c := tickettest.NewTicket(), by(agent)
	c.Origin.OccurredAt = c.Now.Add(-time.Hour)
	m, err := tk.Reply(c, ticket.FromStaff, "en", "written an hour ago")
	if err != nil {
		t.Fatal(err)
	}
	if !m.OccurredAt.Equal(c.Origin.OccurredAt) || !m.RecordedAt.Equal(c.Now) {
		t.Errorf("written at %v, recorded at %v", m.OccurredAt, m.RecordedAt)
	}
	if e := tk.TakeChanges().Events[0]; !e.At.Equal(c.Origin.OccurredAt) || !e.RecordedAt.Equal(c.Now) {
		t.Errorf("the event was at %v, recorded at %v", e.At, e.RecordedAt)
	}
	if !tk.ActivityAt.Equal(c.Now) || !tk.FirstReplyAt.Equal(c.Origin.OccurredAt) {
		t.Errorf("the ticket's activity is at %v, the first reply at %v", tk.ActivityAt, tk.FirstReplyAt)
	}
}

func TestWhatChangesNothingLeavesNothing(t *testing.T) {
	tk := tickettest.NewTicket(tickettest.In(ticket.Pending), tickettest.AssignedTo(agent), tickettest.Tagged("a"), tickettest.With(6))
	c := by(agent)
	deleted := &ticket.Message{DeletedAt: c.Now}
	if err := errors.Join(
		tk.Claim(c), tk.Assign(c, agent), tk.Transfer(c, tk.Queue), tk.Recategorise(c, &category.Category{ID: tk.Category, Archived: true}),
		tk.SetPriority(c, tk.Priority), tk.AddTag(c, " a "), tk.RemoveTag(c, "b"), tk.AddParticipant(c, 6), tk.RemoveParticipant(c, 7),
		tk.Pend(c), tk.Edit(c, &ticket.Message{Body: "same"}, " same "),
	); err != nil {
		t.Fatal(err)
	}
	tk.Delete(c, deleted)
	if left := tk.TakeChanges(); len(left.Events) != 0 || left.Aspects || left.Members || left.Tags || len(left.Edited) != 0 {
		t.Errorf("nothing changed, and %+v is to be saved", left)
	}
}

func TestAMessageAloneDoesNotRaiseTheVersion(t *testing.T) {
	tk, c := tickettest.NewTicket(tickettest.In(ticket.Open)), by(agent)
	if _, err := tk.Reply(c, ticket.FromStaff, "en", "hello"); err != nil {
		t.Fatal(err)
	}
	if _, err := tk.AddNote(c, "en", "psst"); err != nil {
		t.Fatal(err)
	}
	if tk.TakeChanges().Aspects {
		t.Error("a reply that moves nothing raises the version")
	}
	if err := tk.Hold(c); err != nil || !tk.TakeChanges().Aspects {
		t.Errorf("a status that moves does not raise it: %v", err)
	}
}

func TestEachRefusalHasItsSentence(t *testing.T) {
	for _, try := range []struct {
		in   ticket.Status
		do   func(*ticket.Ticket, ticket.Cause) error
		want error
	}{
		{ticket.Closed, (*ticket.Ticket).Claim, ticket.ErrClosed},
		{ticket.Closed, (*ticket.Ticket).Resolve, ticket.ErrClosed},
		{ticket.Closed, (*ticket.Ticket).Close, ticket.ErrClosed},
		{ticket.Closed, (*ticket.Ticket).Confirm, ticket.ErrClosed},
		{ticket.Open, (*ticket.Ticket).Close, ticket.ErrUnresolved},
		{ticket.New, (*ticket.Ticket).Confirm, ticket.ErrUnresolved},
		{ticket.Open, (*ticket.Ticket).Reopen, ticket.ErrActive},
		{ticket.Resolved, (*ticket.Ticket).Pend, ticket.ErrTransition},
		{ticket.Resolved, (*ticket.Ticket).Resolve, ticket.ErrTransition},
	} {
		tk := tickettest.NewTicket(tickettest.In(try.in))
		if err := try.do(tk, by(agent)); !errors.Is(err, try.want) {
			t.Errorf("a ticket that is %s: %v, want %v", try.in, err, try.want)
		}
		if tk.Status != try.in || len(tk.TakeChanges().Events) != 0 {
			t.Errorf("the refused ticket is %s, was %s", tk.Status, try.in)
		}
	}
}

func TestTagsAndParticipantsStaySortedAndWithinBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tk, c := tickettest.NewTicket(), by(agent)
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			tag, who := rapid.StringMatching(`[a-e]{1,2}`).Draw(t, "tag"), id.Member(rapid.IntRange(1, 60).Draw(t, "member"))
			if rapid.IntRange(0, 3).Draw(t, "which") > 0 {
				_ = errors.Join(tk.AddTag(c, tag), tk.AddParticipant(c, who)) // refused when there are too many
			} else {
				_ = errors.Join(tk.RemoveTag(c, tag), tk.RemoveParticipant(c, who))
			}
		}
		if !slices.IsSorted(tk.Tags) || len(slices.Compact(slices.Clone(tk.Tags))) != len(tk.Tags) || len(tk.Tags) > ticket.MaxTags {
			t.Fatalf("the tags are %q", tk.Tags)
		}
		if !slices.IsSorted(tk.Participants) || len(tk.Participants) > ticket.MaxParticipants || slices.Contains(tk.Participants, tk.Requester) {
			t.Fatalf("the participants are %v", tk.Participants)
		}
	})
}

func TestAnOrderEndsWithTheID(t *testing.T) {
	down := query.Order{Field: ticket.FieldActivityAt, Descending: true}
	for _, try := range []struct{ order, want []query.Order }{
		{nil, []query.Order{down, {Field: query.FieldID, Descending: true}}},
		{[]query.Order{down, {Field: ticket.FieldNumber}}, []query.Order{down, {Field: ticket.FieldNumber}, {Field: query.FieldID}}},
	} {
		q := ticket.Query{Order: try.order}
		if got := q.Keys(); !slices.Equal(got, try.want) {
			t.Errorf("the order %v has the keys %v, want %v", try.order, got, try.want)
		}
	}
	tk := tickettest.NewTicket()
	want := page.Cursor{int64(priority.Normal.Rank()), tk.OpenedAt.UnixMicro(), int64(1), int64(tk.ID)}
	q := ticket.Query{Order: []query.Order{{Field: ticket.FieldPriority}, {Field: ticket.FieldOpenedAt}, {Field: ticket.FieldNumber}}}
	if got := q.CursorOf(tk); !slices.Equal(got, want) {
		t.Errorf("the ticket's place is %v, want %v", got, want)
	}
}

func TestWhatFollowsFromOneChangeBelongsTogether(t *testing.T) {
	cat := &category.Category{ID: 3, Workspace: 1, Queue: 2, Name: locale.Of("en", "Help"), Priority: priority.Normal, Greeting: locale.Of("en", "Hi")}
	begun, err := ticket.Begin(by(5), cat, &member.Member{ID: 5, Name: "Bob"}, ticket.Opening{Body: "It broke."})
	if err != nil {
		t.Fatal(err)
	}
	events := begun.TakeChanges().Events
	for _, e := range events {
		if e.Origin.CorrelationID != events[0].ID {
			t.Errorf("%s belongs to %d, want to the opening, %d", e.Data.Type(), e.Origin.CorrelationID, events[0].ID)
		}
	}
	if greeting := events[len(events)-1]; greeting.Origin.CausationID != events[0].ID {
		t.Errorf("the greeting was caused by %d, want by the opening", greeting.Origin.CausationID)
	}
}
