package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Shown implements channel.Repository. What stood in a place that is lost counts
// no more.
func (r *ChannelRepository) Shown(ctx context.Context, t id.Ticket, c event.Channel) ([]channel.Delivery, error) {
	all, err := collect(ctx, r.store.Read(ctx), func(row scanner) (channel.Delivery, error) {
		var d channel.Delivery
		return d, row.Scan((*int64)(&d.Message), &d.ExternalID, &d.Version)
	}, `SELECT d.message_id, d.external_id, d.version FROM deliveries d
		JOIN surfaces s ON s.ticket_id = d.ticket_id AND s.channel = d.channel AND s.external_id = d.place
		WHERE d.ticket_id = ? AND d.channel = ? AND NOT d.deleted ORDER BY d.message_id`, int64(t), string(c))
	return all, failed("list what is shown", err)
}
