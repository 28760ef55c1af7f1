package sqlstore_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// excerpts gives what an actor finds, as it is shown.
func (l *library) excerpts(i int, text string) []string {
	l.t.Helper()
	var all []string
	for _, h := range l.search(i, text, search.Newest) {
		all = append(all, h.Excerpt.Text())
	}
	return all
}

func (l *library) wants(i int, text string, want ...string) {
	l.t.Helper()
	if got := l.excerpts(i, text); !slices.Equal(got, want) {
		l.t.Errorf("%s finds %q by %q, want %q", l.actors[i].Role, got, text, want)
	}
}

// TestWhatIsSaidIsFoundAtOnce and is gone at once when it is deleted, whether or not the
// index knew it.
func TestWhatIsSaidIsFoundAtOnce(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		for _, indexed := range []bool{false, true} {
			l := newLibrary(t, s, map[bool]string{false: "plain", true: "indexed"}[indexed])
			settle := func() {
				if indexed {
					l.index()
				}
			}
			ref := ticket.Ref{ID: l.open(l.actors[0], "The lamp").ID}
			m := got(l.world.tickets.Reply(t.Context(), l.as(0), ref, "It is broken."))(t)
			settle()
			l.wants(0, "broken", "It is broken.")
			_ = got(l.world.tickets.EditMessage(t.Context(), l.as(0), ref, m.ID, "It is mended."))(t)
			l.wants(0, "broken")
			l.wants(0, "mended", "It is mended.")
			settle()
			l.wants(0, "mended", "It is mended.")
			_ = got(l.world.tickets.DeleteMessage(t.Context(), l.as(0), ref, m.ID))(t)
			l.wants(0, "mended")
			settle()
			l.wants(0, "mended")
			l.wants(0, "lamp", "The lamp")
		}
	})
}

// TestNamesAreFoundAsTheyAreNow follows members and tags who are called otherwise.
func TestNamesAreFoundAsTheyAreNow(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		l := newLibrary(t, s, "names")
		words := tag.NewService(s.Tags(), s.IDs())
		ref := ticket.Ref{ID: l.open(l.actors[0], "The lamp").ID}
		_ = got(l.world.tickets.AddTags(t.Context(), l.as(4), ref, "fragile goods"))(t)
		l.index()
		l.wants(4, "goods", "fragile goods")
		l.wants(0, "goods") // tags are staff's own words
		l.wants(4, "lamp requester:bobson", "The lamp")
		named := got(words.Named(t.Context(), l.as(4), "fragile goods"))(t)[tag.Key("fragile goods")]
		_ = got(words.Change(t.Context(), l.as(4), named.ID, 0, func(g *tag.Tag) { g.Name = "glass" }))(t)
		l.wants(4, "goods")
		l.wants(4, "glass", "glass")
		_ = got(s.Members().Arrive(t.Context(), l.id, noon, member.Arrival{Channel: event.ChannelPlain, ExternalID: "u-Bob Bóbson", Name: "Robert"}))(t)
		l.wants(4, "lamp requester:bobson")
		l.wants(4, "lamp requester:ROBERT", "The lamp")
		l.wants(4, "robert lamp", "The lamp")
	})
}

// TestFilesThatWereTakenAwayAreNotFound in their message and its ticket.
func TestFilesThatWereTakenAwayAreNotFound(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		l := newLibrary(t, s, "files")
		ref := ticket.Ref{ID: l.open(l.actors[0], "The lamp").ID}
		m := got(l.world.tickets.Reply(t.Context(), l.as(0), ref, "It is broken."))(t)
		l.attach(ref.ID, m.ID, false)
		l.wants(0, "broken has:attachment")
		l.wants(0, "has:attachment")
		l.attach(ref.ID, m.ID, true)
		l.wants(0, "broken has:attachment", "It is broken.")
		l.wants(0, "has:attachment", "The lamp")
	})
}

// TestRequestersDoNotLearnHowManyAreCalledSo whereas staff is asked for more of the name.
func TestRequestersDoNotLearnHowManyAreCalledSo(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		l := newLibrary(t, s, "many")
		l.open(l.actors[0], "The lamp")
		l.crowd("Bob", 101)
		l.wants(0, "lamp requester:bob", "The lamp")
		l.wants(1, "lamp requester:bob")
		_, err := l.searching.Search(t.Context(), l.as(2), search.Input{Text: "lamp requester:bob"}, page.Request{First: 1})
		if !errors.Is(err, search.ErrNamesTooMany) {
			t.Errorf("an agent is told %v", err)
		}
	})
}

// TestANameFindsAllWhoHaveIt also the first of hundreds, by what they wrote and by their tickets.
func TestANameFindsAllWhoHaveIt(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		l := newLibrary(t, s, "crowd")
		asked, helped := l.open(l.actors[0], "The lamp"), l.open(l.actors[1], "The door")
		_ = got(l.world.tickets.AddParticipant(t.Context(), l.as(4), ticket.Ref{ID: helped.ID}, l.actors[0].Member))(t)
		_ = got(l.world.tickets.Reply(t.Context(), l.as(0), ticket.Ref{ID: helped.ID}, "Push."))(t)
		_ = got(l.world.tickets.Reply(t.Context(), l.as(4), ticket.Ref{ID: asked.ID}, "Not by me, Bob."))(t)
		l.tickets = append(l.tickets, asked, helped)
		l.crowd("Bob", 300)
		for range 2 {
			for text, hits := range map[string]int{"bob": 6, "bóbson bob lamp": 1, "bob* -push": 5, "-bob door": 0, "push -robert": 1} {
				want := l.scan(4, text)
				if found := places(l.search(4, text, search.Newest)); !slices.Equal(found, want) || len(found) != hits {
					t.Errorf("%q finds %v, a scan %v", text, found, want)
				}
			}
			l.index()
		}
	})
}

