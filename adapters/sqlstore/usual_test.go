package sqlstore_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// usualWorld is a helpdesk in Paris whose greeting tells how long an answer takes.
type usualWorld struct {
	*tickettest.Desk

	store *sqlstore.Store
	sla   *sla.Service
	paris *time.Location
}

func newUsualWorld(t *testing.T, s *sqlstore.Store) *usualWorld {
	t.Helper()
	w := &usualWorld{store: s, sla: sla.NewService(s.Hours(), s.Queues(), s.Categories(), s.IDs())}
	w.Desk = tickettest.NewDesk(t, tickettest.World{
		Tickets: s.Tickets(), Members: s.Members(), Queues: s.Queues(), Categories: s.Categories(),
		Workspaces: s.Workspaces(), Teams: s.Teams(), IDs: s.IDs(),
	})
	var err error
	if w.paris, err = time.LoadLocation("Europe/Paris"); err != nil {
		t.Fatal(err)
	}
	_, err = w.sla.ChangeHours(t.Context(), w.Call(t, w.Ada), sla.Hours{}, func(to *sla.Schedule) error {
		*to = sla.Schedule{Zone: "Europe/Paris", Always: true}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	help := *w.Help
	help.Greeting = locale.Of("en", "Hello.{{#waiting_time}} It takes {{waiting_time}}.{{/waiting_time}}")
	if err := s.Categories().Save(t.Context(), &help); err != nil {
		t.Fatal(err)
	}
	return w
}

// promised gives how many minutes who opens a ticket at a moment is told to wait; 0:
// they are told nothing.
func (w *usualWorld) promised(t *testing.T, at time.Time) (minutes int) {
	t.Helper()
	words := func(l locale.Tag, key string, args map[string]any) (string, locale.Tag) {
		return fmt.Sprint(key, " ", args["Count"]), l
	}
	// A service of its own remembers nothing of another moment.
	s := ticket.NewService(w.Tickets, w.Categories, w.Members, w.Queues, w.Workspaces, w.IDs).Promising(w.sla, words)
	c := access.Call{Actor: w.Actor(t, w.Bob), Now: at, Origin: event.Origin{Channel: event.ChannelAPI}}
	opened, err := s.Open(t.Context(), c, ticket.OpenInput{Category: w.Help.ID, Subject: "Oven"})
	if err != nil {
		t.Fatal(err)
	}
	said := w.Read(t, opened.ID).Last.Body
	if said == "Hello." {
		return 0
	}
	if _, err := fmt.Sscanf(said, "Hello. It takes helpdesk.length.minutes %d.", &minutes); err != nil {
		t.Fatalf("the greeting says %q", said)
	}
	return minutes
}

// at is a moment by the clocks of Paris in the year of 2026.
func (w *usualWorld) at(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, w.paris)
}

// answered opens tickets at a moment, answered after 5, 10, 15 … minutes.
func (w *usualWorld) answered(t *testing.T, n int, at time.Time) {
	t.Helper()
	for i := range n {
		w.Waits(t, w.Bob, w.Help, at, time.Duration(5*(i+1))*time.Minute)
	}
}

func (w *usualWorld) expects(t *testing.T, what string, at time.Time, minutes int) {
	t.Helper()
	if got := w.promised(t, at); got != minutes {
		t.Errorf("%s: who asks at %v is told %d minutes, want %d", what, at, got, minutes)
	}
}

func TestTheUsualWaitIsToldFromTwentyAnswersOn(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w := newUsualWorld(t, s)
		now := w.at(time.March, 20, 10, 30)
		w.expects(t, "of none", now, 0)
		w.answered(t, 19, w.at(time.March, 19, 10, 0))
		w.expects(t, "of nineteen", now, 0)
		w.Waits(t, w.Bob, w.Help, w.at(time.March, 18, 10, 59), 0)
		w.expects(t, "of nineteen and one who waits", now, 0)
		w.Waits(t, w.Bob, w.Help, w.at(time.March, 18, 10, 59), 100*time.Minute)
		w.expects(t, "of twenty", now, 80)
		w.Waits(t, w.Bob, w.Help, w.at(time.March, 17, 10, 59), 115*time.Minute)
		w.expects(t, "of twenty-one", now, 85)
		w.expects(t, "an hour later", w.at(time.March, 20, 11, 0), 0)
		w.expects(t, "an hour sooner", w.at(time.March, 20, 9, 59), 0)
	})
}

func TestTheUsualWaitIsThatOfTwentyEightDays(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w := newUsualWorld(t, s)
		w.answered(t, 20, w.at(time.February, 10, 14, 0))
		for day, minutes := range map[time.Time]int{
			w.at(time.February, 10, 14, 30): 0, // today's answers are not there yet
			w.at(time.February, 11, 14, 59): 80,
			w.at(time.March, 10, 14, 0):     80,
			w.at(time.March, 11, 14, 0):     0,
		} {
			w.expects(t, "from February, 10 on", day, minutes)
		}
	})
}

// TestTheUsualWaitFollowsTheClocks changes to summer time between: ten in the morning
// is an hour earlier for the world, and the same for those who ask.
func TestTheUsualWaitFollowsTheClocks(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w := newUsualWorld(t, s)
		w.answered(t, 20, w.at(time.March, 28, 10, 15))
		w.expects(t, "at the same hour of the clocks", w.at(time.March, 30, 10, 15), 80)
		w.expects(t, "at the same hour of the world", w.at(time.March, 30, 11, 15), 0)
		left := w.at(time.March, 29, 1, 15)
		w.answered(t, 20, left)
		w.answered(t, 20, left.Add(time.Hour))
		w.expects(t, "in the hour before the one that was left out", w.at(time.March, 30, 1, 45), 80)
		w.expects(t, "in the one that was left out", w.at(time.March, 30, 2, 45), 0)
		w.expects(t, "in the hour after it", w.at(time.March, 30, 3, 45), 80)

		twice := w.at(time.October, 25, 1, 15).Add(time.Hour)
		w.answered(t, 10, twice)
		w.answered(t, 10, twice.Add(time.Hour))
		w.expects(t, "in the hour that came twice", w.at(time.October, 26, 2, 30), 40)
		w.expects(t, "in the hour before", w.at(time.October, 26, 1, 30), 0)
	})
}
