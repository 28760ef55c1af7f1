package sqlstore_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// The quarter has the nights in which Paris loses an hour and Auckland gets one
// more. Minutes are counted from its beginning.
const (
	quarterMinutes = 90 * dayMinutes
	dayMinutes     = 24 * hourMinutes
	busyHour       = 10 // by the clocks of nobody: those of Paris change
	everyTicket    = 2000
	someTickets    = 200
	hourMinutes    = 60
	closeResolved  = 48 * hourMinutes
	closeSilence   = 72 * hourMinutes
	silenceWarning = 24 * hourMinutes
	catchUp        = 10 // how long a reminder waits that comes too late
)

var quarterTickets = flag.Int("quarter.tickets", 0, "live the quarter with so many tickets; 0: with as many as do not take long")

// reminding is after how many minutes who is reminded, how often, and whether of
// business time.
type reminding struct {
	after, every, most int
	business           bool
}

var remindings = map[ticket.Turn]reminding{
	ticket.StaffsTurn:     {3 * hourMinutes, 4 * hourMinutes, 3, true},
	ticket.RequestersTurn: {20 * hourMinutes, 24 * hourMinutes, 2, false},
}

// excusing is after how much business time the requester is told that staff lets them
// wait: with staff's second reminder, so that one of the two has to wait.
var excusing = reminding{after: 7 * hourMinutes, most: 1, business: true}

func (r reminding) setting() category.Reminder {
	return category.Reminder{
		After: time.Duration(r.after) * time.Minute, Every: time.Duration(r.every) * time.Minute, Most: r.most, Business: r.business,
	}
}

// quarter is a helpdesk that lives through three months, minute by minute.
type quarter struct {
	*testing.T

	url     string
	count   int       // of tickets
	next    time.Time // when the next ticket is due; zero: none is
	store   *sqlstore.Store
	desk    *tickettest.Desk
	tickets *ticket.Service
	sla     *sla.Service
	random  *rand.Rand
	start   time.Time
	queues  []id.Queue

	lea, sam, system access.Actor // who asks, who answers, and the helpdesk itself

	now     time.Time
	hours   map[id.Queue][]worked // one after the other
	rules   []rules               // one after the other
	changes map[int]func()        // of what is promised, by the minute
	other   id.Category           // of another queue, and the same otherwise
	down    []bool                // whether the program is down in a minute
}

// deed is what somebody does in a ticket in a minute.
type deed struct {
	minute, ticket int
	do             func(q *quarter, now time.Time, t *ticket.Ticket) error
}

func TestAQuarterOfClocks(t *testing.T) {
	lives := func(t *testing.T, databaseURL string, count int) {
		t.Helper()
		if *quarterTickets > 0 {
			count = *quarterTickets
		}
		q := &quarter{
			T: t, url: databaseURL, count: count, random: rand.New(rand.NewPCG(6, 2026)), hours: map[id.Queue][]worked{}, changes: map[int]func(){}, //nolint:gosec // the same in each run
			start: time.Date(2026, 2, 16, 0, 0, 0, 0, time.UTC), down: make([]bool, quarterMinutes+1),
		}
		q.now = q.start
		q.begins()
		q.restarts()
		q.turnsOver()
		opened := q.lives(q.plans())
		q.judges(opened)
	}
	t.Run("sqlite", func(t *testing.T) {
		count := everyTicket
		if raced {
			count = someTickets
		}
		lives(t, sqlstoretest.SQLiteInMemory(t), count)
	})
	t.Run("postgres", func(t *testing.T) { lives(t, sqlstoretest.Postgres(t), someTickets) })
}

func (q *quarter) check(err error) {
	q.Helper()
	if err != nil {
		q.Fatal(err)
	}
}

