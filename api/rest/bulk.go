package rest

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/api/problem"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/budget"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// BulkInput is a change of many tickets.
type BulkInput struct {
	Keyed

	Body BulkChange
}

// BulkChange is a change of many tickets.
type BulkChange struct {
	Tickets []BulkTicket `json:"tickets" nullable:"false" doc:"The tickets, 1 to 100, none twice."`
	OnError string       `json:"onError,omitempty" enum:"rollback,continue" doc:"What becomes of the others when one is refused: none is changed, which is the rule, or the others are."`
	Changes BulkChanges  `json:"changes" doc:"What is to be different about each, in one step; at least one thing."`
}

// BulkTicket is a ticket of a change of many.
type BulkTicket struct {
	ID      string `json:"id" doc:"The ticket."`
	Version int64  `json:"version,omitempty" doc:"The version that the caller saw; another one now is a conflict. Without it, whatever it is."`
}

// BulkChanges is what is to be different about many tickets.
type BulkChanges struct {
	Status     *string       `json:"status,omitempty" enum:"new,open,pending,on_hold,resolved,closed" doc:"Where they are to stand, if they do not yet; open reopens them before all else, and nothing becomes new again."`
	Priority   *string       `json:"priority,omitempty" enum:"low,normal,high,urgent" doc:"How much they matter."`
	AssigneeID Field[string] `json:"assigneeId,omitzero" doc:"The agent who is to have them; null leaves them to their queues."`
	QueueID    *string       `json:"queueId,omitempty" doc:"Where they are to wait."`
	AddTags    []string      `json:"addTags,omitempty" nullable:"false" doc:"Marks to add, 1 to 40 characters each."`
	RemoveTags []string      `json:"removeTags,omitempty" nullable:"false" doc:"Marks to take away, before the others are added."`
}

// verb gives what the changes are. Codes: invalid (there are none).
func (b BulkChanges) verb() (ticket.Verb, error) {
	var verbs []ticket.Verb
	if b.QueueID != nil {
		verbs = append(verbs, ticket.Transferring(opaque.Of[id.Queue](opaque.Queue, *b.QueueID)))
	}
	if b.Priority != nil {
		verbs = append(verbs, ticket.Prioritising(priority.Level(*b.Priority)))
	}
	if len(b.AddTags)+len(b.RemoveTags) > 0 {
		verbs = append(verbs, ticket.Tagging(b.AddTags, b.RemoveTags))
	}
	switch {
	case b.AssigneeID.Null:
		verbs = append(verbs, ticket.Unassigning())
	case b.AssigneeID.Set:
		verbs = append(verbs, ticket.Assigning(opaqueMember(b.AssigneeID.Value)))
	}
	if len(verbs) == 0 && b.Status == nil {
		return nil, errMissing.On("changes")
	}
	return together(b.Status, verbs), nil
}

// at gives a refusal with its place in the body, which names the changes once for
// all tickets.
func (b BulkChanges) at(f *fault.Error) *fault.Error {
	switch f.Field {
	case "", "tickets":
		return f
	case "tags":
		if len(b.AddTags) == 0 {
			return f.On("changes.removeTags")
		}
		return f.On("changes.addTags")
	}
	return f.On("changes." + f.Field)
}

// BulkResults tell what became of each ticket.
type BulkResults struct {
	Results []BulkResult `json:"results" nullable:"false" doc:"What became of each ticket, in the order of the request."`
}

// BulkResult tells what became of a ticket.
type BulkResult struct {
	TicketID string           `json:"ticketId" doc:"The ticket, as the request has it."`
	Ticket   *Ticket          `json:"ticket" doc:"The ticket as it is now; null when it was refused, or is not to be seen any more."`
	Problem  *problem.Problem `json:"problem" doc:"Why it was refused; null when it was changed."`
}

// TransformSchema lets what may be missing be null.
func (BulkResult) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s, "ticket", "problem")
}

