package model

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/graph/load"
)

// ChannelReport is what a channel can do, with the tickets that it holds up.
type ChannelReport struct {
	*channel.Report

	Tickets []*Ticket
	rows    *load.Rows
}

// NewChannelReport makes a report for its reader.
func NewChannelReport(rows *load.Rows, r *channel.Report, held []*Ticket) *ChannelReport {
	return &ChannelReport{Report: r, Tickets: held, rows: rows}
}

// ReportedAt gives when it was found.
func (r *ChannelReport) ReportedAt() time.Time { return r.At }

// BlockedTickets gives the tickets that are held up.
func (r *ChannelReport) BlockedTickets() []*Ticket { return r.Tickets }

// Capabilities gives what the channel can do.
func (r *ChannelReport) Capabilities() []*Capability {
	all := make([]*Capability, len(r.Report.Capabilities))
	for i, c := range r.Report.Capabilities {
		all[i] = &Capability{Key: c.Key, On: c.On}
		if c.Mend != "" {
			mend := r.rows.Say(c.Mend)
			all[i].Mend = &mend
		}
	}
	return all
}

// Capability is something that a channel can do, or could.
type Capability struct {
	Key  string
	On   bool
	Mend *string
}

// Surface is a ticket's place in its channel, for its reader.
type Surface struct {
	standing *channel.Standing
	rows     *load.Rows
	staff    bool
}

// Surface gives the ticket's place in its channel, nil without one.
func (t *Ticket) Surface(ctx context.Context) (*Surface, error) {
	s, err := t.rows.Surfaces.Get(ctx, t.ID)
	if err != nil || s == nil {
		return nil, err
	}
	a := t.rows.Call.Actor
	return &Surface{standing: s, rows: t.rows, staff: access.Allowed(a, access.NoteSee, t.Scope(a))}, nil
}

// Channel gives the channel.
func (s *Surface) Channel() event.Channel { return s.standing.Channel }

// State gives how it stands.
func (s *Surface) State() channel.State { return s.standing.State }

// Kind gives what the place is, nil until it is there.
func (s *Surface) Kind() *category.Surface {
	if s.standing.ExternalID == "" {
		return nil
	}
	return &s.standing.Kind
}

// Detail tells staff what is in the way.
func (s *Surface) Detail() *string {
	if !s.staff || s.standing.Detail == "" {
		return nil
	}
	text := s.rows.Say(s.standing.Detail)
	return &text
}

// Position gives the place in the line, nil when the ticket is in none.
func (s *Surface) Position() *int {
	if s.standing.Position == 0 {
		return nil
	}
	return &s.standing.Position
}

// URL gives where a browser finds it, nil where there is nothing to find.
func (s *Surface) URL() *string {
	u := s.standing.URL()
	if u == "" || s.standing.Kind == category.InDM && !s.staff {
		return nil
	}
	return &u
}
