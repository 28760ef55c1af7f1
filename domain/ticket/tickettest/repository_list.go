package tickettest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func listing() []test {
	return []test{
		{"everybody finds exactly what the access table allows them", filterIsTheTable},
		{"grants widen and narrow what is found", filterWithGrants},
		{"tickets are found in the order of the IDs", findInOrder},
		{"each order is total and paged from both ends", orders},
		{"a page lies between two cursors", betweenCursors},
		{"each condition chooses as it says", conditions},
		{"conditions are joined by and, or, not", trees},
		{"a list shows what its rows need", rows},
	}
}

// busy fills the desk with tickets of every kind, some alike in what they are ordered by.
func (d *Desk) busy(t *testing.T) []*ticket.Ticket {
	t.Helper()
	opened := make([]*ticket.Ticket, 0, 8)
	for i := range 4 {
		now := d.Clock.Tick()
		for _, who := range []*member.Member{d.Lea, d.Bob} {
			cat := d.Help
			if (i+len(opened))%2 == 1 {
				cat = d.Invoice
			}
			c := d.Cause(who)
			c.Now = now
			begun := d.Begins(t, who, cat, c, fmt.Sprintf("Trouble %d", len(opened)+1))
			must(t, "open", d.Tickets.Open(t.Context(), begun))
			opened = append(opened, begun)
		}
	}
	do := func(i int, change func(ticket.Cause, *ticket.Ticket) error) { d.Changes(t, d.Sam, opened[i], change) }
	do(0, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Assign(c, d.Chidi.ID) })
	do(1, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Assign(c, d.Chidi.ID) })
	do(2, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Assign(c, d.Dana.ID) })
	do(3, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.SetPriority(c, priority.Urgent) })
	do(4, func(c ticket.Cause, tk *ticket.Ticket) error {
		return errors.Join(tk.AddTag(c, "vip"), tk.AddTag(c, "angry"), tk.AddParticipant(c, d.Bob.ID))
	})
	do(5, func(c ticket.Cause, tk *ticket.Ticket) error {
		return errors.Join(tk.AddTag(c, "vip"), tk.AddParticipant(c, d.Chidi.ID), tk.Pend(c))
	})
	do(6, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Resolve(c) })
	do(7, func(c ticket.Cause, tk *ticket.Ticket) error { return errors.Join(tk.Resolve(c), tk.Close(c)) })
	for i, tk := range opened {
		opened[i] = d.Read(t, tk.ID).Ticket
	}
	return opened
}

// everybody gives the people of the desk in the order in which they arrived.
func (d *Desk) everybody() []*member.Member {
	return []*member.Member{d.Lea, d.Bob, d.Chidi, d.Dana, d.Sam, d.Ada}
}

func filterIsTheTable(t *testing.T, d *Desk) {
	tickets := d.busy(t)
	NewDesk(t, d.World).busy(t)
	for _, who := range d.everybody() {
		d.findsWhatTheTableAllows(t, who, tickets)
	}
}

// findsWhatTheTableAllows compares, ticket by ticket, what the store lets a
// member's filter find with what the access table says.
func (d *Desk) findsWhatTheTableAllows(t *testing.T, who *member.Member, tickets []*ticket.Ticket) {
	t.Helper()
	actor := d.Actor(t, who)
	for _, p := range []access.Permission{access.TicketSee, access.NoteSee, access.TicketClaim, access.TicketManage, access.TicketConfirm} {
		filter, err := access.Filter(actor, p)
		must(t, "filter for "+who.Name, err)
		var want, all []id.Ticket
		for _, tk := range tickets {
			all = append(all, tk.ID)
			allowed := access.Allowed(actor, p, tk.Scope(actor))
			if allowed {
				want = append(want, tk.ID)
			}
			v, err := d.Tickets.ByNumber(t.Context(), filter, tk.Number)
			if allowed && (err != nil || v.ID != tk.ID) || !allowed && !errors.Is(err, ticket.ErrNotFound) {
				t.Errorf("%s, %s: number %d gives %v, %v; allowed is %v", who.Name, p, tk.Number, v, err, allowed)
			}
		}
		found, err := d.Tickets.Find(t.Context(), filter, all...)
		must(t, "find", err)
		if got := idsOf(found); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, the table allows %s of %v", who.Name, got, p, want)
		}
		listed, err := d.Tickets.List(t.Context(), ticket.Visibility{See: filter}, ticket.Query{Order: []query.Order{{Field: ticket.FieldNumber}}}, Whole())
		must(t, "list", err)
		if got := idsOf(listed.Items); !slices.Equal(got, want) {
			t.Errorf("%s lists %v, the table allows %s of %v", who.Name, got, p, want)
		}
		if n, err := d.Tickets.Count(t.Context(), ticket.Visibility{See: filter}, ticket.Query{}); err != nil || n != len(want) {
			t.Errorf("%s counts %d, %v; the table allows %s of %d", who.Name, n, err, p, len(want))
		}
	}
}

