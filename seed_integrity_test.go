package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// unsound are questions that count what a sound database has none of.
var unsound = map[string]string{
	"tickets out of number": `SELECT ABS(MAX(number) - COUNT(*)) + ABS(MAX(number) - (SELECT MAX(value) FROM counters WHERE name LIKE 'tickets/%')) FROM tickets`,
	"gaps in the history":   `SELECT MAX(sequence) - COUNT(*) FROM events`,
	"events of no ticket":   `SELECT COUNT(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM tickets t WHERE t.id = e.ticket_id)`,
	"tickets that nobody opened": `SELECT COUNT(*) FROM tickets t WHERE (SELECT COUNT(*) FROM events e
		WHERE e.ticket_id = t.id AND e.type = 'ticket.opened') <> 1`,
	"messages without a text": `SELECT COUNT(*) FROM messages m WHERE NOT EXISTS (SELECT 1 FROM message_versions v WHERE v.message_id = m.id AND v.number = m.version)`,
	"texts of no message":     `SELECT COUNT(*) FROM message_versions v WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = v.message_id)`,
	"wrong counts of messages": `SELECT COUNT(*) FROM tickets t WHERE t.message_count <> (SELECT COUNT(*) FROM messages m
		WHERE m.ticket_id = t.id AND m.kind <> 'note')`,
	"wrong last messages": `SELECT COUNT(*) FROM tickets t WHERE t.last_message_id <> COALESCE((SELECT MAX(m.id) FROM messages m
		WHERE m.ticket_id = t.id AND m.kind <> 'note'), 0)`,
	"activity before what happened last": `SELECT COUNT(*) FROM tickets t WHERE t.activity_at < (SELECT MAX(m.occurred_at) FROM messages m
		WHERE m.ticket_id = t.id AND m.kind <> 'note')`,
	"activity of another minute":            `SELECT COUNT(*) FROM tickets t WHERE t.activity_minute <> t.activity_at / 60000000`,
	"closed tickets without a moment of it": `SELECT COUNT(*) FROM tickets t WHERE (t.status = 'closed') <> (t.closed_at IS NOT NULL)`,
	"fields of no ticket":                   `SELECT COUNT(*) FROM ticket_fields f WHERE NOT EXISTS (SELECT 1 FROM tickets t WHERE t.id = f.ticket_id)`,
	"messages that can't be found": `SELECT COUNT(*) FROM messages m WHERE m.deleted_at = 0 AND NOT EXISTS (SELECT 1 FROM search_documents d
		WHERE d.message_id = m.id AND d.ticket_id = m.ticket_id AND d.at = m.occurred_at)`,
	"tickets that can't be found": `SELECT COUNT(*) FROM tickets t WHERE NOT EXISTS (SELECT 1 FROM search_documents d
		WHERE d.message_id = 0 AND d.ticket_id = t.id AND NOT d.internal)`,
	"tags that can't be found": `SELECT COUNT(*) FROM tickets t WHERE (t.tags <> '[]') <> EXISTS (SELECT 1 FROM search_documents d
		WHERE d.message_id = 0 AND d.ticket_id = t.id AND d.internal)`,
	"found twice":                 `SELECT COUNT(*) - COUNT(DISTINCT place) FROM search_documents`,
	"what is still to be indexed": `SELECT (SELECT COUNT(*) FROM search_changes) + (SELECT COUNT(*) FROM search_backlog WHERE kind IN ('tickets', 'messages') AND below > 0)`,
}

// ownUnsound are those that only one database understands.
var ownUnsound = map[string]map[string]string{
	"sqlite": {
		"pages that don't fit": `SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'`,
		"dangling references":  `SELECT COUNT(*) FROM pragma_foreign_key_check`,
		"words of no document": `SELECT COUNT(*) FROM search_words_docsize x WHERE NOT EXISTS (SELECT 1 FROM search_documents d WHERE d.place = x.id)`,
	},
	"postgres": {
		"a missing index": `SELECT 1 - COUNT(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
			JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE c.relname = 'search_documents_words' AND n.nspname = current_schema() AND i.indisvalid`,
		"a history that ends elsewhere": `SELECT ABS(MAX(sequence) - (SELECT MAX(value) FROM counters WHERE name LIKE 'events/%')) FROM events`,
	},
}

