package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/model"
)

// mostHeldUp is how many tickets a channel's report names.
const mostHeldUp = 100

// channelReports gives what the workspace's channels can do, to its staff.
func (r *Resolver) channelReports(ctx context.Context, w id.Workspace) ([]*model.ChannelReport, error) {
	rows := r.rows(ctx)
	a := rows.Call.Actor
	if a.Workspace != w || !access.Allowed(a, access.MemberSee, access.InWorkspace(a.Workspace)) {
		return nil, nil
	}
	found, err := r.config.Channels.Reports(ctx, rows.Call)
	if err != nil {
		return nil, err
	}
	reports := make([]*model.ChannelReport, 0, len(found))
	for _, one := range found {
		held, err := r.heldUp(ctx, rows, one)
		if err != nil {
			return nil, err
		}
		reports = append(reports, model.NewChannelReport(rows, one, held))
	}
	return reports, nil
}

// heldUp gives the tickets that a channel holds up, as far as the caller sees them.
func (r *Resolver) heldUp(ctx context.Context, rows *load.Rows, one *channel.Report) ([]*model.Ticket, error) {
	stuck, err := r.config.Channels.Stuck(ctx, rows.Call, one.Channel, mostHeldUp)
	if err != nil || len(stuck) == 0 {
		return nil, err
	}
	views, err := r.config.Tickets.Find(ctx, rows.Call, stuck...)
	if err != nil {
		return nil, err
	}
	byID := make(map[id.Ticket]*ticket.View, len(views))
	for _, v := range views {
		byID[v.ID] = v
	}
	var held []*model.Ticket
	for _, t := range stuck {
		if v := byID[t]; v != nil {
			rows.WantTicket(v)
			held = append(held, model.NewTicket(rows, v))
		}
	}
	return held, nil
}
