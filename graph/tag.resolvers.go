package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// CreateTag is the resolver for the createTag field.
func (r *mutationResolver) CreateTag(ctx context.Context, input model.CreateTagInput) (*model.Payload, error) {
	made, err := r.config.Tags.Create(ctx, r.call(ctx), input.Tag())
	if err != nil {
		return r.result(ctx, err)
	}
	return r.result(ctx, nil, object(scalar.Tag, made.ID))
}

// UpdateTag is the resolver for the updateTag field.
func (r *mutationResolver) UpdateTag(ctx context.Context, input model.UpdateTagInput) (*model.Payload, error) {
	_, err := r.config.Tags.Change(ctx, r.call(ctx), input.TagID, input.Expected(), input.Apply)
	return r.result(ctx, err, object(scalar.Tag, input.TagID))
}

// MergeTags is the resolver for the mergeTags field.
func (r *mutationResolver) MergeTags(ctx context.Context, input model.MergeTagsInput) (*model.Payload, error) {
	err := r.config.Tags.Merge(ctx, r.call(ctx), input.IntoID, input.Expected(), input.TagIDs...)
	return r.result(ctx, err, object(scalar.Tag, input.IntoID))
}

// DeleteTag is the resolver for the deleteTag field.
func (r *mutationResolver) DeleteTag(ctx context.Context, input model.DeleteTagInput) (*model.Payload, error) {
	return r.result(ctx, r.config.Tags.Delete(ctx, r.call(ctx), input.TagID, input.Expected()))
}

// Tags is the resolver for the tags field.
func (r *queryResolver) Tags(ctx context.Context, where *model.TagWhere, orderBy []*model.Order, first *int, after page.Cursor, last *int, before page.Cursor) (*model.Connection[*tag.Tag, *model.Tag], error) {
	p, err := model.PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	rows, query := r.rows(ctx), model.TagQuery(where, orderBy)
	found, err := r.config.Tags.Page(ctx, rows.Call, query, p)
	return model.NewTagPage(rows, query, found, func(ctx context.Context) (int, error) {
		return r.config.Tags.Count(ctx, rows.Call, query.Where)
	}), err
}
