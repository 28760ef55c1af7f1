package channel

import (
	"context"
	"strings"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
)

// Desk is a place of a channel where staff is told of what concerns a queue, and not
// one ticket's people: alerts, and digests.
type Desk struct {
	Workspace  id.Workspace
	Queue      id.Queue // 0: every queue that has none of its own
	Channel    event.Channel
	Place      string // external ID of what the desk is in, such as a Discord guild
	ExternalID string // "": none
}

// SetDesk says where a channel tells staff of a queue, or with no external ID that it
// does not. Codes: unauthenticated, forbidden.
func (s *Service) SetDesk(ctx context.Context, c access.Call, d Desk) error {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return err
	}
	d.Workspace = c.Actor.Workspace
	read := func(ctx context.Context) (audit.State, error) {
		all, err := s.repo.Desks(ctx, c.Actor.Workspace, d.Channel)
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
	return audit.Record(ctx, s.repo, c, read, func(ctx context.Context) error { return s.repo.SaveDesk(ctx, d) })
}

// Desks gives where a channel tells staff, in what is linked to the workspace, by queue.
// Only the helpdesk itself may. Codes: unauthenticated, forbidden.
func (s *Service) Desks(ctx context.Context, c access.Call, ch event.Channel) ([]Desk, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.repo.Desks(ctx, c.Actor.Workspace, ch)
}

// DeskOf gives where a channel tells staff of a queue: nil if nowhere in what is linked
// to the workspace. Only the helpdesk itself may. Codes: unauthenticated, forbidden.
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
)

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
