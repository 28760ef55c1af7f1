package graph

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/graph/model"
)

// SLAReport is the resolver for the slaReport field.
func (r *queryResolver) SLAReport(ctx context.Context, from time.Time, to time.Time, where *model.SLAReportWhere) ([]*model.SLAReportRow, error) {
	rows := r.rows(ctx)
	found, err := r.config.SLA.Report(ctx, rows.Call, where.Asked(from, to))
	return model.NewSLAReport(rows, found), err
}
