package tickettest

import (
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func serviceReading() []test {
	return []test{
		{"everybody reads their own tickets and those of their work", readOwn},
		{"a ticket that one may not see is not there", readForeign},
		{"a list that asks for too much is refused", readTooMuch},
		{"participants are shown to who sees the ticket", readParticipants},
	}
}

func readOwn(t *testing.T, d *Desk) {
	s := d.Service()
	helps, bill := d.Opens(t, d.Bob, d.Help), d.Opens(t, d.Lea, d.Invoice)
	for _, reader := range []struct {
		who  *member.Member
		want []id.Ticket
	}{
		{d.Bob, []id.Ticket{helps.ID}},
		{d.Lea, []id.Ticket{bill.ID}},
		{d.Chidi, []id.Ticket{helps.ID}},
		{d.Dana, []id.Ticket{bill.ID}},
		{d.Sam, []id.Ticket{bill.ID, helps.ID}},
		{d.Ada, []id.Ticket{bill.ID, helps.ID}},
	} {
		call := d.Call(t, reader.who)
		listed, err := s.List(t.Context(), call, ticket.Query{}, page.Request{})
		must(t, "list", err)
		if got := idsOf(listed.Items); !slices.Equal(got, reader.want) {
			t.Errorf("%s lists %v, want %v: newest activity first", reader.who.Name, got, reader.want)
		}
		if n, err := s.Count(t.Context(), call, ticket.Query{}); err != nil || n != len(reader.want) {
			t.Errorf("%s counts %d, %v", reader.who.Name, n, err)
		}
		found, err := s.Find(t.Context(), call, bill.ID, helps.ID)
		must(t, "find", err)
		if got := idsOf(found); !slices.Equal(got, reader.want) {
			t.Errorf("%s finds %v, want %v", reader.who.Name, got, reader.want)
		}
	}
}

func readForeign(t *testing.T, d *Desk) {
	s, tk, other := d.Service(), d.Opens(t, d.Bob, d.Help), NewDesk(t, d.World)
	for name, call := range map[string]access.Call{
		"a stranger":                 d.Call(t, d.Lea),
		"an agent of another queue":  d.Call(t, d.Dana),
		"another workspace's admin":  other.Call(t, other.Ada),
		"another workspace's system": {Actor: access.System(other.Workspace.ID), Now: d.Clock.Now()},
	} {
		_, err := s.Get(t.Context(), call, tk.ID)
		refused(t, name+" gets it", err, fault.NotFound, "")
		_, err = s.ByNumber(t.Context(), call, tk.Number)
		refused(t, name+" gets it by number", err, fault.NotFound, "")
		said, err := s.Messages(t.Context(), call, query.Query{}, page.Request{}, tk.ID)
		if err != nil || len(said[tk.ID].Items) != 0 {
			t.Errorf("%s reads %v, %v", name, said, err)
		}
		told, err := s.Timeline(t.Context(), call, query.Query{}, page.Request{}, tk.ID)
		if err != nil || len(told[tk.ID].Items) != 0 {
			t.Errorf("%s reads the history %v, %v", name, told, err)
		}
	}
	if v, err := s.Get(t.Context(), d.Call(t, d.Bob), tk.ID); err != nil || v.ID != tk.ID {
		t.Errorf("the requester gets %v, %v", v, err)
	}
	if v, err := s.ByNumber(t.Context(), d.Call(t, d.Bob), tk.Number); err != nil || v.ID != tk.ID {
		t.Errorf("the requester gets %v by number, %v", v, err)
	}
}

func readTooMuch(t *testing.T, d *Desk) {
	s, deep := d.Service(), query.Where{}
	for range query.MaxNesting {
		deep = query.Where{And: []query.Where{deep}}
	}
	many := query.Where{Conditions: make([]query.Condition, query.MaxConditions+1)}
	long := where(query.FieldID, query.In, make([]any, query.MaxValues+1)...)
	up := func(fields ...ticket.Field) (o []query.Order) {
		for _, f := range fields {
			o = append(o, query.Order{Field: f})
		}
		return o
	}
	for name, try := range map[string]struct {
		q     ticket.Query
		r     page.Request
		field string
	}{
		"too deep":            {ticket.Query{Where: deep}, page.Request{}, "where"},
		"too many conditions": {ticket.Query{Where: many}, page.Request{}, "where"},
		"too many values":     {ticket.Query{Where: long}, page.Request{}, "where.id"},
		"too many keys": {
			ticket.Query{Order: up(ticket.FieldNumber, ticket.FieldPriority, ticket.FieldOpenedAt, ticket.FieldActivityAt)}, page.Request{}, "orderBy",
		},
		"a key twice":             {ticket.Query{Order: up(ticket.FieldNumber, ticket.FieldNumber)}, page.Request{}, "orderBy"},
		"a key not every one has": {ticket.Query{Order: up(ticket.FieldAssignee)}, page.Request{}, "orderBy"},
		"a page too long":         {ticket.Query{}, page.Request{First: page.MaxSize + 1}, "first"},
		"another list's cursor":   {ticket.Query{}, page.Request{After: place(1)}, "after"},
	} {
		_, err := s.List(t.Context(), d.Call(t, d.Sam), try.q, try.r)
		refused(t, name, err, fault.Invalid, try.field)
		if _, err := s.Count(t.Context(), d.Call(t, d.Sam), try.q); try.field == "where" || try.field == "orderBy" {
			refused(t, name+", counted", err, fault.Invalid, try.field)
		}
	}
	_, err := s.Messages(t.Context(), d.Call(t, d.Sam), query.Query{}, page.Request{First: 1, Last: 1}, 1)
	refused(t, "messages from both ends", err, fault.Invalid, "first")
	_, err = s.Timeline(t.Context(), d.Call(t, d.Sam), query.Query{}, page.Request{After: place(1, 2)}, 1)
	refused(t, "a timeline with a message's cursor", err, fault.Invalid, "after")
	_, err = s.Messages(t.Context(), d.Call(t, d.Sam), query.Query{Order: up(ticket.FieldKind)}, page.Request{}, 1)
	refused(t, "messages by a key that is none", err, fault.Invalid, "orderBy")
	_, err = s.Timeline(t.Context(), d.Call(t, d.Sam), query.Query{Where: deep}, page.Request{}, 1)
	refused(t, "a timeline chosen too deep", err, fault.Invalid, "where")
	_, err = s.MessageCounts(t.Context(), d.Call(t, d.Sam), many, 1)
	refused(t, "a count of messages with too many conditions", err, fault.Invalid, "where")
	_, err = s.TimelineCounts(t.Context(), d.Call(t, d.Sam), long, 1)
	refused(t, "a count of events with too many values", err, fault.Invalid, "where.id")
	_, err = s.MessageCounts(t.Context(), access.Call{}, query.Where{}, 1)
	refused(t, "nobody's count of messages", err, fault.Unauthenticated, "")
	_, err = s.TimelineCounts(t.Context(), access.Call{}, query.Where{}, 1)
	refused(t, "nobody's count of events", err, fault.Unauthenticated, "")
}

func readParticipants(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	d.joins(t, d.Lea, tk)
	for _, reader := range []struct {
		who  *member.Member
		want int
	}{{d.Bob, 1}, {d.Lea, 1}, {d.Chidi, 1}, {d.Dana, 0}} {
		found, err := s.Participants(t.Context(), d.Call(t, reader.who), tk.ID)
		if err != nil || len(found[tk.ID]) != reader.want {
			t.Errorf("%s sees %v, %v; want %d", reader.who.Name, found[tk.ID], err, reader.want)
		}
	}
}

// place is the cursor of a list whose sort keys are numbers.
func place(keys ...int64) page.Cursor {
	c := page.Cursor{}
	for _, key := range keys {
		c = append(c, key)
	}
	return c
}
