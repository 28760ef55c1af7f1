package tickettest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func choosingContent() []test {
	return []test{
		{"messages are chosen by kind, side, author and time", messagesChosen},
		{"events are chosen by type, actor and time", eventsChosen},
		{"messages and events are paged in any order, ticket by ticket", contentOrders},
		{"what only staff reads is in no condition and no count", contentHidden},
		{"a condition on what the rows have not is refused", contentRefused},
	}
}

// talk opens a ticket in which everybody says something.
func (d *Desk) talk(t *testing.T, who *member.Member) *ticket.Ticket {
	t.Helper()
	tk := d.Opens(t, who, d.Invoice) // "It is broken."
	d.Clock.Advance(time.Minute)
	d.replies(t, d.Dana, tk, d.Cause(d.Dana), "How so?")
	d.notes(t, d.Dana, tk, "Again.")
	d.replies(t, who, tk, d.Cause(who), "It smokes.")
	d.notes(t, d.Sam, tk, "Third time.")
	return tk
}

func messagesChosen(t *testing.T, d *Desk) {
	tk, beside := d.talk(t, d.Bob), d.talk(t, d.Lea)
	all := d.said(t, tk)
	opened, asked := all[0].OccurredAt.UnixMicro(), all[1].OccurredAt.UnixMicro()
	byNobody := where(ticket.FieldAuthor, query.IsNull, true)
	byDana := where(ticket.FieldAuthor, query.Eq, int64(d.Dana.ID))
	for name, try := range map[string]struct {
		where query.Where
		want  []string
	}{
		"all":                {query.Where{}, []string{"It is broken.", "How so?", "Again.", "It smokes.", "Third time."}},
		"notes":              {where(ticket.FieldKind, query.Eq, "note"), []string{"Again.", "Third time."}},
		"replies and notes":  {where(ticket.FieldKind, query.In, "note", "reply"), []string{"It is broken.", "How so?", "Again.", "It smokes.", "Third time."}},
		"of no kind":         {where(ticket.FieldKind, query.In), nil},
		"by the requester":   {where(ticket.FieldSide, query.Eq, "requester"), []string{"It is broken.", "It smokes."}},
		"by an agent":        {byDana, []string{"How so?", "Again."}},
		"by others":          {query.Where{Not: &byDana}, []string{"It is broken.", "It smokes.", "Third time."}},
		"by nobody":          {byNobody, nil},
		"by no such member":  {where(ticket.FieldAuthor, query.Eq, int64(0)), nil},
		"at first":           {where(ticket.FieldOccurredAt, query.Lt, asked), []string{"It is broken."}},
		"later":              {where(ticket.FieldOccurredAt, query.Gt, opened), []string{"How so?", "Again.", "It smokes.", "Third time."}},
		"one or the other":   {query.Where{Or: []query.Where{where(ticket.FieldSide, query.Eq, "requester"), byDana}}, []string{"It is broken.", "How so?", "Again.", "It smokes."}},
		"one and the other":  {query.Where{And: []query.Where{byDana, where(ticket.FieldKind, query.Eq, "note")}}, []string{"Again."}},
		"one by its ID":      {where(query.FieldID, query.Eq, int64(all[2].ID)), []string{"Again."}},
		"by a person at all": {query.Where{Not: &byNobody}, []string{"It is broken.", "How so?", "Again.", "It smokes.", "Third time."}},
	} {
		pages, err := d.Tickets.Messages(t.Context(), d.everyone(), query.Query{Where: try.where}, Whole(), tk.ID, beside.ID)
		must(t, name, err)
		if got := bodies(pages[tk.ID].Items); !slices.Equal(got, try.want) {
			t.Errorf("%s: %q, want %q", name, got, try.want)
		}
		counts, err := d.Tickets.MessageCounts(t.Context(), d.everyone(), try.where, tk.ID, beside.ID)
		must(t, "count "+name, err)
		if counts[tk.ID] != len(try.want) || counts[beside.ID] != len(pages[beside.ID].Items) {
			t.Errorf("%s: counted %v, want %d and %d", name, counts, len(try.want), len(pages[beside.ID].Items))
		}
	}
}

