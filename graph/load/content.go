package load

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Said is a page of a ticket's messages, among the rows of all of its siblings.
type Said struct {
	page.Page[*ticket.Message]

	Rows *Rows
}

// History is a page of a ticket's events, among the rows of all of its siblings.
type History struct {
	page.Page[event.Envelope]

	Rows *Rows
}

// Said gives a page of what a query finds of what was said in a ticket of the list.
func (r *Rows) Said(ctx context.Context, t id.Ticket, q query.Query, p page.Request) (Said, error) {
	return r.said.of(r.own(), wish{Query: q, Page: p}, func(ctx context.Context, ids []id.Ticket) (map[id.Ticket]Said, error) {
		found, err := r.services.Tickets.Messages(ctx, r.Call, q, p, ids...)
		rows := r.services.New(r.Call)
		said := make(map[id.Ticket]Said, len(found))
		for t, one := range found {
			for _, m := range one.Items {
				rows.WantMessage(m)
			}
			said[t] = Said{Page: one, Rows: rows}
		}
		return said, err
	}).Get(ctx, t)
}

// SaidInAll counts what Said would give of the ticket in all.
func (r *Rows) SaidInAll(ctx context.Context, t id.Ticket, where query.Where) (int, error) {
	return r.counts.of(r.own(), wish{Of: "messages", Query: query.Query{Where: where}}, func(ctx context.Context, ids []id.Ticket) (map[id.Ticket]int, error) {
		return r.services.Tickets.MessageCounts(ctx, r.Call, where, ids...)
	}).Get(ctx, t)
}

// History gives a page of what a query finds of what happened in a ticket of the list.
func (r *Rows) History(ctx context.Context, t id.Ticket, q query.Query, p page.Request) (History, error) {
	return r.history.of(r.own(), wish{Query: q, Page: p}, func(ctx context.Context, ids []id.Ticket) (map[id.Ticket]History, error) {
		found, err := r.services.Tickets.Timeline(ctx, r.Call, q, p, ids...)
		rows := r.services.New(r.Call)
		history := make(map[id.Ticket]History, len(found))
		for t, one := range found {
			for _, e := range one.Items {
				rows.WantEvent(e)
			}
			history[t] = History{Page: one, Rows: rows}
		}
		return history, err
	}).Get(ctx, t)
}

// HistoryInAll counts what History would give of the ticket in all.
func (r *Rows) HistoryInAll(ctx context.Context, t id.Ticket, where query.Where) (int, error) {
	return r.counts.of(r.own(), wish{Of: "events", Query: query.Query{Where: where}}, func(ctx context.Context, ids []id.Ticket) (map[id.Ticket]int, error) {
		return r.services.Tickets.TimelineCounts(ctx, r.Call, where, ids...)
	}).Get(ctx, t)
}

// wish is what is asked of each ticket of a list. Wishes that say the same are
// the same, wherever in a request they stand.
type wish struct {
	Of    string
	Query query.Query
	Page  page.Request
}

// key tells wishes apart.
func (w wish) key() string {
	raw, err := json.Marshal(w)
	if err != nil {
		panic("a query can't be JSON: " + err.Error()) // texts, numbers and yes or no always can
	}
	return string(raw)
}

// asked is the batches of what is asked of the tickets of a list, one a wish.
type asked[V any] struct {
	mu      sync.Mutex
	batches map[string]*Batch[id.Ticket, V]
}

// of finds or makes the batch of all tickets of the list for one wish.
func (a *asked[V]) of(tickets []id.Ticket, w wish, fetch func(context.Context, []id.Ticket) (map[id.Ticket]V, error)) *Batch[id.Ticket, V] {
	key := w.key()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.batches == nil {
		a.batches = map[string]*Batch[id.Ticket, V]{}
	}
	if a.batches[key] == nil {
		a.batches[key] = NewBatch(fetch)
		a.batches[key].Want(tickets...)
	}
	return a.batches[key]
}
