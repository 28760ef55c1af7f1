package sqlstore_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// one compares a field with values.
func one(f ticket.Field, op query.Op, values ...any) query.Where {
	return query.Where{Conditions: []query.Condition{{Field: f, Op: op, Values: values}}}
}

func not(w query.Where) query.Where { return query.Where{Not: &w} }

func TestConditionsChooseTickets(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "where"), t.Context()
		amy, bob := w.actor("amy", access.RoleRequester), w.actor("bob", access.RoleAgent)
		cleo := w.arrive("cleo", member.Arrival{})
		var refs []ticket.Ref
		for i := range 4 {
			refs = append(refs, ticket.Ref{ID: w.open(amy, fmt.Sprint(i)).ID})
		}
		got(w.tickets.Claim(ctx, call(bob), refs[1]))(t)
		got(w.tickets.AddTags(ctx, call(bob), refs[1], "red", "it's"))(t)
		got(w.tickets.AddTags(ctx, call(bob), refs[2], "red"))(t)
		got(w.tickets.AddParticipant(ctx, call(bob), refs[2], cleo.ID))(t)
		got(w.tickets.SetPriority(ctx, call(bob), refs[3], "urgent"))(t)
		got(w.tickets.Resolve(ctx, call(bob), refs[3]))(t)
		at := noon.UnixMicro()
		for i, c := range []struct {
			where query.Where
			want  []int64
		}{
			{query.Where{}, []int64{1, 2, 3, 4}},
			{one(ticket.FieldStatus, query.Eq, "new"), []int64{1, 3}},
			{one(ticket.FieldStatus, query.In, "open", "resolved"), []int64{2, 4}},
			{one(ticket.FieldStatus, query.In), nil},
			{one(ticket.FieldAssignee, query.Eq, int64(bob.Member)), []int64{2}},
			{not(one(ticket.FieldAssignee, query.Eq, int64(bob.Member))), []int64{1, 3, 4}},
			{one(ticket.FieldAssignee, query.IsNull, true), []int64{1, 3, 4}},
			{one(ticket.FieldAssignee, query.IsNull, false), []int64{2}},
			{one(ticket.FieldTag, query.Eq, "red"), []int64{2, 3}},
			{one(ticket.FieldTag, query.In, "it's", "blue"), []int64{2}},
			{one(ticket.FieldTag, query.IsNull, true), []int64{1, 4}},
			{not(one(ticket.FieldTag, query.Eq, "it's")), []int64{1, 3, 4}},
			{one(ticket.FieldParticipant, query.Eq, int64(cleo.ID)), []int64{3}},
			{one(ticket.FieldPriority, query.Gte, int64(3)), []int64{4}},
			{one(ticket.FieldNumber, query.Lt, int64(3)), []int64{1, 2}},
			{one(ticket.FieldResolvedAt, query.Lte, at), []int64{4}},
			{not(one(ticket.FieldResolvedAt, query.Lte, at)), []int64{1, 2, 3}},
			{one(ticket.FieldOpenedAt, query.Gt, at), nil},
			{one(ticket.FieldQueue, query.In, int64(w.queue), int64(1)), []int64{1, 2, 3, 4}},
			{query.Where{Or: []query.Where{one(ticket.FieldTag, query.Eq, "it's"), one(ticket.FieldNumber, query.Eq, int64(1))}}, []int64{1, 2}},
			{query.Where{
				And: []query.Where{one(ticket.FieldTag, query.Eq, "red"), not(one(ticket.FieldStatus, query.Eq, "new"))},
				Or:  []query.Where{{}, one(ticket.FieldNumber, query.Eq, int64(9))},
			}, []int64{2}},
			{not(query.Where{}), nil},
		} {
			query := ticket.Query{Where: c.where, Order: []query.Order{{Field: ticket.FieldNumber}}}
			var numbers []int64
			for _, v := range got(w.tickets.List(ctx, call(bob), query, page.Request{}))(t).Items {
				numbers = append(numbers, v.Number)
			}
			if !slices.Equal(numbers, c.want) {
				t.Errorf("case %d: %+v gives %v, want %v", i, c.where, numbers, c.want)
			}
			if n := got(w.tickets.Count(ctx, call(bob), query))(t); n != len(c.want) {
				t.Errorf("case %d: counted %d", i, n)
			}
		}
		for i, bad := range []query.Where{
			one("subject", query.Eq, "x"), one(ticket.FieldStatus, query.Gt, "new"), one(ticket.FieldStatus, query.Eq, int64(1)),
			one(ticket.FieldNumber, query.Eq, "1"), one(ticket.FieldNumber, query.Eq), one(ticket.FieldNumber, query.Eq, int64(1), int64(2)),
			one(ticket.FieldQueue, query.IsNull, true), one(ticket.FieldAssignee, query.IsNull, "yes"), one(ticket.FieldNumber, "like", int64(1)),
			one(ticket.FieldTag, query.Lt, "a"), not(one(query.FieldID, query.In, "1; DROP TABLE tickets")),
		} {
			_, err := w.tickets.List(ctx, call(bob), ticket.Query{Where: bad}, page.Request{})
			if f, ok := errors.AsType[*fault.Error](err); !ok || !errors.Is(f, query.ErrCondition) || f.Field != "where" {
				t.Errorf("bad condition %d: %v", i, err)
			}
		}
	})
}

