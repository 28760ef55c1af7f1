package tickettest

import (
	"errors"
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func changingAll() []test {
	return []test{
		{"a change of several tickets is saved whole", allSaved},
		{"of several tickets, those that refuse are left out", someRefused},
		{"when all must be changed and one refuses, none is", allOrNone},
		{"what is wrong with more than a ticket saves none", allFail},
	}
}

// oneClosed gives three tickets, the second of which is closed.
func (d *Desk) oneClosed(t *testing.T) []*ticket.Ticket {
	t.Helper()
	all := []*ticket.Ticket{d.Opens(t, d.Bob, d.Help), d.Opens(t, d.Lea, d.Help), d.Opens(t, d.Bob, d.Invoice)}
	all[1] = d.Changes(t, d.Sam, all[1], func(c ticket.Cause, tk *ticket.Ticket) error { return errors.Join(tk.Resolve(c), tk.Close(c)) })
	return all
}

func ticketIDs(all []*ticket.Ticket) []id.Ticket {
	ids := make([]id.Ticket, len(all))
	for i, tk := range all {
		ids[i] = tk.ID
	}
	return ids
}

// reworks is a change of more than one aspect, with an event of each.
func (d *Desk) reworks(c ticket.Cause, tk *ticket.Ticket) error {
	if err := tk.Transfer(c, d.Billing.ID); err != nil {
		return err
	}
	return errors.Join(tk.Assign(c, d.Dana.ID), tk.AddTag(c, `<"moved" & taken>`), tk.RemoveTag(c, "old"))
}

func allSaved(t *testing.T, d *Desk) {
	tickets, other := []*ticket.Ticket{d.Opens(t, d.Lea, d.Help), d.Opens(t, d.Bob, d.Help), d.Opens(t, d.Bob, d.Help)}, NewDesk(t, d.World)
	tickets[0] = d.Changes(t, d.Sam, tickets[0], func(c ticket.Cause, tk *ticket.Ticket) error { return tk.AddTag(c, "old") })
	idle := tickets[2]
	ids := ticketIDs(tickets)
	slices.Reverse(ids)
	c := d.CauseFrom(d.Sam, event.Origin{Channel: event.ChannelAPI})
	var order []id.Ticket
	left := map[id.Ticket]*ticket.Ticket{}
	faults, err := d.Tickets.UpdateAll(t.Context(), d.Workspace.ID, ids, true, func(tk *ticket.Ticket) error {
		order, left[tk.ID] = append(order, tk.ID), tk
		if tk.ID == idle.ID {
			return nil
		}
		return d.reworks(c, tk)
	})
	must(t, "change all", err)
	if !slices.Equal(faults, make([]error, len(ids))) || !slices.Equal(order, ids) {
		t.Errorf("%v were changed with %v, want %v", order, faults, ids)
	}
	for _, tk := range tickets {
		read := d.Read(t, tk.ID).Ticket
		sameTicket(t, read, left[tk.ID])
		if want := tk.Version + 1; tk.ID != idle.ID && read.Version != want {
			t.Errorf("ticket %d has version %d, want %d", tk.ID, read.Version, want)
		}
	}
	if v := d.Read(t, idle.ID); v.Version != idle.Version {
		t.Errorf("what left nothing to save raised the version to %d", v.Version)
	}
	want := []event.Type{
		event.TypeTicketTransferred, event.TypeTicketAssigned, event.TypeStatusChanged, event.TypeTagAdded,
	}
	if got := d.kinds(t, tickets[1])[3:]; !slices.Equal(got, want) {
		t.Errorf("the history goes on with %v, want %v", got, want)
	}
	last := d.history(t, tickets[1])
	if e := last[len(last)-1]; e.Data != (event.TagAdded{Tag: `<"moved" & taken>`}) || !e.Internal || e.Actor != d.Sam.ID || !e.OccurredAt.Equal(truth(c.Now)) {
		t.Errorf("its last event is %+v", e)
	}
	if got := d.all(t, ticket.Query{Where: where(ticket.FieldTag, query.Eq, "old")}); len(got) != 0 {
		t.Errorf("%d tickets are found by a tag that was taken away", len(got))
	}
	if got := d.all(t, ticket.Query{Where: where(ticket.FieldTag, query.Eq, `<"moved" & taken>`)}); len(got) != 2 {
		t.Errorf("%d tickets are found by their new tag, want 2", len(got))
	}
	other.Opens(t, other.Bob, other.Help)
	d.unbroken(t)
	other.unbroken(t)
}

func someRefused(t *testing.T, d *Desk) {
	tickets, other := d.oneClosed(t), NewDesk(t, d.World)
	foreign := other.Opens(t, other.Bob, other.Help)
	c := d.Cause(d.Sam)
	ids := append(ticketIDs(tickets), foreign.ID, id.Ticket(d.IDs()))
	faults, err := d.Tickets.UpdateAll(t.Context(), d.Workspace.ID, ids, false, func(tk *ticket.Ticket) error { return tk.SetPriority(c, "urgent") })
	must(t, "change some", err)
	if len(faults) != 5 || faults[0] != nil || faults[1] == nil || faults[2] != nil {
		t.Fatalf("refused are %v, want the second and the last two", faults)
	}
	for _, f := range faults[3:] {
		if !errors.Is(f, ticket.ErrNotFound) {
			t.Errorf("what is not there is refused with %v", f)
		}
	}
	for i, want := range []bool{true, false, true} {
		if v := d.Read(t, tickets[i].ID); (v.Version == tickets[i].Version+1) != want || (v.Priority == "urgent") != want {
			t.Errorf("ticket %d of version %d has now %d, and is %s", i, tickets[i].Version, v.Version, v.Priority)
		}
	}
	sameTicket(t, other.Read(t, foreign.ID).Ticket, foreign)
	d.unbroken(t)
}

func allOrNone(t *testing.T, d *Desk) {
	tickets, c := d.oneClosed(t), d.Cause(d.Sam)
	faults, err := d.Tickets.UpdateAll(t.Context(), d.Workspace.ID, ticketIDs(tickets), true, func(tk *ticket.Ticket) error { return tk.SetPriority(c, "urgent") })
	must(t, "change all or none", err)
	if len(faults) != 3 || faults[0] != nil || faults[1] == nil || faults[2] != nil {
		t.Errorf("refused are %v, want the second", faults)
	}
	d.unchanged(t, tickets)
}

func allFail(t *testing.T, d *Desk) {
	tickets, c, broken := []*ticket.Ticket{d.Opens(t, d.Bob, d.Help), d.Opens(t, d.Lea, d.Help)}, d.Cause(d.Sam), errors.New("broken")
	_, err := d.Tickets.UpdateAll(t.Context(), d.Workspace.ID, ticketIDs(tickets), false, func(tk *ticket.Ticket) error {
		if tk.ID == tickets[1].ID {
			return broken
		}
		return tk.SetPriority(c, "urgent")
	})
	if !errors.Is(err, broken) {
		t.Errorf("it fails with %v", err)
	}
	d.unchanged(t, tickets)
}

func (d *Desk) unchanged(t *testing.T, tickets []*ticket.Ticket) {
	t.Helper()
	for _, tk := range tickets {
		sameTicket(t, d.Read(t, tk.ID).Ticket, tk)
	}
	d.unbroken(t)
}
