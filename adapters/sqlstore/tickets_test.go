package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func TestNumbersAndSequencesHaveNoGapsWhateverFails(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "gaps"), t.Context()
		amy, bob := w.actor("amy", access.RoleRequester), w.actor("bob", access.RoleAgent)
		const writers, each = 16, 6
		var all sync.WaitGroup
		for g := range writers {
			all.Go(func() {
				for i := range each {
					opened, err := w.tickets.Open(ctx, call(amy), ticket.OpenInput{Category: w.category, Subject: "s", Body: "b"})
					if err != nil {
						t.Error(err)
						return
					}
					if (g+i)%2 == 0 {
						failing(ctx, s, w, amy)
						continue
					}
					if _, err := w.tickets.Claim(ctx, call(bob), ticket.Ref{ID: opened.ID}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		var numbers, sequences []int64
		for _, v := range got(s.Tickets().List(ctx, ticket.Visibility{See: access.TicketFilter{Workspace: w.id, All: true}}, ticket.Query{}, page.Window{Limit: 1000}))(t).Items {
			numbers = append(numbers, v.Number)
			history := got(w.tickets.Timeline(ctx, call(bob), query.Query{}, page.Request{First: 100}, v.ID))(t)[v.ID].Items
			for _, e := range history {
				sequences = append(sequences, e.Sequence)
			}
		}
		if slices.Sort(numbers); len(numbers) != writers*each || numbers[0] != 1 || numbers[len(numbers)-1] != writers*each {
			t.Errorf("numbers %v", numbers)
		}
		slices.Sort(sequences)
		for i, n := range sequences {
			if n != int64(i+1) {
				t.Fatalf("event %d of all has sequence %d", i+1, n)
			}
		}
	})
}

// failing opens a ticket in a transaction that comes to nothing.
func failing(ctx context.Context, s *sqlstore.Store, w *world, a access.Actor) {
	_ = s.InTx(ctx, func(ctx context.Context, _ *sqlstore.Tx) error {
		_, _ = w.tickets.Open(ctx, call(a), ticket.OpenInput{Category: w.category, Subject: "s", Body: "b"})
		return errors.New("changed my mind")
	})
}

func TestASequenceIsNeverSeenBeforeASmallerOne(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "order"), t.Context()
		amy := w.actor("amy", access.RoleRequester)
		var tickets []id.Ticket
		for i := range 8 {
			tickets = append(tickets, w.open(amy, fmt.Sprint(i)).ID)
		}
		done := make(chan struct{})
		var writers sync.WaitGroup
		for _, tk := range tickets {
			writers.Go(func() {
				for range 15 {
					if _, err := w.tickets.Reply(ctx, call(amy), ticket.Ref{ID: tk}, "more"); err != nil {
						t.Error(err)
					}
				}
			})
		}
		go func() { writers.Wait(); close(done) }()
		for running := true; running; {
			select {
			case <-done:
				running = false
			default:
			}
			var count, last int64
			must(t, s.Read(ctx).QueryRow(ctx, `SELECT COUNT(*), MAX(sequence) FROM events WHERE workspace_id = ?`, int64(w.id)).Scan(&count, &last))
			if count != last {
				t.Fatalf("%d events are seen up to sequence %d", count, last)
			}
		}
	})
}

func TestPostingWakesWhoMustHear(t *testing.T) {
	route := func(o *sqlstore.Options) { o.Routes = []job.Route{channel.Route(event.ChannelPlain)} }
	sqlstoretest.EachWith(t, route, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "wake"), t.Context()
		amy := w.actor("amy", access.RoleRequester)
		heard, stop := s.Subscribe(event.Topic(w.id))
		defer stop()
		opened := w.open(amy, "Broken")
		select {
		case <-heard:
		default:
			t.Error("nobody heard of the new ticket")
		}
		claims := got(s.Claim(ctx, job.Consumer(event.ChannelPlain), "me", time.Now().Add(time.Minute), time.Minute, 10))(t)
		if len(claims) != 1 || claims[0].Key.Key != opened.ID.String() || claims[0].Workspace != w.id {
			t.Errorf("work %+v", claims)
		}
		got(w.tickets.AddNote(ctx, call(w.actor("bob", access.RoleAgent)), ticket.Ref{ID: opened.ID}, "staff only"))(t)
		if _, due, err := s.NextDue(ctx, job.Consumer(event.ChannelPlain)); err != nil || !due {
			t.Errorf("the claim is lost: %v", err)
		}
	})
}

