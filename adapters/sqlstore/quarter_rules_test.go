package sqlstore_test

import (
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

var zones = []string{"Europe/Paris", "America/Sao_Paulo", "Pacific/Auckland"}

// rule is what a policy promises, in minutes.
type rule struct {
	name     string
	match    sla.Match
	within   map[sla.Target]int
	business bool
	steps    []step // of each of its targets, the earliest first
}

// holds tells whether the rule is for a ticket.
func (r rule) holds(level priority.Level, vip bool) bool {
	return (len(r.match.Priorities) == 0 || level == r.match.Priorities[0]) && (len(r.match.Tags) == 0 || vip)
}

// rules are those that are in force from a minute on, in the order in which they are tried.
type rules struct {
	from int
	all  []rule
}

// worked tells of each minute whether is worked, by the hours that hold from one on.
type worked struct {
	from int
	open []bool
}

func withins(first, next, resolution int) map[sla.Target]int {
	return map[sla.Target]int{sla.FirstReply: first * hourMinutes, sla.NextReply: next * hourMinutes, sla.Resolution: resolution * hourMinutes}
}

var (
	urgentMatch = sla.Match{Priorities: []priority.Level{priority.Urgent}}
	vipMatch    = sla.Match{Tags: []string{"vip"}}
	firstRules  = []rule{
		{"Urgent", urgentMatch, withins(2, 1, 12), false, []step{warns, notes, transfers}},
		{"VIP", vipMatch, withins(3, 2, 10), true, []step{notes, raises}},
		{"All", sla.Match{}, withins(4, 2, 16), true, []step{warns, hurries, alerts}},
	}
	// secondRules promise all more, but for urgent tickets, which get less.
	secondRules = []rule{
		{"Urgent", urgentMatch, withins(3, 2, 18), false, []step{warns, alerts}},
		{"VIP", vipMatch, withins(2, 1, 6), true, []step{warns, hurries, raises, transfers}},
		{"All", sla.Match{}, withins(3, 1, 9), true, []step{warns, notes, raises}},
	}
	// thirdRules promise nothing to tickets because they are marked.
	thirdRules = []rule{secondRules[0], {"All", sla.Match{}, withins(5, 3, 20), false, []step{notes, raises, alerts}}}
)

// promises lets rules be in force from a minute on.
func (q *quarter) promises(from int, all []rule) {
	c := q.callAt(q.system, q.now)
	stored, err := q.sla.Policies(q.Context(), c)
	q.check(err)
	for _, p := range stored {
		if !slices.ContainsFunc(all, func(r rule) bool { return r.name == p.Name }) {
			q.check(q.sla.RemovePolicy(q.Context(), c, sla.Policy{ID: p.ID}))
		}
	}
	for _, r := range all {
		which := sla.Policy{}
		if i := slices.IndexFunc(stored, func(p *sla.Policy) bool { return p.Name == r.name }); i >= 0 {
			which.ID = stored[i].ID
		}
		_, err := q.sla.ChangePolicy(q.Context(), c, which, func(p *sla.Policy) {
			p.Name, p.Match, p.Promises = r.name, r.match, nil
			for target, within := range r.within {
				p.Promises = append(p.Promises, sla.Promise{Target: target, Within: time.Duration(within) * time.Minute, Business: r.business, Steps: q.taken(r.steps)})
			}
		})
		q.check(err)
	}
	q.rules = append(q.rules, rules{from, all})
}

// works says when is worked in a queue from a minute on.
func (q *quarter) works(queue, from, begin, end int) {
	night := sla.Span{Day: time.Saturday, From: 22 * 60, To: 4 * 60} // over the changes of the clocks
	schedule := sla.Schedule{Zone: zones[queue], Week: []sla.Span{night}, Holidays: []sla.Holiday{{From: sla.DateOf(2026, 4, 3), To: sla.DateOf(2026, 4, 6)}}}
	for day := time.Monday; day <= time.Friday; day++ {
		schedule.Week = append(schedule.Week, sla.Span{Day: day, From: begin * 60, To: 12*60 + 30}, sla.Span{Day: day, From: 13 * 60, To: end * 60})
	}
	_, err := q.sla.ChangeHours(q.Context(), q.callAt(q.system, q.now), sla.Hours{Queue: q.queues[queue]}, func(to *sla.Schedule) error {
		*to = schedule
		return nil
	})
	q.check(err)
	q.hours[q.queues[queue]] = append(q.hours[q.queues[queue]], worked{from, q.walks(schedule)})
}

// walks finds out of each minute whether is worked, from the words of a schedule alone.
func (q *quarter) walks(s sla.Schedule) []bool {
	zone, err := time.LoadLocation(s.Zone)
	q.check(err)
	open := make([]bool, quarterMinutes+14*dayMinutes) // it may be opened again after the quarter
	for m := range open {
		local := q.start.Add(time.Duration(m) * time.Minute).In(zone)
		date, minute := sla.DateOf(local.Date()), local.Hour()*60+local.Minute()
		for _, w := range s.Week {
			today, yesterday := local.Weekday() == w.Day, (local.Weekday()+6)%7 == w.Day
			open[m] = open[m] || w.From < w.To && today && minute >= w.From && minute < w.To ||
				w.From > w.To && (today && minute >= w.From || yesterday && minute < w.To)
		}
		for _, h := range s.Holidays {
			open[m] = open[m] && (date < h.From || date > h.To)
		}
	}
	return open
}

// turnsOver plans when other things are promised, and other hours are worked.
func (q *quarter) turnsOver() {
	for part, change := range []func(minute int){
		func(m int) { q.promises(m, secondRules) },
		func(m int) { q.works(0, m, 7, 16) },
		func(m int) { q.promises(m, thirdRules) },
		func(m int) { q.works(2, m, 11, 21) },
	} {
		minute := q.up(quarterMinutes * (part + 1) / 5)
		q.changes[minute] = func() { change(minute) }
	}
}

// inForce gives the rules of a minute.
func (q *quarter) inForce(m int) []rule {
	var all []rule
	for _, r := range q.rules {
		if r.from <= m {
			all = r.all
		}
	}
	return all
}

// openAt gives the minutes in which is worked in a queue, by the hours of a minute.
func (q *quarter) openAt(queue id.Queue, m int) []bool {
	var open []bool
	for _, w := range q.hours[queue] {
		if w.from <= m {
			open = w.open
		}
	}
	return open
}

// arranges gives what is done to tickets besides talking.
func (q *quarter) arranges() []func(q *quarter, now time.Time, t *ticket.Ticket) error {
	level := func(l priority.Level) func(q *quarter, now time.Time, t *ticket.Ticket) error {
		return func(q *quarter, now time.Time, t *ticket.Ticket) error {
			_, err := q.tickets.SetPriority(q.Context(), q.callAt(q.sam, now), ticket.Ref{ID: t.ID}, l)
			return err
		}
	}
	confirms := func(q *quarter, now time.Time, t *ticket.Ticket) error {
		_, err := q.tickets.Confirm(q.Context(), q.callAt(q.lea, now), ticket.Ref{ID: t.ID})
		return err
	}
	return []func(q *quarter, now time.Time, t *ticket.Ticket) error{
		level(priority.Urgent),
		level(priority.Low),
		func(q *quarter, now time.Time, t *ticket.Ticket) error {
			_, err := q.tickets.AddTags(q.Context(), q.callAt(q.sam, now), ticket.Ref{ID: t.ID}, "vip")
			return err
		},
		func(q *quarter, now time.Time, t *ticket.Ticket) error {
			_, err := q.tickets.RemoveTags(q.Context(), q.callAt(q.sam, now), ticket.Ref{ID: t.ID}, "vip")
			return err
		},
		func(q *quarter, now time.Time, t *ticket.Ticket) error {
			until := now.Add(time.Duration(1+q.random.IntN(4000)) * time.Minute)
			_, err := q.tickets.Snooze(q.Context(), q.callAt(q.sam, now), ticket.Ref{ID: t.ID}, until)
			return err
		},
		func(q *quarter, now time.Time, t *ticket.Ticket) error {
			_, err := q.tickets.Snooze(q.Context(), q.callAt(q.sam, now), ticket.Ref{ID: t.ID}, time.Time{})
			return err
		},
		func(q *quarter, now time.Time, t *ticket.Ticket) error {
			_, err := q.tickets.Wake(q.Context(), q.callAt(q.sam, now), ticket.Ref{ID: t.ID})
			return err
		},
		func(q *quarter, now time.Time, t *ticket.Ticket) error {
			to := []id.Category{q.desk.Help.ID, q.other}[q.random.IntN(2)]
			_, err := q.tickets.Recategorise(q.Context(), q.callAt(q.sam, now), ticket.Ref{ID: t.ID}, to)
			return err
		},
		confirms,
	}
}