func eventsChosen(t *testing.T, d *Desk) {
	tk, beside := d.talk(t, d.Bob), d.talk(t, d.Lea)
	all := d.history(t, tk)
	for name, try := range map[string]struct {
		where query.Where
		fits  func(event.Envelope) bool
	}{
		"all": {query.Where{}, func(event.Envelope) bool { return true }},
		"of a type": {
			where(ticket.FieldType, query.Eq, "ticket.note_added"),
			func(e event.Envelope) bool { return e.Data.Type() == event.TypeNoteAdded },
		},
		"of types": {where(ticket.FieldType, query.In, "ticket.note_added", "ticket.opened"), func(e event.Envelope) bool {
			return e.Data.Type() == event.TypeNoteAdded || e.Data.Type() == event.TypeTicketOpened
		}},
		"by an agent": {
			where(ticket.FieldActor, query.Eq, int64(d.Dana.ID)),
			func(e event.Envelope) bool { return e.Actor == d.Dana.ID },
		},
		"by the helpdesk": {where(ticket.FieldActor, query.IsNull, true), func(e event.Envelope) bool { return e.Actor == 0 }},
		"by a person":     {where(ticket.FieldActor, query.IsNull, false), func(e event.Envelope) bool { return e.Actor != 0 }},
		"later": {
			where(ticket.FieldOccurredAt, query.Gt, all[0].OccurredAt.UnixMicro()),
			func(e event.Envelope) bool { return e.OccurredAt.After(all[0].OccurredAt) },
		},
	} {
		pages, err := d.Tickets.Timeline(t.Context(), d.everyone(), query.Query{Where: try.where}, Whole(), tk.ID, beside.ID)
		must(t, name, err)
		want := slices.DeleteFunc(slices.Clone(all), func(e event.Envelope) bool { return !try.fits(e) })
		if got := pages[tk.ID].Items; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		counts, err := d.Tickets.TimelineCounts(t.Context(), d.everyone(), try.where, tk.ID, beside.ID)
		must(t, "count "+name, err)
		if counts[tk.ID] != len(want) || counts[beside.ID] != len(pages[beside.ID].Items) {
			t.Errorf("%s: counted %v, want %d and %d", name, counts, len(want), len(pages[beside.ID].Items))
		}
	}
}

func contentOrders(t *testing.T, d *Desk) {
	tk, beside := d.talk(t, d.Bob), d.talk(t, d.Lea)
	d.replies(t, d.Bob, tk, d.CauseFrom(d.Bob, event.Origin{ // written first, heard of last
		Channel: event.ChannelDiscord, ExternalID: "late", OccurredAt: d.Clock.Now().Add(-time.Hour),
	}), "Hello?")
	for _, descending := range []bool{false, true} {
		for _, f := range []ticket.Field{ticket.FieldOccurredAt, query.FieldID} {
			q := query.Query{Order: []query.Order{{Field: f, Descending: descending}}}
			d.walks(t, fmt.Sprintf("messages by %s, descending %v", f, descending), descending, func(r page.Request) (places []page.Cursor, more bool) {
				w, err := ticket.MessageTerms().Window(q, r)
				must(t, "window", err)
				pages, err := d.Tickets.Messages(t.Context(), d.everyone(), q, w, tk.ID, beside.ID)
				must(t, "read", err)
				for _, m := range pages[tk.ID].Items {
					places = append(places, ticket.MessageTerms().CursorOf(q, m.SortKey))
				}
				return places, pages[tk.ID].HasNext || w.Backward && pages[tk.ID].HasPrevious
			}, 6)
		}
		for _, f := range []ticket.Field{ticket.FieldOccurredAt, ticket.FieldSequence} {
			q := query.Query{Order: []query.Order{{Field: f, Descending: descending}}}
			d.walks(t, fmt.Sprintf("events by %s, descending %v", f, descending), descending, func(r page.Request) (places []page.Cursor, more bool) {
				w, err := ticket.TimelineTerms().Window(q, r)
				must(t, "window", err)
				pages, err := d.Tickets.Timeline(t.Context(), d.everyone(), q, w, tk.ID, beside.ID)
				must(t, "read", err)
				for _, e := range pages[tk.ID].Items {
					places = append(places, ticket.EventCursor(q, e))
				}
				return places, pages[tk.ID].HasNext || w.Backward && pages[tk.ID].HasPrevious
			}, len(d.history(t, tk)))
		}
	}
}