func TestAFailingChangeLeavesNothing(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "nothing"), t.Context()
		amy := w.actor("amy", access.RoleRequester)
		opened := w.open(amy, "Broken")
		o := event.Origin{Channel: event.ChannelPlain, ExternalID: "m1"}
		cause := ticket.Cause{By: amy.Member, Now: noon, Origin: o, IDs: s.IDs()}
		boom := errors.New("boom")
		ref := ticket.Ref{Workspace: w.id, ID: opened.ID}
		err := s.Tickets().Update(ctx, ref, o, func(tk *ticket.Ticket) error {
			_, err := tk.Reply(cause, ticket.FromRequester, "en", "lost")
			return errors.Join(err, boom)
		})
		wantErr(t, err, boom)
		broken, cancel := context.WithCancel(ctx)
		err = s.InTx(broken, func(ctx context.Context, _ *sqlstore.Tx) error {
			err := s.Tickets().Update(ctx, ref, o, func(tk *ticket.Ticket) error {
				_, err := tk.Reply(cause, ticket.FromRequester, "en", "lost")
				return err
			})
			cancel() // the commit will fail
			return err
		})
		if err == nil {
			t.Fatal("a transaction without a connection committed")
		}
		if now := got(w.tickets.Get(ctx, call(amy), opened.ID))(t); now.MessageCount != opened.MessageCount {
			t.Errorf("%d messages, want %d", now.MessageCount, opened.MessageCount)
		}
		_, err = s.Tickets().MessageFrom(ctx, w.id, o)
		wantErr(t, err, ticket.ErrMessageNotFound)
		again := call(amy)
		again.Origin = o
		got(w.tickets.Reply(ctx, again, ref, "said at last"))(t)
	})
}

func TestTwoChangesOfOneTicketInOneTransaction(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "joined"), t.Context()
		amy, bob := w.actor("amy", access.RoleRequester), w.actor("bob", access.RoleAgent)
		ref := ticket.Ref{ID: w.open(amy, "Broken").ID}
		must(t, s.InTx(ctx, func(ctx context.Context, _ *sqlstore.Tx) error {
			if _, err := w.tickets.Claim(ctx, call(bob), ref); err != nil {
				return err
			}
			_, err := w.tickets.AddTags(ctx, call(bob), ref, "a", "b")
			return err
		}))
		v := got(w.tickets.Get(ctx, call(bob), ref.ID))(t)
		if v.Version != 3 || v.Assignee != bob.Member || len(v.Tags) != 2 {
			t.Errorf("stored %+v", v.Ticket)
		}
	})
}

