package sqlstore_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// judges walks through each ticket's history by the minute, with nothing but what
// people did in it, and compares what clocks must have done with what they did.
func (q *quarter) judges(opened map[id.Ticket]*ticket.Ticket) {
	histories := map[id.Ticket][]event.Envelope{}
	for after := int64(0); ; {
		events, err := q.store.Tickets().Log(q.Context(), q.desk.Workspace.ID, after, 1000)
		q.check(err)
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			histories[e.Ticket] = append(histories[e.Ticket], e)
			after = e.Sequence
		}
	}
	kinds, left := map[string]int{}, q.left(slices.Collect(maps.Keys(histories)))
	said, tales := q.said(slices.Collect(maps.Keys(histories))), q.tales(histories)
	for n, events := range histories {
		j := newJudge(q, kinds)
		j.said, j.tales = said, tales
		j.walk(events)
		j.counts(left[n])
		if got, want := strings.Join(j.got, "\n"), strings.Join(j.want, "\n"); got != want {
			q.Fatalf("ticket %d went\n%s\nwant\n%s", opened[n].Number, got, want)
		}
	}
	for kind, least := range map[string]int{
		"activated": 50, "paused": 50, "resumed": 50, "fulfilled": 50, "cancelled": 50, "breached": 50, "warned": 50,
		"closed silence": 50, "woken": 50, "closed delay": 50, "reminded": 50, "overtaken": 20,
		"said helpdesk.closing.warning:": 50, "said category.greeting:": 50, "said category.reply.outside_hours:": 50, "said category.reply.pending:": 50,
		"said category.reply.on_hold:": 50, "said category.reply.resolved:": 50, "said category.reply.reopened:": 50, "said category.reply.closed:": 50,
		"said category.reply.waiting:": 50, "usual": 50, "put off": 20, "raised urgent": 50, "raised high": 50, "transferred third": 50, "noted": 50, "alerted": 50,
	} {
		if least = least * q.count / everyTicket; kinds[kind] < least {
			q.Errorf("the quarter had %d of %q: too few to tell", kinds[kind], kind)
		}
	}
	q.Logf("%d tickets: %v", len(histories), kinds)
}

// left gives the clocks as they are at the end.
func (q *quarter) left(tickets []id.Ticket) map[id.Ticket][]sla.Clock {
	all := map[id.Ticket][]sla.Clock{}
	for some := range slices.Chunk(tickets, 100) {
		found, err := q.store.Tickets().Find(q.Context(), q.desk.Everything(), some...)
		q.check(err)
		for _, v := range found {
			all[v.ID] = v.Promises()
		}
	}
	return all
}

// counts compares how many promises the ticket says were broken, and which clocks
// are still active, with what the walk found.
func (j *judge) counts(clocks []sla.Clock) {
	for _, c := range clocks {
		j.got = append(j.got, fmt.Sprintf("at the end %s active %t, %d broken", c.Target, c.Active(), c.Broken))
	}
	for _, h := range j.clocks {
		if h.state != idle {
			j.want = append(j.want, fmt.Sprintf("at the end %s active %t, %d broken", h.target, h.state != ended, h.broken))
		}
	}
}

// never is after all minutes.
const never = quarterMinutes + 1

// judge knows of a ticket what people did in it, and nothing of calendars.
type judge struct {
	*quarter

	status   ticket.Status
	turn     ticket.Turn
	queue    id.Queue
	open     []bool // when is worked in it
	level    priority.Level
	vip      bool
	snoozed  bool
	until    int // when the snooze ends by itself
	answered bool
	clocks   []*hand
	bells    []*bell // of those whose turn it may be

	silent, warned, resolved int // since which minute; -1: not
	opened, spoke            int // when it was, and when the helpdesk said something last
	told                     int // until when the requester knows that nobody works
	said                     map[id.Message]*ticket.Message
	tales                    []tale // of all tickets
	got, want                []string
	kinds                    map[string]int
}