func filterWithGrants(t *testing.T, d *Desk) {
	tickets := d.busy(t)
	for _, g := range []access.Grant{
		{Category: d.Invoice.ID, Role: access.RoleRequester, Class: access.ClassSee, Effect: access.Allow},
		{Queue: d.Billing.ID, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Allow},
		{Category: d.Help.ID, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Deny},
		{Queue: d.Support.ID, Role: access.RoleAgent, Class: access.ClassManage, Effect: access.Deny},
		{Queue: d.Support.ID, Role: access.RoleSupervisor, Class: access.ClassManage, Effect: access.Deny},
		{Category: d.Help.ID, Role: access.RoleSupervisor, Class: access.ClassManage, Effect: access.Allow},
		{Category: d.Invoice.ID, Role: access.RoleSupervisor, Class: access.ClassSee, Effect: access.Deny},
	} {
		must(t, "grant", d.Queues.SetGrant(t.Context(), d.Workspace.ID, &g))
		for _, who := range d.everybody() {
			d.findsWhatTheTableAllows(t, who, tickets)
		}
	}
}

func findInOrder(t *testing.T, d *Desk) {
	tickets := d.busy(t)
	want := []id.Ticket{tickets[5].ID, tickets[0].ID, tickets[3].ID}
	found, err := d.Tickets.Find(t.Context(), d.Everything(), want[0], 1, want[1], want[2])
	must(t, "find", err)
	if got := idsOf(found); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if found, err := d.Tickets.Find(t.Context(), d.Everything()); err != nil || len(found) != 0 {
		t.Errorf("without IDs found %v, %v", found, err)
	}
}

