package sqlstore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// library is a workspace in which people look for things.
type library struct {
	*world
	searching *search.Service
	actors    []access.Actor
	tickets   []*ticket.Ticket
	attached  map[id.Message]bool // carry a file
	now       time.Time
	random    *rand.Rand
}

func newLibrary(t *testing.T, s *sqlstore.Store, slug string) *library {
	t.Helper()
	l := &library{world: newWorld(t, s, slug), attached: map[id.Message]bool{}, now: noon}
	seed := rand.Uint64()
	l.random = rand.New(rand.NewPCG(seed, 11))
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s happened by the seed %d", slug, seed)
		}
	})
	l.searching = search.NewService(s.Search(), s.Queues(), s.Categories())
	l.actors = []access.Actor{
		l.actor("Bob Bóbson", access.RoleRequester), l.actor("李雷", access.RoleRequester), l.actor("Anna Agent", access.RoleAgent),
		l.actor("Suzy", access.RoleSupervisor), l.actor("Ada", access.RoleAdmin),
		l.actor("Gwen", access.RoleAgent), l.actor("Gina", access.RoleAgent),
	}
	// One agent may also see what is in the other queue, and one no ticket of the category.
	l.actors[5].Grants = []access.Grant{{Queue: l.other, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Allow}}
	l.actors[6].Grants = []access.Grant{{Category: l.category, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Deny}}
	c := got(s.Categories().Get(t.Context(), l.id, l.category))(t)[0]
	c.Form = append(c.Form,
		category.Field{Key: "item", Label: locale.Of("en", "Which item?"), Style: category.Short, Purpose: category.Detail},
		category.Field{Key: "fraud", Label: locale.Of("en", "Fraud"), Style: category.Short, Purpose: category.Detail, Internal: true})
	must(t, s.Categories().Save(t.Context(), c))
	return l
}

func (l *library) as(i int) access.Call {
	c := call(l.actors[i])
	c.Now = l.now
	return c
}

// search gives all that an actor finds, page after page.
func (l *library) search(i int, text string, order search.Order) []search.Hit {
	l.t.Helper()
	var all []search.Hit
	r := page.Request{First: 3}
	for {
		p, err := l.searching.Search(l.t.Context(), l.as(i), search.Input{Text: text, Order: order}, r)
		if err != nil {
			l.t.Fatalf("search for %q: %v", text, err)
		}
		all = append(all, p.Items...)
		if !p.HasNext {
			return all
		}
		r.After = p.Items[len(p.Items)-1].Cursor(order)
	}
}