func newJudge(q *quarter, kinds map[string]int) *judge {
	j := &judge{quarter: q, kinds: kinds, queue: q.desk.Support.ID, level: q.desk.Help.Priority, until: never, silent: -1, warned: -1, resolved: -1, spoke: -1, told: -1}
	for _, t := range sla.Targets() {
		j.clocks = append(j.clocks, &hand{target: t})
	}
	for _, turn := range []ticket.Turn{ticket.StaffsTurn, ticket.RequestersTurn} {
		j.bells = append(j.bells, &bell{reminding: remindings[turn], turn: turn})
	}
	j.bells = append(j.bells, &bell{reminding: excusing, turn: ticket.StaffsTurn, excuses: true})
	return j
}

func (q *quarter) minute(t time.Time) int { return int(t.Sub(q.start) / time.Minute) }

func (j *judge) expect(m int, format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	j.want = append(j.want, fmt.Sprintf("%06d %s", m, line))
	words := strings.Fields(line)
	switch words[0] {
	case "said", "closed", "raised", "transferred":
		j.kinds[words[0]+" "+words[1]]++
	case "noted", "alerted":
		j.kinds[words[0]]++
	default:
		j.kinds[words[len(words)-1]]++
	}
}

// walk goes through the ticket's time.
func (j *judge) walk(events []event.Envelope) {
	next := j.minute(events[0].RecordedAt)
	j.open, j.opened = j.openAt(j.queue, next), next
	for m := next; m <= quarterMinutes; m++ {
		j.breaks(m)
		if j.changes[m] != nil {
			j.follows(m)
		}
		if !j.down[m] && j.snoozed && j.until <= m {
			j.rises(m)
		}
		j.tick(m)
		if m == next {
			var batch []event.Envelope
			for len(events) > 0 && j.minute(events[0].RecordedAt) == m {
				batch, events = append(batch, events[0]), events[1:]
			}
			if next = never; len(events) > 0 {
				next = j.minute(events[0].RecordedAt)
			}
			for _, part := range byItself(batch) {
				j.happens(m, part)
			}
		}
		j.passes(m)
	}
	slices.Sort(j.got)
	slices.Sort(j.want)
}

// passes lets a minute pass for all that counts time.
func (j *judge) passes(m int) {
	for _, h := range j.clocks {
		if h.state == running && (!h.business || j.open[m]) {
			h.used++
		}
	}
	for _, b := range j.bells {
		if b.on && (!b.business || j.open[m]) {
			b.used++
		}
	}
}

// byItself parts what the helpdesk did in a minute from what somebody did then.
func byItself(batch []event.Envelope) [][]event.Envelope {
	for i, e := range batch {
		if _, closed := e.Data.(event.TicketClosed); closed && e.Actor == 0 {
			return append([][]event.Envelope{batch[:i+1]}, byItself(batch[i+1:])...)
		}
	}
	if len(batch) == 0 {
		return nil
	}
	return [][]event.Envelope{batch}
}

// breaks tells which promises are broken at a minute.
func (j *judge) breaks(m int) {
	for _, h := range j.clocks {
		if h.state == running && !h.breached && h.used >= h.within {
			j.breaksAt(m, h)
		}
	}
}

// tick tells what the helpdesk does by itself at a minute, if the program runs then.
func (j *judge) tick(m int) {
	if j.down[m] {
		j.rings(m)
		return
	}
	took := j.escalates(m)
	if j.silent >= 0 && j.warned < 0 && m >= j.silent+closeSilence-silenceWarning {
		j.warned = m
		j.says(m, "helpdesk.closing.warning", fmt.Sprintf("helpdesk.closing.warningmap[Count:%d]", silenceWarning/hourMinutes))
	}
	j.rings(m)
	switch {
	case j.warned >= 0 && m >= j.warned+silenceWarning:
		j.closes(m, "silence")
		return
	case j.resolved >= 0 && m >= j.resolved+closeResolved:
		j.closes(m, "delay")
		return
	}
	for ; took; took = j.escalates(m) {
		j.moves(m, false, false)
	}
}

// closes tells that the helpdesk closes the ticket, and says so.
func (j *judge) closes(m int, reason string) {
	j.expect(m, "closed %s", reason)
	j.answers(m, category.OnClosed)
}

