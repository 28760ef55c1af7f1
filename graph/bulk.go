package graph

import (
	"context"
	"strconv"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// changeAll makes a bulk change. When it is rolled back, the whole is refused by
// what was refused of the tickets, each with its place in the input.
func (r *Resolver) changeAll(ctx context.Context, in model.BulkInput, v ticket.Verb) (*model.Payload, error) {
	rows := r.rows(ctx)
	outcomes, err := r.config.Tickets.ChangeAll(ctx, rows.Call, in.Bulk(), v)
	p := r.payload(rows)
	if err != nil {
		return p, r.refuse(ctx, p, err)
	}
	known := !model.Asked(ctx, []string{"results", "ticket"}, "requester", "assignee", "lastMessage")
	for i, o := range outcomes {
		one := r.payload(rows)
		switch {
		case o.Ticket != nil:
			if err := shows(ctx, rows, o.Ticket, known); err != nil {
				return nil, err
			}
			one = r.payload(rows, object(scalar.Ticket, o.Ticket.ID))
		case o.Refusal != nil:
			if o.Refusal.Code == fault.Conflict {
				one = r.payload(rows, object(scalar.Ticket, scalar.TicketOf(in.Tickets[i].ID)))
			}
			if err := r.refuse(ctx, one, o.Refusal); err != nil {
				return nil, err
			}
			if in.OnError == ticket.RollBack {
				if err := r.refuse(ctx, p, o.Refusal.On("tickets."+strconv.Itoa(i))); err != nil {
					return nil, err
				}
			}
		}
		p.Add(in.Tickets[i].ID, one)
	}
	return p, nil
}

// shows lets a changed ticket be shown: as the change left it if all that is
// asked of it is known then, or read once more together with the others, which
// takes as long as to change them.
func shows(ctx context.Context, rows *load.Rows, t *ticket.Ticket, known bool) error {
	a := rows.Call.Actor
	switch {
	case !known:
		rows.Tickets.Want(t.ID)
	case !access.Allowed(a, access.TicketSee, t.Scope(a)):
		rows.Tickets.Put(t.ID, nil)
	default:
		q, err := rows.Queues.Get(ctx, t.Queue)
		if err != nil {
			return err
		}
		v := &ticket.View{Ticket: t, InQueue: q}
		rows.OfTickets().WantTicket(v)
		rows.Tickets.Put(t.ID, v)
	}
	return nil
}
