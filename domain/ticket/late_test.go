package ticket_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// timed is a ticket whose clocks are kept as the service keeps them.
type timed struct {
	*testing.T
	*ticket.Ticket

	book  *sla.Book
	cause ticket.Cause
	start time.Time
}

func newTimed(t *testing.T, closing category.Closing, policies ...*sla.Policy) *timed {
	t.Helper()
	x := &timed{T: t, Ticket: tickettest.NewTicket(tickettest.In(ticket.Open)), cause: by(agent)}
	x.book = sla.NewBook(1, nil, policies, &category.Category{ID: x.Category, Closing: closing})
	x.start = x.OpenedAt
	x.Keep(x.at(0, 0), x.book)
	return x
}

// at gives the cause of what is written so long after the start, and heard later.
func (x *timed) at(written, later time.Duration) ticket.Cause {
	c := x.cause
	c.Now = x.start.Add(written + later)
	if later > 0 {
		c.Origin = event.Origin{Channel: event.ChannelDiscord, OccurredAt: x.start.Add(written)}
	}
	return c
}

func (x *timed) says(side ticket.Side, c ticket.Cause) {
	x.Helper()
	if _, err := x.Reply(c, side, "en", "So."); err != nil {
		x.Fatal(err)
	}
	x.Keep(c, x.book)
}

// say tells the key of what the helpdesk says.
func say(l locale.Tag, key string, _ map[string]any) (string, locale.Tag) { return key, l }

// ticks lets the helpdesk do what is due.
func (x *timed) ticks(at time.Duration) {
	x.Helper()
	x.TakeChanges()
	if err := x.Elapse(x.at(at, 0), x.book, say); err != nil {
		x.Fatal(err)
	}
}

// kinds gives what happened since the changes were last taken.
func (x *timed) kinds() []event.Type {
	var all []event.Type
	for _, e := range x.TakeChanges().Events {
		all = append(all, e.Data.Type())
	}
	return all
}

func TestFirstReplyThatIsHeardLateBreaksNoPromise(t *testing.T) {
	policy := &sla.Policy{ID: 7, Rules: sla.Rules{Promises: []sla.Promise{{Target: sla.FirstReply, Within: time.Minute}}}}
	x := newTimed(t, category.Closing{}, policy)
	x.says(ticket.FromStaff, x.at(30*time.Second, 40*time.Second))
	if c := x.Clocks[0]; c.State != sla.Fulfilled || !c.Breached.IsZero() || c.Broken != 0 || !c.Ended.Equal(x.start.Add(30*time.Second)) {
		t.Errorf("the clock is %+v", c)
	}
	if !x.FirstReplyAt.Equal(x.start.Add(30 * time.Second)) {
		t.Errorf("the first reply was at %v", x.FirstReplyAt)
	}
	// One from before that is heard of later still was the first.
	x.says(ticket.FromStaff, x.at(20*time.Second, time.Minute))
	if !x.FirstReplyAt.Equal(x.start.Add(20 * time.Second)) {
		t.Errorf("the first reply was at %v", x.FirstReplyAt)
	}
}

const day = 24 * time.Hour

// silent is a ticket that was closed since its requester did not answer.
func silent(t *testing.T) *timed {
	t.Helper()
	x := newTimed(t, category.Closing{Silence: 3 * day, Warning: day, Resolved: 2 * day})
	x.says(ticket.FromStaff, x.at(time.Hour, 0))
	x.ticks(2*day + time.Hour)
	x.ticks(3*day + time.Hour)
	if x.Status != ticket.Closed {
		t.Fatalf("the ticket is %s", x.Status)
	}
	x.TakeChanges()
	return x
}

func TestATicketIsNotClosedSoonerThanItsRequesterWasTold(t *testing.T) {
	x := newTimed(t, category.Closing{Silence: 3 * day, Warning: day})
	x.says(ticket.FromStaff, x.at(0, 0))
	x.ticks(2 * day) // warned: in 24 hours
	x.book = sla.NewBook(2, nil, nil, &category.Category{ID: x.Category, Closing: category.Closing{Silence: 2 * day, Warning: time.Hour}})
	for _, at := range []time.Duration{2*day + 2*time.Hour, 3*day - time.Hour, 3*day - time.Second} {
		x.ticks(at)
		if want := x.start.Add(3 * day); x.Status == ticket.Closed || !x.ClosesAt().Equal(want) {
			t.Fatalf("at %v the ticket is %s, to be closed at %v, want %v", at, x.Status, x.ClosesAt(), want)
		}
	}
	x.ticks(3 * day)
	if x.Status != ticket.Closed {
		t.Errorf("the ticket is %s", x.Status)
	}

	// Who was not warned yet has the whole time of the new warning.
	x = newTimed(t, category.Closing{Silence: 3 * day, Warning: day})
	x.says(ticket.FromStaff, x.at(0, 0))
	x.book = sla.NewBook(2, nil, nil, &category.Category{ID: x.Category, Closing: category.Closing{Silence: day, Warning: time.Hour}})
	x.ticks(30 * time.Hour)
	if want := x.start.Add(31 * time.Hour); !x.ClosesAt().Equal(want) {
		t.Errorf("to be closed at %v, want %v", x.ClosesAt(), want)
	}
}

func TestAnAnswerThatWasThereTakesBackThatATicketWasClosedForWantOfIt(t *testing.T) {
	x := silent(t)
	x.says(ticket.FromRequester, x.at(3*day+time.Hour-time.Second, 2*time.Second))
	if x.Status != ticket.Open || x.Turn != ticket.StaffsTurn || !x.ClosedAt.IsZero() {
		t.Errorf("the ticket is %s, closed at %v, %s's turn", x.Status, x.ClosedAt, x.Turn)
	}
	if kinds := x.kinds(); !slices.Contains(kinds, event.TypeTicketReopened) {
		t.Errorf("the history has %v", kinds)
	}

	// What was said before the time began is no answer, and staff's words are none.
	x = silent(t)
	x.says(ticket.FromRequester, x.at(time.Minute, 3*day+time.Hour))
	x.says(ticket.FromStaff, x.at(2*day, 2*day))
	if x.Status != ticket.Closed {
		t.Errorf("the ticket is %s", x.Status)
	}
	// What is said after the close is refused, as ever.
	if _, err := x.Reply(x.at(4*day, 0), ticket.FromRequester, "en", "Hello?"); err == nil {
		t.Error("a closed ticket took an answer")
	}
}

func TestAnAnswerReopensWhatWasLeftAloneButNotWhatAPersonClosed(t *testing.T) {
	resolved := func() *timed {
		x := newTimed(t, category.Closing{Resolved: 2 * day})
		if err := x.Resolve(x.at(time.Hour, 0)); err != nil {
			t.Fatal(err)
		}
		x.Keep(x.at(time.Hour, 0), x.book)
		return x
	}
	x := resolved()
	x.ticks(2*day + time.Hour)
	x.says(ticket.FromRequester, x.at(2*day, 2*time.Hour))
	if x.Status != ticket.Open || !x.ResolvedAt.IsZero() {
		t.Errorf("the ticket is %s, resolved at %v", x.Status, x.ResolvedAt)
	}

	x = resolved()
	closes := x.at(3*day, 0) // past the time, though the helpdesk had not looked yet
	if err := x.Close(closes); err != nil {
		t.Fatal(err)
	}
	x.Keep(closes, x.book)
	x.says(ticket.FromRequester, x.at(2*day, 2*day))
	if x.Status != ticket.Closed {
		t.Errorf("the ticket that a person closed is %s", x.Status)
	}
}
