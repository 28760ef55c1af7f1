package tickettest

import (
	"reflect"
	"testing"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Whole asks for as much as a page holds.
func Whole() page.Window { return page.Window{Limit: page.MaxSize} }

// all gives the workspace's tickets in the query's order.
func (d *Desk) all(t *testing.T, q ticket.Query) []*ticket.View {
	t.Helper()
	p, err := d.Tickets.List(t.Context(), d.everyone(), q, Whole())
	must(t, "list", err)
	return p.Items
}

// everyone is the eye that sees all there is.
func (d *Desk) everyone() ticket.Visibility {
	return ticket.Visibility{See: d.Everything(), Notes: d.Everything()}
}

// history gives all events of a ticket.
func (d *Desk) history(t *testing.T, tk *ticket.Ticket) []event.Envelope {
	t.Helper()
	pages, err := d.Tickets.Timeline(t.Context(), d.everyone(), query.Query{}, Whole(), tk.ID)
	must(t, "read the timeline", err)
	return pages[tk.ID].Items
}

// kinds gives the types of all events of a ticket.
func (d *Desk) kinds(t *testing.T, tk *ticket.Ticket) []event.Type {
	t.Helper()
	var types []event.Type
	for _, e := range d.history(t, tk) {
		types = append(types, e.Data.Type())
	}
	return types
}

// said gives all messages and notes of a ticket.
func (d *Desk) said(t *testing.T, tk *ticket.Ticket) []*ticket.Message {
	t.Helper()
	pages, err := d.Tickets.Messages(t.Context(), d.everyone(), query.Query{}, Whole(), tk.ID)
	must(t, "read the messages", err)
	return pages[tk.ID].Items
}

func bodies(messages []*ticket.Message) []string {
	texts := make([]string, len(messages))
	for i, m := range messages {
		texts[i] = m.Body
	}
	return texts
}

func idsOf(views []*ticket.View) []id.Ticket {
	ids := make([]id.Ticket, len(views))
	for i, v := range views {
		ids[i] = v.ID
	}
	return ids
}

// sameTicket compares what was read with what was saved.
func sameTicket(t *testing.T, got, want *ticket.Ticket) {
	t.Helper()
	g, w := plain(got), plain(want)
	for i := range g.NumField() {
		if !g.Type().Field(i).IsExported() {
			continue
		}
		if a, b := g.Field(i).Interface(), w.Field(i).Interface(); !reflect.DeepEqual(a, b) {
			t.Errorf("%s is %v, want %v", g.Type().Field(i).Name, a, b)
		}
	}
}

// plain gives a ticket without what stores may do one way or the other: the
// fineness of times and whether an empty list is nil.
func plain(tk *ticket.Ticket) reflect.Value {
	c := *tk
	c.OpenedAt, c.ActivityAt, c.FirstReplyAt = truth(c.OpenedAt), truth(c.ActivityAt), truth(c.FirstReplyAt)
	c.ResolvedAt, c.ClosedAt = truth(c.ResolvedAt), truth(c.ClosedAt)
	if len(c.Tags) == 0 {
		c.Tags = nil
	}
	if len(c.Participants) == 0 {
		c.Participants = nil
	}
	if len(c.Answers) == 0 {
		c.Answers = nil
	}
	return reflect.ValueOf(c)
}
