package graph

import (
	"context"

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
func (r *queryResolver) BusinessHours(ctx context.Context) ([]*model.BusinessHours, error) {
	rows := r.rows(ctx)
	found, err := r.config.SLA.Hours(ctx, rows.Call)
	return model.NewAllBusinessHours(rows, found), err
}
