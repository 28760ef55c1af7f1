package sqlstore

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// ChannelRepository stores where channels show tickets.
type ChannelRepository struct{ recorder }

var _ channel.Repository = (*ChannelRepository)(nil)

// Channels gives the store's surfaces.
func (s *Store) Channels() *ChannelRepository { return &ChannelRepository{recorder{s}} }

const (
	surfaceColumns = `s.ticket_id, s.workspace_id, s.channel, s.external_id, s.state, s.detail, s.applied, s.card_id, s.card, s.seen_id, s.intent, s.kind, s.place, s.revision, s.refusals`
	surfaceSQL     = `SELECT ` + surfaceColumns + ` FROM surfaces s`
	// exists tells a surface that is there, working or not.
	exists = `s.external_id <> '' AND s.state IN ('ready', 'blocked')`
)

func scanSurface(row scanner) (*channel.Surface, error) {
	s := &channel.Surface{}
	var intent string
	err := row.Scan((*int64)(&s.Ticket), (*int64)(&s.Workspace), (*string)(&s.Channel), &s.ExternalID, (*string)(&s.State),
		&s.Detail, &s.Applied, &s.CardID, &s.Card, &s.SeenID, &intent,
		(*string)(&s.Kind), &s.In, &s.Revision, &s.Refusals)
	if err != nil {
		return nil, err
	}
	return s, fromJSON(intent, &s.Intent)
}

// saveSurfaceSQL changes nothing when somebody else changed the surface since
// it was read.
const saveSurfaceSQL = `INSERT INTO surfaces
	(ticket_id, channel, workspace_id, external_id, state, detail, applied, card_id, card, seen_id, intent, kind, place, refusals, revision)
	SELECT t.id, ?, t.workspace_id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1 FROM tickets t WHERE t.id = ? AND t.workspace_id = ?
	ON CONFLICT (ticket_id, channel) DO UPDATE SET external_id = excluded.external_id, state = excluded.state,
		detail = excluded.detail, applied = excluded.applied, card_id = excluded.card_id, card = excluded.card, intent = excluded.intent,
		kind = excluded.kind, place = excluded.place, refusals = excluded.refusals, revision = surfaces.revision + 1,
		seen_id = CASE WHEN surfaces.external_id = excluded.external_id AND (` + seenIsNewer + `)
			THEN surfaces.seen_id ELSE excluded.seen_id END
	WHERE surfaces.revision = ?`

// seenIsNewer tells that what is stored was seen by somebody else meanwhile;
// what was seen of a place is never unseen.
const seenIsNewer = `LENGTH(surfaces.seen_id) > LENGTH(excluded.seen_id) OR
	LENGTH(surfaces.seen_id) = LENGTH(excluded.seen_id) AND surfaces.seen_id > excluded.seen_id`

// Save implements channel.Repository.
func (r *ChannelRepository) Save(ctx context.Context, s *channel.Surface) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error { return saveSurface(ctx, tx, s) })
	if err == nil {
		s.Revision++
	}
	return failed("save surface", err)
}

func saveSurface(ctx context.Context, tx *Tx, s *channel.Surface) error {
	n, err := tx.Affected(ctx, saveSurfaceSQL, string(s.Channel), s.ExternalID, string(s.State), s.Detail, s.Applied,
		s.CardID, s.Card, s.SeenID, jsonText(s.Intent), string(s.Kind), s.In, s.Refusals, int64(s.Ticket), int64(s.Workspace), s.Revision)
	if err != nil || n > 0 {
		return err
	}
	there, err := number[int64](tx.QueryRow(ctx, `SELECT COUNT(*) FROM tickets WHERE id = ? AND workspace_id = ?`, int64(s.Ticket), int64(s.Workspace)))
	return changed(there, errors.Join(err, staleIf(there > 0)), channel.ErrNotFound)
}

func staleIf(stale bool) error {
	if stale {
		return channel.ErrStale
	}
	return nil
}

