package sla

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/queue"
)

// Policies gives the workspace's policies in the order in which they are tried.
// Codes: unauthenticated, forbidden.
func (s *Service) Policies(ctx context.Context, c access.Call) ([]*Policy, error) {
	if err := access.Require(c.Actor, access.MemberSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.Policies(ctx, c.Actor.Workspace)
}

// ChangePolicy alters the policy that which names, or makes one if it has no ID; a
// new one comes last. A stored one must have which's version if that is not 0.
// Alter may run more than once. Codes: unauthenticated, forbidden, invalid,
// not_found, conflict.
func (s *Service) ChangePolicy(ctx context.Context, c access.Call, which Policy, alter func(*Policy)) (*Policy, error) {
	var saved Policy
	err := s.recordedPolicies(ctx, c, func(ctx context.Context, all []*Policy) error {
		saved = Policy{Workspace: c.Actor.Workspace, Position: nextPosition(all), Rules: Rules{PausedBy: []Pause{Pending, OnHold}}}
		if which.ID != 0 {
			i := slices.IndexFunc(all, func(p *Policy) bool { return p.ID == which.ID })
			if i < 0 {
				return ErrNoPolicy
			}
			saved = *all[i]
		}
		saved.Version = which.Version
		alter(&saved)
		if err := s.check(ctx, &saved, all); err != nil {
			return err
		}
		if saved.ID == 0 {
			saved.ID = id.Policy(s.ids())
		}
		return s.repo.SavePolicy(ctx, &saved)
	})
	if err != nil {
		return nil, err
	}
	return &saved, nil
}

// RemovePolicy takes a policy away, with the clocks that run by it unless another
// one holds then; one that is not there is no error. It must have which's version
// if that is not 0. Codes: unauthenticated, forbidden, conflict.
func (s *Service) RemovePolicy(ctx context.Context, c access.Call, which Policy) error {
	return s.recordedPolicies(ctx, c, func(ctx context.Context, all []*Policy) error {
		if !slices.ContainsFunc(all, func(p *Policy) bool { return p.ID == which.ID }) {
			return nil
		}
		which.Workspace = c.Actor.Workspace
		return s.repo.RemovePolicy(ctx, &which)
	})
}

func (s *Service) recordedPolicies(ctx context.Context, c access.Call, change func(context.Context, []*Policy) error) error {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return err
	}
	read := func(ctx context.Context) (audit.State, error) {
		all, err := s.repo.Policies(ctx, c.Actor.Workspace)
		return toldPolicies(all), err
	}
	return audit.Record(ctx, s.repo, c, read, func(ctx context.Context) error {
		all, err := s.repo.Policies(ctx, c.Actor.Workspace)
		if err != nil {
			return err
		}
		return change(ctx, all)
	})
}

func nextPosition(all []*Policy) int {
	if len(all) == 0 {
		return 1
	}
	return all[len(all)-1].Position + 1
}

// check refuses a policy that cannot be, that names what is not there, or that can
// never match, or lets another never match.
func (s *Service) check(ctx context.Context, p *Policy, all []*Policy) error {
	if err := p.Clean(); err != nil {
		return err
	}
	if p.ID == 0 && p.Version != 0 {
		return fault.ErrNoVersion
	}
	if p.ID == 0 && len(all) >= MaxPolicies {
		return errTooMany.With("Most", MaxPolicies).On("name")
	}
	if err := s.known(ctx, p); err != nil {
		return err
	}
	for _, other := range all {
		switch {
		case other.ID == p.ID:
		case before(other, p) && other.covers(p.Match):
			return ErrShadowed.With("Policy", other.Name).On("match")
		case before(p, other) && p.covers(other.Match):
			return ErrShadows.With("Policy", other.Name).On("match")
		}
	}
	return nil
}

// before tells which of two policies is tried first. A new one, without ID, is the
// last of its position.
func before(a, b *Policy) bool {
	if a.Position != b.Position {
		return a.Position < b.Position
	}
	return b.ID == 0 || a.ID != 0 && a.ID < b.ID
}

// known refuses categories and queues that are not in the workspace.
func (s *Service) known(ctx context.Context, p *Policy) error {
	queues := slices.Clone(p.Queues)
	for _, x := range p.Promises {
		for _, step := range x.Steps {
			if step.Queue != 0 {
				queues = append(queues, step.Queue)
			}
		}
	}
	if n := distinct(queues); len(n) > 0 {
		found, err := s.queues.Get(ctx, p.Workspace, n...)
		if err != nil {
			return err
		}
		if len(found) != len(n) {
			return queue.ErrNotFound.On("match")
		}
	}
	if n := distinct(p.Categories); len(n) > 0 {
		found, err := s.categories.Get(ctx, p.Workspace, n...)
		if err != nil {
			return err
		}
		if len(found) != len(n) {
			return category.ErrNotFound.On("match")
		}
	}
	return nil
}

func distinct[T cmp.Ordered](list []T) []T {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// toldPolicies gives what the record tells of policies.
func toldPolicies(all []*Policy) audit.State {
	state := audit.State{}
	for _, p := range all {
		facts := audit.Facts{
			"name": audit.Text(p.Name), "position": audit.Number(p.Position), "pausedBy": audit.Text(p.PausedBy...),
			"match.categoryIds": audit.Named(audit.Category, p.Categories...), "match.queueIds": audit.Named(audit.Queue, p.Queues...),
			"match.priorities": audit.Text(p.Priorities...), "match.tags": audit.Text(p.Tags...),
		}
		for _, x := range p.Promises {
			terms := x.Within.String()
			if x.Business {
				terms += " business"
			}
			facts["promises."+string(x.Target)] = audit.Text(terms)
			var steps []string
			for _, s := range x.Steps {
				steps = append(steps, s.told())
			}
			facts["promises."+string(x.Target)+".steps"] = audit.Text(steps...)
		}
		state[audit.Object{Kind: audit.SLAPolicy, ID: int64(p.ID)}] = facts
	}
	return state
}

// told says what a step does, without what it writes.
func (s Step) told() string {
	words := []string{s.Before.String(), string(s.Action)}
	if s.Priority != priority.Level("") {
		words = append(words, string(s.Priority))
	}
	return strings.Join(words, " ")
}
