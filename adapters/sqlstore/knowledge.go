package sqlstore

import (
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// knowledge is what the connection that writes to SQLite knows of the database without
// asking: tickets as it read or wrote them last, where histories end, and what is promised. It is used by
// one goroutine at a time, as its connection is. A transaction says which version of the
// database it found and which it left: if one finds another than was left, something
// else wrote in between, whatever it was, and nothing is known any more. Nil
// knows nothing. ADR 0030 says more.
type knowledge struct {
	version uint32 // of the database of which this is known
	tickets layered[id.Ticket, *knownTicket]
	ends    layered[id.Workspace, int64]
	kept    layered[id.Workspace, int64] // versions of what is promised
	renewed bool                         // nothing was known any more when the running transaction began
}

// layered is what is known of the database as the last transaction left it, and of what
// the running one made of it.
type layered[K comparable, V any] struct{ committed, running map[K]V }

// knownTicket is a ticket as its row has it: its tags are the IDs in there, which may
// be called otherwise by and by. A nil one is written so that its row must be read.
type knownTicket struct {
	ticket.Ticket
	tags string
}

const (
	// mostKnown bounds how many tickets are known, and histories.
	mostKnown = 1000
	// longestKnown bounds the texts of a ticket, in bytes.
	longestKnown = 2000
)

func newKnowledge() *knowledge {
	return &knowledge{tickets: newLayered[id.Ticket, *knownTicket](), ends: newLayered[id.Workspace, int64](), kept: newLayered[id.Workspace, int64]()}
}

func newLayered[K comparable, V any]() layered[K, V] {
	return layered[K, V]{committed: map[K]V{}, running: map[K]V{}}
}

// begin forgets what may have changed since the last transaction.
func (k *knowledge) begin(version uint32) {
	k.renewed = false
	if k.version != version {
		k.version = version
		k.forget()
	}
	k.rollback()
}

func (k *knowledge) forget() {
	clear(k.tickets.committed)
	clear(k.ends.committed)
	clear(k.kept.committed)
	k.renewed = true
	k.rollback()
}

// commit takes over what the transaction leaves, and the version that it made.
func (k *knowledge) commit(version uint32) {
	k.version = version
	k.tickets.commit()
	k.ends.commit()
	k.kept.commit()
}

// rollback leaves what was known before the transaction.
func (k *knowledge) rollback() {
	clear(k.tickets.running)
	clear(k.ends.running)
	clear(k.kept.running)
}

// of gives what the running transaction sees.
func (l layered[K, V]) of(key K) (V, bool) {
	value, touched := l.running[key]
	if !touched {
		value, touched = l.committed[key]
	}
	return value, touched
}

func (l layered[K, V]) commit() {
	for key, value := range l.running {
		if _, again := l.committed[key]; !again && len(l.committed) >= mostKnown {
			l.forgetOne()
		}
		l.committed[key] = value
	}
	clear(l.running)
}

// forgetOne makes room, whoever it is.
func (l layered[K, V]) forgetOne() {
	for key := range l.committed {
		delete(l.committed, key)
		return
	}
}

// end gives the number of the last event of a workspace.
func (k *knowledge) end(w id.Workspace) (last int64, is bool) {
	if k == nil {
		return 0, false
	}
	return k.ends.of(w)
}

// lengthened notes the number of the last event that the running transaction gives a
// workspace.
func (k *knowledge) lengthened(w id.Workspace, last int64) {
	if k != nil {
		k.ends.running[w] = last
	}
}

// promised gives the version of what a workspace promises.
func (k *knowledge) promised(w id.Workspace) (version int64, is bool) {
	if k == nil {
		return 0, false
	}
	return k.kept.of(w)
}

// promises notes that version, which the running transaction read or wrote.
func (k *knowledge) promises(w id.Workspace, version int64) {
	if k != nil {
		k.kept.running[w] = version
	}
}

// ticket gives a copy of a ticket as the running transaction sees it, without what its
// tags are called, and their IDs; nil if it must be read.
func (k *knowledge) ticket(ref ticket.Ref) (*ticket.Ticket, string) {
	if k == nil {
		return nil, ""
	}
	t, _ := k.tickets.of(ref.ID)
	if t == nil || t.Workspace != ref.Workspace {
		return nil, ""
	}
	given := *t
	given.own()
	return &given.Ticket, given.tags
}

// read notes a ticket that the running transaction read.
func (k *knowledge) read(t *ticket.Ticket, tags string) {
	if k != nil {
		k.note(t, tags)
	}
}

// wrote notes a ticket that the running transaction wrote. One whose lists changed is to
// be read again: what comes from its row may differ in form from what went there.
func (k *knowledge) wrote(m marking) {
	if k == nil {
		return
	}
	before, _ := k.tickets.of(m.after.ID)
	t := m.after
	if before == nil || m.changes.Tags || !sameList(m.before.Participants, t.Participants) ||
		!sameList(m.before.Answers, t.Answers) || !slices.Equal(m.before.Clocks, t.Clocks) {
		k.tickets.running[t.ID] = nil
		return
	}
	k.note(t, before.tags)
}

func (k *knowledge) note(t *ticket.Ticket, tags string) {
	if !plain(t) || textOf(t)+len(tags) > longestKnown {
		k.tickets.running[t.ID] = nil
		return
	}
	stored := &knownTicket{Ticket: *t, tags: tags}
	stored.Tags = nil
	stored.own()
	for _, moment := range []*time.Time{
		&stored.OpenedAt, &stored.ActivityAt, &stored.FirstReplyAt, &stored.ResolvedAt, &stored.ClosedAt,
		&stored.Deadline, &stored.DueAt, &stored.SnoozedUntil, &stored.SpokeAt, &stored.ToldUntil,
	} {
		*moment = Moment(Micros(*moment))
	}
	k.tickets.running[t.ID] = stored
}

// own gives the ticket lists of its own.
func (t *knownTicket) own() {
	t.Participants, t.Answers, t.Clocks = slices.Clone(t.Participants), slices.Clone(t.Answers), slices.Clone(t.Clocks)
}

// plain tells whether the ticket's row gives back all that is kept of its clocks: see
// clocksColumn.
func plain(t *ticket.Ticket) bool {
	if !t.Snoozed && !t.SnoozedUntil.IsZero() {
		return false
	}
	return t.KeptBy != 0 || t.Snoozed ||
		len(t.Clocks) == 0 && t.Deadline.IsZero() && t.DueAt.IsZero() && t.SpokeAt.IsZero() && t.ToldUntil.IsZero()
}

// textOf is how long the texts of a ticket are.
func textOf(t *ticket.Ticket) int {
	n := len(t.Subject)
	for _, a := range t.Answers {
		n += len(a.Key) + len(a.Label) + len(a.Value)
		for _, o := range a.Options {
			n += len(o)
		}
	}
	return n
}