func orders(t *testing.T, d *Desk) {
	tickets := d.busy(t)
	up := func(f ticket.Field) query.Order { return query.Order{Field: f} }
	down := func(f ticket.Field) query.Order { return query.Order{Field: f, Descending: true} }
	for name, order := range map[string][]query.Order{
		"by default":                       nil,
		"number up":                        {up(ticket.FieldNumber)},
		"number down":                      {down(ticket.FieldNumber)},
		"priority up":                      {up(ticket.FieldPriority)},
		"priority down":                    {down(ticket.FieldPriority)},
		"opened up":                        {up(ticket.FieldOpenedAt)},
		"opened down":                      {down(ticket.FieldOpenedAt)},
		"activity up":                      {up(ticket.FieldActivityAt)},
		"priority down, opened up":         {down(ticket.FieldPriority), up(ticket.FieldOpenedAt)},
		"opened up, priority down":         {up(ticket.FieldOpenedAt), down(ticket.FieldPriority)},
		"priority up, opened down, number": {up(ticket.FieldPriority), down(ticket.FieldOpenedAt), up(ticket.FieldNumber)},
	} {
		q := ticket.Query{Order: order}
		want := inOrder(q, tickets)
		if got := idsOf(d.all(t, q)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		for _, limit := range []int{1, 3} {
			if got := d.walk(t, q, limit, false); !slices.Equal(got, want) {
				t.Errorf("%s, forward by %d: %v, want %v", name, limit, got, want)
			}
			if got := d.walk(t, q, limit, true); !slices.Equal(got, want) {
				t.Errorf("%s, backward by %d: %v, want %v", name, limit, got, want)
			}
		}
	}
}

// inOrder sorts tickets as the query says.
func inOrder(q ticket.Query, tickets []*ticket.Ticket) []id.Ticket {
	sorted := slices.Clone(tickets)
	slices.SortFunc(sorted, func(a, b *ticket.Ticket) int {
		x, y := q.CursorOf(a), q.CursorOf(b)
		for i, k := range q.Keys() {
			if c := compareKeys(x[i], y[i]); c != 0 && k.Descending {
				return -c
			} else if c != 0 {
				return c
			}
		}
		return 0
	})
	ids := make([]id.Ticket, len(sorted))
	for i, tk := range sorted {
		ids[i] = tk.ID
	}
	return ids
}

// compareKeys compares sort keys of tickets, which are all numbers.
func compareKeys(a, b any) int {
	x, _ := a.(int64)
	y, _ := b.(int64)
	return cmp.Compare(x, y)
}

// walk pages through a whole list from one end to the other and gives it in
// the list's order.
func (d *Desk) walk(t *testing.T, q ticket.Query, limit int, backward bool) []id.Ticket {
	t.Helper()
	var walked []id.Ticket
	w := page.Window{Limit: limit, Backward: backward}
	for range page.MaxSize {
		p, err := d.Tickets.List(t.Context(), d.everyone(), q, w)
		must(t, "list", err)
		if len(p.Items) == 0 {
			t.Fatalf("a page after %v or before %v is empty, though there was said to be one", w.After, w.Before)
		}
		if backward {
			walked = append(idsOf(p.Items), walked...)
			w.Before = q.CursorOf(p.Items[0].Ticket)
		} else {
			walked = append(walked, idsOf(p.Items)...)
			w.After = q.CursorOf(p.Items[len(p.Items)-1].Ticket)
		}
		if more := p.HasNext && !backward || p.HasPrevious && backward; !more {
			return walked
		}
	}
	t.Fatal("the list never ends")
	return nil
}

func betweenCursors(t *testing.T, d *Desk) {
	tickets := d.busy(t)
	q := ticket.Query{Order: []query.Order{{Field: ticket.FieldPriority, Descending: true}, {Field: ticket.FieldOpenedAt}}}
	want := inOrder(q, tickets)
	cursor := func(i int) page.Cursor { return q.CursorOf(d.Read(t, want[i]).Ticket) }
	for name, try := range map[string]struct {
		w    page.Window
		want []id.Ticket
	}{
		"forward":          {page.Window{Limit: 9, After: cursor(1), Before: cursor(5)}, want[2:5]},
		"forward, cut":     {page.Window{Limit: 2, After: cursor(1), Before: cursor(5)}, want[2:4]},
		"backward":         {page.Window{Limit: 9, Backward: true, After: cursor(1), Before: cursor(5)}, want[2:5]},
		"backward, cut":    {page.Window{Limit: 2, Backward: true, After: cursor(1), Before: cursor(5)}, want[3:5]},
		"after the last":   {page.Window{Limit: 9, After: cursor(7)}, nil},
		"before the first": {page.Window{Limit: 9, Backward: true, Before: cursor(0)}, nil},
	} {
		p, err := d.Tickets.List(t.Context(), d.everyone(), q, try.w)
		must(t, name, err)
		if got := idsOf(p.Items); !slices.Equal(got, try.want) {
			t.Errorf("%s: %v, want %v", name, got, try.want)
		}
	}
}

// where is one condition.
func where(f ticket.Field, op query.Op, values ...any) query.Where {
	return query.Where{Conditions: []query.Condition{{Field: f, Op: op, Values: values}}}
}

// chooses checks what a condition finds, by number.
func (d *Desk) chooses(t *testing.T, w query.Where, want ...int64) {
	t.Helper()
	q := ticket.Query{Where: w, Order: []query.Order{{Field: ticket.FieldNumber}}}
	must(t, fmt.Sprintf("check %+v", w), q.Check())
	var got []int64
	for _, v := range d.all(t, q) {
		got = append(got, v.Number)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v finds %v, want %v", w, got, want)
	}
	if n, err := d.Tickets.Count(t.Context(), d.everyone(), q); err != nil || n != len(want) {
		t.Errorf("%+v counts %d, %v; want %d", w, n, err, len(want))
	}
}

// conditions relies on what busy does: tickets 1 to 8, of Léa and Bob in turn.
func conditions(t *testing.T, d *Desk) {
	all := d.busy(t)
	lea, bob := int64(d.Lea.ID), int64(d.Bob.ID)
	opened := func(i int) int64 { return all[i-1].OpenedAt.UnixMicro() }

	d.chooses(t, query.Where{}, 1, 2, 3, 4, 5, 6, 7, 8)
	d.chooses(t, where(query.FieldID, query.Eq, int64(all[2].ID)), 3)
	d.chooses(t, where(query.FieldID, query.In, int64(all[2].ID), int64(all[4].ID), int64(1)), 3, 5)
	d.chooses(t, where(ticket.FieldNumber, query.Gte, int64(7)), 7, 8)
	d.chooses(t, where(ticket.FieldNumber, query.Gt, int64(7)), 8)
	d.chooses(t, where(ticket.FieldNumber, query.Lte, int64(2)), 1, 2)
	d.chooses(t, where(ticket.FieldNumber, query.Lt, int64(2)), 1)
	d.chooses(t, where(ticket.FieldNumber, query.In))
	d.chooses(t, where(ticket.FieldStatus, query.Eq, string(ticket.New)), 4, 5)
	d.chooses(t, where(ticket.FieldStatus, query.In, string(ticket.Pending), string(ticket.Closed)), 6, 8)
	d.chooses(t, where(ticket.FieldStatus, query.Eq, "nonsense' OR 1=1 --"))
	d.chooses(t, where(ticket.FieldPriority, query.Eq, int64(priority.Urgent.Rank())), 4)
	d.chooses(t, where(ticket.FieldCategory, query.Eq, int64(d.Help.ID)), numbersOf(all, func(tk *ticket.Ticket) bool { return tk.Category == d.Help.ID })...)
	d.chooses(t, where(ticket.FieldQueue, query.Eq, int64(d.Billing.ID)), numbersOf(all, func(tk *ticket.Ticket) bool { return tk.Queue == d.Billing.ID })...)
	d.chooses(t, where(ticket.FieldRequester, query.Eq, lea), 1, 3, 5, 7)
	d.chooses(t, where(ticket.FieldRequester, query.In, lea, bob), 1, 2, 3, 4, 5, 6, 7, 8)
	d.chooses(t, where(ticket.FieldAssignee, query.Eq, int64(d.Chidi.ID)), 1, 2)
	d.chooses(t, where(ticket.FieldAssignee, query.IsNull, true), 4, 5, 6, 7, 8)
	d.chooses(t, where(ticket.FieldAssignee, query.IsNull, false), 1, 2, 3)
	d.chooses(t, where(ticket.FieldParticipant, query.Eq, bob), 5)
	d.chooses(t, where(ticket.FieldParticipant, query.In, bob, int64(d.Chidi.ID)), 5, 6)
	d.chooses(t, where(ticket.FieldTag, query.Eq, "vip"), 5, 6)
	d.chooses(t, where(ticket.FieldTag, query.In, "vip", "angry"), 5, 6)
	d.chooses(t, where(ticket.FieldTag, query.Eq, " VIP"), 5, 6)
	d.chooses(t, where(ticket.FieldTag, query.Eq, "vi"))
	d.chooses(t, where(ticket.FieldTag, query.IsNull, true), 1, 2, 3, 4, 7, 8)
	d.chooses(t, where(ticket.FieldTag, query.IsNull, false), 5, 6)
	d.chooses(t, where(ticket.FieldOpenedAt, query.Gte, opened(5)), 5, 6, 7, 8)
	d.chooses(t, where(ticket.FieldOpenedAt, query.Lt, opened(3)), 1, 2)
	d.chooses(t, where(ticket.FieldActivityAt, query.Gte, all[6].ActivityAt.UnixMicro()), 7, 8)
	d.chooses(t, where(ticket.FieldResolvedAt, query.IsNull, false), 7, 8)
	d.chooses(t, where(ticket.FieldResolvedAt, query.Lte, all[6].ResolvedAt.UnixMicro()), 7)
	d.chooses(t, where(ticket.FieldClosedAt, query.IsNull, true), 1, 2, 3, 4, 5, 6, 7)
	d.chooses(t, where(ticket.FieldClosedAt, query.Gte, opened(1)), 8)
}

func numbersOf(tickets []*ticket.Ticket, is func(*ticket.Ticket) bool) []int64 {
	var numbers []int64
	for _, tk := range tickets {
		if is(tk) {
			numbers = append(numbers, tk.Number)
		}
	}
	return numbers
}

func trees(t *testing.T, d *Desk) {
	d.busy(t)
	leas, vip := where(ticket.FieldRequester, query.Eq, int64(d.Lea.ID)), where(ticket.FieldTag, query.Eq, "vip")
	chidis := where(ticket.FieldAssignee, query.Eq, int64(d.Chidi.ID))

	d.chooses(t, query.Where{And: []query.Where{leas, vip}}, 5)
	d.chooses(t, query.Where{Or: []query.Where{vip, chidis}}, 1, 2, 5, 6)
	d.chooses(t, query.Where{Not: &leas}, 2, 4, 6, 8)
	d.chooses(t, query.Where{Conditions: leas.Conditions, Or: []query.Where{vip, chidis}}, 1, 5)
	d.chooses(t, query.Where{Conditions: leas.Conditions, Or: []query.Where{vip, chidis}, Not: &chidis}, 5)
	d.chooses(t, query.Where{Not: &query.Where{Or: []query.Where{leas, vip, chidis}}}, 4, 8)
	d.chooses(t, query.Where{Or: []query.Where{{And: []query.Where{leas, chidis}}, {Not: &query.Where{Or: []query.Where{leas, chidis}}}}}, 1, 4, 6, 8)
	d.chooses(t, query.Where{Or: []query.Where{{}}}, 1, 2, 3, 4, 5, 6, 7, 8)
	d.chooses(t, query.Where{Not: &query.Where{}})
	d.chooses(t, query.Where{Not: &chidis}, 3, 4, 5, 6, 7, 8)
	d.chooses(t, query.Where{And: []query.Where{{Not: &vip}, {Not: &leas}}}, 2, 4, 8)
}

func rows(t *testing.T, d *Desk) {
	d.busy(t)
	for _, v := range d.all(t, ticket.Query{}) {
		if v.RequesterMember == nil || v.RequesterMember.ID != v.Requester {
			t.Errorf("ticket %d shows the requester %v, want member %d", v.Number, v.RequesterMember, v.Requester)
		}
		if (v.AssigneeMember == nil) != (v.Assignee == 0) || v.Assignee != 0 && v.AssigneeMember.ID != v.Assignee {
			t.Errorf("ticket %d shows the assignee %v, want member %d", v.Number, v.AssigneeMember, v.Assignee)
		}
		if v.InQueue == nil || v.InQueue.ID != v.Queue {
			t.Errorf("ticket %d shows the queue %v, want %d", v.Number, v.InQueue, v.Queue)
		}
		if v.Last == nil || v.Last.ID != v.LastMessage || v.Last.Ticket != v.ID {
			t.Errorf("ticket %d shows the last message %v, want %d", v.Number, v.Last, v.LastMessage)
		}
		sameTicket(t, v.Ticket, d.Read(t, v.ID).Ticket)
	}
}
