package sla

import (
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
)

// Taking is a step that is due.
type Taking struct {
	Step

	Clock Clock
	At    time.Time
}

// Steps takes the steps that are due now. Of those that were not looked at in time
// only the last counts: the others are overtaken. The clocks have been run.
func (b *Book) Steps(clocks []Clock, f Facts, now time.Time) (after []Clock, due []Taking, changes []Change) {
	after = slices.Clone(clocks)
	for i := range after {
		c := &after[i]
		p := b.promised(b.policyOf(c.Policy), f.Category, c.Target)
		if c.State != Running || p == nil || c.Taken == allTaken {
			continue
		}
		b.spare(c, p, now)
		var missed []time.Time
		if c.Target.Reminds() {
			missed = b.delay(c, p, now)
		}
		taken, more := b.takings(c, p, now)
		missed = append(missed, more...)
		for _, at := range missed {
			changes = append(changes, Change{Overtaken, *c, at})
		}
		if len(taken) > 0 && taken[0].Before > 0 {
			changes = append(changes, Change{Warned, *c, taken[0].At})
		}
		due = append(due, taken...)
	}
	return after, due, changes
}

// spare gives who is about to lose their ticket to silence the whole time that they
// are warned before, also when the program was down when it was due to warn them.
func (b *Book) spare(c *Clock, p *Promise, now time.Time) {
	if c.Target != Silence || len(p.Steps) == 0 {
		return
	}
	use := c.Within - p.Steps[0].Before
	if c.Taken >= use || b.reached(*c, use).After(now) {
		return
	}
	c.Used, c.Since = use, now
	c.Due = b.reached(*c, c.Within)
}

// Ended gives the clock whose end closes the ticket now, nil if none does.
func (b *Book) Ended(clocks []Clock, now time.Time) *Clock {
	for i, c := range clocks {
		if c.Target.Closes() && c.State == Running && !c.Due.After(now) {
			return &clocks[i]
		}
	}
	return nil
}

func (b *Book) policyOf(p id.Policy) *Policy {
	if b == nil {
		return nil
	}
	return b.named(p)
}

// takings gives the steps that are due together, and when those before them were. What
// is done at the breach is due once the promise is broken, whatever was used when a
// step was last taken: the promise may have been a longer one then.
func (b *Book) takings(c *Clock, p *Promise, now time.Time) (taken []Taking, missed []time.Time) {
	overtaken := func() { missed, taken = append(missed, taken[0].At), nil }
	for _, s := range p.Steps {
		use, at := c.Within-s.Before, c.Breached
		if !ofBreach(c, s) {
			at = b.reached(*c, use)
		}
		if at.IsZero() || at.After(now) || !ofBreach(c, s) && use <= c.Taken {
			continue
		}
		if len(taken) > 0 && taken[0].Before != s.Before {
			overtaken()
		}
		taken = append(taken, Taking{Step: s, Clock: *c, At: at})
	}
	if len(taken) > 0 {
		c.Taken = c.Within - taken[0].Before
	}
	if !c.Breached.IsZero() {
		// A promise that is broken has nothing to warn of any more.
		if len(taken) > 0 && taken[0].Before > 0 {
			overtaken()
		}
		c.Taken = allTaken
	}
	return taken, missed
}

// ofBreach tells whether the step is taken when the promise is broken.
func ofBreach(c *Clock, s Step) bool { return s.Before == 0 && c.Target.Promised() }

// Next gives when a clock is to be looked at again; zero if none is.
func (b *Book) Next(clocks []Clock, f Facts) time.Time {
	var first time.Time
	sooner := func(t time.Time) {
		if first.IsZero() || t.Before(first) {
			first = t
		}
	}
	for _, c := range clocks {
		if c.State != Running {
			continue
		}
		if c.Breached.IsZero() && !c.Target.Reminds() {
			sooner(c.Due)
		}
		p := b.promised(b.policyOf(c.Policy), f.Category, c.Target)
		if p == nil || c.Taken == allTaken {
			continue
		}
		if at := b.nextStep(&c, p); !at.IsZero() {
			sooner(at)
		}
	}
	return first
}

// nextStep gives when the first step of a running clock that is left is to be taken; zero
// if none is.
func (b *Book) nextStep(c *Clock, p *Promise) time.Time {
	for _, s := range p.Steps {
		switch use := c.Within - s.Before; {
		case !c.Breached.IsZero():
			return c.Breached
		case ofBreach(c, s):
			return c.Due
		case use > c.Taken:
			return b.reached(*c, use)
		}
	}
	return time.Time{}
}

// PutOff lets a step of what nobody promises be taken so much later than now.
func (b *Book) PutOff(clocks []Clock, s Taking, now time.Time, by time.Duration) []Clock {
	after := slices.Clone(clocks)
	for i := range after {
		c := &after[i]
		if c.Target != s.Clock.Target {
			continue
		}
		c.Used, c.Since = c.Within-s.Before-by, now
		c.Taken = c.Used
		if c.Target.Closes() {
			c.Taken, c.Due = 0, b.reached(*c, c.Within) // who is warned later is closed later
		}
	}
	return after
}