// Delivered implements channel.Repository.
func (r *ChannelRepository) Delivered(ctx context.Context, s *channel.Surface, d channel.Delivery) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if err := saveSurface(ctx, tx, s); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO deliveries (message_id, channel, ticket_id, place, external_id, version, deleted)
			VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (message_id, channel) DO UPDATE SET place = excluded.place, external_id = excluded.external_id,
				version = excluded.version, deleted = excluded.deleted`,
			int64(d.Message), string(s.Channel), int64(s.Ticket), s.ExternalID, d.ExternalID, d.Version, d.Deleted)
		return err
	})
	if err == nil {
		s.Revision++
	}
	return failed("record delivery", err)
}

// seenSQL names the conditions of both indices of places, so that none is looked
// for in all surfaces.
const seenSQL = `UPDATE surfaces SET seen_id = ? WHERE ticket_id IN (
		SELECT ticket_id FROM surfaces WHERE channel = ? AND external_id = ? AND external_id <> '' AND kind <> 'direct'
		UNION ALL SELECT ticket_id FROM surfaces WHERE channel = ? AND external_id = ? AND kind = 'direct')
	AND channel = ? AND (LENGTH(seen_id) < LENGTH(?) OR LENGTH(seen_id) = LENGTH(?) AND seen_id < ?)`

// Seen implements channel.Repository. Those who record many at once take them in
// the same order, so that none waits for another in a circle.
func (r *ChannelRepository) Seen(ctx context.Context, c event.Channel, seen ...channel.Sight) error {
	seen = slices.SortedFunc(slices.Values(seen), func(a, b channel.Sight) int { return strings.Compare(a.ExternalID, b.ExternalID) })
	all := make([]statement, len(seen))
	for i, s := range seen {
		all[i] = statement{sql: seenSQL, args: []any{
			s.SeenID, string(c), s.ExternalID, string(c), s.ExternalID, string(c), s.SeenID, s.SeenID, s.SeenID,
		}}
	}
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.run(ctx, all)
		return err
	})
	return failed("record what was seen", err)
}

// Lost implements channel.Repository. It is told beside the work on the same
// ticket, which may have made another place by now.
func (r *ChannelRepository) Lost(ctx context.Context, t id.Ticket, c event.Channel, externalID string) error {
	_, err := r.store.change(ctx, `UPDATE surfaces SET external_id = '', state = 'gone', detail = '', applied = '',
		card_id = '', card = '', seen_id = '', intent = ?, place = '', refusals = 0, revision = revision + 1 WHERE ticket_id = ? AND channel = ? AND external_id = ? AND external_id <> ''`,
		jsonText(channel.Intent{}), int64(t), string(c), externalID)
	return failed("record a lost place", err)
}

// CardLost implements channel.Repository.
func (r *ChannelRepository) CardLost(ctx context.Context, t id.Ticket, c event.Channel, cardID, left string) error {
	_, err := r.store.change(ctx, `UPDATE surfaces SET card_id = ?, revision = revision + 1 WHERE ticket_id = ? AND channel = ? AND card_id = ?`,
		left, int64(t), string(c), cardID)
	return failed("record a lost card", err)
}

// ByExternal implements channel.Repository.
func (r *ChannelRepository) ByExternal(ctx context.Context, c event.Channel, externalID string) (*channel.Surface, error) {
	return r.one(ctx, surfaceSQL+` WHERE s.channel = ? AND s.external_id = ? AND s.external_id <> '' AND s.kind <> 'direct'`, string(c), externalID)
}

// Of implements channel.Repository.
func (r *ChannelRepository) Of(ctx context.Context, t id.Ticket, c event.Channel) (*channel.Surface, error) {
	return r.one(ctx, surfaceSQL+` WHERE s.ticket_id = ? AND s.channel = ?`, int64(t), string(c))
}

func (r *ChannelRepository) one(ctx context.Context, query string, args ...any) (*channel.Surface, error) {
	s, err := one(ctx, r.store.Read(ctx), channel.ErrNotFound, scanSurface, query, args...)
	if err != nil {
		return nil, failed("find surface", err)
	}
	return s, nil
}

// Live implements channel.Repository.
func (r *ChannelRepository) Live(
	ctx context.Context, w id.Workspace, c event.Channel, closed time.Time, after id.Ticket, limit int,
) ([]*channel.Surface, error) {
	since := int64(math.MaxInt64)
	if !closed.IsZero() {
		since = closed.UnixMicro()
	}
	all, err := collect(ctx, r.store.Read(ctx), scanSurface, surfaceSQL+` JOIN tickets t ON t.id = s.ticket_id
		WHERE s.workspace_id = ? AND s.channel = ? AND s.ticket_id > ? AND `+exists+` AND (t.status <> 'closed' OR t.closed_at >= ?)
		ORDER BY s.ticket_id LIMIT ?`, int64(w), string(c), int64(after), since, limit)
	return all, failed("list surfaces", err)
}

// Unsurfaced implements channel.Repository.
func (r *ChannelRepository) Unsurfaced(ctx context.Context, w id.Workspace, c event.Channel, after id.Ticket, limit int) ([]id.Ticket, error) {
	all, err := collect(ctx, r.store.Read(ctx), number[id.Ticket], `SELECT t.id FROM tickets t
		WHERE t.workspace_id = ? AND t.channel = ? AND t.id > ? AND t.status <> 'closed'
		AND NOT EXISTS (SELECT 1 FROM surfaces s WHERE s.ticket_id = t.id AND s.channel = t.channel AND `+exists+`)
		ORDER BY t.id LIMIT ?`, int64(w), string(c), int64(after), limit)
	return all, failed("list tickets without surface", err)
}

// DeliveryOf implements channel.Repository. Parts stand in a row; with a hyphen in
// front, one is about to be deleted, which counts as deleted already.
func (r *ChannelRepository) DeliveryOf(ctx context.Context, t id.Ticket, externalID string) (*channel.Delivery, error) {
	d, err := one(ctx, r.store.Read(ctx), channel.ErrNotFound, func(row scanner) (*channel.Delivery, error) {
		d := &channel.Delivery{ExternalID: externalID}
		var parts string
		err := row.Scan((*int64)(&d.Message), &d.Version, &d.Deleted, &parts)
		d.Deleted = d.Deleted || !slices.Contains(strings.Fields(parts), externalID)
		return d, err
	}, `SELECT message_id, version, deleted, external_id FROM deliveries WHERE ticket_id = ?
		AND (' ' || external_id || ' ' LIKE '% ' || CAST(? AS TEXT) || ' %' OR ' ' || external_id || ' ' LIKE '% -' || CAST(? AS TEXT) || ' %')
		ORDER BY message_id LIMIT 1`, int64(t), externalID, externalID)
	if err != nil {
		return nil, failed("find delivery", err)
	}
	return d, nil
}
