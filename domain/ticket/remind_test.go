package ticket_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// pressed is an open ticket of a category with reminders.
func pressed(t *testing.T, r category.Reminders, hours ...*sla.Hours) *timed {
	t.Helper()
	x := newTimed(t, category.Closing{})
	x.book = sla.NewBook(1, hours, nil, &category.Category{ID: x.Category, Reminders: r})
	x.says(ticket.FromRequester, x.at(0, 0))
	x.TakeChanges()
	return x
}

// lives lets time pass, tick by tick, and tells who was reminded in which hour.
func (x *timed) lives(from, to time.Duration) []string {
	x.Helper()
	var told []string
	for at := from; at <= to; at += 15 * time.Minute {
		if err := x.Elapse(x.at(at, 0), x.book, say); err != nil {
			x.Fatal(err)
		}
		for _, e := range x.TakeChanges().Events {
			switch d := e.Data.(type) {
			case event.Reminded:
				line := fmt.Sprintf("%s at %v", d.Turn, at)
				if d.Overtaken {
					line = fmt.Sprintf("overtaken %s at %v", d.Turn, at)
				}
				told = append(told, line)
			case event.ClockMoved:
				x.Errorf("what reminds is told as a promise: %+v", d)
			}
		}
	}
	return told
}

func (x *timed) told(got []string, want ...string) {
	x.Helper()
	if !slices.Equal(got, want) {
		x.Errorf("reminded were %q, want %q", got, want)
	}
}

func both() category.Reminders {
	return category.Reminders{
		Staff:     category.Reminder{After: time.Hour, Every: 2 * time.Hour, Most: 3},
		Requester: category.Reminder{After: 4 * time.Hour, Most: 1},
	}
}

func TestWhoseTurnItIsIsRemindedAsOftenAsTheCategorySays(t *testing.T) {
	x := pressed(t, both())
	x.told(x.lives(0, 12*time.Hour), "staff at 1h0m0s", "staff at 3h0m0s", "staff at 5h0m0s")
	x.says(ticket.FromRequester, x.at(12*time.Hour, 0)) // the same wait goes on
	x.told(x.lives(12*time.Hour, 20*time.Hour))
	x.says(ticket.FromStaff, x.at(20*time.Hour, 0))
	x.told(x.lives(20*time.Hour, 23*time.Hour))
	x.says(ticket.FromStaff, x.at(23*time.Hour, 0)) // the requester's time begins anew
	x.told(x.lives(23*time.Hour, 40*time.Hour), "requester at 27h0m0s")
	x.says(ticket.FromRequester, x.at(40*time.Hour, 0))
	x.told(x.lives(40*time.Hour, 41*time.Hour), "staff at 41h0m0s")
	if len(x.Clocks) != 1 || len(x.Promises()) != 0 || !x.Ticket.Deadline.IsZero() {
		t.Errorf("what is kept of reminders: %+v, deadline %v", x.Clocks, x.Ticket.Deadline)
	}
}

func TestNobodyIsRemindedOfWhatIsNotTheirTurn(t *testing.T) {
	for name, do := range map[string]func(x *timed, c ticket.Cause) error{
		"on hold":  func(x *timed, c ticket.Cause) error { return x.Hold(c) },
		"resolved": func(x *timed, c ticket.Cause) error { return x.Resolve(c) },
		"snoozed":  func(x *timed, c ticket.Cause) error { return x.Snooze(c, time.Time{}) },
	} {
		t.Run(name, func(t *testing.T) {
			x := pressed(t, both())
			c := x.at(30*time.Minute, 0)
			if err := do(x, c); err != nil {
				t.Fatal(err)
			}
			x.Keep(c, x.book)
			x.TakeChanges()
			x.told(x.lives(30*time.Minute, 24*time.Hour))
		})
	}
}

func TestRemindersCountBusinessTimeIfTheyAreToldTo(t *testing.T) {
	x := newTimed(t, category.Closing{})
	opens := x.start.Add(10 * time.Hour).UTC()
	minute := opens.Hour()*60 + opens.Minute()
	hours := &sla.Hours{Schedule: sla.Schedule{Zone: "UTC", Week: []sla.Span{{Day: opens.Weekday(), From: minute, To: minute + 60}}}}
	x = pressed(t, category.Reminders{Staff: category.Reminder{After: 30 * time.Minute, Most: 1, Business: true}}, hours)
	x.told(x.lives(0, 12*time.Hour), "staff at 10h30m0s")
}

// After a week, nobody is flooded, and who answered meanwhile is not reminded: what
// was written while the program was down is heard of first.
func TestAWeekOfRemindersIsOvertakenByTheLast(t *testing.T) {
	const week = 7 * 24 * time.Hour
	x := pressed(t, both())
	x.told(x.lives(week, week+time.Hour), "overtaken staff at 168h0m0s", "overtaken staff at 168h0m0s", "staff at 168h15m0s")

	x = pressed(t, both())
	x.told(x.lives(week, week), "overtaken staff at 168h0m0s", "overtaken staff at 168h0m0s")
	x.says(ticket.FromStaff, x.at(3*24*time.Hour, 4*24*time.Hour+time.Minute))
	x.told(x.lives(week+15*time.Minute, week+time.Hour))
}

func TestRemindersCallWhoIsMeantUntilSomethingElseIsSaid(t *testing.T) {
	x := pressed(t, both())
	x.Assignee = agent
	if err := x.Elapse(x.at(time.Hour, 0), x.book, say); err != nil {
		t.Fatal(err)
	}
	m := x.TakeChanges().Messages[0]
	if who, staff := x.Calls(m); who != agent || !staff || m.Kind != ticket.System || m.Body != ticket.StaffReminder {
		t.Errorf("%+v calls %d", m, who)
	}
	x.Turn = ticket.NobodysTurn
	if who, staff := x.Calls(m); who != 0 || staff {
		t.Error("who has nothing to do any more is called still")
	}
	x.Turn, x.Assignee = ticket.StaffsTurn, 0
	if who, staff := x.Calls(m); who != 0 || !staff {
		t.Errorf("with nobody assigned, %d is called, staff: %t", who, staff)
	}
	x.says(ticket.FromRequester, x.at(2*time.Hour, 0))
	if who, staff := x.Calls(m); who != 0 || staff {
		t.Error("who was overtaken is called still")
	}
}