// bulk registers the change of many tickets.
func (s *server) bulk() {
	o := operation{
		id: "changeTickets", method: http.MethodPost, path: "/tickets/bulk", tag: tagTickets, summary: "Change many tickets",
		about: "Each as its own change would be. When all must be changed and one is refused, the problem's errors tell which ones.", codes: changed,
	}
	s.register(o, func(api huma.API) {
		h := o.huma(api, reflect.TypeFor[BulkResults]())
		header(&h, http.StatusOK, "ETag", "What is shown.")
		huma.Register(api, h, func(ctx context.Context, in *BulkInput) (*answer, error) {
			e := exchangeOf(ctx)
			if err := s.payForAll(ctx, e, len(in.Body.Tickets)); err != nil {
				return s.refused(e, err), nil
			}
			kept, err := s.once(ctx, e, in, func(ctx context.Context, _ int64) (idempotency.Result, error) {
				return s.changeAll(ctx, e.call, in.Body)
			})
			if err != nil {
				return s.refused(e, err), nil
			}
			body, err := s.results(ctx, e, kept)
			if err != nil {
				return s.refused(e, err), nil
			}
			return s.show(e, http.StatusOK, body, 0, ""), nil
		})
	})
}

// payForAll takes what changing the other tickets costs: that of the first is paid.
func (s *server) payForAll(ctx context.Context, e *exchange, tickets int) error {
	if tickets < 2 {
		return nil
	}
	standings, ok := s.Budget.Spend(e.call.Now, budget.PayerOf(access.FromContext(ctx)), changePrice*(tickets-1))
	budget.Tell(e.call.Now, standings, e.w.Header().Set)
	if ok {
		return nil
	}
	return errRate.with("Seconds", budget.Seconds(budget.Wait(standings)))
}

// changeAll changes the tickets, and tells of each what became of it.
func (s *server) changeAll(ctx context.Context, c access.Call, b BulkChange) (idempotency.Result, error) {
	verb, err := b.Changes.verb()
	if err != nil {
		return idempotency.Result{}, err
	}
	wish := ticket.Bulk{OnError: ticket.RollBack, Tickets: each(b.Tickets, func(t BulkTicket) ticket.Ref {
		return ticket.Ref{ID: opaque.TicketOf(t.ID), Version: t.Version}
	})}
	if b.OnError != "" {
		wish.OnError = ticket.OnError(b.OnError)
	}
	outcomes, err := s.Tickets.ChangeAll(ctx, c, wish, verb)
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return idempotency.Result{}, b.Changes.at(f)
	}
	if err != nil {
		return idempotency.Result{}, err
	}
	if refused := b.refused(outcomes); wish.OnError == ticket.RollBack && len(refused) > 0 {
		return idempotency.Result{}, refused
	}
	var kept idempotency.Result
	for i, o := range outcomes {
		item := idempotency.Result{Subject: b.Tickets[i].ID}
		if o.Refusal != nil {
			item.Refusals = []idempotency.Refusal{idempotency.RefusalOf(b.Changes.at(o.Refusal))}
		}
		kept.Items = append(kept.Items, item)
	}
	return kept, nil
}

// refused gives which tickets were refused, and after them the changes for which,
// each once.
func (b BulkChange) refused(outcomes []ticket.Outcome) refusals {
	var all, changes refusals
	for i, o := range outcomes {
		if o.Refusal == nil {
			continue
		}
		all = append(all, o.Refusal.On("tickets."+strconv.Itoa(i)))
		at := b.Changes.at(o.Refusal)
		if at.Field != "" && !slices.ContainsFunc(changes, func(f *fault.Error) bool { return f.Field == at.Field && f.Is(at) }) {
			changes = append(changes, at)
		}
	}
	return append(all, changes...)
}

// results shows what became of each ticket, as it is now.
func (s *server) results(ctx context.Context, e *exchange, kept idempotency.Result) (*BulkResults, error) {
	found, err := s.Tickets.Find(ctx, e.call, each(kept.Items, func(item idempotency.Result) id.Ticket { return opaque.TicketOf(item.Subject) })...)
	if err != nil {
		return nil, err
	}
	now := map[string]*Ticket{}
	for _, v := range found {
		shown := showTicket(e.call.Actor, v)
		now[shown.ID] = &shown
	}
	return &BulkResults{each(kept.Items, func(item idempotency.Result) BulkResult {
		one := BulkResult{TicketID: item.Subject}
		if len(item.Refusals) == 0 {
			one.Ticket = now[item.Subject]
			return one
		}
		p := s.problem(e.r, "", e.op, item.Refusals[0].Fault())
		one.Problem = &p
		return one
	})}, nil
}