// isSound asserts that a database holds together, by connections of its own: of one that
// knew FTS5's table before, integrity_check looks for parts that were put together since.
func isSound(t *testing.T, databaseURL string) {
	t.Helper()
	s := sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: time.Now})
	for _, questions := range []map[string]string{unsound, ownUnsound[databaseURL[:strings.Index(databaseURL, ":")]]} {
		for what, question := range questions {
			var n int
			if err := s.Read(t.Context()).QueryRow(t.Context(), question).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s: %d (%v)", what, n, err)
			}
		}
	}
	repeated(t, s, "tags", `SELECT tag_id FROM ticket_tags WHERE ticket_id = ? ORDER BY tag_id`)
	repeated(t, s, "participants", `SELECT member_id FROM ticket_participants WHERE ticket_id = ? ORDER BY member_id`)
}

// repeated asserts that a list in tickets' rows stands in its search table, too.
func repeated(t *testing.T, s *sqlstore.Store, column, table string) {
	t.Helper()
	c := s.Read(t.Context())
	lists := map[int64]string{}
	rows, err := c.Query(t.Context(), `SELECT id, `+column+` FROM tickets`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var list string
		if err := rows.Scan(&id, &list); err != nil {
			t.Fatal(err)
		}
		lists[id] = list
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for id, list := range lists {
		var want []int64
		if err := json.Unmarshal([]byte(list), &want); err != nil {
			t.Fatal(err)
		}
		slices.Sort(want)
		if got := numbers(t, c, table, id); !slices.Equal(got, want) {
			t.Errorf("%s of ticket %d: %v, searched for as %v", column, id, want, got)
		}
	}
}

func numbers(t *testing.T, c sqlstore.Conn, query string, args ...any) (all []int64) {
	t.Helper()
	rows, err := c.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		all = append(all, n)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// wiredFor is the program on a database, for this test alone.
func wiredFor(t *testing.T, databaseURL string) *app {
	t.Helper()
	a, err := newApp(t.Context(), Config{DatabaseURL: databaseURL, DataDir: t.TempDir()}, appOptions{Logger: slog.New(slog.DiscardHandler), Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// TestSeededDatabaseIsAsSoundAsOneOfTheServices also where it is seeded twice.
func TestSeededDatabaseIsAsSoundAsOneOfTheServices(t *testing.T) {
	t.Run("services", func(t *testing.T) {
		sqlstoretest.EachURL(t, func(t *testing.T, databaseURL string) {
			a := wiredFor(t, databaseURL)
			a.lives(t)
			isSound(t, databaseURL)
		})
	})
	t.Run("seed", func(t *testing.T) {
		sqlstoretest.EachURL(t, func(t *testing.T, databaseURL string) {
			a := wiredFor(t, databaseURL)
			for again := range 2 {
				a.seeds(t.Context(), t, seedPlan{tickets: 300, messages: 5, until: time.Now(), seed: uint64(again)}, func(string) {})
				isSound(t, databaseURL)
			}
			a.findsAll(t, "worked")
			a.lives(t)
			isSound(t, databaseURL)
		})
	})
}

// TestSeedingThatIsInterruptedLeavesWholeTickets which a running server makes findable.
func TestSeedingThatIsInterruptedLeavesWholeTickets(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, databaseURL string) {
		a := wiredFor(t, databaseURL)
		ctx, interrupt := context.WithCancel(t.Context())
		plan := seedPlan{tickets: seedBatch + 10, messages: 1, until: time.Now(), seed: 1}
		stored := a.seeds(ctx, t, plan, func(string) { interrupt() })
		if stored != plan.tickets {
			t.Errorf("%d tickets are stored", stored)
		}
		a.finds(t, "the", 0)
		if err := a.store.Index(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		a.finds(t, "the", 25)
		isSound(t, databaseURL)
	})
}

// TestSeedingTakesApartWhatItStored, and not all that there was before.
func TestSeedingTakesApartWhatItStored(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, databaseURL string) {
		a := wiredFor(t, databaseURL)
		held := 0
		for i, tickets := range []int{60, 7} {
			last := ""
			plan := seedPlan{tickets: tickets, messages: 2, until: time.Now(), seed: uint64(i)} //nolint:gosec // 0 or 1
			a.seeds(t.Context(), t, plan, func(text string) { last = text })
			c := a.store.Read(t.Context())
			holds := int(numbers(t, c, `SELECT (SELECT COUNT(*) FROM tickets) + (SELECT COUNT(*) FROM messages)`)[0])
			if want := fmt.Sprintf("%d tickets and messages can be found", holds-held); last != want {
				t.Errorf("the last that is told is %q, want %q", last, want)
			}
			held = holds
		}
		isSound(t, databaseURL)
	})
}

// TestSeedingBesideAServer stores all that it is asked for, a few at a time.
func TestSeedingBesideAServer(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, databaseURL string) {
		_ = wiredFor(t, databaseURL) // which serves
		env := append([]string{"TICKETSYS_DATABASE_URL", databaseURL}, inFolder(t)...)
		seed(t, env, "--tickets", "250", "--messages", "1")
		isSound(t, databaseURL)
	})
}

