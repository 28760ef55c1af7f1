package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/graph/model"
)

// SaveBusinessHours is the resolver for the saveBusinessHours field.
func (r *mutationResolver) SaveBusinessHours(ctx context.Context, input model.SaveBusinessHoursInput) (*model.Payload, error) {
	saved, err := r.config.SLA.ChangeHours(ctx, r.call(ctx), input.Which(), input.Apply)
	return r.savedHours(ctx, input.HoursInput, saved, err)
}

// RemoveBusinessHours is the resolver for the removeBusinessHours field.
func (r *mutationResolver) RemoveBusinessHours(ctx context.Context, input model.RemoveBusinessHoursInput) (*model.Payload, error) {
	return r.result(ctx, r.config.SLA.RemoveHours(ctx, r.call(ctx), input.Which()))
}

// ImportHolidays is the resolver for the importHolidays field.
func (r *mutationResolver) ImportHolidays(ctx context.Context, input model.ImportHolidaysInput) (*model.Payload, error) {
	saved, err := r.config.SLA.ImportHolidays(ctx, r.call(ctx), input.Which(), input.ICalendar, input.Replace)
	return r.savedHours(ctx, input.HoursInput, saved, err)
}

// BusinessHours is the resolver for the businessHours field.
func (r *queryResolver) BusinessHours(ctx context.Context, where *model.BusinessHoursWhere, orderBy []*model.Order, first *int, after page.Cursor, last *int, before page.Cursor) (*model.Connection[*sla.Hours, *model.BusinessHours], error) {
	p, err := model.PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	rows, query := r.rows(ctx), model.BusinessHoursQuery(where, orderBy)
	found, err := r.config.SLA.PageHours(ctx, rows.Call, query, p)
	return model.NewBusinessHoursPage(rows, query, found, func(ctx context.Context) (int, error) {
		return r.config.SLA.CountHours(ctx, rows.Call, query.Where)
	}), err
}