// crowd lets so many more be called so.
func (l *library) crowd(name string, n int) {
	l.t.Helper()
	must(l.t, l.s.InTx(l.t.Context(), func(ctx context.Context, _ *sqlstore.Tx) error {
		for i := range n {
			who := member.Arrival{Channel: event.ChannelPlain, ExternalID: fmt.Sprint("crowd-", name, i), Name: name}
			if _, err := l.s.Members().Arrive(ctx, l.id, noon, who); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (l *library) index() {
	l.t.Helper()
	must(l.t, l.s.Index(l.t.Context(), noon))
}

// said is one of the made-up texts.
func (l *library) said() string {
	words := []string{
		"refund", "Refünd", "invoice", "the", "payment", "PAYMENT", "error-404", "don't", "日本語", "日本", "本語", "語学", "สวัสดี", "ดีมาก",
		"Ελλάδα", "ёлка", "straße", "anna", "Bob", "vip", "🔥", "naïve", "x1", "한국어를", "suzy",
	}
	all := make([]string, 1+l.random.IntN(5))
	for i := range all {
		all[i] = words[l.random.IntN(len(words))]
	}
	return strings.Join(all, []string{" ", ", ", "\n"}[l.random.IntN(3)])
}

// happens lets one random thing happen.
func (l *library) happens() {
	l.t.Helper()
	ctx, staff := l.t.Context(), 2+l.random.IntN(3)
	l.now = l.now.Add(time.Hour)
	if len(l.tickets) == 0 || l.random.IntN(8) == 0 {
		in := ticket.OpenInput{Category: l.category, Subject: l.said(), Body: l.said(), Answers: category.Texts(map[string]string{"what": l.said(), "item": l.said()})}
		l.tickets = append(l.tickets, got(l.world.tickets.Open(ctx, l.as(l.random.IntN(len(l.actors))), in))(l.t))
		return
	}
	t := l.tickets[l.random.IntN(len(l.tickets))]
	ref := ticket.Ref{ID: t.ID}
	switch l.random.IntN(12) {
	case 9:
		_, _ = l.world.tickets.Fill(ctx, l.as(staff), ref, category.Texts(map[string]string{"fraud": l.said()}))
	case 10:
		_, _ = l.world.tickets.Transfer(ctx, l.as(4), ref, l.other)
	case 11:
		l.attaches(t)
	case 0, 1:
		_, _ = l.world.tickets.Reply(ctx, l.as(l.random.IntN(len(l.actors))), ref, l.said())
	case 2, 3:
		_, _ = l.world.tickets.AddNote(ctx, l.as(staff), ref, l.said())
	case 4:
		_, _ = l.world.tickets.AddTags(ctx, l.as(staff), ref, strings.Fields(l.said())[0])
	case 5:
		_, _ = l.world.tickets.Assign(ctx, l.as(staff), ref, l.actors[2].Member)
	case 6:
		_, _ = l.world.tickets.AddParticipant(ctx, l.as(staff), ref, l.actors[l.random.IntN(2)].Member)
	case 7, 8:
		l.rewrites(t)
	}
}

// attaches gives one of the ticket's messages a file, or one that it carries no more.
func (l *library) attaches(t *ticket.Ticket) {
	l.t.Helper()
	all := got(l.world.tickets.Messages(l.t.Context(), l.as(4), query.Query{}, page.Request{First: 100}, t.ID))(l.t)[t.ID].Items
	m := all[l.random.IntN(len(all))]
	l.attach(t.ID, m.ID, l.random.IntN(2) == 0)
}

// attach gives a message a file, which it carries still, or no more.
func (l *library) attach(t id.Ticket, m id.Message, still bool) {
	l.t.Helper()
	until := 1
	if still {
		until, l.attached[m] = 0, true
	}
	l.executes(fmt.Sprintf(`INSERT INTO attachments (id, workspace_id, ticket_id, message_id, position, uploader_id, name, content_type,
		size, width, height, state, failure, channel, source, blob_id, added_at, until_version)
		VALUES (%d, %d, %d, %d, 0, %d, 'a', 'text/plain', 1, 0, 0, 'stored', '', 'plain', '', 0, 1, %d)`,
		l.s.IDs()(), l.id, t, m, l.actors[4].Member, until))
}

// rewrites edits or deletes one of the ticket's messages.
func (l *library) rewrites(t *ticket.Ticket) {
	l.t.Helper()
	ctx, admin := l.t.Context(), l.as(4)
	all := got(l.world.tickets.Messages(ctx, admin, query.Query{}, page.Request{First: 100}, t.ID))(l.t)[t.ID].Items
	m := all[l.random.IntN(len(all))]
	ref := ticket.Ref{ID: t.ID}
	author := slices.IndexFunc(l.actors, func(a access.Actor) bool { return a.Member == m.Author })
	if l.random.IntN(3) == 0 {
		_, _ = l.world.tickets.DeleteMessage(ctx, admin, ref, m.ID)
	} else if author >= 0 {
		_, _ = l.world.tickets.EditMessage(ctx, l.as(author), ref, m.ID, l.said())
	}
}

// asked is something random to look for, as it is typed.
func (l *library) asked() string {
	var all []string
	for range 1 + l.random.IntN(3) {
		word := strings.Fields(l.said())[0]
		switch l.random.IntN(8) {
		case 0:
			word = `"` + strings.NewReplacer("\n", " ", `"`, "").Replace(l.said()) + `"`
		case 1:
			if r := []rune(word); len(r) > 3 && r[0] < 128 {
				word = string(r[:3]) + "*"
			}
		case 2:
			word = string([]rune(word)[:1])
		case 3:
			if len(all) > 0 {
				word = "-" + word
			}
		}
		all = append(all, word)
	}
	filters := []string{
		"status:new,open", "-status:open", "assignee:me", "assignee:none", "assignee:anna,none", "requester:bob", "-requester:me",
		"tag:vip", "-tag:refund", "queue:support", "category:aide", "priority:normal", "has:attachment", "-has:attachment",
		"after:2026-03-06", "before:2026-03-07", "-after:2026-03-08T10:00:00Z",
	}
	for range l.random.IntN(3) {
		all = append(all, filters[l.random.IntN(len(filters))])
	}
	return strings.Join(all, " ")
}

// TestSearchFindsWhatAScanFinds compares what is found, whether the index knows it yet
// or not, with a look at each text that there is.
func TestSearchFindsWhatAScanFinds(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		l := newLibrary(t, s, "library")
		elsewhere := newLibrary(t, s, "elsewhere")
		if l.random.IntN(2) == 0 {
			l.crowd("Suzy", 251)
		}
		for range 20 {
			elsewhere.happens()
		}
		found := 0
		for range 25 {
			for range 8 {
				l.happens()
			}
			if l.random.IntN(2) == 0 {
				l.index()
			}
			for range 8 {
				i, text := l.random.IntN(len(l.actors)), l.asked()
				want := l.scan(i, text)
				if got := places(l.search(i, text, search.Newest)); !slices.Equal(got, want) {
					t.Fatalf("%s finds %v by %q, and a scan finds %v", l.actors[i].Role, got, text, want)
				}
				found += len(want)
			}
		}
		if found < 50 {
			t.Errorf("only %d hits: the texts are too different to show anything", found)
		}
	})
}

func places(hits []search.Hit) []string {
	all := make([]string, len(hits))
	for i, h := range hits {
		all[i] = placeOf(h.Ticket, h.Message, h.Internal)
	}
	return all
}

func placeOf(t id.Ticket, m id.Message, internal bool) string {
	return fmt.Sprintf("%d/%d/%t", t, m, internal)
}
