package sla

import (
	"slices"
	"time"
)

// Happening is what clocks must know of a change of a ticket: how it stands
// afterwards, and what was said.
type Happening struct {
	Facts

	Now      time.Time
	Said     time.Time // when what was said was, if it is heard of late; zero: now
	Status   Pause     // what it waits for; neither of them: nothing
	Over     bool      // it is resolved or closed
	Resolved bool      // it is over because it was resolved
	Answered bool      // staff has replied before, or replies now
	Asked    bool      // the requester, or a participant, says something
	Replied  bool      // staff does
	Waits    bool      // the requester is to answer
	Staffs   bool      // staff is
	Closed   bool      // it is over for good
	Expired  bool      // since nobody went on with it
	KeptBy   int64     // version of the book by which the clocks were last run; 0: not known
}

// Movement is what became of a clock.
type Movement string

// The movements.
const (
	Activated   Movement = "activated"
	Suspended   Movement = "paused"
	Resumed     Movement = "resumed"
	Rescheduled Movement = "rescheduled" // its deadline moved: another policy, priority, queue, or other hours
	Kept        Movement = "fulfilled"
	Dropped     Movement = "cancelled"
	Broke       Movement = "breached"
	Warned      Movement = "warned"    // a step before the breach was taken
	Overtaken   Movement = "overtaken" // it was not: by when it was looked at, a later step was due
)

// Change is a movement of a clock.
type Change struct {
	Movement Movement
	Clock    Clock // afterwards
	At       time.Time
}

// Run moves a ticket's clocks on by a change of the ticket. The clocks that are
// given are left as they are. What clocks were due at passed before the change.
func (b *Book) Run(clocks []Clock, h Happening) ([]Clock, []Change) {
	r := run{Book: b, policy: b.Policy(h.Facts)}
	var after []Clock
	for _, t := range all() {
		r.clock, r.Happening = Clock{Target: t}, h
		i := slices.IndexFunc(clocks, func(c Clock) bool { return c.Target == t })
		if i >= 0 {
			r.clock = clocks[i]
		}
		r.Now = r.moment()
		r.move(b.promised(r.policy, h.Category, t))
		if r.clock.State != "" && (r.clock.Active() || !t.Reminds()) {
			after = append(after, r.clock)
		}
	}
	return after, r.changes
}

// run is one clock of a ticket in a change.
type run struct {
	*Book
	Happening

	policy  *Policy
	clock   Clock
	changes []Change
}

// moment gives when the change comes to the clock. What counts to a reply counts to
// when it was written, however late it is heard of: nobody breaks a promise
// because the program was away.
func (r *run) moment() time.Time {
	c := r.clock
	if !r.Replied || c.Target == Resolution || !c.Target.Promised() || !c.Active() || r.Said.IsZero() || r.Said.After(r.Now) {
		return r.Now
	}
	if r.Said.Before(c.Begun) && c.Begun.Before(r.Now) {
		return c.Begun
	}
	return r.Said
}

func (r *run) tell(m Movement, at time.Time) {
	r.changes = append(r.changes, Change{Movement: m, Clock: r.clock, At: at})
}

func (r *run) move(p *Promise) {
	if !r.outdated() || !r.clock.Due.After(r.since) {
		r.lapse()
	}
	r.revise(p)
	r.end()
	if p == nil {
		r.drop()
		return
	}
	begun := r.begin(p)
	if !r.clock.Active() {
		return
	}
	r.retime(p)
	moved := r.pause()
	if r.clock.State == Paused {
		return
	}
	due := r.due()
	rescheduled := !due.Equal(r.clock.Due)
	r.clock.Due = due
	switch {
	case begun:
		r.tell(Activated, r.Now)
	case moved:
		r.tell(Resumed, r.Now)
	case rescheduled:
		r.tell(Rescheduled, r.Now)
	}
	r.lapse()
}

// due gives when the promise of a running clock is broken, or was.
func (r *run) due() time.Time {
	if !r.clock.Breached.IsZero() {
		return r.clock.Breached
	}
	due := r.reached(r.clock, r.clock.Within)
	if r.outdated() && due.Before(r.since) {
		due = r.since // nothing is broken before it was promised
	}
	return due
}

// revise gives a clock that was last run by an older book the terms that hold since,
// so that what ends it now is judged by them.
func (r *run) revise(p *Promise) {
	if !r.outdated() || !r.clock.Active() {
		return
	}
	if p == nil {
		r.drop()
		return
	}
	if r.clock.Business != p.Business && r.clock.State == Running && r.clock.Since.Before(r.since) {
		r.clock.Used, r.clock.Since = r.UsedAt(r.clock, r.since), r.since
	}
	r.clock.Policy, r.clock.Within, r.clock.Business = r.policy.id(), p.Within, p.Business
	if r.clock.State != Running {
		return
	}
	if due := r.due(); !due.Equal(r.clock.Due) {
		r.clock.Due = due
		r.tell(Rescheduled, r.Now)
	}
	r.lapse()
}

