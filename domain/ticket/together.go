package ticket

import (
	"context"
	"slices"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/tag"
)

// Unassigning is Unassign.
func Unassigning() Verb {
	return func(_ context.Context, _ *Service, c access.Call) (deed, error) {
		return deed{access.TicketClaim, unassigning(c)}, nil
	}
}

// Recategorising is Recategorise.
func Recategorising(to id.Category) Verb {
	return func(ctx context.Context, s *Service, c access.Call) (deed, error) {
		return deed{access.TicketManage, s.recategorising(ctx, c, to)}, nil
	}
}

// Filling is Fill, of the one ticket that the Ref names.
func Filling(r Ref, values map[string]category.Given) Verb {
	return func(ctx context.Context, s *Service, c access.Call) (deed, error) {
		if len(values) == 0 {
			return deed{}, fault.New(fault.Invalid, "fault.text.empty").On("answers")
		}
		needed, fill := s.filling(ctx, c, r, values)
		return deed{needed, fill}, nil
	}
}

// Together is all of the verbs, one after the other, or none. Each is refused as
// it would be alone.
func Together(verbs ...Verb) Verb {
	return func(ctx context.Context, s *Service, c access.Call) (deed, error) {
		deeds := make([]deed, len(verbs))
		for i, v := range verbs {
			one, err := v(ctx, s, c)
			if err != nil {
				return deed{}, err
			}
			deeds[i] = one
		}
		return deed{access.TicketSee, func(cause Cause, t *Ticket) error {
			for _, one := range deeds {
				if err := authorise(c.Actor, one.needs, t); err != nil {
					return err
				}
				if err := one.do(cause, t); err != nil {
					return err
				}
			}
			return nil
		}}, nil
	}
}

// Reaching is Together with Moving, each when it can be done: what is over and is to
// be open is reopened before the verbs, which an ended ticket refuses. Any other
// ticket is moved after them.
func Reaching(to Status, verbs ...Verb) Verb {
	all := append(slices.Clone(verbs), Moving(to))
	if to == Open {
		all = slices.Insert(all, 0, resuming)
	}
	return Together(all...)
}

// resuming is Reopen, of a ticket that is over.
func resuming(_ context.Context, _ *Service, c access.Call) (deed, error) {
	return deed{access.TicketSee, func(cause Cause, t *Ticket) error {
		if t.Status != Resolved && t.Status != Closed {
			return nil
		}
		if err := authorise(c.Actor, access.TicketReopen, t); err != nil {
			return err
		}
		return t.Reopen(cause)
	}}, nil
}

// Change changes a ticket by a verb, in one step however much that does. Codes:
// unauthenticated, those of the verb.
func (s *Service) Change(ctx context.Context, c access.Call, r Ref, v Verb) (*Ticket, error) {
	if !c.Actor.Known() {
		return nil, access.ErrNobody
	}
	what, err := v(ctx, s, c)
	if err != nil {
		return nil, s.unseen(ctx, c, r, err)
	}
	return s.change(ctx, c, r, what.needs, what.do)
}

// unseen tells who may not see the ticket that there is none, whatever else is
// wrong with the wish.
func (s *Service) unseen(ctx context.Context, c access.Call, r Ref, err error) error {
	if _, hidden := s.Get(ctx, c, r.ID); hidden != nil {
		return hidden
	}
	return err
}

// Marking is AddTags and RemoveTags, so that the ticket has the tags and no others.
func Marking(tags []string) Verb {
	return func(ctx context.Context, s *Service, c access.Call) (deed, error) {
		names, err := s.called(ctx, c, tags)
		if err != nil {
			return deed{}, err
		}
		return deed{access.TicketManage, func(cause Cause, t *Ticket) error {
			var others []string
			for _, has := range t.Tags {
				if !slices.ContainsFunc(names, func(name string) bool { return tag.Key(name) == tag.Key(has) }) {
					others = append(others, has)
				}
			}
			if err := removingTags(others)(cause, t); err != nil {
				return err
			}
			return addingTags(names)(cause, t)
		}}, nil
	}
}