// crowd is a workspace with tickets of every kind that the access table tells apart.
type crowd struct {
	*world
	members    []id.Member
	queues     []id.Queue
	categories []id.Category
	tickets    []*ticket.Ticket
}

func newCrowd(t *testing.T, s *sqlstore.Store) *crowd {
	w := newWorld(t, s, "crowd")
	c := &crowd{world: w, queues: []id.Queue{w.queue, w.other}, categories: []id.Category{w.category}}
	second := *got(s.Categories().Get(t.Context(), w.id, w.category))(t)[0]
	second.ID = id.Category(s.IDs()())
	must(t, s.Categories().Save(t.Context(), &second))
	c.categories = append(c.categories, second.ID)
	for i := range 3 {
		c.members = append(c.members, w.arrive(fmt.Sprint("m", i), member.Arrival{}).ID)
	}
	admin := w.actor("admin", access.RoleAdmin)
	for i := range 48 {
		requester, assignee, participant := i%3, i/3%4, i/12%4
		opened := got(w.tickets.Open(t.Context(), call(admin), ticket.OpenInput{
			Category: c.categories[i%2], Subject: "s", Body: "b", Requester: c.members[requester],
		}))(t)
		ref := ticket.Ref{ID: opened.ID}
		if i%5 < 2 {
			got(w.tickets.Transfer(t.Context(), call(admin), ref, w.other))(t)
		}
		if assignee < 3 {
			must(t, s.Tickets().Update(t.Context(), ticket.Ref{Workspace: w.id, ID: opened.ID}, event.Origin{}, func(tk *ticket.Ticket) error {
				return tk.Assign(ticket.Cause{Now: noon, IDs: s.IDs()}, c.members[assignee])
			}))
		}
		if participant < 3 && participant != requester {
			got(w.tickets.AddParticipant(t.Context(), call(admin), ref, c.members[participant]))(t)
		}
		c.tickets = append(c.tickets, got(w.tickets.Get(t.Context(), call(admin), opened.ID))(t).Ticket)
	}
	return c
}

func TestTheFilterInSQLIsTheAccessTable(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		c := newCrowd(t, s)
		rapid.Check(t, func(r *rapid.T) {
			a := access.Actor{
				Workspace: c.id,
				Member:    rapid.SampledFrom(c.members).Draw(r, "member"),
				Role:      rapid.SampledFrom(access.Roles()).Draw(r, "role"),
				Queues:    rapid.SliceOfNDistinct(rapid.SampledFrom(c.queues), 0, 2, rapid.ID).Draw(r, "queues"),
				Grants:    rapid.SliceOfNDistinct(c.grant(), 0, 6, unit).Draw(r, "grants"),
			}
			p := rapid.SampledFrom(access.Permissions()).Draw(r, "permission")
			f, err := access.Filter(a, p)
			if err != nil {
				r.Fatal(err)
			}
			p1, err := s.Tickets().List(t.Context(), ticket.Visibility{See: f}, ticket.Query{}, page.Window{Limit: 100})
			if err != nil {
				r.Fatal(err)
			}
			let := map[id.Ticket]bool{}
			for _, v := range p1.Items {
				let[v.ID] = true
			}
			for _, tk := range c.tickets {
				if want := access.Allowed(a, p, tk.Scope(a)); let[tk.ID] != want {
					r.Fatalf("ticket %d: the list says %v, the table %v", tk.Number, let[tk.ID], want)
				}
			}
		})
	})
}

func (c *crowd) grant() *rapid.Generator[access.Grant] {
	return rapid.Custom(func(r *rapid.T) access.Grant {
		g := access.Grant{
			Role:   rapid.SampledFrom(access.Roles()[:3]).Draw(r, "role"),
			Class:  rapid.SampledFrom(access.Classes()).Draw(r, "class"),
			Effect: rapid.SampledFrom([]access.Effect{access.Allow, access.Deny}).Draw(r, "effect"),
		}
		if rapid.Bool().Draw(r, "of a queue") {
			g.Queue = rapid.SampledFrom(c.queues).Draw(r, "queue")
		} else {
			g.Category = rapid.SampledFrom(c.categories).Draw(r, "category")
		}
		return g
	})
}

// unit is what two grants of a workspace can't both be about.
func unit(g access.Grant) access.Grant {
	g.Effect = ""
	return g
}