// outdated tells whether the clock was last run by an older book: what was due when
// that one was not in force any more is decided by this one.
func (r *run) outdated() bool {
	return r.Replaces(r.KeptBy, r.Now) && r.clock.Target.Promised()
}

// lapse notes that the promise is broken.
func (r *run) lapse() {
	c := &r.clock
	if !c.Target.Promised() || c.State != Running || !c.Breached.IsZero() || c.Due.After(r.Now) {
		return
	}
	c.Breached = c.Due
	c.Broken++
	r.tell(Broke, c.Due)
}

// end stops the clock when what it counts to has happened, or cannot any more.
func (r *run) end() {
	switch {
	case !r.clock.Active():
	case r.clock.Target.Closes():
		r.endClosing()
	case r.clock.Target.Reminds():
		r.endReminder()
	case r.clock.Target == Resolution && r.Over && r.Resolved, r.clock.Target != Resolution && r.Replied:
		r.stop(Fulfilled, Kept)
	case r.Over:
		r.stop(Cancelled, Dropped)
	}
}

// endClosing stops a clock that closes tickets when the ticket is closed, or goes
// on. It is fulfilled only if it closed the ticket. What staff says while the requester is silent lets the time begin anew.
func (r *run) endClosing() {
	goesOn := r.clock.Target == Silence && (!r.Waits || r.Over || r.Replied) || r.clock.Target == Closing && !r.Resolved
	switch {
	case r.Closed && r.Expired:
		r.stop(Fulfilled, Kept)
	case r.Closed, goesOn:
		r.stop(Cancelled, Dropped)
	}
}

func (r *run) drop() {
	if r.clock.Active() {
		r.stop(Cancelled, Dropped)
	}
}

func (r *run) stop(s State, m Movement) {
	r.bank()
	r.clock.State, r.clock.Ended, r.clock.Since = s, r.Now, time.Time{}
	r.tell(m, r.Now)
}

// bank counts the time until now into Used.
func (r *run) bank() {
	if r.clock.State == Running {
		r.clock.Used = r.UsedAt(r.clock, r.Now)
		r.clock.Since = r.later(r.clock.Since)
	}
}

// later gives now, unless the program's clock went back: then no time has passed.
func (r *run) later(t time.Time) time.Time {
	if r.Now.Before(t) {
		return t
	}
	return r.Now
}

// begin activates the clock if there is a reason to.
func (r *run) begin(p *Promise) bool {
	if r.clock.Active() || r.Over && !p.Target.Closes() || !r.wanted() {
		return false
	}
	old := r.clock
	r.clock = Clock{
		Target: p.Target, State: Running, Begun: r.Now, Since: r.Now, Broken: old.Broken,
		Policy: r.policy.id(), Within: p.Within, Business: p.Business, Hours: r.Queue,
	}
	if p.Target != NextReply && p.Target.Promised() && old.State != "" {
		// The same promise goes on, with what was used and what was broken of it.
		r.clock.Begun, r.clock.Used, r.clock.Breached, r.clock.Taken = old.Begun, old.Used, old.Breached, old.Taken
	}
	return true
}

func (r *run) wanted() bool {
	switch r.clock.Target {
	case FirstReply:
		return !r.Answered
	case NextReply:
		return r.Asked && r.Answered && !r.Replied
	case RemindStaff, Excuse:
		return r.Staffs
	case Silence, RemindRequester:
		return r.Waits && !r.Over
	case Closing:
		return r.Resolved && !r.Closed
	default:
		return true
	}
}

// retime gives an active clock the terms that hold now. Time that was counted by
// the hours of another queue, or not by hours, stays as it was counted.
func (r *run) retime(p *Promise) {
	if r.clock.Business != p.Business || r.clock.Hours != r.Queue && p.Business {
		r.bank()
	}
	within := p.Within
	if r.clock.Target == Silence && r.clock.Taken > 0 {
		within = max(within, r.clock.Within) // no sooner than the requester was told
	}
	r.clock.Policy, r.clock.Within, r.clock.Business, r.clock.Hours = r.policy.id(), within, p.Business, r.Queue
}

// pause lets the clock stand still or run on, as the status says, and tells
// whether it runs on.
func (r *run) pause() bool {
	if !r.clock.Target.Promised() {
		return false
	}
	stands := slices.Contains(r.policy.PausedBy, r.Status)
	switch {
	case stands && r.clock.State == Running:
		r.bank()
		r.clock.State, r.clock.Since, r.clock.Due = Paused, time.Time{}, time.Time{}
		r.tell(Suspended, r.Now)
	case !stands && r.clock.State == Paused:
		r.clock.State, r.clock.Since = Running, r.Now
		return true
	}
	return false
}
