package channel

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Connection says whether a channel's adapter is in the workspace's place.
type Connection string

// The connections.
const (
	Connected   Connection = "connected"
	Unavailable Connection = "unavailable" // the channel itself has an outage
	Removed     Connection = "removed"     // the adapter was sent away
)

// Capability is something that a channel can do for a workspace, or could.
type Capability struct {
	Key  string `json:"key"`            // a word for programs
	On   bool   `json:"on"`             //
	Mend string `json:"mend,omitempty"` // catalogue key of how to switch it on
}

// Report is what a channel can do for a workspace, as its adapter last found.
type Report struct {
	Workspace    id.Workspace
	Channel      event.Channel
	State        Connection
	Capabilities []Capability
	At           time.Time
}

// Off gives the capabilities that are missing.
func (r *Report) Off() []Capability {
	var off []Capability
	for _, c := range r.Capabilities {
		if !c.On {
			off = append(off, c)
		}
	}
	return off
}

// Standing is how a ticket stands in its channel.
type Standing struct {
	Surface

	Place    string // external ID of what the ticket's place is in
	Position int    // in the line of those that wait for a place; 0: it is in none
}

// URL is where a browser finds the ticket's place; "" if there is none.
func (s *Standing) URL() string {
	if s.Channel != event.ChannelDiscord || s.ExternalID == "" || s.Place == "" {
		return ""
	}
	return "https://discord.com/channels/" + s.Place + "/" + s.ExternalID
}

// Report records what the channel can do. Only the helpdesk itself may. Codes:
// unauthenticated, forbidden.
func (s *Service) Report(ctx context.Context, c access.Call, r Report) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	r.Workspace, r.At = c.Actor.Workspace, c.Now
	return s.repo.SaveReport(ctx, &r)
}

// Reports gives what the workspace's channels can do, to staff. Codes:
// unauthenticated, forbidden.
func (s *Service) Reports(ctx context.Context, c access.Call) ([]*Report, error) {
	if err := access.Require(c.Actor, access.MemberSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.Reports(ctx, c.Actor.Workspace)
}

// Stuck gives the tickets that the channel refuses or that wait for a place, in
// their order, and then those that are closed and whose place stays until somebody
// looks into it, up to limit, to staff. Codes: unauthenticated, forbidden.
func (s *Service) Stuck(ctx context.Context, c access.Call, ch event.Channel, limit int) ([]id.Ticket, error) {
	if err := access.Require(c.Actor, access.MemberSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.Stuck(ctx, c.Actor.Workspace, ch, limit)
}

// Standings gives how tickets stand in their channels; those that have no
// surface are left out. Details are for staff alone: the caller takes them out
// for others. Codes: unauthenticated, forbidden.
func (s *Service) Standings(ctx context.Context, c access.Call, tickets ...id.Ticket) (map[id.Ticket]*Standing, error) {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.Standings(ctx, c.Actor.Workspace, tickets...)
}
