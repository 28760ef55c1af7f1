package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// SaveDesk implements channel.Repository.
func (r *ChannelRepository) SaveDesk(ctx context.Context, d channel.Desk) error {
	query, args := `INSERT INTO desks (workspace_id, queue_id, channel, place, external_id) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (workspace_id, queue_id, channel) DO UPDATE SET place = excluded.place, external_id = excluded.external_id`,
		[]any{int64(d.Workspace), int64(d.Queue), string(d.Channel), d.Place, d.ExternalID}
	if d.ExternalID == "" {
		query, args = `DELETE FROM desks WHERE workspace_id = ? AND queue_id = ? AND channel = ?`, args[:3]
	}
	_, err := r.store.change(ctx, query, args...)
	return failed("save desk", err)
}

// Desks implements channel.Repository.
func (r *ChannelRepository) Desks(ctx context.Context, w id.Workspace, ch event.Channel) ([]channel.Desk, error) {
	all, err := collect(ctx, r.store.Read(ctx), func(row scanner) (d channel.Desk, err error) {
		err = row.Scan((*int64)(&d.Workspace), (*int64)(&d.Queue), (*string)(&d.Channel), &d.Place, &d.ExternalID)
		return d, err
	}, `SELECT d.workspace_id, d.queue_id, d.channel, d.place, d.external_id FROM desks d
		JOIN links l ON l.channel = d.channel AND l.external_id = d.place AND l.workspace_id = d.workspace_id
		WHERE d.workspace_id = ? AND d.channel = ? ORDER BY d.queue_id`, int64(w), string(ch))
	return all, failed("find desks", err)
}