// happens takes up what was done in a minute, and moves the clocks.
func (j *judge) happens(m int, batch []event.Envelope) {
	asked, replied, was, moved := false, false, j.status, false
	var on []category.Occasion
	j.reminders(m, batch)
	for _, e := range batch {
		if e.Actor == 0 && j.did(m, e.Data) {
			continue
		}
		switch d := e.Data.(type) {
		case event.ClockMoved:
			if d.Movement != string(sla.Rescheduled) {
				j.got = append(j.got, fmt.Sprintf("%06d %s %s", j.minute(e.OccurredAt), d.Target, d.Movement))
			}
		case event.MessagePosted:
			asked, replied = e.Actor == j.lea.Member, e.Actor == j.sam.Member
		case event.TicketOpened:
			j.status, moved = ticket.New, true
		case event.StatusChanged:
			j.status, moved = ticket.Status(d.To), true
			on = append(on, map[ticket.Status]category.Occasion{ticket.Pending: category.OnPending, ticket.OnHold: category.OnHold}[j.status])
		case event.TicketResolved:
			j.status, moved = ticket.Resolved, true
			on = append(on, category.OnResolved)
		case event.TicketReopened:
			j.status, moved = ticket.Open, true
			on = append(on, category.OnReopened)
		case event.TicketClosed:
			j.status, moved = ticket.Closed, true
			if e.Actor == 0 {
				j.got = append(j.got, fmt.Sprintf("%06d closed %s", m, d.Reason))
			} else {
				on = append(on, category.OnClosed)
			}
		default:
			j.arranged(m, d)
		}
	}
	j.turns(asked, replied, moved)
	j.answered = j.answered || replied
	j.waits(m, replied, was)
	j.expects(m, replied)
	j.responds(m, asked, on)
	j.moves(m, asked, replied)
}

func (j *judge) turns(asked, replied, moved bool) {
	talks := j.status == ticket.New || j.status == ticket.Open
	switch {
	case talks && replied:
		j.turn = ticket.RequestersTurn
	case talks && (asked || moved):
		j.turn = ticket.StaffsTurn
	case j.status == ticket.Pending || j.status == ticket.Resolved:
		j.turn = ticket.RequestersTurn
	case !talks:
		j.turn = ticket.NobodysTurn
	}
	if j.snoozed && j.turn == ticket.StaffsTurn {
		j.turn = ticket.NobodysTurn
	}
}

// waits tells since when nobody goes on with the ticket.
func (j *judge) waits(m int, replied bool, was ticket.Status) {
	over := j.status == ticket.Resolved || j.status == ticket.Closed
	switch {
	case over || j.turn != ticket.RequestersTurn:
		j.silent, j.warned = -1, -1
	case j.silent < 0 || replied:
		j.silent, j.warned = m, -1
	}
	switch {
	case j.status != ticket.Resolved:
		j.resolved = -1
	case was != ticket.Resolved:
		j.resolved = m
	}
}

// moves moves the clocks of what is promised.
func (j *judge) moves(m int, asked, replied bool) {
	j.retimes(m)
	over, resolved := j.status == ticket.Resolved || j.status == ticket.Closed, j.status == ticket.Resolved
	for _, h := range j.clocks {
		t, active := h.target, h.state == running || h.state == paused
		switch {
		case active && (t == sla.Resolution && resolved || t != sla.Resolution && replied):
			h.state, active = ended, false
			j.expect(m, "%s fulfilled", t)
		case active && over:
			h.state, active = ended, false
			j.expect(m, "%s cancelled", t)
		}
		begins := t == sla.FirstReply && !j.answered || t == sla.NextReply && asked && j.answered && !replied || t == sla.Resolution
		if !active && !over && begins {
			h.state = running
			if t == sla.NextReply {
				h.used, h.taken, h.breached = 0, 0, false
			}
			h.banks(m)
			j.expect(m, "%s activated", t)
		}
		stands := j.status == ticket.Pending || j.status == ticket.OnHold
		switch {
		case stands && h.state == running:
			h.state = paused
			j.expect(m, "%s paused", t)
		case !stands && h.state == paused:
			h.state = running
			h.banks(m)
			j.expect(m, "%s resumed", t)
		}
		if h.state == running && !h.breached && h.used >= h.within {
			j.breaksAt(h.reaches(h.within, func(m int) bool { return !h.business || j.open[m] }), h)
		}
	}
}
