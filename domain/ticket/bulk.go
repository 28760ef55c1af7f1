package ticket

import (
	"context"
	"errors"
	"slices"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// MaxBulk is how many tickets can be changed at once.
const MaxBulk = 100

// OnError says what becomes of a bulk change when it is refused for a ticket.
type OnError string

// The two ways.
const (
	RollBack OnError = "rollback" // no ticket is changed
	Continue OnError = "continue" // the others are
)

// Bulk names the tickets of one change of many, each once.
type Bulk struct {
	Tickets []Ref
	OnError OnError
}

// Outcome is what a bulk change did to a ticket. Of the two, one is set, unless
// another ticket's refusal kept this one from being changed.
type Outcome struct {
	Ticket  *Ticket // as it was changed
	Refusal *fault.Error
}

// deed is a change of a ticket that one may make who has the permission.
type deed struct {
	needs access.Permission
	do    func(Cause, *Ticket) error
}

// Verb is a change that can be made to many tickets at once. It is refused for
// each as the service's method for one ticket would be.
type Verb func(ctx context.Context, s *Service, c access.Call) (deed, error)

// Assigning is Assign.
func Assigning(agent id.Member) Verb {
	return func(ctx context.Context, s *Service, c access.Call) (deed, error) {
		return deed{access.TicketManage, s.assigning(ctx, c, agent)}, nil
	}
}

// Transferring is Transfer.
func Transferring(to id.Queue) Verb {
	return func(ctx context.Context, s *Service, c access.Call) (deed, error) {
		return deed{access.TicketManage, s.transferring(ctx, c, to)}, nil
	}
}

// Tagging is RemoveTags, then AddTags.
func Tagging(add, remove []string) Verb {
	return func(ctx context.Context, s *Service, c access.Call) (deed, error) {
		names, err := s.called(ctx, c, slices.Concat(remove, add))
		if err != nil {
			return deed{}, err
		}
		return deed{access.TicketManage, func(cause Cause, t *Ticket) error {
			if err := removingTags(names[:len(remove)])(cause, t); err != nil {
				return err
			}
			return addingTags(names[len(remove):])(cause, t)
		}}, nil
	}
}

// Prioritising is SetPriority.
func Prioritising(p priority.Level) Verb {
	return func(context.Context, *Service, access.Call) (deed, error) {
		return deed{access.TicketManage, func(cause Cause, t *Ticket) error { return t.SetPriority(cause, p) }}, nil
	}
}

// Moving is Pend, Hold, Resolve, Close, or for Open Reopen, of a ticket that does
// not stand there already. Codes besides: invalid (nothing becomes new).
func Moving(to Status) Verb {
	return func(context.Context, *Service, access.Call) (deed, error) {
		way, ok := ways[to]
		if !ok {
			return deed{}, errNew
		}
		return deed{way.needs, func(cause Cause, t *Ticket) error {
			if t.Status == to {
				return nil
			}
			return way.do(t, cause)
		}}, nil
	}
}

// errNew refuses to make a ticket new.
var errNew = fault.New(fault.Invalid, "fault.ticket.bulk_status").On("status")

// ways are how tickets get to where a status says that they stand.
var ways = map[Status]struct {
	needs access.Permission
	do    func(*Ticket, Cause) error
}{
	New:      {access.TicketWork, func(*Ticket, Cause) error { return errNew }},
	Open:     {access.TicketReopen, (*Ticket).Reopen},
	Pending:  {access.TicketWork, (*Ticket).Pend},
	OnHold:   {access.TicketWork, (*Ticket).Hold},
	Resolved: {access.TicketResolve, (*Ticket).Resolve},
	Closed:   {access.TicketManage, (*Ticket).Close},
}

// ChangeAll changes up to MaxBulk tickets in one transaction, and tells of each
// what became of it, in their order. With RollBack, none is changed when one is
// refused. Codes: unauthenticated, invalid (too many tickets, none, or one
// twice), those of the verb.
func (s *Service) ChangeAll(ctx context.Context, c access.Call, b Bulk, v Verb) ([]Outcome, error) {
	if !c.Actor.Known() {
		return nil, access.ErrNobody
	}
	ids, versions, err := b.named()
	if err != nil {
		return nil, err
	}
	what, err := v(ctx, s, c)
	if err != nil {
		return nil, err
	}
	changed := map[id.Ticket]*Ticket{}
	var refused []error
	err = s.keeping(ctx, c, func(book *sla.Book) (err error) {
		refused, err = s.keptAll(ctx, c, book, ids, b.OnError != Continue, func(t *Ticket) error {
			if err := authorise(c.Actor, what.needs, t); err != nil {
				return err
			}
			if v := versions[t.ID]; v != 0 && v != t.Version {
				return ErrVersion.With(fault.CurrentVersion, t.Version)
			}
			changed[t.ID] = t
			return what.do(s.cause(c), t)
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return b.outcomes(changed, refused), nil
}

// named gives the tickets and the versions that they must have.
func (b Bulk) named() ([]id.Ticket, map[id.Ticket]int64, error) {
	if len(b.Tickets) == 0 {
		return nil, nil, fault.New(fault.Invalid, "fault.ticket.bulk_none").On("tickets")
	}
	if len(b.Tickets) > MaxBulk {
		return nil, nil, fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxBulk).On("tickets")
	}
	ids, versions := make([]id.Ticket, len(b.Tickets)), make(map[id.Ticket]int64, len(b.Tickets))
	for i, r := range b.Tickets {
		if _, twice := versions[r.ID]; twice && r.ID > 0 {
			return nil, nil, fault.New(fault.Invalid, "fault.ticket.bulk_twice").On("tickets")
		}
		ids[i], versions[r.ID] = r.ID, r.Version
	}
	return ids, versions, nil
}

func (b Bulk) outcomes(changed map[id.Ticket]*Ticket, refused []error) []Outcome {
	all, none := make([]Outcome, len(b.Tickets)), false
	for i, err := range refused {
		if f, ok := errors.AsType[*fault.Error](err); ok {
			all[i].Refusal = f
			none = b.OnError != Continue
		}
	}
	for i, r := range b.Tickets {
		if all[i].Refusal == nil && !none {
			all[i].Ticket = changed[r.ID]
		}
	}
	return all
}
