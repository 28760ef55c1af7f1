package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// refreshSurfaces makes the channels look at the workspace's tickets again:
// rights changed that no event of a ticket tells of. It counts surfaces that
// are just being made, since their maker may have read the rights before. Who
// listens to the workspace's rights is woken too.
func (tx *Tx) refreshSurfaces(ctx context.Context, w id.Workspace) error {
	tx.Signal(access.Topic(w))
	now := tx.store.options.Now()
	return tx.each(ctx, func(row scanner) error {
		var t id.Ticket
		var ch event.Channel
		err := row.Scan((*int64)(&t), (*string)(&ch))
		tx.Enqueue(channel.Work(w, t, ch), now)
		return err
	}, `SELECT s.ticket_id, s.channel FROM surfaces s JOIN tickets t ON t.id = s.ticket_id
		WHERE s.workspace_id = ? AND s.state <> 'gone' AND t.status <> 'closed'`, int64(w))
}
