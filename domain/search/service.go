package search

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Order is in which order hits come.
type Order string

// The orders.
const (
	Newest Order = "newest"
	Best   Order = "best" // of the newest RankedHits
)

// Orders lists the orders.
func Orders() []Order { return []Order{Newest, Best} }

// RankedHits is among how many of the newest hits the best are looked for.
const RankedHits = 200

// Input is what somebody looks for.
type Input struct {
	Text  string
	Order Order // "": Newest
}

// Hit is something that was found.
type Hit struct {
	Place    int64
	Score    int64 // in the order Best; otherwise 0
	Ticket   id.Ticket
	Message  id.Message // 0: the ticket itself
	Internal bool       // only staff may know
	At       time.Time  // when it was written, or the ticket opened
	Excerpt  Excerpt
}

// Cursor is the hit's place in the order.
func (h Hit) Cursor(o Order) page.Cursor {
	if o == Best {
		return page.Cursor{h.Score, h.Place}
	}
	return page.Cursor{h.Place}
}

// Service finds tickets and what stands in them.
type Service struct {
	repo       Repository
	queues     queue.Repository
	categories category.Repository
}

// NewService makes the service.
func NewService(r Repository, q queue.Repository, c category.Repository) *Service {
	return &Service{repo: r, queues: q, categories: c}
}

// Search gives a page of what the actor may find, read in one direction: by first and
// after. Codes: unauthenticated, invalid.
func (s *Service) Search(ctx context.Context, c access.Call, in Input, r page.Request) (page.Page[Hit], error) {
	none := page.Page[Hit]{}
	v, err := ticket.VisibleTo(c.Actor)
	if err != nil {
		return none, err
	}
	w, err := in.window(r)
	if err != nil {
		return none, err
	}
	q, err := Parse(in.Text)
	if err != nil {
		return none, err
	}
	a, err := s.ask(ctx, c, v, q)
	if err != nil {
		return none, err
	}
	if in.Order == Best {
		return s.best(ctx, v, a, q, w)
	}
	var below int64
	if w.After != nil {
		below, _ = w.After[0].(int64)
	}
	found, err := s.repo.Find(ctx, v, a, below, w.Limit+1)
	if err != nil {
		return none, err
	}
	return page.Cut(w, hits(found, q.Words, false)), nil
}

func (in Input) window(r page.Request) (page.Window, error) {
	if in.Order != "" && !slices.Contains(Orders(), in.Order) {
		return page.Window{}, fault.New(fault.Invalid, "fault.search.order").With("Known", known(Orders())).On("order")
	}
	kinds := []page.Kind{page.Number}
	if in.Order == Best {
		kinds = append(kinds, page.Number)
	}
	return r.Window(kinds...)
}

// best puts the newest hits in the order of how well they fit.
func (s *Service) best(ctx context.Context, v ticket.Visibility, a Ask, q Query, w page.Window) (page.Page[Hit], error) {
	found, err := s.repo.Find(ctx, v, a, 0, RankedHits)
	if err != nil {
		return page.Page[Hit]{}, err
	}
	all := hits(found, q.Words, true)
	slices.SortFunc(all, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Place, a.Place)) })
	if w.After != nil {
		score, _ := w.After[0].(int64)
		place, _ := w.After[1].(int64)
		all = slices.DeleteFunc(all, func(h Hit) bool { return h.Score > score || h.Score == score && h.Place >= place })
	}
	return page.Cut(w, all[:min(len(all), w.Limit+1)]), nil
}

func hits(found []*Document, words []Words, scored bool) []Hit {
	all := make([]Hit, len(found))
	for i, d := range found {
		all[i] = Hit{Place: d.Place, Ticket: d.Ticket, Message: d.Message, Internal: d.Internal, At: d.At, Excerpt: d.Excerpt(words)}
		if scored {
			all[i].Score = d.Score(words)
		}
	}
	return all
}
