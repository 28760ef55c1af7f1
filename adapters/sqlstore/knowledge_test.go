package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// knowing is a SQLite file that a store serves from, and another process writes to.
type knowing struct {
	*world
	beside     *sqlstore.Store
	db         *sql.DB // past both
	service    *ticket.Service
	elsewhere  *ticket.Service // the other process's
	amy, agent access.Actor
	tickets    []*ticket.Ticket
	now        time.Time
}

func newKnowing(t *testing.T) *knowing {
	t.Helper()
	file := filepath.Join(t.TempDir(), "known.db")
	open := func(exclusive bool) *sqlstore.Store {
		s := got(sqlstore.Open(t.Context(), sqlstore.Options{URL: "sqlite://" + file, Now: func() time.Time { return noon }, Exclusive: exclusive}))(t)
		t.Cleanup(func() { must(t, s.Close()) })
		return s
	}
	k := &knowing{world: newWorld(t, open(true), "known"), now: noon}
	k.beside, k.service = open(false), k.world.tickets
	k.elsewhere = ticket.NewService(k.beside.Tickets(), k.beside.Categories(), k.beside.Members(), k.beside.Queues(), k.beside.Workspaces(), k.beside.IDs())
	k.db = got(sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)"))(t)
	t.Cleanup(func() { must(t, k.db.Close()) })
	k.amy, k.agent = k.actor("amy", access.RoleRequester), k.actor("ben", access.RoleAgent)
	for i := range 3 {
		k.tickets = append(k.tickets, k.open(k.amy, fmt.Sprintf("Printer %d", i)))
	}
	return k
}

func (k *knowing) call(a access.Actor) access.Call {
	k.now = k.now.Add(1_234_567) // less than a microsecond's grain is in it
	return access.Call{Actor: a, Now: k.now, Origin: event.Origin{Channel: event.ChannelAPI}}
}

func (k *knowing) ref(n int) ticket.Ref { return ticket.Ref{Workspace: k.id, ID: k.tickets[n].ID} }

// seen gives a ticket as a change of it finds it.
func seen(t testing.TB, s *sqlstore.Store, ref ticket.Ref) ticket.Ticket {
	t.Helper()
	var found ticket.Ticket
	must(t, s.Tickets().Update(t.Context(), ref, event.Origin{}, func(tk *ticket.Ticket) error {
		found = *tk
		return nil
	}))
	return found
}

// agrees holds what a change finds in the serving process to what one finds that must
// read it, and the history to having no gaps.
func (k *knowing) agrees(when string) {
	k.t.Helper()
	known := make([]ticket.Ticket, len(k.tickets))
	for n := range k.tickets {
		known[n] = seen(k.t, k.s, k.ref(n))
	}
	must(k.t, k.beside.Forget(k.t.Context()))
	for n := range k.tickets {
		if stored := seen(k.t, k.beside, k.ref(n)); !reflect.DeepEqual(known[n], stored) {
			k.t.Fatalf("%s, a change finds\n%+v\nwhere the database has\n%+v", when, known[n], stored)
		}
	}
	var gaps int
	must(k.t, k.s.Read(k.t.Context()).QueryRow(k.t.Context(),
		`SELECT MAX(sequence) - COUNT(*) FROM events WHERE workspace_id = ?`, int64(k.id)).Scan(&gaps))
	if gaps != 0 {
		k.t.Fatalf("%s, %d numbers of the history are nobody's", when, gaps)
	}
}

// act is something that happens to the first ticket and perhaps to others. Many are
// refused, depending on what happened before.
type act struct {
	name string
	does func(ctx context.Context, s *ticket.Service)
}

