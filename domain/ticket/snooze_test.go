package ticket_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// asleep is an open ticket that is staff's, put off for a day.
func asleep(t *testing.T) *timed {
	t.Helper()
	x := newTimed(t, category.Closing{})
	x.says(ticket.FromRequester, x.at(0, 0))
	if err := x.Snooze(x.at(0, 0), x.start.Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	x.Keep(x.at(0, 0), x.book)
	if x.Turn != ticket.NobodysTurn || !x.DueAt.Equal(x.start.Add(24*time.Hour)) {
		t.Fatalf("the snoozed ticket is the turn of %s, and looked at at %v", x.Turn, x.DueAt)
	}
	return x
}

func TestWhatEndsASnooze(t *testing.T) {
	for name, c := range map[string]struct {
		do     func(x *timed) error
		reason string // "": nothing ends it
		turn   ticket.Turn
	}{
		"its moment":              {func(x *timed) error { x.ticks(24 * time.Hour); return nil }, ticket.WokenByTime, ticket.StaffsTurn},
		"a moment before":         {func(x *timed) error { x.ticks(24*time.Hour - time.Second); return nil }, "", ticket.NobodysTurn},
		"the requester's message": {func(x *timed) error { x.says(ticket.FromRequester, x.at(time.Hour, 0)); return nil }, ticket.WokenByReply, ticket.StaffsTurn},
		"staff's answer":          {func(x *timed) error { x.says(ticket.FromStaff, x.at(time.Hour, 0)); return nil }, "", ticket.RequestersTurn},
		"its moment, with no answer to staff's": {func(x *timed) error {
			x.says(ticket.FromStaff, x.at(time.Hour, 0))
			x.ticks(24 * time.Hour)
			return nil
		}, ticket.WokenByTime, ticket.StaffsTurn},
		"staff, who waits for an answer": {func(x *timed) error {
			x.says(ticket.FromStaff, x.at(time.Hour, 0))
			x.Wake(x.at(2*time.Hour, 0))
			return nil
		}, ticket.WokenByStaff, ticket.RequestersTurn},
		"staff":                    {func(x *timed) error { x.Wake(x.at(time.Hour, 0)); return nil }, ticket.WokenByStaff, ticket.StaffsTurn},
		"being resolved":           {func(x *timed) error { return x.Resolve(x.at(time.Hour, 0)) }, ticket.WokenByStatus, ticket.RequestersTurn},
		"waiting for somebody":     {func(x *timed) error { return x.Pend(x.at(time.Hour, 0)) }, "", ticket.RequestersTurn},
		"being assigned":           {func(x *timed) error { return x.Assign(x.at(time.Hour, 0), agent) }, "", ticket.NobodysTurn},
		"the same snooze again":    {func(x *timed) error { return x.Snooze(x.at(time.Hour, 0), x.SnoozedUntil) }, "", ticket.NobodysTurn},
		"a snooze until the reply": {func(x *timed) error { return x.Snooze(x.at(time.Hour, 0), time.Time{}) }, "", ticket.NobodysTurn},
	} {
		t.Run(name, func(t *testing.T) {
			x := asleep(t)
			x.TakeChanges()
			if err := c.do(x); err != nil {
				t.Fatal(err)
			}
			reason := ""
			for _, e := range x.TakeChanges().Events {
				if woken, ok := e.Data.(event.TicketWoken); ok {
					reason = woken.Reason
					if !e.Internal {
						t.Error("the requester hears of it")
					}
				}
			}
			if reason != c.reason || x.Turn != c.turn || x.Snoozed != (c.reason == "") {
				t.Errorf("ended by %q, snoozed %t, the turn of %s; want %q, %s", reason, x.Snoozed, x.Turn, c.reason, c.turn)
			}
		})
	}
}

func TestASnoozeUntilTheReplyEndsAtNoMoment(t *testing.T) {
	x := asleep(t)
	if err := x.Snooze(x.at(time.Hour, 0), time.Time{}); err != nil {
		t.Fatal(err)
	}
	x.Keep(x.at(time.Hour, 0), x.book)
	if !x.DueAt.IsZero() {
		t.Errorf("it is looked at at %v", x.DueAt)
	}
	x.ticks(300 * 24 * time.Hour)
	if !x.Snoozed {
		t.Error("it woke up by itself")
	}
	x.says(ticket.FromRequester, x.at(300*24*time.Hour, 0))
	if x.Snoozed || x.Turn != ticket.StaffsTurn {
		t.Errorf("after the reply it is snoozed: %t, and the turn of %s", x.Snoozed, x.Turn)
	}
}

func TestSnoozesThatCannotBe(t *testing.T) {
	open := func(s ticket.Status) *ticket.Ticket { return tickettest.NewTicket(tickettest.In(s)) }
	c := by(agent)
	for _, until := range []time.Time{c.Now, c.Now.Add(-time.Second), c.Now.Add(ticket.MostSnooze + time.Second)} {
		if err := open(ticket.Open).Snooze(c, until); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("until %v: %v", until, err)
		}
	}
	for _, s := range []ticket.Status{ticket.Resolved, ticket.Closed} {
		if err := open(s).Snooze(c, time.Time{}); fault.CodeOf(err) != fault.Transition {
			t.Errorf("%s: %v", s, err)
		}
	}
}

// Who asked for help is promised the same, whatever staff puts off.
func TestPromisesRunOnWhileATicketIsSnoozed(t *testing.T) {
	x := newTimed(t, category.Closing{}, &sla.Policy{ID: 1, Rules: sla.Rules{Promises: []sla.Promise{{Target: sla.FirstReply, Within: 2 * time.Hour}}}})
	if err := x.Snooze(x.at(time.Hour, 0), x.start.Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	x.Keep(x.at(time.Hour, 0), x.book)
	x.ticks(3 * time.Hour)
	if got := x.kinds(); !slices.Contains(got, event.TypeClockMoved) || !x.Snoozed {
		t.Errorf("snoozed: %t; what happened: %v", x.Snoozed, got)
	}
	if want := x.start.Add(24 * time.Hour); !x.DueAt.Equal(want) {
		t.Errorf("next looked at at %v, want %v", x.DueAt, want)
	}
}
