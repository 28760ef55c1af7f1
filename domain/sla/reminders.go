package sla

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
)

// catchUp is how long a reminder waits that nobody could be given in time, since the
// program was down: by then it has heard of who did meanwhile what they would be
// reminded of.
const catchUp = 10 * time.Minute

// reminders gives a category's reminders as time that runs like a promise's, with a
// step for each.
func reminders(c *category.Category) []Promise {
	var made []Promise
	all := map[Target]category.Reminder{RemindStaff: c.Reminders.Staff, RemindRequester: c.Reminders.Requester}
	if r := c.Reply(category.OnWaiting); r != nil {
		all[Excuse] = category.Reminder{After: r.After, Most: 1, Business: r.Business}
	}
	for _, t := range []Target{RemindStaff, RemindRequester, Excuse} {
		x := all[t]
		if x.After <= 0 {
			continue
		}
		last := x.After + time.Duration(x.Most-1)*x.Every
		p := Promise{Target: t, Within: last, Business: x.Business}
		for n := range x.Most {
			p.Steps = append(p.Steps, Step{Before: last - x.After - time.Duration(n)*x.Every, Action: Remind})
		}
		made = append(made, p)
	}
	return made
}

// endReminder stops a clock that reminds whose turn it is when it is theirs no more.
// The requester's begins anew with what staff says.
func (r *run) endReminder() {
	theirs := r.Staffs
	if r.clock.Target == RemindRequester {
		theirs = r.Waits && !r.Replied
	}
	if r.Over || !theirs {
		r.stop(Cancelled, Dropped)
	}
}

// delay puts off the last of the reminders that are due if it could not be given in
// time, and gives when those before it were, which it overtook.
func (b *Book) delay(c *Clock, p *Promise, now time.Time) (overtaken []time.Time) {
	var due []time.Duration
	for _, s := range p.Steps {
		if use := c.Within - s.Before; use > c.Taken && !b.reached(*c, use).After(now) {
			due = append(due, use)
		}
	}
	if len(due) == 0 || now.Sub(b.reached(*c, due[len(due)-1])) <= catchUp {
		return nil
	}
	last := due[len(due)-1]
	for _, use := range due[:len(due)-1] {
		overtaken = append(overtaken, b.reached(*c, use))
		c.Taken = use
	}
	c.Used, c.Since = last-catchUp, now
	return overtaken
}
