package sqlstore_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// marked opens a ticket with tags.
func (w *world) marked(by access.Actor, tags ...string) *ticket.Ticket {
	w.t.Helper()
	tk := w.open(by, "Marked")
	got(w.tickets.AddTags(w.t.Context(), call(w.actor("sam", access.RoleSupervisor)), ticket.Ref{ID: tk.ID}, tags...))(w.t)
	return tk
}

func (w *world) tagsOf(tk *ticket.Ticket) []string {
	w.t.Helper()
	return got(w.tickets.Get(w.t.Context(), call(w.actor("sam", access.RoleSupervisor)), tk.ID))(w.t).Tags
}

func (w *world) vocabulary() []string {
	w.t.Helper()
	var names []string
	found := got(w.s.Tags().Page(w.t.Context(), w.id, query.Query{}, page.Window{Limit: page.MaxSize}))(w.t)
	for _, g := range found.Items {
		names = append(names, g.Name)
	}
	return names
}

// Whoever uses a new word at the same time as others gets the same tag, and none of
// the marks is lost.
func TestANewWordIsOneTagForAllWhoUseItAtOnce(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w := newWorld(t, s, "words")
		amy, sam := w.actor("amy", access.RoleRequester), call(w.actor("sam", access.RoleSupervisor))
		tickets := []*ticket.Ticket{w.open(amy, "a"), w.open(amy, "b"), w.open(amy, "c")}
		var all sync.WaitGroup
		for i := range 12 {
			all.Go(func() {
				words := []string{"shared", fmt.Sprintf("word %d", i%6), "Shared", "zulu"}
				if i%2 == 0 {
					slices.Reverse(words)
				}
				if _, err := w.tickets.AddTags(t.Context(), sam, ticket.Ref{ID: tickets[i%3].ID}, words...); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if names := w.vocabulary(); len(names) != 8 {
			t.Errorf("the vocabulary is %q", names)
		}
		for i, tk := range tickets {
			if tags := w.tagsOf(tk); len(tags) != 4 || !slices.Contains(tags, fmt.Sprintf("word %d", i)) || !slices.Contains(tags, fmt.Sprintf("word %d", i+3)) {
				t.Errorf("ticket %d has %q", i, tags)
			}
		}
		var created int
		for _, line := range told(record(t, s, w.id)) {
			if strings.Contains(line, "created tag") {
				created++
			}
		}
		if created != 8 {
			t.Errorf("the record tells of %d new tags, want 8", created)
		}
	})
}

// A ticket whose tags change while the vocabulary does keeps what neither took away.
func TestTagsChangeWhileTheVocabularyDoes(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "moving"), t.Context()
		amy, sam := w.actor("amy", access.RoleRequester), call(w.actor("sam", access.RoleSupervisor))
		tk := w.marked(amy, "stays", "goes", "part", "gone")
		words := tag.NewService(s.Tags(), s.IDs())
		named := got(words.Named(ctx, sam, "stays", "goes", "part", "gone"))(t)
		err := s.Tickets().Update(ctx, ticket.Ref{Workspace: w.id, ID: tk.ID}, call(sam.Actor).Origin, func(tk *ticket.Ticket) error {
			return tk.RemoveTag(ticket.Cause{By: sam.Actor.Member, Now: noon, IDs: s.IDs()}, "goes")
		})
		must(t, err)
		must(t, words.Merge(ctx, sam, named["stays"].ID, 0, named["part"].ID))
		must(t, words.Delete(ctx, sam, named["gone"].ID, 0))
		got(w.tickets.AddTags(ctx, sam, ticket.Ref{ID: tk.ID}, "new", "part"))(t)
		if tags := w.tagsOf(tk); !slices.Equal(tags, []string{"new", "stays"}) {
			t.Errorf("the tags are %q", tags)
		}
		got(w.tickets.RemoveTags(ctx, sam, ticket.Ref{ID: tk.ID}, "PART"))(t)
		if tags := w.tagsOf(tk); !slices.Equal(tags, []string{"new"}) {
			t.Errorf("the tags are %q", tags)
		}
		if names := w.vocabulary(); !slices.Equal(names, []string{"goes", "new", "stays"}) {
			t.Errorf("the vocabulary is %q", names)
		}
	})
}