// restart ends the program, and starts it again.
func (q *quarter) restart() {
	if q.store != nil {
		q.check(q.store.Close())
	}
	s, err := sqlstore.Open(context.WithoutCancel(q.Context()), sqlstore.Options{URL: q.url, Now: func() time.Time { return q.now }, Exclusive: true})
	q.check(err)
	q.store = s
	q.sla = sla.NewService(s.Hours(), s.Queues(), s.Categories(), s.IDs())
	words := func(l locale.Tag, key string, args map[string]any) (string, locale.Tag) {
		return fmt.Sprint(key, args), l
	}
	q.tickets = ticket.NewService(s.Tickets(), s.Categories(), s.Members(), s.Queues(), s.Workspaces(), s.IDs()).Promising(q.sla, words)
}

// begins sets the helpdesk up: three queues with hours of their own, one policy,
// and a category that closes its tickets.
func (q *quarter) begins() {
	q.restart()
	s := q.store
	q.desk = tickettest.NewDesk(q.T, tickettest.World{
		Tickets: s.Tickets(), Members: s.Members(), Queues: s.Queues(), Categories: s.Categories(),
		Workspaces: s.Workspaces(), Teams: s.Teams(), IDs: s.IDs(),
	})
	q.lea, q.sam, q.system = q.desk.Actor(q.T, q.desk.Lea), q.desk.Actor(q.T, q.desk.Sam), access.System(q.desk.Workspace.ID)
	third := &queue.Queue{ID: id.Queue(s.IDs()()), Workspace: q.desk.Workspace.ID, Name: "Auckland"}
	q.check(s.Queues().Save(q.Context(), third))
	q.queues = []id.Queue{q.desk.Support.ID, q.desk.Billing.ID, third.ID}
	for i := range zones {
		q.works(i, 0, 9, 18)
	}
	q.promises(0, firstRules)
	help := *q.desk.Help
	help.Greeting, help.Replies, help.Closing = locale.Of("en", greets), quarterReplies(), category.Closing{
		Resolved: closeResolved * time.Minute, Silence: closeSilence * time.Minute, Warning: silenceWarning * time.Minute,
	}
	help.Reminders = category.Reminders{Staff: remindings[ticket.StaffsTurn].setting(), Requester: remindings[ticket.RequestersTurn].setting()}
	q.check(s.Categories().Save(q.Context(), &help))
	same := help
	same.ID, same.Queue, same.Version, same.Name = id.Category(s.IDs()()), third.ID, 0, locale.Of("en", "Other")
	q.check(s.Categories().Save(q.Context(), &same))
	q.other = same.ID
}

// restarts says when the program is down: often for a moment, and three times for days.
func (q *quarter) restarts() {
	for i := range 12 {
		from, lasts := q.random.IntN(quarterMinutes), 1+q.random.IntN(600)
		if i < 3 {
			lasts = 5 * 24 * 60
		}
		for m := from; m < min(from+lasts, quarterMinutes); m++ {
			q.down[m] = true
		}
	}
}

