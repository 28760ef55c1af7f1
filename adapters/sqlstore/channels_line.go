package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Talks implements channel.Repository.
func (r *ChannelRepository) Talks(ctx context.Context, c event.Channel, externalID string, limit int) ([]*channel.Surface, error) {
	all, err := collect(ctx, r.store.Read(ctx), scanSurface, surfaceSQL+` JOIN tickets t ON t.id = s.ticket_id
		WHERE s.channel = ? AND s.external_id = ? AND s.kind = 'direct'
		ORDER BY CASE WHEN t.status = 'closed' THEN 1 ELSE 0 END, t.activity_at DESC, t.id DESC LIMIT ?`, string(c), externalID, limit)
	return all, failed("list talks", err)
}

// Heads implements channel.Repository.
func (r *ChannelRepository) Heads(ctx context.Context, w id.Workspace, c event.Channel) ([]id.Ticket, error) {
	all, err := collect(ctx, r.store.Read(ctx), number[id.Ticket], `SELECT MIN(s.ticket_id) FROM surfaces s JOIN tickets t ON t.id = s.ticket_id
		WHERE s.workspace_id = ? AND s.channel = ? AND s.state = 'waiting' AND t.status <> 'closed'
		GROUP BY s.kind ORDER BY 1`, int64(w), string(c))
	return all, failed("list waiting surfaces", err)
}

// Ahead implements channel.Repository.
func (r *ChannelRepository) Ahead(ctx context.Context, w id.Workspace, c event.Channel, k category.Surface, t id.Ticket) (int, error) {
	n, err := number[int64](r.store.Read(ctx).QueryRow(ctx, `SELECT COUNT(*) FROM surfaces s JOIN tickets t ON t.id = s.ticket_id
		WHERE s.workspace_id = ? AND s.channel = ? AND s.state = 'waiting' AND s.kind = ? AND s.ticket_id < ? AND t.status <> 'closed'`,
		int64(w), string(c), string(k), int64(t)))
	return int(n), failed("count waiting surfaces", err)
}

// Concerning implements channel.Repository.
func (r *ChannelRepository) Concerning(ctx context.Context, w id.Workspace, c event.Channel, m id.Member, after id.Ticket, limit int) ([]id.Ticket, error) {
	all, err := collect(ctx, r.store.Read(ctx), number[id.Ticket], `SELECT t.id FROM tickets t
		WHERE t.workspace_id = ? AND t.channel = ? AND t.id > ? AND t.status <> 'closed' AND (t.requester_id = ?
			OR EXISTS (SELECT 1 FROM ticket_participants p WHERE p.ticket_id = t.id AND p.member_id = ?))
		ORDER BY t.id LIMIT ?`, int64(w), string(c), int64(after), int64(m), int64(m), limit)
	return all, failed("list a member's tickets", err)
}

// involvedSQL begins with the tickets, which are fewer than the members.
const involvedSQL = `SELECT m.id, MIN(i.external_id), MAX(x.gone) FROM (
		SELECT t.requester_id AS member_id, CASE WHEN ` + someoneLeft + ` THEN 1 ELSE 0 END AS gone FROM tickets t
		WHERE t.workspace_id = ? AND t.channel = ? AND t.status <> 'closed'
		UNION ALL
		SELECT p.member_id, CASE WHEN ` + someoneLeft + ` THEN 1 ELSE 0 END FROM tickets t JOIN ticket_participants p ON p.ticket_id = t.id
		WHERE t.workspace_id = ? AND t.channel = ? AND t.status <> 'closed') x
	JOIN members m ON m.id = x.member_id JOIN identities i ON i.account_id = m.account_id AND i.channel = ?
	WHERE m.id > ? GROUP BY m.id ORDER BY m.id LIMIT ?`

const someoneLeft = `EXISTS (SELECT 1 FROM events e WHERE e.ticket_id = t.id AND e.type = 'ticket.person_left')`

// Involved implements channel.Repository.
func (r *ChannelRepository) Involved(ctx context.Context, w id.Workspace, c event.Channel, after id.Member, limit int) ([]channel.Involved, error) {
	all, err := collect(ctx, r.store.Read(ctx), func(row scanner) (channel.Involved, error) {
		var p channel.Involved
		var left int
		err := row.Scan((*int64)(&p.Member), &p.ExternalID, &left)
		p.Left = left > 0
		return p, err
	}, involvedSQL, int64(w), string(c), int64(w), string(c), string(c.People()), int64(after), limit)
	return all, failed("list who is involved", err)
}

// Refresh implements channel.Repository.
func (r *ChannelRepository) Refresh(ctx context.Context, t id.Ticket, c event.Channel) error {
	_, err := r.store.change(ctx, `UPDATE surfaces SET applied = '', revision = revision + 1
		WHERE ticket_id = ? AND channel = ? AND external_id <> ''`, int64(t), string(c))
	return failed("refresh surface", err)
}