// What tickets had as words before there was a vocabulary is in it afterwards, words
// of one meaning as one tag; and back again.
func TestWordsBecomeAVocabulary(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		o := sqlstore.Options{URL: url, Now: func() time.Time { return noon }}
		s := sqlstoretest.Open(t, o)
		w := newWorld(t, s, "before")
		amy := w.actor("amy", access.RoleRequester)
		first, second := w.marked(amy, "Été", "vip"), w.marked(amy, "angry")
		w.migrates("0016", "down")
		words := got(readTexts(t, s, `SELECT tag FROM ticket_tags ORDER BY ticket_id, tag`))(t)
		if !slices.Equal(words, []string{"vip", "Été", "angry"}) && !slices.Equal(words, []string{"Été", "vip", "angry"}) {
			t.Errorf("the words are %q", words)
		}
		for _, statement := range []string{
			`UPDATE tickets SET tags = '["angry","éTÉ"]' WHERE tags LIKE '%angry%'`,
			`INSERT INTO ticket_tags (workspace_id, tag, ticket_id) SELECT workspace_id, 'éTÉ', ticket_id FROM ticket_tags WHERE tag = 'angry'`,
		} {
			w.runs(statement)
		}
		w.migrates("0016", "up")
		w.s = sqlstoretest.Open(t, o)
		w.tickets = ticket.NewService(w.s.Tickets(), w.s.Categories(), w.s.Members(), w.s.Queues(), w.s.Workspaces(), w.s.IDs())
		if names := w.vocabulary(); !slices.Equal(names, []string{"angry", "vip", "Été"}) && !slices.Equal(names, []string{"Été", "angry", "vip"}) && !slices.Equal(names, []string{"angry", "Été", "vip"}) {
			t.Errorf("the vocabulary is %q", names)
		}
		if a, b := w.tagsOf(first), w.tagsOf(second); !slices.Equal(a, []string{"vip", "Été"}) || !slices.Equal(b, []string{"angry", "Été"}) {
			t.Errorf("the tags are %q and %q", a, b)
		}
		found := got(w.s.Tags().Named(t.Context(), w.id, "ÉTÉ"))(t)["ÉTÉ"]
		counts := got(w.s.Tags().Tickets(t.Context(), access.TicketFilter{Workspace: w.id, All: true}, found.ID))(t)
		if found.Name != "Été" || !found.CreatedAt.Equal(noon) || counts[found.ID] != 2 {
			t.Errorf("the tag is %+v, in %v", found, counts)
		}
		if again := w.marked(amy, "ÉTÉ"); !slices.Equal(w.tagsOf(again), []string{"Été"}) {
			t.Errorf("a new ticket has %q", w.tagsOf(again))
		}
	})
}

func (w *world) runs(statement string) {
	w.t.Helper()
	must(w.t, w.s.InTx(w.t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
		_, err := tx.Exec(ctx, statement)
		return err
	}))
}

// migrates runs one migration, one way.
func (w *world) migrates(name, way string) {
	w.t.Helper()
	dialect := "postgres"
	if strings.HasSuffix(w.t.Name(), "sqlite") {
		dialect = "sqlite"
	}
	dir := os.DirFS("../../migrations/" + dialect)
	files := got(fs.Glob(dir, name+"_*."+way+".sql"))(w.t)
	for statement := range strings.SplitSeq(string(got(fs.ReadFile(dir, files[0]))(w.t)), ";\n") {
		if strings.TrimSpace(statement) != "" {
			w.runs(statement)
		}
	}
}

func readTexts(t *testing.T, s *sqlstore.Store, query string) ([]string, error) {
	t.Helper()
	rows, err := s.Read(t.Context()).Query(t.Context(), query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}
