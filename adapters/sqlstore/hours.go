package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// HoursRepository stores business hours and SLA policies: what is promised.
type HoursRepository struct{ recorder }

var _ sla.Repository = (*HoursRepository)(nil)

// Hours gives the store's business hours.
func (s *Store) Hours() *HoursRepository { return &HoursRepository{recorder{s}} }

const saveHoursSQL = `INSERT INTO business_hours (id, workspace_id, queue_id, schedule) VALUES (?, ?, ?, ?)
	ON CONFLICT (id) DO UPDATE SET schedule = excluded.schedule, version = business_hours.version + 1
	WHERE business_hours.workspace_id = excluded.workspace_id AND CAST(? AS BIGINT) IN (0, business_hours.version) RETURNING version`

// SaveHours implements sla.Repository.
func (r *HoursRepository) SaveHours(ctx context.Context, h *sla.Hours) error {
	var version int64
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) (err error) {
		version, err = tx.saved(ctx, r.row(h), sla.ErrNoHours, saveHoursSQL,
			int64(h.ID), int64(h.Workspace), int64(h.Queue), jsonText(h.Schedule), h.Version)
		if err != nil {
			return err
		}
		return tx.promised(ctx, h.Workspace)
	})
	if err == nil {
		h.Version = version
	}
	return failed("save business hours", err)
}

// RemoveHours implements sla.Repository.
func (r *HoursRepository) RemoveHours(ctx context.Context, h *sla.Hours) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `DELETE FROM business_hours WHERE id = ? AND workspace_id = ? AND CAST(? AS BIGINT) IN (0, version)`,
			int64(h.ID), int64(h.Workspace), h.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return tx.unsaved(ctx, r.row(h), sla.ErrNoHours)
		}
		return tx.promised(ctx, h.Workspace)
	})
	return failed("remove business hours", err)
}

func (*HoursRepository) row(h *sla.Hours) row {
	return row{"business_hours", int64(h.ID), h.Workspace}
}

// Hours implements sla.Repository.
func (r *HoursRepository) Hours(ctx context.Context, w id.Workspace) ([]*sla.Hours, error) {
	all, err := collect(ctx, r.store.Read(ctx), scanHours, `SELECT `+hoursColumns+hoursFrom+` ORDER BY h.queue_id`, int64(w))
	return all, failed("list business hours", err)
}

// PageHours implements sla.Repository.
func (r *HoursRepository) PageHours(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*sla.Hours], error) {
	found, err := hoursList().page(ctx, r.store.Read(ctx), q, p, int64(w))
	return found, failed("list business hours", err)
}

// CountHours implements sla.Repository.
func (r *HoursRepository) CountHours(ctx context.Context, w id.Workspace, where query.Where) (int, error) {
	n, err := hoursList().count(ctx, r.store.Read(ctx), where, int64(w))
	return n, failed("count business hours", err)
}

const (
	hoursColumns = `h.id, h.workspace_id, h.queue_id, h.schedule, h.version`
	hoursFrom    = ` FROM business_hours h WHERE h.workspace_id = ?`
)

var hoursAspects = map[query.Field]aspect{
	query.FieldID:  {column: "h.id", ordered: true},
	sla.FieldQueue: {column: "h.queue_id", nullable: true, none: "h.queue_id = 0"},
}

func hoursList() listing[*sla.Hours] {
	return listing[*sla.Hours]{
		terms: terms{aspects: hoursAspects}, columns: hoursColumns, from: hoursFrom, scan: scanHours, order: sla.HoursTerms(),
	}
}

func scanHours(row scanner) (*sla.Hours, error) {
	h := &sla.Hours{}
	var schedule string
	if err := row.Scan((*int64)(&h.ID), (*int64)(&h.Workspace), (*int64)(&h.Queue), &schedule, &h.Version); err != nil {
		return nil, err
	}
	return h, fromJSON(schedule, &h.Schedule)
}