// walks reads a list by twos from its beginning and checks that every one of its
// rows comes once, in order.
func (d *Desk) walks(t *testing.T, what string, descending bool, read func(page.Request) ([]page.Cursor, bool), want int) {
	t.Helper()
	var all []page.Cursor
	r := page.Request{First: 2}
	for more := true; more && len(all) <= want; {
		var places []page.Cursor
		places, more = read(r)
		all = append(all, places...)
		if len(all) > 0 {
			r.After = all[len(all)-1]
		}
	}
	inOrder := slices.IsSortedFunc(all, func(a, b page.Cursor) int {
		n := slices.CompareFunc(a, b, func(x, y any) int {
			one, _ := x.(int64)
			other, _ := y.(int64)
			return cmp.Compare(one, other)
		})
		if descending {
			return -n
		}
		return n
	})
	if len(all) != want || !inOrder {
		t.Errorf("%s: %v, want %d in order", what, all, want)
	}
}

func contentHidden(t *testing.T, d *Desk) {
	tk := d.talk(t, d.Bob)
	eye, err := ticket.VisibleTo(d.Actor(t, d.Bob))
	must(t, "look as the requester", err)
	notNotes := where(ticket.FieldKind, query.Eq, "reply")
	for name, try := range map[string]struct {
		messages query.Where
		want     int
	}{
		"all": {query.Where{}, 3}, "notes": {where(ticket.FieldKind, query.Eq, "note"), 0},
		"by who only wrote a note": {where(ticket.FieldAuthor, query.Eq, int64(d.Sam.ID)), 0},
		"not replies":              {query.Where{Not: &notNotes}, 0},
		"a note or anything":       {query.Where{Or: []query.Where{where(ticket.FieldKind, query.Eq, "note"), {}}}, 3},
	} {
		q := query.Query{Where: try.messages, Order: []query.Order{{Field: ticket.FieldOccurredAt, Descending: true}}}
		pages, err := d.Tickets.Messages(t.Context(), eye, q, Whole(), tk.ID)
		must(t, name, err)
		counts, err := d.Tickets.MessageCounts(t.Context(), eye, try.messages, tk.ID)
		must(t, "count "+name, err)
		if got := len(pages[tk.ID].Items); got != try.want || counts[tk.ID] != try.want {
			t.Errorf("%s: the requester reads %d and counts %d, want %d", name, got, counts[tk.ID], try.want)
		}
	}
	for name, w := range map[string]query.Where{
		"notes":                    where(ticket.FieldType, query.Eq, "ticket.note_added"),
		"by who only wrote a note": where(ticket.FieldActor, query.Eq, int64(d.Sam.ID)),
	} {
		pages, err := d.Tickets.Timeline(t.Context(), eye, query.Query{Where: w}, Whole(), tk.ID)
		must(t, name, err)
		counts, err := d.Tickets.TimelineCounts(t.Context(), eye, w, tk.ID)
		must(t, "count "+name, err)
		if len(pages[tk.ID].Items) != 0 || counts[tk.ID] != 0 {
			t.Errorf("%s: the requester reads %v and counts %d", name, pages[tk.ID].Items, counts[tk.ID])
		}
	}
	stranger, err := ticket.VisibleTo(d.Actor(t, d.Lea))
	must(t, "look as a stranger", err)
	said, err := d.Tickets.MessageCounts(t.Context(), stranger, query.Where{}, tk.ID)
	must(t, "count messages", err)
	told, err := d.Tickets.TimelineCounts(t.Context(), stranger, query.Where{}, tk.ID)
	must(t, "count events", err)
	if said[tk.ID]+told[tk.ID] != 0 {
		t.Errorf("a stranger counts %d messages and %d events", said[tk.ID], told[tk.ID])
	}
}

func contentRefused(t *testing.T, d *Desk) {
	tk := d.talk(t, d.Bob)
	for name, w := range map[string]query.Where{
		"another list's field": where(ticket.FieldStatus, query.Eq, "new"),
		"another type":         where(ticket.FieldOccurredAt, query.Eq, "today"),
		"no such comparison":   where(ticket.FieldOccurredAt, query.IsNull, true),
	} {
		_, err := d.Tickets.Messages(t.Context(), d.everyone(), query.Query{Where: w}, Whole(), tk.ID)
		refused(t, "messages by "+name, err, fault.Invalid, "where")
		_, err = d.Tickets.MessageCounts(t.Context(), d.everyone(), w, tk.ID)
		refused(t, "a count of messages by "+name, err, fault.Invalid, "where")
		_, err = d.Tickets.Timeline(t.Context(), d.everyone(), query.Query{Where: w}, Whole(), tk.ID)
		refused(t, "events by "+name, err, fault.Invalid, "where")
		_, err = d.Tickets.TimelineCounts(t.Context(), d.everyone(), w, tk.ID)
		refused(t, "a count of events by "+name, err, fault.Invalid, "where")
	}
}
