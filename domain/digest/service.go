package digest

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
)

// Service is what one may do with digests.
type Service struct {
	repo   Repository
	queues queue.Repository
	ids    id.Source
}

// NewService makes the service.
func NewService(r Repository, q queue.Repository, ids id.Source) *Service {
	return &Service{repo: r, queues: q, ids: ids}
}

// Plans gives when the digests of the workspace's queues come, to staff. Codes:
// unauthenticated, forbidden.
func (s *Service) Plans(ctx context.Context, c access.Call) ([]*Plan, error) {
	if err := access.Require(c.Actor, access.MemberSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.Plans(ctx, c.Actor.Workspace)
}

// Change alters when the digests of which's queue come, or says so for the first time.
// A stored plan must have which's version if that is not 0. Alter may run more than
// once. Codes: unauthenticated, forbidden, invalid, not_found, conflict.
func (s *Service) Change(ctx context.Context, c access.Call, which Plan, alter func(*Schedule)) (*Plan, error) {
	var saved Plan
	err := s.recorded(ctx, c, which, func(ctx context.Context, found *Plan) (err error) {
		saved = Plan{Workspace: c.Actor.Workspace, Queue: which.Queue}
		if found != nil {
			saved = *found
		}
		if found == nil && which.Version != 0 {
			return fault.ErrNoVersion
		}
		saved.Version = which.Version
		alter(&saved.Schedule)
		if saved.Schedule, err = saved.cleaned(); err != nil {
			return err
		}
		saved.DueAt = saved.Next(c.Now)
		return s.repo.SavePlan(ctx, &saved)
	})
	if err != nil {
		return nil, err
	}
	return &saved, nil
}

// Remove ends the digests of which's queue; that there are none is no error. The plan
// must have which's version if that is not 0. Codes: unauthenticated, forbidden,
// not_found, conflict.
func (s *Service) Remove(ctx context.Context, c access.Call, which Plan) error {
	return s.recorded(ctx, c, which, func(ctx context.Context, found *Plan) error {
		if found == nil {
			return nil
		}
		gone := *found
		gone.Version = which.Version
		return s.repo.RemovePlan(ctx, &gone)
	})
}

func (s *Service) recorded(ctx context.Context, c access.Call, which Plan, change func(context.Context, *Plan) error) error {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return err
	}
	found, err := s.queues.Get(ctx, c.Actor.Workspace, which.Queue)
	if err == nil && len(found) == 0 {
		err = queue.ErrNotFound.On("queueId")
	}
	if err != nil {
		return err
	}
	read := func(ctx context.Context) (audit.State, error) {
		all, err := s.repo.Plans(ctx, c.Actor.Workspace)
		return told(all), err
	}
	return audit.Record(ctx, s.repo, c, read, func(ctx context.Context) error {
		all, err := s.repo.Plans(ctx, c.Actor.Workspace)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(p *Plan) bool { return p.Queue == which.Queue })
		if i < 0 {
			return change(ctx, nil)
		}
		return change(ctx, all[i])
	})
}

// told gives what the record tells of plans.
func told(all []*Plan) audit.State {
	state := audit.State{}
	for _, p := range all {
		var moments []string
		for _, m := range p.Moments {
			moments = append(moments, m.String())
		}
		state[audit.Object{Kind: audit.DigestPlan, ID: int64(p.Queue)}] = audit.Facts{
			"timeZone": audit.Text(p.Zone), "moments": audit.Text(moments...), "pings": audit.Yes(p.Calls),
		}
	}
	return state
}

// Page gives a page of a queue's digests, to staff to whom it is open. Codes:
// unauthenticated, forbidden, invalid.
func (s *Service) Page(ctx context.Context, c access.Call, q id.Queue, asked query.Query, r page.Request) (page.Page[*Digest], error) {
	notes, err := reads(c.Actor, q)
	if err != nil {
		return page.Page[*Digest]{}, err
	}
	w, err := Terms().Window(asked, r)
	if err != nil {
		return page.Page[*Digest]{}, err
	}
	found, err := s.repo.Page(ctx, c.Actor.Workspace, q, asked, w)
	if err != nil {
		return page.Page[*Digest]{}, err
	}
	return found, s.narrow(ctx, notes, found.Items)
}

// Count counts what Page would give in all. Codes: unauthenticated, forbidden,
// invalid.
func (s *Service) Count(ctx context.Context, c access.Call, q id.Queue, where query.Where) (int, error) {
	if _, err := reads(c.Actor, q); err != nil {
		return 0, err
	}
	if err := where.Check(); err != nil {
		return 0, err
	}
	return s.repo.Count(ctx, c.Actor.Workspace, q, where)
}

// Get finds digests by ID, those of queues that are open to the actor as staff, and
// those that name a ticket which is; others are left out. Codes: unauthenticated.
func (s *Service) Get(ctx context.Context, c access.Call, ids ...id.Digest) ([]*Digest, error) {
	notes, err := access.Filter(c.Actor, access.NoteSee)
	if err != nil {
		return nil, err
	}
	found, err := s.repo.Get(ctx, c.Actor.Workspace, ids...)
	if err != nil {
		return nil, err
	}
	if err := s.narrow(ctx, notes, found); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(d *Digest) bool { return !notes.Opens(d.Queue) && len(d.Tickets) == 0 }), nil
}

// narrow leaves of digests of queues whose tickets are not all open only those that
// are, and counts no others: a count would tell of them.
func (s *Service) narrow(ctx context.Context, notes access.TicketFilter, all []*Digest) error {
	var named []id.Ticket
	for _, d := range all {
		if !notes.Covers(d.Queue) {
			named = append(named, d.Tickets...)
		}
	}
	if len(named) == 0 {
		return nil
	}
	passing, err := s.repo.Passing(ctx, notes, named...)
	if err != nil {
		return err
	}
	open := make(map[id.Ticket]bool, len(passing))
	for _, t := range passing {
		open[t] = true
	}
	for _, d := range all {
		if !notes.Covers(d.Queue) {
			d.Tickets = slices.DeleteFunc(d.Tickets, func(t id.Ticket) bool { return !open[t] })
			d.Count = len(d.Tickets)
		}
	}
	return nil
}

// plansAtOnce is how many due plans are fetched together.
const plansAtOnce = 64

// Tick makes the digests that are due at now. Any number of processes may tick at
// once: whether one is due is looked for again once its plan is locked. However many
// moments went by since, there is one digest. One that fails is tried again by the
// next tick, and keeps no other one waiting.
func (s *Service) Tick(ctx context.Context, now time.Time) error {
	var failed []error
	var last Plan
	for {
		due, err := s.repo.Due(ctx, now, last, plansAtOnce)
		if err != nil || len(due) == 0 {
			return errors.Join(append(failed, err)...)
		}
		for _, p := range due {
			failed = append(failed, s.gather(ctx, p, now))
		}
		last = *due[len(due)-1]
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

func (s *Service) gather(ctx context.Context, p *Plan, now time.Time) error {
	waiting, err := s.repo.Waiting(ctx, p.Workspace, p.Queue)
	if err != nil {
		return err
	}
	_, err = s.repo.Take(ctx, p, now, &Digest{
		ID: id.Digest(s.ids()), Workspace: p.Workspace, Queue: p.Queue, At: now,
		Tickets: waiting.Tickets, Count: waiting.Count,
	})
	return err
}
