package sla

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
)

// ErrNoHours tells that neither the workspace nor the queue has business hours of
// its own.
var ErrNoHours = fault.New(fault.NotFound, "fault.hours.not_found")

// Hours are the business hours of a workspace, or of one of its queues. Where
// neither has any, is worked day and night.
type Hours struct {
	Schedule

	ID        id.Hours
	Workspace id.Workspace
	Queue     id.Queue // 0: of the workspace, for every queue without hours of its own
	Version   int64    // rises each time that they are saved
}

// Repository is the port to stored business hours.
type Repository interface {
	audit.Recorder

	// SaveHours stores new hours or replaces those with the same ID, which must have
	// h's version if that is not 0, and gives h the version that it has then. Codes:
	// not_found, conflict (another version).
	SaveHours(ctx context.Context, h *Hours) error
	// RemoveHours takes hours away, which must have h's version if that is not 0.
	// Codes: not_found, conflict (another version).
	RemoveHours(ctx context.Context, h *Hours) error
	// Hours gives all hours of the workspace, its own first.
	Hours(ctx context.Context, w id.Workspace) ([]*Hours, error)
	// PageHours gives a page of the workspace's hours that a query finds, and
	// CountHours how many meet its conditions. Codes: invalid.
	PageHours(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*Hours], error)
	CountHours(ctx context.Context, w id.Workspace, where query.Where) (int, error)
	// SavePolicy stores a new policy or replaces one, which must have p's version if
	// that is not 0, and gives p the version that it has then. Codes: not_found,
	// conflict (another version).
	SavePolicy(ctx context.Context, p *Policy) error
	// RemovePolicy takes a policy away, which must have p's version if that is not 0.
	// Codes: not_found, conflict (another version).
	RemovePolicy(ctx context.Context, p *Policy) error
	// Policies gives all policies of the workspace, by position.
	Policies(ctx context.Context, w id.Workspace) ([]*Policy, error)
	// PagePolicies gives a page of the workspace's policies that a query finds, and
	// CountPolicies how many meet its conditions. Codes: invalid.
	PagePolicies(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*Policy], error)
	CountPolicies(ctx context.Context, w id.Workspace, where query.Where) (int, error)
	// Promises gives the version of what the workspace promises: each method above
	// that changes something raises it, and makes Consumer's work for the workspace
	// due in the same transaction.
	Promises(ctx context.Context, w id.Workspace) (version int64, since time.Time, err error)

	// Behind gives the workspaces that promise something and whose history was not
	// followed to its end.
	Behind(ctx context.Context) ([]id.Workspace, error)
	// Follow takes up the next events of a workspace's history, up to limit, into what
	// became of its promises, and tells whether there may be more.
	Follow(ctx context.Context, w id.Workspace, limit int) (more bool, err error)
	// Report counts what became of promises, by policy, queue and target.
	Report(ctx context.Context, w id.Workspace, asked Asked) ([]Compliance, error)
}

// Service is what one may do with business hours and with policies.
type Service struct {
	repo       Repository
	queues     queue.Repository
	categories category.Repository
	ids        id.Source
	shelf      shelf
}

// NewService makes the service.
func NewService(r Repository, q queue.Repository, c category.Repository, ids id.Source) *Service {
	return &Service{repo: r, queues: q, categories: c, ids: ids}
}

// Hours gives the business hours of the workspace, and of its queues that have
// their own. Codes: unauthenticated, forbidden.
func (s *Service) Hours(ctx context.Context, c access.Call) ([]*Hours, error) {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.Hours(ctx, c.Actor.Workspace)
}

// ChangeHours alters the hours of which's queue, or of the workspace, or makes
// them. Stored ones must have which's version if that is not 0. Alter may run more
// than once. Codes: unauthenticated, forbidden, invalid, not_found, conflict.
func (s *Service) ChangeHours(ctx context.Context, c access.Call, which Hours, alter func(*Schedule) error) (*Hours, error) {
	var saved Hours
	err := s.recorded(ctx, c, which, func(ctx context.Context, found *Hours) error {
		saved = Hours{Workspace: c.Actor.Workspace, Queue: which.Queue}
		if found != nil {
			saved = *found
		}
		if err := s.place(ctx, &saved, which.Version); err != nil {
			return err
		}
		if err := alter(&saved.Schedule); err != nil {
			return err
		}
		var err error
		if saved.Schedule, err = saved.cleaned(); err != nil {
			return err
		}
		return s.repo.SaveHours(ctx, &saved)
	})
	if err != nil {
		return nil, err
	}
	return &saved, nil
}

