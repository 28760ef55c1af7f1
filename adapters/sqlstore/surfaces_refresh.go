package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// refreshEnded makes the channels look again at the places of the category's closed
// tickets: how long they stay may have changed.
func (tx *Tx) refreshEnded(ctx context.Context, c *category.Category) error {
	return tx.refresh(ctx, `SELECT s.ticket_id, s.channel FROM surfaces s JOIN tickets t ON t.id = s.ticket_id
		WHERE s.workspace_id = ? AND t.category_id = ? AND s.external_id <> '' AND t.status = 'closed'`, c.Workspace, int64(c.ID))
}

// refreshSurfaces makes the channels look at the workspace's tickets again:
// rights changed that no event of a ticket tells of. It counts surfaces that
// are just being made, since their maker may have read the rights before. Who
// listens to the workspace's rights is woken too.
func (tx *Tx) refreshSurfaces(ctx context.Context, w id.Workspace) error {
	tx.Signal(access.Topic(w))
	return tx.refresh(ctx, `SELECT s.ticket_id, s.channel FROM surfaces s JOIN tickets t ON t.id = s.ticket_id
		WHERE s.workspace_id = ? AND s.state <> 'gone' AND t.status <> 'closed'`, w)
}

// refresh has the tickets' surfaces looked after that a query finds in a workspace.
func (tx *Tx) refresh(ctx context.Context, query string, w id.Workspace, args ...any) error {
	now := tx.store.options.Now()
	return tx.each(ctx, func(row scanner) error {
		var t id.Ticket
		var ch event.Channel
		err := row.Scan((*int64)(&t), (*string)(&ch))
		tx.Enqueue(channel.Work(w, t, ch), now)
		return err
	}, query, append([]any{int64(w)}, args...)...)
}
