package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/queue"
)

// SaveDesk implements channel.Repository.
func (r *ChannelRepository) SaveDesk(ctx context.Context, d channel.Desk) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if d.Queue != 0 {
			n, err := number[int64](tx.QueryRow(ctx, `SELECT COUNT(*) FROM queues WHERE id = ? AND workspace_id = ?`, int64(d.Queue), int64(d.Workspace)))
			if err := changed(n, err, queue.ErrNotFound.On("queueId")); err != nil {
				return err
			}
		}
		n, err := tx.Affected(ctx, `INSERT INTO desks (workspace_id, queue_id, channel, place, external_id)
			SELECT l.workspace_id, CAST(? AS BIGINT), l.channel, l.external_id, ? FROM links l WHERE l.workspace_id = ? AND l.channel = ?
			ON CONFLICT (workspace_id, queue_id, channel) DO UPDATE SET place = excluded.place, external_id = excluded.external_id`,
			int64(d.Queue), d.ExternalID, int64(d.Workspace), string(d.Channel))
		return changed(n, err, channel.ErrNoPlace.On("channel"))
	})
	return failed("save desk", err)
}

// RemoveDesk implements channel.Repository.
func (r *ChannelRepository) RemoveDesk(ctx context.Context, d channel.Desk) error {
	_, err := r.store.change(ctx, `DELETE FROM desks WHERE workspace_id = ? AND queue_id = ? AND channel = ?`,
		int64(d.Workspace), int64(d.Queue), string(d.Channel))
	return failed("remove desk", err)
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
