package sqlstore_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// executes sends statements in one transaction.
func (l *library) executes(statements ...string) {
	l.t.Helper()
	must(l.t, l.s.InTx(l.t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
		for _, text := range statements {
			if _, err := tx.Exec(ctx, text); err != nil {
				return err
			}
		}
		return nil
	}))
}

// forgets leaves the database as it is right after the upgrade that brings the index.
func (l *library) forgets() {
	l.t.Helper()
	l.executes(`INSERT INTO followers (workspace_id, name, sequence) SELECT e.workspace_id, 'search', MAX(e.sequence) FROM events e WHERE TRUE
		GROUP BY e.workspace_id ON CONFLICT (workspace_id, name) DO UPDATE SET sequence = excluded.sequence`, `DELETE FROM search_names`,
		`UPDATE search_backlog SET below = 9000000000000000000 WHERE kind <> 'turn'`)
}

// changes counts what the index does not know yet.
func (l *library) changes() (n int) {
	l.t.Helper()
	must(l.t, l.s.Read(l.t.Context()).QueryRow(l.t.Context(), `SELECT (SELECT COUNT(*) FROM search_changes)
		+ (SELECT COUNT(*) FROM events e WHERE e.sequence > COALESCE((SELECT f.sequence FROM followers f WHERE f.workspace_id = e.workspace_id), 0))`).Scan(&n))
	return n
}

// refuses lets the database take no document of a message.
func (l *library) refuses(m id.Message) {
	l.t.Helper()
	var postgres bool
	if l.s.Read(l.t.Context()).QueryRow(l.t.Context(), `SELECT current_schema() <> ''`).Scan(&postgres) == nil {
		l.executes(fmt.Sprintf(`ALTER TABLE search_documents ADD CONSTRAINT refused CHECK (message_id <> %d) NOT VALID`, m))
	} else {
		l.executes(fmt.Sprintf(`CREATE TRIGGER refused BEFORE INSERT ON search_documents WHEN NEW.message_id = %d BEGIN SELECT RAISE(ABORT, 'refused'); END`, m))
	}
}

// TestTextOfMarksAloneIsIndexed takes apart what no language has, and what came after it.
func TestTextOfMarksAloneIsIndexed(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		l := newLibrary(t, s, "marks")
		ref := ticket.Ref{ID: l.open(l.actors[0], "The lamp").ID}
		odd := "漢" + strings.Repeat("\u20dd", 700)
		_ = got(l.world.tickets.Reply(t.Context(), l.as(0), ref, odd))(t)
		_ = got(l.world.tickets.Reply(t.Context(), l.as(0), ref, "It is broken."))(t)
		l.index()
		if n := l.changes(); n != 0 {
			t.Errorf("%d changes are not indexed", n)
		}
		l.wants(0, "broken", "It is broken.")
		if n := len(l.excerpts(0, "漢")); n != 1 {
			t.Errorf("the odd text is found %d times", n)
		}
	})
}

// TestNoTextHoldsTheOthersBack when the database refuses one of many, whether they are new
// or were there before.
func TestNoTextHoldsTheOthersBack(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		l := newLibrary(t, s, "refused")
		ref := ticket.Ref{ID: l.open(l.actors[0], "The lamp").ID}
		var said []*ticket.Message
		for range 3 {
			said = append(said, got(l.world.tickets.Reply(t.Context(), l.as(0), ref, "It is broken."))(t))
		}
		l.refuses(said[1].ID)
		for _, before := range []bool{false, true} {
			if before {
				l.executes(`DELETE FROM search_documents`)
				l.forgets()
			}
			l.index()
			if n := l.changes(); n != 0 {
				t.Errorf("%d changes wait", n)
			}
			l.wants(0, "broken", "It is broken.", "It is broken.")
			l.wants(0, "lamp", "The lamp")
		}
	})
}

// TestAFailureThatPassesLeavesNoTextOut when it has nothing to do with the text.
func TestAFailureThatPassesLeavesNoTextOut(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		l := newLibrary(t, s, "passing")
		ref := ticket.Ref{ID: l.open(l.actors[0], "The lamp").ID}
		_ = got(l.world.tickets.Reply(t.Context(), l.as(0), ref, "It is broken."))(t)
		l.executes(`ALTER TABLE search_documents RENAME TO search_elsewhere`)
		if err := l.s.Index(t.Context(), noon); err == nil {
			t.Error("nobody hears of the failure")
		}
		if l.changes() == 0 {
			t.Error("the texts were given up")
		}
		l.executes(`ALTER TABLE search_elsewhere RENAME TO search_documents`)
		l.index()
		l.wants(0, "broken", "It is broken.")
		l.wants(0, "lamp", "The lamp")
	})
}

