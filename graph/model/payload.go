package model

import (
	"context"
	"maps"
	"slices"

	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// UserError is a refusal of a mutation.
type UserError struct {
	Code           fault.Code
	Field          []string
	Message        string
	CurrentVersion *int64
}

// Object names an object that a mutation changed.
type Object struct {
	Kind scalar.Kind
	ID   int64 // 0: there is none
}

// Payload is the result of every mutation: the objects that it changed, which
// are read when they are asked for, or why nothing was done. It holds what has
// to be kept of it to give the same result again, and nothing else.
type Payload struct {
	UserErrors []*UserError
	Secret     *string // told once: it is nothing that is kept; nor are the next two
	SignInCode *auth.SignInCode
	Tokens     *auth.Admission

	subject  string     // of a result of a bulk change
	results  []*Payload // of a bulk change
	refusals []*fault.Error
	objects  map[scalar.Kind]int64
	find     Finder
	code     *workspace.LinkCode // that is shown once
}

// Finder looks an object up for the caller, nil when it does not exist for them.
type Finder func(ctx context.Context, k scalar.Kind, n int64) (Node, error)

// NewPayload makes the result of a mutation that changed the objects.
func NewPayload(find Finder, objects ...Object) *Payload {
	p := &Payload{UserErrors: []*UserError{}, objects: map[scalar.Kind]int64{}, find: find}
	for _, o := range objects {
		if o.ID != 0 {
			p.objects[o.Kind] = o.ID
		}
	}
	return p
}

// Add adds what became of one of the objects of a bulk change, by its ID.
func (p *Payload) Add(subject string, result *Payload) {
	result.subject = subject
	p.results = append(p.results, result)
}

// Results gives what became of each ticket of a bulk change. All tickets are
// read before the first is shown: where each is read as it is shown, a hundred
// goroutines wait for the same answer.
func (p *Payload) Results(ctx context.Context) ([]*BulkTicketResult, error) {
	shown := Asked(ctx, nil, "ticket")
	all := make([]*BulkTicketResult, len(p.results))
	for i, one := range p.results {
		all[i] = &BulkTicketResult{TicketID: one.subject, UserErrors: one.UserErrors}
		if !shown {
			continue
		}
		t, err := one.Ticket(ctx)
		if err != nil {
			return nil, err
		}
		all[i].Ticket = t
	}
	return all, nil
}

// BulkTicketResult is what became of a ticket of a bulk change.
type BulkTicketResult struct {
	TicketID   string
	Ticket     *Ticket // nil: not asked for, or none to show
	UserErrors []*UserError
}

// Refuse adds why nothing was done, and how the caller is told.
func (p *Payload) Refuse(f *fault.Error, told *UserError) {
	p.refusals = append(p.refusals, f)
	p.UserErrors = append(p.UserErrors, told)
}

// Result gives what is to be kept of the payload. It fails with the refusal when
// nothing was done.
func (p *Payload) Result() (idempotency.Result, error) {
	r := idempotency.Result{Subject: p.subject}
	for _, one := range p.results {
		item, _ := one.Result() // an item's refusal is the whole's only if that says so
		r.Items = append(r.Items, item)
	}
	for _, k := range slices.Sorted(maps.Keys(p.objects)) {
		r.Objects = append(r.Objects, scalar.Encode(k, p.objects[k]))
	}
	if len(p.refusals) == 0 {
		return r, nil
	}
	for _, f := range p.refusals {
		r.Refusals = append(r.Refusals, idempotency.RefusalOf(f))
	}
	return r, p.refusals[0]
}

// object reads one of the payload's objects, nil if there is none to show.
func object[T any](ctx context.Context, p *Payload, k scalar.Kind) (*T, error) {
	n, ok := p.objects[k]
	if !ok {
		return nil, nil
	}
	found, err := p.find(ctx, k, n)
	is, _ := found.(*T)
	return is, err
}

// Ticket gives the ticket as it is now.
func (p *Payload) Ticket(ctx context.Context) (*Ticket, error) {
	return object[Ticket](ctx, p, scalar.Ticket)
}

// Workspace gives the workspace as it is now.
func (p *Payload) Workspace(ctx context.Context) (*workspace.Workspace, error) {
	return object[workspace.Workspace](ctx, p, scalar.Workspace)
}

// Message gives the message as it is now.
func (p *Payload) Message(ctx context.Context) (*Message, error) {
	return object[Message](ctx, p, scalar.Message)
}

// Queue gives the queue as it is now.
func (p *Payload) Queue(ctx context.Context) (*queue.Queue, error) {
	return object[queue.Queue](ctx, p, scalar.Queue)
}

// Team gives the team as it is now.
func (p *Payload) Team(ctx context.Context) (*Team, error) { return object[Team](ctx, p, scalar.Team) }

// Category gives the category as it is now.
func (p *Payload) Category(ctx context.Context) (*Category, error) {
	return object[Category](ctx, p, scalar.Category)
}

// Tag gives the tag as it is now.
func (p *Payload) Tag(ctx context.Context) (*Tag, error) { return object[Tag](ctx, p, scalar.Tag) }

// APIKey gives the key as it is now.
func (p *Payload) APIKey(ctx context.Context) (*APIKey, error) {
	return object[APIKey](ctx, p, scalar.APIKey)
}

// Grant gives the grant as it is now.
func (p *Payload) Grant(ctx context.Context) (*Grant, error) {
	return object[Grant](ctx, p, scalar.Grant)
}

// Member gives the member as they are now.
func (p *Payload) Member(ctx context.Context) (*Member, error) {
	return object[Member](ctx, p, scalar.Member)
}