// seeds stores made-up tickets, and gives how many.
func (a *app) seeds(ctx context.Context, t *testing.T, plan seedPlan, progress func(string)) int {
	t.Helper()
	w, err := a.workspaceFor(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := a.newSeeding(ctx, w.ID, plan)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := s.run(ctx, progress)
	if err != nil && ctx.Err() == nil {
		t.Fatal(err)
	}
	return stored
}

// system is a call of the program itself.
func (a *app) system(t *testing.T) access.Call {
	t.Helper()
	w, err := a.workspaceFor(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return access.Call{Actor: access.System(w.ID), Now: time.Now(), Origin: event.Origin{Channel: event.ChannelAPI}}
}

func (a *app) finds(t *testing.T, text string, want int) {
	t.Helper()
	c := a.system(t)
	c.Actor = a.enters(t, "Ada", access.RoleAdmin)
	found, err := a.search.Search(t.Context(), c, search.Input{Text: text}, page.Request{First: 25})
	if err != nil || len(found.Items) != want {
		t.Errorf("%q finds %d (%v), want %d", text, len(found.Items), err, want)
	}
}

// findsAll goes through the pages of a word that stands in messages alone, among enough of them for
// several stretches, and compares what is found with a look at each.
func (a *app) findsAll(t *testing.T, word string) {
	t.Helper()
	c := a.system(t)
	c.Actor = a.enters(t, "Ada", access.RoleAdmin)
	var found []int64
	r := page.Request{First: 100}
	for more := true; more; {
		p, err := a.search.Search(t.Context(), c, search.Input{Text: word}, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range p.Items {
			found = append(found, int64(h.Message))
		}
		if more = p.HasNext; more {
			r.After = p.Items[len(p.Items)-1].Cursor(search.Newest)
		}
	}
	want := numbers(t, a.store.Read(t.Context()), `SELECT m.id FROM messages m JOIN message_versions v ON v.message_id = m.id AND v.number = m.version
		WHERE LOWER(v.body) LIKE ? ORDER BY m.id DESC`, "% "+word+" %")
	if len(want) < 100 || !slices.Equal(found, want) {
		t.Errorf("%q finds %d messages, which are not the %d that have it, newest first", word, len(found), len(want))
	}
}

func (a *app) enters(t *testing.T, name string, role access.Role) access.Actor {
	t.Helper()
	m, err := a.members.Arrive(t.Context(), a.system(t), member.Arrival{Channel: event.ChannelAPI, ExternalID: name, Name: name, Locale: "en"})
	if err == nil && role != access.RoleRequester {
		err = a.members.SetRole(t.Context(), a.system(t), member.Ref{ID: m.ID}, role)
	}
	if err != nil {
		t.Fatal(err)
	}
	actor, err := a.members.ActorOf(t.Context(), a.system(t), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

// lives has some tickets live by the services.
func (a *app) lives(t *testing.T) {
	t.Helper()
	ctx, c := t.Context(), a.system(t)
	categories, err := a.categories.List(ctx, c, false)
	if err != nil {
		t.Fatal(err)
	}
	bob, ada := c, c
	bob.Actor, ada.Actor = a.enters(t, "Bob", access.RoleRequester), a.enters(t, "Ada", access.RoleAdmin)
	for i := range 5 {
		opened, err := a.tickets.Open(ctx, bob, ticket.OpenInput{Category: categories[0].ID, Subject: fmt.Sprint("Lamp ", i), Body: "It is dark."})
		if err != nil {
			t.Fatal(err)
		}
		ref := ticket.Ref{ID: opened.ID}
		_, replied := a.tickets.Reply(ctx, ada, ref, "Try the other switch.")
		_, noted := a.tickets.AddNote(ctx, ada, ref, "They never do.")
		_, marked := a.tickets.AddTags(ctx, ada, ref, "lamps", fmt.Sprint("floor ", i))
		for _, err := range []error{replied, noted, marked} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := a.store.Index(ctx, time.Now()); err != nil {
		t.Fatal(err)
	}
}