// acts are what a ticket's services do.
func (k *knowing) acts() []act {
	first := ticket.Ref{ID: k.tickets[0].ID}
	return []act{
		{"an agent's reply", func(ctx context.Context, s *ticket.Service) { _, _ = s.Reply(ctx, k.call(k.agent), first, "Yes.") }},
		{"a requester's reply", func(ctx context.Context, s *ticket.Service) { _, _ = s.Reply(ctx, k.call(k.amy), first, "And?") }},
		{"a note", func(ctx context.Context, s *ticket.Service) { _, _ = s.AddNote(ctx, k.call(k.agent), first, "Hm.") }},
		{"a claim", func(ctx context.Context, s *ticket.Service) { _, _ = s.Claim(ctx, k.call(k.agent), first) }},
		{"a tag", func(ctx context.Context, s *ticket.Service) { _, _ = s.AddTags(ctx, k.call(k.agent), first, "fire") }},
		{"a participant", func(ctx context.Context, s *ticket.Service) {
			_, _ = s.AddParticipant(ctx, k.call(k.agent), first, k.agent.Member)
		}},
		{"a snooze", func(ctx context.Context, s *ticket.Service) {
			_, _ = s.Snooze(ctx, k.call(k.agent), first, k.now.Add(time.Hour))
		}},
		{"an urgent priority", func(ctx context.Context, s *ticket.Service) {
			_, _ = s.SetPriority(ctx, k.call(k.agent), first, priority.Urgent)
		}},
		{"a resolution", func(ctx context.Context, s *ticket.Service) { _, _ = s.Resolve(ctx, k.call(k.agent), first) }},
		{"a closing", func(ctx context.Context, s *ticket.Service) { _, _ = s.Close(ctx, k.call(k.agent), first) }},
		{"a reopening", func(ctx context.Context, s *ticket.Service) { _, _ = s.Reopen(ctx, k.call(k.agent), first) }},
	}
}

var errUndone = errors.New("undone")

