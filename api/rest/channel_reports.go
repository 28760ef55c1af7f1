package rest

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/opaque"
)

// mostHeldUp is how many tickets a channel's report names.
const mostHeldUp = 100

// ChannelReports tell what the workspace's channels can do.
type ChannelReports struct {
	Items []ChannelReport `json:"items" nullable:"false" doc:"One for each channel that the workspace has a place in."`
}

// ChannelReport tells what a channel can do for the workspace, as was found last.
type ChannelReport struct {
	Channel          string       `json:"channel" doc:"The channel."`
	State            string       `json:"state" enum:"connected,unavailable,removed" doc:"Whether the helpdesk is in its place there: it is, the channel has an outage, or somebody sent it away."`
	ReportedAt       string       `json:"reportedAt" format:"date-time" doc:"When that was found."`
	Capabilities     []Capability `json:"capabilities" nullable:"false" doc:"What it can do there, or could."`
	BlockedTicketIDs []string     `json:"blockedTicketIds" nullable:"false" doc:"The tickets that the channel holds up, of those that the caller may see; at most 100."`
}

// Capability is something that a channel can do, or could.
type Capability struct {
	Key  string  `json:"key" doc:"A word for programs."`
	IsOn bool    `json:"isOn" doc:"Whether it can."`
	Mend *string `json:"mend" doc:"How to switch it on, in the caller's language; null where there is nothing to do."`
}

// channelReports registers what channels can do.
func (s *server) channelReports() {
	fetch(s, operation{
		id: "listChannelReports", path: "/channel-reports", tag: tagHouse, summary: "Show what the workspace's channels can do",
		about: "And how what they can't is mended. Staff only.", codes: []fault.Code{fault.Forbidden},
	}, func(ctx context.Context, c access.Call, _ *struct{ Conditional }) (shown[ChannelReports], error) {
		found, err := s.Channels.Reports(ctx, c)
		if err != nil {
			return shown[ChannelReports]{}, err
		}
		body := &ChannelReports{Items: []ChannelReport{}}
		for _, r := range found {
			one, err := s.channelReport(ctx, c, r)
			if err != nil {
				return shown[ChannelReports]{}, err
			}
			body.Items = append(body.Items, one)
		}
		return shown[ChannelReports]{body: body}, nil
	})
}

func (s *server) channelReport(ctx context.Context, c access.Call, r *channel.Report) (ChannelReport, error) {
	stuck, err := s.Channels.Stuck(ctx, c, r.Channel, mostHeldUp)
	if err != nil {
		return ChannelReport{}, err
	}
	views, err := s.Tickets.Find(ctx, c, stuck...)
	if err != nil {
		return ChannelReport{}, err
	}
	one := ChannelReport{
		Channel: outside(string(r.Channel)), State: string(r.State), ReportedAt: when(r.At), BlockedTicketIDs: []string{},
		Capabilities: each(r.Capabilities, func(can channel.Capability) Capability {
			shown := Capability{Key: can.Key, IsOn: can.On}
			if can.Mend != "" {
				shown.Mend = filled(s.Catalogue.Text(string(c.Actor.Locale), can.Mend, nil))
			}
			return shown
		}),
	}
	for _, v := range views {
		one.BlockedTicketIDs = append(one.BlockedTicketIDs, external(opaque.Ticket, v.ID))
	}
	return one, nil
}