// TestWhatIsSaidWaitsForNothingOld is indexed between two pieces of what was there before.
func TestWhatIsSaidWaitsForNothingOld(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		var watched func(query string)
		s := sqlstoretest.Open(t, sqlstore.Options{URL: url, Now: time.Now, Exclusive: true, OnStatement: func(_ context.Context, query string) {
			if watched != nil {
				watched(query)
			}
		}})
		l := newLibrary(t, s, "between")
		ref := ticket.Ref{ID: l.open(l.actors[0], "The lamp").ID}
		l.forgets()
		var order []string
		watched = func(query string) {
			switch {
			case strings.HasPrefix(query, "UPDATE search_backlog"):
				order = append(order, "old")
			case strings.HasPrefix(query, "INSERT INTO followers"):
				order = append(order, "new")
			case strings.HasPrefix(query, "SELECT CASE WHEN EXISTS (SELECT 1 FROM search_changes)") && slices.Equal(order, []string{"old"}):
				order = append(order, "said")
				_ = got(l.world.tickets.Reply(t.Context(), l.as(0), ref, "It is broken."))(t)
			}
		}
		l.index()
		watched = nil
		if len(order) < 5 || !slices.Equal(order[:4], []string{"old", "said", "new", "old"}) {
			t.Errorf("indexed in the order %v", order)
		}
		l.wants(0, "broken", "It is broken.")
	})
}

// TestLongTextsAreIndexedAFewAtATime so that others need not wait for many of them.
func TestLongTextsAreIndexedAFewAtATime(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		var pieces int
		s := sqlstoretest.Open(t, sqlstore.Options{URL: url, Now: time.Now, Exclusive: true, OnStatement: func(_ context.Context, query string) {
			if strings.HasPrefix(query, "INSERT INTO search_documents") {
				pieces++
			}
		}})
		l := newLibrary(t, s, "long")
		ref := ticket.Ref{ID: l.open(l.actors[0], "The lamp").ID}
		for range 30 {
			_ = got(l.world.tickets.Reply(t.Context(), l.as(0), ref, strings.Repeat("lamp ", 2000)))(t)
		}
		for range 2 {
			pieces = 0
			l.index()
			if n := len(l.search(0, "lamp", search.Newest)); pieces < 2 || pieces > 4 || n != 31 {
				t.Errorf("%d texts are found after %d pieces", n, pieces)
			}
			l.forgets()
		}
	})
}

// TestRenamedMembersAreFoundByTheirLastName also when they are renamed while the names that
// were there before are read.
func TestRenamedMembersAreFoundByTheirLastName(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		l := newLibrary(t, s, "renamed")
		const all = 60
		name := func(i int, name string) error {
			_, err := s.Members().Arrive(t.Context(), l.id, noon, member.Arrival{Channel: event.ChannelPlain, ExternalID: fmt.Sprint("u-", i), Name: name})
			return err
		}
		for i := range all {
			must(t, name(i, "Same Before"))
		}
		l.forgets()
		var renaming sync.WaitGroup
		renaming.Go(func() {
			for i := all - 1; i >= 0; i-- {
				if err := name(i, "Same After"); err != nil {
					t.Errorf("rename: %v", err)
				}
			}
		})
		l.index()
		renaming.Wait()
		for word, want := range map[string]int{"before": 0, "after": all, "same": all} {
			if n := len(got(s.Search().People(t.Context(), l.id, search.PhraseOf(word), 2*all))(t)); n != want {
				t.Errorf("%d are found by %q, want %d", n, word, want)
			}
		}
	})
}

// TestEveryWorkspaceIsFollowed however many have something new, and none of what was said
// in one of them is found in another.
func TestEveryWorkspaceIsFollowed(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		var all []*library
		for _, slug := range []string{"first", "second", "third"} {
			l := newLibrary(t, s, slug)
			ref := ticket.Ref{ID: l.open(l.actors[0], "The lamp").ID}
			for range 1 + len(all)*100 {
				_ = got(l.world.tickets.Reply(t.Context(), l.as(0), ref, "It is broken, "+slug+"."))(t)
			}
			all = append(all, l)
		}
		for _, when := range []string{"Before", "After"} {
			for i, l := range all {
				if n := len(l.search(4, "broken", search.Newest)); n != 1+i*100 {
					t.Errorf("%s they were followed, %d messages are found in workspace %d", when, n, i)
				}
			}
			all[0].index()
			if n := all[0].changes(); n != 0 {
				t.Errorf("%d events are not followed", n)
			}
		}
	})
}
