package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/graph/model"
)

// SupportedLocales is the resolver for the supportedLocales field.
func (r *queryResolver) SupportedLocales(ctx context.Context) ([]locale.Tag, error) {
	_ = ctx // they are the same whoever asks
	var all []locale.Tag
	for _, language := range r.config.Catalogue.Languages() {
		all = append(all, locale.Tag(language))
	}
	return all, nil
}

// Locales is the resolver for the locales field.
func (r *workspaceResolver) Locales(ctx context.Context, obj *workspace.Workspace) ([]*model.WorkspaceLocale, error) {
	call := r.call(ctx)
	if call.Actor.Workspace != obj.ID {
		return nil, nil
	}
	all, err := r.config.Categories.Languages(ctx, call, obj.Locale)
	if err != nil {
		return nil, err
	}
	return model.WorkspaceLocales(obj, all, func(l locale.Tag) bool { return r.config.Catalogue.Speaks(string(l)) }), nil
}
