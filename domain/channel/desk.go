package channel

import (
	"context"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// Desk is a place of a channel where staff is told of what concerns a queue, and not
// one ticket's people: alerts, and digests.
type Desk struct {
	Workspace  id.Workspace
	Queue      id.Queue // 0: every queue that has none of its own
	Channel    event.Channel
	Place      string // external ID of what the desk is in, such as a Discord guild: what is linked
	ExternalID string
}

// MaxExternal is how long an external ID of a desk may be, in characters.
const MaxExternal = 64

// ErrNoPlace refuses a desk in a channel of which nothing is linked to the workspace.
var ErrNoPlace = fault.New(fault.NotFound, "fault.channel.no_place")

// SetDesk says where in what is linked to the workspace a channel tells staff of a queue.
// The channel's adapter finds out whether it can. Codes: unauthenticated, forbidden,
// invalid, not_found (the queue, ErrNoPlace).
func (s *Service) SetDesk(ctx context.Context, c access.Call, d Desk) (err error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return err
	}
	if d.ExternalID, err = locale.Clean(d.ExternalID, "externalId", 1, MaxExternal); err != nil {
		return err
	}
	d.Workspace = c.Actor.Workspace
	return s.changeDesk(ctx, c, d, s.repo.SaveDesk)
}

// RemoveDesk lets a channel tell staff of a queue nowhere of its own; where it does not,
// that is no error. Codes: unauthenticated, forbidden.
func (s *Service) RemoveDesk(ctx context.Context, c access.Call, d Desk) error {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return err
	}
	d.Workspace = c.Actor.Workspace
	return s.changeDesk(ctx, c, d, s.repo.RemoveDesk)
}

// changeDesk records a change, and lets the channel look whether it can tell staff there.
func (s *Service) changeDesk(ctx context.Context, c access.Call, d Desk, change func(context.Context, Desk) error) error {
	read := func(ctx context.Context) (audit.State, error) {
		all, err := s.repo.Desks(ctx, d.Workspace, d.Channel)
		state := audit.State{}
		for _, d := range all {
			of := audit.Object{Kind: audit.Queue, ID: int64(d.Queue)}
			if d.Queue == 0 {
				of = audit.Object{Kind: audit.Workspace, ID: int64(d.Workspace)}
			}
			state[of] = audit.Facts{"staffPlace." + string(d.Channel): audit.Text(d.ExternalID)}
		}
		return state, err
	}
	return audit.Record(ctx, s.repo, c, read, func(ctx context.Context) error {
		if err := change(ctx, d); err != nil {
			return err
		}
		return s.jobs.Enqueue(ctx, deskWork(d), c.Now)
	})
}

// Desks gives where a channel tells staff, in what is linked to the workspace, by queue,
// to who manages the workspace. Codes: unauthenticated, forbidden.
func (s *Service) Desks(ctx context.Context, c access.Call, ch event.Channel) ([]Desk, error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.Desks(ctx, c.Actor.Workspace, ch)
}

// DeskOf gives where a channel tells staff of a queue: nil if nowhere in what is linked
// to the workspace. Codes: unauthenticated, forbidden.
func (s *Service) DeskOf(ctx context.Context, c access.Call, ch event.Channel, q id.Queue) (*Desk, error) {
	all, err := s.Desks(ctx, c, ch)
	var found *Desk
	for i := range all {
		if d := &all[i]; d.Queue == q || d.Queue == 0 && found == nil {
			found = d
		}
	}
	return found, err
}

// LookAtDesks has a channel find out, within a time, whether it can tell staff where it is
// to be, and tell there what waits. What is asked meanwhile is done with it. Only the
// helpdesk itself may. Codes: unauthenticated, forbidden.
func (s *Service) LookAtDesks(ctx context.Context, c access.Call, ch event.Channel, within time.Duration) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	desks, err := s.Desks(ctx, c, ch)
	if err != nil || len(desks) == 0 {
		return err
	}
	return s.jobs.Enqueue(ctx, deskWork(Desk{Workspace: c.Actor.Workspace, Channel: ch}), c.Now.Add(within))
}

// TellAgain asks that staff be told now of what it could not be told of before. Only the
// helpdesk itself may. Codes: unauthenticated, forbidden.
func (s *Service) TellAgain(ctx context.Context, c access.Call, ch event.Channel) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	return s.jobs.Hasten(ctx, StaffWork(ch), c.Actor.Workspace, c.Now)
}

// The kinds of what staff is told, in the keys of its work.
const (
	AlertWork  = "alert"
	DigestWork = "digest"
	// DeskWork is no telling: it is to find out whether staff can be told where it is to be.
	DeskWork = "desk"
)

// deskWork is the work that follows a change of a workspace's desks in a channel.
func deskWork(d Desk) job.Key {
	return job.Key{Consumer: StaffWork(d.Channel), Workspace: d.Workspace, Key: DeskWork + "/" + d.Workspace.String()}
}

// StaffWork is the consumer that tells staff of a channel.
func StaffWork(ch event.Channel) job.Consumer { return job.Consumer(ch + "-staff") }

// RouteStaff sends what staff is to be told to the channel's adapter.
func RouteStaff(ch event.Channel) job.Route {
	return func(e event.Envelope) (job.Key, bool) {
		if e.TicketChannel.People() != ch {
			return job.Key{}, false
		}
		key := job.Key{Consumer: StaffWork(ch), Workspace: e.Workspace}
		switch d := e.Data.(type) {
		case event.AlertRaised:
			key.Key = strings.Join([]string{AlertWork, e.Ticket.String(), e.ID.String()}, "/")
		case event.Digested:
			if d.Left > 0 {
				return job.Key{}, false
			}
			key.Key = DigestWork + "/" + d.Digest.String()
		default:
			return job.Key{}, false
		}
		return key, true
	}
}