// TestFilterThatLeavesFewIsLookedThrough for words that are in all of them.
func TestFilterThatLeavesFewIsLookedThrough(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		l := newLibrary(t, s, "few")
		for i := range 8 {
			ref := ticket.Ref{ID: l.open(l.actors[i%2], "The lamp").ID}
			if i == 3 {
				_ = got(l.world.tickets.AddTags(t.Context(), l.as(4), ref, "rare"))(t)
				_ = got(l.world.tickets.Assign(t.Context(), l.as(4), ref, l.actors[3].Member))(t)
			}
		}
		for range 2 {
			for _, text := range []string{"lamp tag:rare", "lamp assignee:suzy", "lamp tag:rare assignee:suzy requester:李雷", "tag:rare"} {
				l.wants(4, text, "The lamp")
			}
			l.wants(4, "lamp tag:rare requester:bobson")
			l.wants(4, "lamp assignee:nobodyisso")
			l.wants(0, "lamp tag:rare") // tags are staff's own words
			l.index()
		}
	})
}

// TestNoteIsNotFoundByWhoAskedForHelp also when the requester is an agent.
func TestNoteIsNotFoundByWhoAskedForHelp(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		l := newLibrary(t, s, "notes")
		for _, requester := range []int{0, 2} {
			ref := ticket.Ref{ID: l.open(l.actors[requester], "The lamp").ID}
			_ = got(l.world.tickets.AddNote(t.Context(), l.as(3), ref, "secret"))(t)
		}
		for range 2 {
			l.wants(0, "secret")
			l.wants(2, "secret", "secret") // of the other ticket
			l.wants(3, "secret", "secret", "secret")
			l.index()
		}
	})
}

// TestWhatWasThereBeforeIsFoundWhenItIsIndexed begins with a database that has no index.
func TestWhatWasThereBeforeIsFoundWhenItIsIndexed(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		l := newLibrary(t, s, "before")
		for range 300 {
			l.open(l.actors[0], "The lamp")
		}
		l.forgets()
		l.wants(4, "lamp")
		l.index()
		if n := len(l.search(4, "lamp requester:bobson", search.Newest)); n != 300 {
			t.Errorf("%d of 300 tickets are found", n)
		}
	})
}

// TestBestFirst puts a subject before messages that are newer.
func TestBestFirst(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		l := newLibrary(t, s, "best")
		l.open(l.actors[0], "Lamp")
		ref := ticket.Ref{ID: l.open(l.actors[0], "Else").ID}
		for range 7 {
			_ = got(l.world.tickets.Reply(t.Context(), l.as(0), ref, "the lamp"))(t)
		}
		_ = got(l.world.tickets.Reply(t.Context(), l.as(0), ref, "lamp lamp"))(t)
		hits := l.search(0, "lamp", search.Best)
		if len(hits) != 9 || hits[0].Excerpt.Text() != "Lamp" || hits[1].Excerpt.Text() != "lamp lamp" {
			t.Errorf("the best are %v", hits)
		}
	})
}

// TestSearchTakesAFixedNumberOfStatements whatever the page and what is found.
func TestSearchTakesAFixedNumberOfStatements(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		var statements sqlstoretest.Counter
		s := sqlstoretest.Open(t, sqlstore.Options{URL: url, Now: time.Now, Exclusive: true, OnStatement: statements.Count})
		l := newLibrary(t, s, "counted")
		for range 60 {
			ref := ticket.Ref{ID: l.open(l.actors[0], "The lamp").ID}
			_ = got(l.world.tickets.AddTags(t.Context(), l.as(4), ref, "lamp"))(t)
		}
		l.index()
		l.open(l.actors[0], "The lamp")
		during := func(i, first int) int {
			return statements.During(func() {
				_ = got(l.searching.Search(t.Context(), l.as(i), search.Input{Text: "lamp"}, page.Request{First: first}))(t)
			})
		}
		for i := range l.actors {
			if one, many := during(i, 1), during(i, 100); one != many || one > 14 {
				t.Errorf("%s: %d statements for one hit, %d for a hundred", l.actors[i].Role, one, many)
			}
		}
	})
}

// TestIndexKeepsQuietWhereThereIsNothingToDo asks one question and writes nothing.
func TestIndexKeepsQuietWhereThereIsNothingToDo(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		var statements sqlstoretest.Counter
		s := sqlstoretest.Open(t, sqlstore.Options{URL: url, Now: time.Now, Exclusive: true, OnStatement: statements.Count})
		l := newLibrary(t, s, "quiet")
		l.open(l.actors[0], strings.Repeat("lamp ", 20))
		l.index()
		if n := statements.During(l.index); n > 2 {
			t.Errorf("%d statements", n)
		}
	})
}
