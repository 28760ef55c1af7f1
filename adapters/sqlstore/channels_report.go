package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// SaveReport implements channel.Repository.
func (r *ChannelRepository) SaveReport(ctx context.Context, rep *channel.Report) error {
	_, err := r.store.change(ctx, `INSERT INTO channel_reports (workspace_id, channel, state, capabilities, reported_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (workspace_id, channel) DO UPDATE SET state = excluded.state, capabilities = excluded.capabilities, reported_at = excluded.reported_at`,
		int64(rep.Workspace), string(rep.Channel), string(rep.State), listText(rep.Capabilities), Micros(rep.At))
	return failed("save channel report", err)
}

// Reports implements channel.Repository.
func (r *ChannelRepository) Reports(ctx context.Context, w id.Workspace) ([]*channel.Report, error) {
	all, err := collect(ctx, r.store.Read(ctx), func(row scanner) (*channel.Report, error) {
		rep := &channel.Report{Workspace: w}
		var capabilities string
		var at int64
		if err := row.Scan((*string)(&rep.Channel), (*string)(&rep.State), &capabilities, &at); err != nil {
			return nil, err
		}
		rep.At = Moment(at)
		return rep, fromJSON(capabilities, &rep.Capabilities)
	}, `SELECT channel, state, capabilities, reported_at FROM channel_reports WHERE workspace_id = ? ORDER BY channel`, int64(w))
	return all, failed("list channel reports", err)
}

// Stuck implements channel.Repository. Of a place that is ready, a detail tells what
// is in the way of its removal.
func (r *ChannelRepository) Stuck(ctx context.Context, w id.Workspace, c event.Channel, limit int) ([]id.Ticket, error) {
	all, err := collect(ctx, r.store.Read(ctx), number[id.Ticket], `SELECT s.ticket_id FROM surfaces s JOIN tickets t ON t.id = s.ticket_id
		WHERE s.workspace_id = ? AND `+held+` AND t.channel = ? AND CASE WHEN t.status = 'closed' THEN s.channel = t.channel AND s.external_id <> '' AND s.state IN ('blocked', 'ready') AND s.detail <> ''
			ELSE s.state IN ('waiting', 'blocked') OR s.state IN ('gone', 'removed') AND s.detail <> '' END
		GROUP BY s.ticket_id, t.status ORDER BY CASE WHEN t.status = 'closed' THEN 1 ELSE 0 END, s.ticket_id LIMIT ?`, int64(w), string(c), limit)
	return all, failed("list stuck surfaces", err)
}

// held chooses what waits, is refused, or of which a detail tells something. These are
// the words of the index surfaces_held.
const held = `(s.state IN ('waiting', 'blocked') OR s.detail <> '')`

// Held implements channel.Repository.
func (r *ChannelRepository) Held(ctx context.Context, w id.Workspace, c event.Channel, after id.Ticket, limit int) ([]*channel.Surface, error) {
	all, err := collect(ctx, r.store.Read(ctx), scanSurface, surfaceSQL+` WHERE s.workspace_id = ? AND `+held+` AND s.channel = ? AND s.ticket_id > ?
		AND `+exists+` ORDER BY s.ticket_id LIMIT ?`, int64(w), string(c), int64(after), limit)
	return all, failed("list held surfaces", err)
}

// Standings implements channel.Repository. What waits is little, so that counting
// who is ahead is cheap.
func (r *ChannelRepository) Standings(ctx context.Context, w id.Workspace, tickets ...id.Ticket) (map[id.Ticket]*channel.Standing, error) {
	c := r.store.Read(ctx)
	these, list := among(c, "s.ticket_id", tickets)
	found := map[id.Ticket]*channel.Standing{}
	err := c.each(ctx, func(row scanner) error {
		s := &channel.Standing{}
		one, err := scanSurface(behind{row, []any{&s.Place, &s.Position}})
		if err == nil {
			s.Surface = *one
			found[s.Ticket] = s
		}
		return err
	}, `SELECT `+surfaceColumns+`,
		COALESCE(NULLIF(s.place, ''), `+linkedPlace("s.workspace_id", "s.channel")+`, ''),
		CASE WHEN s.state <> 'waiting' THEN 0 ELSE (SELECT 1 + COUNT(*) FROM surfaces o JOIN tickets ot ON ot.id = o.ticket_id
			WHERE o.workspace_id = s.workspace_id AND o.channel = s.channel AND o.state = 'waiting' AND o.kind = s.kind
			AND o.ticket_id < s.ticket_id AND ot.status <> 'closed') END
		FROM surfaces s JOIN tickets t ON t.id = s.ticket_id AND t.channel = s.channel
		WHERE s.workspace_id = ? AND `+these, int64(w), list)
	return found, failed("read how tickets stand in their channels", err)
}

// behind reads more columns behind those that are asked for.
type behind struct {
	row  scanner
	more []any
}

// Scan implements scanner.
func (b behind) Scan(into ...any) error { return b.row.Scan(append(into, b.more...)...) }