// ways are how an act comes about, or does not.
func (k *knowing) ways() map[string]func(act) {
	ctx := k.t.Context()
	undone := func(a act, end func(ctx context.Context, tx *sqlstore.Tx) error) {
		if k.s.InTx(ctx, func(ctx context.Context, tx *sqlstore.Tx) error {
			a.does(ctx, k.service)
			return end(ctx, tx)
		}) == nil {
			k.t.Error("What was to be undone is committed")
		}
	}
	return map[string]func(act){
		"by itself":          func(a act) { a.does(ctx, k.service) },
		"in another process": func(a act) { a.does(ctx, k.elsewhere) },
		"and is rolled back": func(a act) { undone(a, func(context.Context, *sqlstore.Tx) error { return errUndone }) },
		"and a part of it fails": func(a act) {
			undone(a, func(ctx context.Context, _ *sqlstore.Tx) error {
				_ = k.s.InTx(ctx, func(context.Context, *sqlstore.Tx) error { return errUndone })
				return nil
			})
		},
		"and a statement fails": func(a act) {
			undone(a, func(ctx context.Context, tx *sqlstore.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO nowhere VALUES (?)`, 1)
				return err
			})
		},
		"and panics": func(a act) {
			defer func() { _ = recover() }()
			_ = k.s.InTx(ctx, func(ctx context.Context, _ *sqlstore.Tx) error {
				a.does(ctx, k.service)
				panic("undone")
			})
		},
		"twice in a transaction": func(a act) {
			_ = k.s.InTx(ctx, func(ctx context.Context, _ *sqlstore.Tx) error { // which fails if either is refused
				a.does(ctx, k.service)
				a.does(ctx, k.service)
				return nil
			})
		},
		"after other SQL": func(a act) {
			_ = got(k.db.ExecContext(ctx, `UPDATE tickets SET subject = subject || '!', message_count = message_count + 1 WHERE workspace_id = ?`, int64(k.id)))(k.t)
			a.does(ctx, k.service)
		},
		"after a tag is called otherwise": func(a act) {
			for _, g := range got(k.s.Tags().Named(ctx, k.id, "fire"))(k.t) {
				g.Name = []string{"Fire", "fire"}[g.Version%2]
				must(k.t, k.s.Tags().Save(ctx, g))
			}
			a.does(ctx, k.service)
		},
		"after a change of many": func(a act) {
			refs := []id.Ticket{k.tickets[0].ID, k.tickets[1].ID}
			_, err := k.s.Tickets().UpdateAll(ctx, k.id, refs, false, func(t *ticket.Ticket) error {
				return t.SetPriority(ticket.Cause{By: k.agent.Member, Now: k.call(k.agent).Now, IDs: k.s.IDs()}, []priority.Level{priority.Low, priority.High}[t.MessageCount%2])
			})
			must(k.t, err)
			a.does(ctx, k.service)
		},
	}
}

// TestAChangeFindsTheTicketThatTheDatabaseHas does everything in every way to tickets
// that are known, each followed by a message.
func TestAChangeFindsTheTicketThatTheDatabaseHas(t *testing.T) {
	k := newKnowing(t)
	acts, ways := k.acts(), k.ways()
	k.agrees("At first")
	for _, name := range slices.Sorted(maps.Keys(ways)) {
		for _, a := range acts {
			ways[name](a)
			k.agrees("After " + a.name + " " + name)
			acts[0].does(t.Context(), k.service)
			k.agrees("After a reply that followed " + a.name + " " + name)
		}
	}
}

// TestAChangeFindsTheTicketWhateverHappened does so in any order.
func TestAChangeFindsTheTicketWhateverHappened(t *testing.T) {
	k := newKnowing(t)
	acts, ways := k.acts(), k.ways()
	names := slices.Sorted(maps.Keys(ways))
	random := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // a story that is the same each time
	var story []string
	for range 40 {
		for range 1 + random.IntN(5) {
			a, way := acts[random.IntN(len(acts))], names[random.IntN(len(names))]
			ways[way](a)
			story = append(story, a.name+" "+way)
		}
		k.agrees("After " + strings.Join(story, ", "))
	}
}

// TestAKnownTicketIsNotReadAgain counts what a message takes.
func TestAKnownTicketIsNotReadAgain(t *testing.T) {
	var asked []string
	s := got(sqlstore.Open(t.Context(), sqlstore.Options{
		URL: "sqlite://" + filepath.Join(t.TempDir(), "known.db"), Now: func() time.Time { return noon },
		OnStatement: func(_ context.Context, query string) {
			if strings.HasPrefix(query, "SELECT") && !strings.HasPrefix(query, "SELECT 1 FROM inbound") {
				asked = append(asked, query)
			}
		},
	}))(t)
	t.Cleanup(func() { must(t, s.Close()) })
	w := newWorld(t, s, "known")
	amy := w.actor("amy", access.RoleRequester)
	tk := w.open(amy, "Printer")
	for n, external := range []string{"", "", "m1", "m2", "m2"} {
		asked = nil
		c := call(amy)
		c.Origin.ExternalID = external
		_ = got(w.tickets.Reply(t.Context(), c, ticket.Ref{ID: tk.ID}, "And?"))(t)
		if n > 0 && n < 4 && len(asked) > 0 {
			t.Errorf("Message %d asked %q", n, asked)
		}
	}
	if n := seen(t, s, ticket.Ref{Workspace: w.id, ID: tk.ID}).MessageCount; n != 6 { // the form, a greeting, and four replies
		t.Errorf("The ticket has %d messages", n)
	}
}

// TestWhatIsKnownIsWrittenInOnePlace finds SQL by which tickets or events would change
// unnoticed in a transaction of this process.
func TestWhatIsKnownIsWrittenInOnePlace(t *testing.T) {
	writes := regexp.MustCompile(`(UPDATE|INTO|DELETE FROM)\s+(tickets|events)\b`)
	noting := []string{"ticket_parts.go", "ticket_save.go", "history.go"}
	for _, file := range got(filepath.Glob("*.go"))(t) {
		text := got(os.ReadFile(file))(t)
		if strings.HasSuffix(file, "_test.go") || slices.Contains(noting, file) {
			continue
		}
		if found := writes.Find(text); found != nil {
			t.Errorf("%s has %q: tickets are written by save and insert, events by history.go, which note what is known then", file, found)
		}
	}
}