// RemoveHours takes the hours of which's queue, or of the workspace, away, which is
// no error where there are none. They must have which's version if that is not 0.
// Codes: unauthenticated, forbidden, conflict.
func (s *Service) RemoveHours(ctx context.Context, c access.Call, which Hours) error {
	return s.recorded(ctx, c, which, func(ctx context.Context, found *Hours) error {
		if found == nil {
			return nil
		}
		gone := *found
		gone.Version = which.Version
		return s.repo.RemoveHours(ctx, &gone)
	})
}

// recorded changes hours that are of the same as which.
func (s *Service) recorded(ctx context.Context, c access.Call, which Hours, change func(context.Context, *Hours) error) error {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return err
	}
	read := func(ctx context.Context) (audit.State, error) {
		all, err := s.repo.Hours(ctx, c.Actor.Workspace)
		return told(all), err
	}
	return audit.Record(ctx, s.repo, c, read, func(ctx context.Context) error {
		all, err := s.repo.Hours(ctx, c.Actor.Workspace)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(h *Hours) bool { return h.Queue == which.Queue })
		if i < 0 {
			return change(ctx, nil)
		}
		return change(ctx, all[i])
	})
}

// place gives an ID to new hours, for a queue that must be there, and the version
// that is expected to old ones.
func (s *Service) place(ctx context.Context, h *Hours, expected int64) error {
	if h.ID != 0 {
		h.Version = expected
		return nil
	}
	if h.Queue != 0 {
		found, err := s.queues.Get(ctx, h.Workspace, h.Queue)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return queue.ErrNotFound.On("queueId")
		}
	}
	if expected != 0 {
		return fault.ErrNoVersion
	}
	h.ID = id.Hours(s.ids())
	return nil
}

// told gives what the record tells of hours.
func told(all []*Hours) audit.State {
	state := audit.State{}
	for _, h := range all {
		facts := audit.Facts{
			"queueId": audit.Named(audit.Queue, h.Queue), "timeZone": audit.Text(h.Zone), "always": audit.Yes(h.Always),
		}
		var week, holidays []string
		for _, w := range h.Week {
			week = append(week, w.String())
		}
		for _, d := range h.Holidays {
			holidays = append(holidays, d.String())
		}
		facts["week"], facts["holidays"] = audit.Text(week...), audit.Text(holidays...)
		state[audit.Object{Kind: audit.Hours, ID: int64(h.ID)}] = facts
	}
	return state
}

// yearsImported is for how many years holidays that do not come on the same day of
// every year are taken from a file.
const yearsImported = 5

// ImportHolidays adds the holidays of an iCalendar file to the hours of which's
// queue, or of the workspace, or puts them in the place of those that are there.
// Codes: unauthenticated, forbidden, invalid, not_found, conflict.
func (s *Service) ImportHolidays(ctx context.Context, c access.Call, which Hours, file string, replace bool) (*Hours, error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	// The file is read before the transaction: a long one is to keep no writer waiting.
	year := c.Now.Year()
	found, unread := ImportHolidays(file, Years{From: year, To: year + yearsImported})
	return s.ChangeHours(ctx, c, which, func(to *Schedule) error {
		if to.Zone == "" {
			return ErrNoHours.On("queueId")
		}
		if unread != nil {
			return OnField(unread, "iCalendar")
		}
		if replace {
			to.Holidays = nil
		}
		for _, h := range found {
			if !slices.Contains(to.Holidays, h) {
				to.Holidays = append(to.Holidays, h)
			}
		}
		return nil
	})
}

// OnField names the input's field in a refusal.
func OnField(err error, field string) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.On(field)
	}
	return err
}