func TestReadsTakeAsManyStatementsForOneAsForAHundred(t *testing.T) {
	var counter sqlstoretest.Counter
	watch := func(o *sqlstore.Options) { o.OnStatement = counter.Count }
	sqlstoretest.EachWith(t, watch, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "many"), t.Context()
		bob := w.actor("bob", access.RoleAgent)
		var tickets []id.Ticket
		var messages []id.Message
		for i := range 100 {
			tk := w.open(bob, fmt.Sprint(i))
			tickets, messages = append(tickets, tk.ID), append(messages, tk.LastMessage)
		}
		for _, n := range []int{1, 100} {
			for what, read := range map[string]func() error{
				"find": func() error { _, err := w.tickets.Find(ctx, call(bob), tickets[:n]...); return err },
				"list": func() error {
					_, err := w.tickets.List(ctx, call(bob), ticket.Query{}, page.Request{First: n})
					return err
				},
				"number": func() error { _, err := w.tickets.ByNumber(ctx, call(bob), 1); return err },
				"count":  func() error { _, err := w.tickets.Count(ctx, call(bob), ticket.Query{}); return err },
				"messages": func() error {
					_, err := w.tickets.Messages(ctx, call(bob), query.Query{}, page.Request{First: n}, tickets[:n]...)
					return err
				},
				"timeline": func() error {
					_, err := w.tickets.Timeline(ctx, call(bob), query.Query{}, page.Request{First: n}, tickets[:n]...)
					return err
				},
				"by ID":        func() error { _, err := w.tickets.MessagesByID(ctx, call(bob), messages[:n]...); return err },
				"versions":     func() error { _, err := w.tickets.Versions(ctx, call(bob), messages[:n]...); return err },
				"participants": func() error { _, err := w.tickets.Participants(ctx, call(bob), tickets[:n]...); return err },
			} {
				if sent := counter.During(func() { must(t, read()) }); sent != 1 {
					t.Errorf("%s of %d took %d statements", what, n, sent)
				}
			}
		}
	})
}

func TestPagesStayRightWhileTicketsMove(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "moving"), t.Context()
		amy, bob := w.actor("amy", access.RoleRequester), w.actor("bob", access.RoleAgent)
		for i := range 30 {
			w.open(amy, fmt.Sprint(i))
		}
		query := ticket.Query{Order: []query.Order{{Field: ticket.FieldPriority, Descending: true}, {Field: ticket.FieldNumber}}}
		seen := map[int64]int{}
		var after page.Cursor
		for pages := 0; ; pages++ {
			p := got(w.tickets.List(ctx, call(bob), query, page.Request{First: 7, After: after}))(t)
			for _, v := range p.Items {
				seen[v.Number]++
			}
			if !p.HasNext {
				break
			}
			after = query.CursorOf(p.Items[len(p.Items)-1].Ticket)
			w.open(amy, "new one")
			got(w.tickets.SetPriority(ctx, call(bob), ticket.Ref{ID: p.Items[0].ID}, "urgent"))(t)
		}
		for n := range int64(30) {
			if seen[n+1] != 1 {
				t.Errorf("ticket %d was seen %d times", n+1, seen[n+1])
			}
		}
	})
}

func TestAnotherWorkspacesTicketsAreNotFound(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, far, ctx := newWorld(t, s, "one"), newWorld(t, s, "two"), t.Context()
		amy, stranger := w.actor("amy", access.RoleRequester), far.actor("ada", access.RoleAdmin)
		opened := w.open(amy, "Broken")
		ref := ticket.Ref{ID: opened.ID}
		_, err := far.tickets.Get(ctx, call(stranger), opened.ID)
		wantErr(t, err, ticket.ErrNotFound)
		_, err = far.tickets.Claim(ctx, call(stranger), ref)
		wantErr(t, err, ticket.ErrNotFound)
		_, err = far.tickets.DeleteMessage(ctx, call(stranger), ref, opened.LastMessage)
		wantErr(t, err, ticket.ErrNotFound)
		own := far.open(stranger, "Mine")
		_, err = far.tickets.DeleteMessage(ctx, call(stranger), ticket.Ref{ID: own.ID}, opened.LastMessage)
		wantErr(t, err, ticket.ErrMessageNotFound)
		if m := got(far.tickets.MessagesByID(ctx, call(stranger), opened.LastMessage))(t); len(m) != 0 {
			t.Errorf("found %v", m)
		}
		if p := got(far.tickets.Timeline(ctx, call(stranger), query.Query{}, page.Request{}, opened.ID))(t)[opened.ID]; len(p.Items) != 0 {
			t.Errorf("read %v", p.Items)
		}
	})
}
