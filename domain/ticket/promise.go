package ticket

import (
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// Turn says who is to do something next in a ticket.
type Turn string

// The turns.
const (
	StaffsTurn     Turn = "staff"
	RequestersTurn Turn = "requester" // to answer, or to confirm that it is resolved
	NobodysTurn    Turn = "nobody"    // it waits for something else, or is closed
)

// turnIn gives whose turn it is in a status that a ticket enters.
func turnIn(s Status) Turn {
	switch s {
	case Pending, Resolved:
		return RequestersTurn
	case OnHold, Closed:
		return NobodysTurn
	case New, Open:
	}
	return StaffsTurn
}

// answered gives the turn to the other side of who just spoke, where talking
// decides that.
func (t *Ticket) answered(by Side) {
	if t.Status != New && t.Status != Open {
		return
	}
	turn := RequestersTurn
	if by == FromRequester {
		turn = StaffsTurn
	}
	t.next(turn)
}

// facts are what policies choose the ticket by.
func (t *Ticket) facts() sla.Facts {
	return sla.Facts{Category: t.Category, Queue: t.Queue, Priority: t.Priority, Tags: t.Tags}
}

// stored gives a moment as stores keep it.
func stored(at time.Time) time.Time { return at.Truncate(time.Microsecond).UTC() }

// happening tells clocks of the change that is under way.
func (t *Ticket) happening(c Cause) sla.Happening {
	h := sla.Happening{
		Facts: t.facts(), Now: stored(c.Now), Said: stored(c.at()), Status: sla.Pause(t.Status), Over: t.Status == Resolved || t.Status == Closed,
		Resolved: !t.ResolvedAt.IsZero(), Answered: !t.FirstReplyAt.IsZero(),
		Waits: t.Turn == RequestersTurn, Staffs: t.Turn == StaffsTurn, Closed: t.Status == Closed, Expired: t.changes.expired, KeptBy: t.KeptBy,
	}
	for _, m := range t.changes.Messages {
		h.Asked = h.Asked || m.Kind == Reply && m.Side == FromRequester
		h.Replied = h.Replied || m.Kind == Reply && m.Side == FromStaff
	}
	return h
}

// Keep moves the ticket's clocks on by the change that is under way, as the book
// says, and sets when they are to be looked at again. It comes last in a change.
func (t *Ticket) Keep(c Cause, b *sla.Book) {
	if b.Version() == 0 {
		if t.changes.Clocks {
			t.schedule(b) // a snooze
		}
		return
	}
	after, moves := b.Run(t.Clocks, t.happening(c))
	t.changes.Clocks = t.changes.Clocks || t.KeptBy != b.Version()
	t.KeptBy = b.Version()
	if len(after) == 0 && len(t.Clocks) == 0 && !t.changes.Clocks {
		return
	}
	t.changes.Clocks = t.changes.Clocks || !slices.Equal(after, t.Clocks)
	t.Clocks = after
	for _, m := range moves {
		t.moved(c, b, m)
	}
	t.schedule(b)
}

func (t *Ticket) schedule(b *sla.Book) {
	due := b.Next(t.Clocks, t.facts())
	if at := t.SnoozedUntil; !at.IsZero() && (due.IsZero() || at.Before(due)) {
		due = at
	}
	t.changes.Clocks = t.changes.Clocks || !due.Equal(t.DueAt)
	t.Deadline, t.DueAt = sla.Deadline(t.Clocks), due
}

// moved records a movement of a clock, as the helpdesk's own doing.
func (t *Ticket) moved(c Cause, b *sla.Book, m sla.Change) {
	if !m.Clock.Target.Promised() {
		// What comes of it is told: a message, and that the ticket was closed.
		if m.Movement == sla.Overtaken && m.Clock.Target.Reminds() {
			t.overtaken(c, m)
		}
		return
	}
	t.record(t.own(c, m), true, event.ClockMoved{
		Target: string(m.Clock.Target), Movement: string(m.Movement), Policy: m.Clock.Policy, Queue: m.Clock.Hours,
		DueAt: m.Clock.Due, UsedSeconds: int64(b.UsedAt(m.Clock, m.At).Seconds()), Breached: !m.Clock.Breached.IsZero(),
	})
}

// own makes the cause of what follows by itself from a change.
func (t *Ticket) own(c Cause, m sla.Change) Cause {
	own := Cause{Now: c.Now, IDs: c.IDs, Origin: event.Origin{Channel: event.ChannelSystem, OccurredAt: m.At}}
	if len(t.changes.Events) > t.changes.settled {
		first := t.changes.Events[t.changes.settled]
		own.Origin.CausationID, own.Origin.CorrelationID = first.ID, first.Origin.CorrelationID
	}
	return own
}

// Elapse does what is due by the ticket's clocks at the cause's time, which is the
// helpdesk's own: the end of a snooze, promises that are broken, steps of escalation,
// the end of tickets that nobody goes on with.
func (t *Ticket) Elapse(c Cause, b *sla.Book, say Words) error {
	t.rise(c)
	t.Keep(c, b)
	taken, err := t.step(c, b, len(t.Clocks), say)
	if err != nil {
		return err
	}
	if ended := b.Ended(t.Clocks, c.Now); ended != nil {
		t.expire(c, *ended)
		t.Keep(c, b)
	}
	if taken {
		t.Keep(c, b) // a raised priority or another queue may come with other promises
	}
	t.respond(c, b, say)
	t.schedule(b)
	return nil
}

// step takes the steps that are due by the first so many clocks, and tells whether
// there were any.
func (t *Ticket) step(c Cause, b *sla.Book, clocks int, say Words) (bool, error) {
	after, due, moves := b.Steps(t.Clocks[:clocks], t.facts(), c.Now)
	after = append(after, t.Clocks[clocks:]...)
	t.changes.Clocks = t.changes.Clocks || !slices.Equal(after, t.Clocks)
	t.Clocks = after
	for _, m := range moves {
		t.moved(c, b, m)
	}
	for _, s := range due {
		if err := t.escalate(c, b, s, say); err != nil {
			return true, err
		}
	}
	return len(due) > 0, nil
}

// overdue tells whether something that is promised was to be looked at before a
// change that happened at the cause's moment, and was not yet: by what is promised
// then, which the clocks may not have been told of.
func (t *Ticket) overdue(c Cause, b *sla.Book) bool {
	c.Now = c.moment()
	clocks, news := t.Promises(), b.Replaces(t.KeptBy, c.Now)
	if !news && (t.DueAt.IsZero() || t.DueAt.After(c.Now)) {
		return false
	}
	if news {
		clocks, _ = b.Run(clocks, t.happening(c))
	}
	due := b.Next(clocks, t.facts())
	return !due.IsZero() && !due.After(c.Now)
}

// settle does what was due by what is promised before the change that comes now,
// which may end the clocks: steps of escalation are not lost by a change that comes
// between a deadline and the tick that looks for it. What closes the ticket is left
// to the tick: the change may be what goes on with it.
func (t *Ticket) settle(c Cause, b *sla.Book) error {
	if b.Version() == 0 || !t.overdue(c, b) {
		return nil
	}
	own := Cause{Now: c.moment(), IDs: c.IDs, Origin: event.Origin{Channel: event.ChannelSystem}}
	t.Keep(own, b)
	taken, err := t.step(own, b, len(t.Promises()), nil)
	if err != nil {
		return err
	}
	if taken {
		t.Keep(own, b)
	}
	t.schedule(b)
	t.changes.heard(c.Now)
	t.changes.settled = len(t.changes.Events)
	return nil
}

// escalate takes a step. What the ticket does not allow any more is passed over.
func (t *Ticket) escalate(c Cause, b *sla.Book, s sla.Taking, say Words) error {
	cause := t.own(c, sla.Change{At: c.Now})
	if !s.Clock.Target.Promised() {
		t.announce(cause, b, s, say)
		return nil
	}
	switch s.Action {
	case sla.Raise:
		if s.Priority.Rank() > t.Priority.Rank() {
			return t.SetPriority(cause, s.Priority)
		}
	case sla.Transfer:
		return t.Transfer(cause, s.Queue)
	case sla.AddNote:
		_, err := t.AddNote(cause, locale.Fallback, s.Text)
		return err
	case sla.Alert:
		t.record(cause, true, event.AlertRaised{
			Text: s.Text, Target: string(s.Clock.Target), Policy: s.Clock.Policy, Breached: s.Before == 0, DueAt: s.Clock.Due,
		})
	case sla.Warn, sla.Remind:
	}
	return nil
}

// announce says what is due to be said; a moment later if the helpdesk has just
// spoken. Who was warned that their ticket is closed needs no reminder besides.
func (t *Ticket) announce(c Cause, b *sla.Book, s sla.Taking, say Words) {
	left := pause - c.Now.Sub(t.SpokeAt)
	switch target := s.Clock.Target; {
	case left > 0 && target == sla.RemindRequester && t.changes.warned:
		t.overtaken(c, sla.Change{Movement: sla.Overtaken, Clock: s.Clock, At: s.At})
	case left > 0:
		t.Clocks = b.PutOff(t.Clocks, s, stored(c.Now), left)
	case target == sla.Silence:
		t.warn(c, s, say)
	case target == sla.Excuse:
		t.excuse(c, s.Clock, b, say)
	default:
		t.remind(c, target, say)
	}
}

// Words gives a text of the catalogues for a reader, and the language that it is in.
type Words func(reader locale.Tag, key string, args map[string]any) (string, locale.Tag)

// warn tells the requester when their ticket is closed if they say nothing.
func (t *Ticket) warn(c Cause, s sla.Taking, say Words) {
	const key = "helpdesk.closing.warning"
	text, tag := say(t.Locale, key, map[string]any{"Count": int(s.Before.Hours())})
	t.post(c, Message{Kind: System, Side: FromSystem, Body: text, Locale: tag, Template: key})
	t.SpokeAt, t.changes.warned = stored(c.Now), true
}

// expire closes the ticket, since nobody went on with it.
func (t *Ticket) expire(c Cause, ended sla.Clock) {
	next, err := t.Status.after(moveExpire)
	if err != nil {
		return
	}
	reason := ClosedByDelay
	if ended.Target == sla.Silence {
		reason = ClosedBySilence
	}
	t.close(t.own(c, sla.Change{At: c.Now}), next, reason)
	t.changes.expired = true
}

// expiredSince tells whether the ticket was closed by itself because nobody went on
// with it, though somebody had: at that moment, when the time was running.
func (t *Ticket) expiredSince(at time.Time) bool {
	return t.Status == Closed && slices.ContainsFunc(t.Clocks, func(c sla.Clock) bool {
		return c.Target.Closes() && c.State == sla.Fulfilled && c.Ended.Equal(stored(t.ClosedAt)) &&
			!c.Due.After(c.Ended) && at.Before(c.Ended) && !at.Before(c.Begun)
	})
}

// Forecast is what a policy would mean for a ticket.
type Forecast struct {
	Missed  []sla.Condition // that the ticket does not meet; none: the policy matches
	InForce *sla.Policy     // the one that holds now; nil: none
	Clocks  []sla.Clock     // as they would be if the policy held
	Book    *sla.Book       // by which they count
}

// ClosesAt gives when the ticket is closed by itself if nobody goes on with it;
// zero: it is not.
func (t *Ticket) ClosesAt() time.Time {
	for _, c := range t.Clocks {
		if c.Target.Closes() && c.State == sla.Running {
			return c.Due
		}
	}
	return time.Time{}
}

// Promises gives the clocks of what is promised.
func (t *Ticket) Promises() []sla.Clock {
	return slices.DeleteFunc(slices.Clone(t.Clocks), func(c sla.Clock) bool { return !c.Target.Promised() })
}

// forecast tells what the policy would mean for the ticket if it held from now on.
func (t *Ticket) forecast(c Cause, b *sla.Book, p *sla.Policy) Forecast {
	all := *p
	all.Match = sla.Match{}
	f := Forecast{Missed: p.Missed(t.facts()), InForce: b.Policy(t.facts()), Book: b.With(&all)}
	f.Clocks, _ = f.Book.Run(t.Clocks, t.happening(c))
	f.Clocks = slices.DeleteFunc(f.Clocks, func(c sla.Clock) bool { return !c.Active() || !c.Target.Promised() })
	return f
}
