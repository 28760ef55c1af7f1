package sqlstore_test

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// jam keeps every lane of the store busy, so that all changes that are sent
// until it is over travel together.
type jam struct {
	*world
	amy  access.Actor
	free chan struct{}
	all  sync.WaitGroup
	sent int
}

func newJam(t *testing.T, s *sqlstore.Store) *jam {
	t.Helper()
	j := &jam{world: newWorld(t, s, "jam"), free: make(chan struct{})}
	j.amy = j.actor("amy", access.RoleRequester)
	return j
}

// begins blocks the lanes; nothing else can be written until the jam ends.
func (j *jam) begins(blockers []*ticket.Ticket) {
	for _, blocker := range blockers {
		in := make(chan struct{})
		j.all.Go(func() {
			_ = j.s.Tickets().Update(j.t.Context(), j.ref(blocker), event.Origin{}, func(*ticket.Ticket) error {
				close(in)
				<-j.free
				return nil
			})
		})
		<-in
	}
}

// opens makes n tickets.
func (j *jam) opens(n int) (all []*ticket.Ticket) {
	j.t.Helper()
	for i := range n {
		all = append(all, j.open(j.amy, strconv.Itoa(i)))
	}
	return all
}

func (j *jam) ref(t *ticket.Ticket) ticket.Ref { return ticket.Ref{Workspace: j.id, ID: t.ID} }

// sends lets a change set out, and waits until it waits.
func (j *jam) sends(ctx context.Context, t *ticket.Ticket, o event.Origin, change func(*ticket.Ticket) error, then func(error)) {
	j.t.Helper()
	j.sent++
	j.all.Go(func() { then(j.s.Tickets().Update(ctx, j.ref(t), o, change)) })
	for deadline := time.Now().Add(10 * time.Second); j.s.Waiting() < j.sent; runtime.Gosched() {
		if time.Now().After(deadline) {
			j.t.Fatalf("%d changes wait of %d", j.s.Waiting(), j.sent)
		}
	}
}

// says is a reply as the service makes it.
func (j *jam) says(o event.Origin, ids id.Source, body string) func(*ticket.Ticket) error {
	return func(t *ticket.Ticket) error {
		_, err := t.Reply(ticket.Cause{By: j.amy.Member, Now: noon, Origin: o, IDs: ids}, ticket.FromRequester, "en", body)
		return err
	}
}

func (j *jam) ends() {
	close(j.free)
	j.all.Wait()
}

// messages counts what was said in the ticket.
func (j *jam) messages(t *ticket.Ticket) int64 {
	j.t.Helper()
	found := got(j.s.Tickets().Find(j.t.Context(), access.TicketFilter{Workspace: j.id, All: true}, t.ID))(j.t)
	return found[0].MessageCount
}

// gapless makes sure that the history counts its events.
func (j *jam) gapless() {
	j.t.Helper()
	var count, last int64
	must(j.t, j.s.Read(j.t.Context()).QueryRow(j.t.Context(), `SELECT COUNT(*), MAX(sequence) FROM events WHERE workspace_id = ?`, int64(j.id)).Scan(&count, &last))
	if count != last {
		j.t.Errorf("%d events end at sequence %d", count, last)
	}
}

// TestChangesTogetherFailApart sends changes that end in every way there is.
func TestChangesTogetherFailApart(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		j, ctx := newJam(t, s), t.Context()
		named, some := j.opens(5), j.opens(5)
		good, bad, gone, twice, panicking := named[0], named[1], named[2], named[3], named[4]
		said := event.Origin{Channel: event.ChannelPlain, ExternalID: "said before"}
		must(t, s.Tickets().Update(ctx, j.ref(twice), said, j.says(said, s.IDs(), "once")))
		wants := func(what string, want error) func(error) {
			return func(err error) {
				if !errors.Is(err, want) {
					t.Errorf("%s: error %v, want %v", what, err, want)
				}
			}
		}
		j.begins(j.opens(s.Lanes()))
		for i, each := range some {
			from := event.Origin{Channel: event.ChannelPlain, ExternalID: "m" + strconv.Itoa(i)}
			j.sends(ctx, each, from, j.says(from, s.IDs(), "hello"), wants("a good change", nil))
		}
		refused := errors.New("refused")
		ended, end := context.WithCancel(ctx)
		j.sends(ctx, good, event.Origin{}, j.says(event.Origin{}, s.IDs(), "fine"), wants("a good change", nil))
		j.sends(ctx, bad, event.Origin{}, func(*ticket.Ticket) error { return refused }, wants("a refused change", refused))
		j.sends(ended, gone, event.Origin{}, j.says(event.Origin{}, s.IDs(), "never mind"), wants("a change that was given up", context.Canceled))
		j.sends(ctx, twice, said, func(*ticket.Ticket) error {
			t.Error("a change was made twice")
			return nil
		}, wants("a change that was made", ticket.ErrDuplicate))
		j.sends(ctx, &ticket.Ticket{ID: 404}, event.Origin{}, func(*ticket.Ticket) error { return nil }, wants("a change of nothing", ticket.ErrNotFound))
		j.panics(panicking)
		end()
		j.ends()
		for what, got := range map[string]bool{
			"good": j.messages(good) == 3, "bad": j.messages(bad) == 2, "gone": j.messages(gone) == 2, "twice": j.messages(twice) == 3,
		} {
			if !got {
				t.Errorf("the ticket called %s has a wrong number of messages", what)
			}
		}
		j.gapless()
	})
}

// panics sends a change that panics, which its own sender must get to feel.
func (j *jam) panics(t *ticket.Ticket) {
	j.sent++
	j.all.Go(func() {
		defer func() {
			if recover() != "boom" {
				j.t.Error("a panic was swallowed")
			}
		}()
		_ = j.s.Tickets().Update(j.t.Context(), j.ref(t), event.Origin{}, func(*ticket.Ticket) error { panic("boom") })
	})
	for j.s.Waiting() < j.sent {
		runtime.Gosched()
	}
}

// TestAChangeThatCantBeWrittenStopsNoOther sends one whose message has an ID
// that is taken, so that its group can't be written.
func TestAChangeThatCantBeWrittenStopsNoOther(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		j := newJam(t, s)
		all := j.opens(3)
		one, two, three := all[0], all[1], all[2]
		j.begins(j.opens(s.Lanes()))
		taken := func() int64 { return int64(one.LastMessage) }
		var failure error
		fine := func(err error) {
			if err != nil {
				t.Errorf("a change failed with another one: %v", err)
			}
		}
		j.sends(t.Context(), one, event.Origin{}, j.says(event.Origin{}, s.IDs(), "a"), fine)
		j.sends(t.Context(), two, event.Origin{}, j.says(event.Origin{}, taken, "b"), func(err error) { failure = err })
		j.sends(t.Context(), three, event.Origin{}, j.says(event.Origin{}, s.IDs(), "c"), fine)
		j.ends()
		if !sqlstore.UniqueViolation(failure) {
			t.Errorf("error %v, want that the ID is taken", failure)
		}
		if a, b, c := j.messages(one), j.messages(two), j.messages(three); a != 3 || b != 2 || c != 3 {
			t.Errorf("%d, %d and %d messages; want 3, 2 and 3", a, b, c)
		}
		j.gapless()
	})
}