// plans makes up what happens in each ticket. Nothing is done while the program is down.
func (q *quarter) plans() []deed {
	lea, sam := q.lea, q.sam
	does := []func(q *quarter, now time.Time, t *ticket.Ticket) error{
		0: func(q *quarter, now time.Time, t *ticket.Ticket) error {
			_, err := q.tickets.Reply(q.Context(), q.callAt(lea, now), ticket.Ref{ID: t.ID}, "And?")
			return err
		},
		1: func(q *quarter, now time.Time, t *ticket.Ticket) error {
			_, err := q.tickets.Reply(q.Context(), q.callAt(sam, now), ticket.Ref{ID: t.ID}, "So.")
			return err
		},
		2: func(q *quarter, now time.Time, t *ticket.Ticket) error {
			_, err := q.tickets.Pend(q.Context(), q.callAt(sam, now), ticket.Ref{ID: t.ID})
			return err
		},
		3: func(q *quarter, now time.Time, t *ticket.Ticket) error {
			_, err := q.tickets.Hold(q.Context(), q.callAt(sam, now), ticket.Ref{ID: t.ID})
			return err
		},
		4: func(q *quarter, now time.Time, t *ticket.Ticket) error {
			_, err := q.tickets.Resolve(q.Context(), q.callAt(sam, now), ticket.Ref{ID: t.ID})
			return err
		},
		5: func(q *quarter, now time.Time, t *ticket.Ticket) error {
			_, err := q.tickets.Reopen(q.Context(), q.callAt(sam, now), ticket.Ref{ID: t.ID})
			return err
		},
		6: func(q *quarter, now time.Time, t *ticket.Ticket) error {
			_, err := q.tickets.Transfer(q.Context(), q.callAt(sam, now), ticket.Ref{ID: t.ID}, q.queues[q.random.IntN(3)])
			return err
		},
	}
	does = append(does, q.arranges()...)
	chances := []int{7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 1, 1, 1, 4, 0, 0, 0, 1, 1, 1, 1, 2, 3, 4, 5, 6}
	var all []deed
	for n := range q.count {
		minute := q.random.IntN(quarterMinutes * 8 / 10)
		busy := n%2 == 0 // many come in the same hour, of which is known how long a reply usually takes
		if q.count < everyTicket {
			busy = n%4 != 0 // or it would be known of no hour
		}
		if busy {
			minute = minute/dayMinutes*dayMinutes + busyHour*hourMinutes + minute%hourMinutes
		}
		minute = q.up(minute)
		all = append(all, deed{minute: minute, ticket: n})
		for range 2 + q.random.IntN(9) {
			minute = q.up(minute + 1 + q.random.IntN([]int{30, 600, 6000}[q.random.IntN(3)]))
			if minute < quarterMinutes {
				all = append(all, deed{minute, n, does[chances[q.random.IntN(len(chances))]]})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b deed) int { return a.minute - b.minute })
	return all
}

// up gives the first minute from one on in which the program runs.
func (q *quarter) up(minute int) int {
	for minute < quarterMinutes && q.down[minute] {
		minute++
	}
	return minute
}

// lives lets the quarter pass.
func (q *quarter) lives(plan []deed) map[id.Ticket]*ticket.Ticket {
	opened, byID := make([]*ticket.Ticket, q.count), map[id.Ticket]*ticket.Ticket{}
	for minute := range quarterMinutes + 1 {
		if q.down[minute] {
			continue
		}
		if minute > 0 && q.down[minute-1] {
			q.now = q.start.Add(time.Duration(minute) * time.Minute)
			q.restart()
		}
		q.now = q.start.Add(time.Duration(minute) * time.Minute)
		now := q.now
		if change := q.changes[minute]; change != nil {
			change()
			_, err := q.tickets.Reconsider(q.Context(), q.callAt(q.system, now), job.Claim{})
			q.check(err)
			q.looks()
		}
		did := q.ticks()
		for len(plan) > 0 && plan[0].minute == minute {
			d := plan[0]
			plan, did = plan[1:], true
			if d.do == nil {
				t, err := q.tickets.Open(q.Context(), q.callAt(q.lea, now), ticket.OpenInput{Category: q.desk.Help.ID, Subject: "Oven"})
				q.check(err)
				opened[d.ticket], byID[t.ID] = t, t
				continue
			}
			// What the ticket does not allow any more is refused; that is no part of this.
			_ = d.do(q, now, opened[d.ticket])
		}
		if did {
			q.looks()
		}
	}
	return byID
}

// ticks does what is due, and what is due because of that: in a minute it is looked for
// many times. It tells whether there was anything.
func (q *quarter) ticks() bool {
	const most = 10
	for n := range most {
		if q.next.IsZero() || q.now.Before(q.next) {
			return n > 0 // in any other minute there is nothing to find
		}
		q.check(q.tickets.Tick(q.Context(), q.now))
		q.looks()
	}
	q.Fatalf("something is due again and again at %s", q.now)
	return true
}

// looks finds out when the next ticket is due.
func (q *quarter) looks() {
	due, err := q.store.Tickets().Due(q.Context(), q.start.AddDate(1, 0, 0), ticket.Due{}, 1)
	q.check(err)
	q.next = time.Time{}
	if len(due) > 0 {
		q.next = due[0].At
	}
}

// callAt is a call of somebody at a moment.
func (q *quarter) callAt(a access.Actor, now time.Time) access.Call {
	return access.Call{Actor: a, Now: now, Origin: event.Origin{Channel: event.ChannelAPI}}
}
