package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/graph/model"
)

// SaveQueue is the resolver for the saveQueue field.
func (r *mutationResolver) SaveQueue(ctx context.Context, input model.SaveQueueInput) (*model.QueuePayload, error) {
	saved, err := r.config.Queues.Save(ctx, r.call(ctx), input.Queue())
	refused, err := r.refused(ctx, err)
	return &model.QueuePayload{Refused: refused, Queue: saved}, err
}

// SaveTeam is the resolver for the saveTeam field.
func (r *mutationResolver) SaveTeam(ctx context.Context, input model.SaveTeamInput) (*model.TeamPayload, error) {
	saved, err := r.config.Teams.Save(ctx, r.call(ctx), input.Team())
	return r.teamSaved(ctx, saved, err)
}

// BindTeamRole is the resolver for the bindTeamRole field.
func (r *mutationResolver) BindTeamRole(ctx context.Context, input model.BindTeamRoleInput) (*model.TeamPayload, error) {
	call := r.call(ctx)
	if err := r.config.Teams.Bind(ctx, call, input.TeamID, input.Role.Role()); err != nil {
		return r.teamSaved(ctx, nil, err)
	}
	saved, err := r.config.Teams.Get(ctx, call, input.TeamID)
	return r.teamSaved(ctx, saved, err)
}

// SaveCategory is the resolver for the saveCategory field.
func (r *mutationResolver) SaveCategory(ctx context.Context, input model.SaveCategoryInput) (*model.CategoryPayload, error) {
	saved, err := r.config.Categories.Save(ctx, r.call(ctx), input.Category())
	refused, err := r.refused(ctx, inputField(err))
	return &model.CategoryPayload{Refused: refused, Category: model.NewCategory(r.rows(ctx), saved)}, err
}

// SetGrant is the resolver for the setGrant field.
func (r *mutationResolver) SetGrant(ctx context.Context, input model.GrantInput) (*model.GrantPayload, error) {
	g := input.Grant()
	return r.granted(ctx, &g, r.config.Queues.SetGrant(ctx, r.call(ctx), g))
}

// RemoveGrant is the resolver for the removeGrant field.
func (r *mutationResolver) RemoveGrant(ctx context.Context, input model.GrantInput) (*model.GrantPayload, error) {
	return r.granted(ctx, nil, r.config.Queues.RemoveGrant(ctx, r.call(ctx), input.Grant()))
}

// SetMemberRole is the resolver for the setMemberRole field.
func (r *mutationResolver) SetMemberRole(ctx context.Context, input model.SetMemberRoleInput) (*model.MemberPayload, error) {
	return r.memberChanged(ctx, input.MemberID, r.config.Members.SetRole(ctx, r.call(ctx), input.MemberID, input.Role))
}

// SetMyLocale is the resolver for the setMyLocale field.
func (r *mutationResolver) SetMyLocale(ctx context.Context, input model.SetMyLocaleInput) (*model.MemberPayload, error) {
	call := r.call(ctx)
	return r.memberChanged(ctx, call.Actor.Member, r.config.Members.SetLocale(ctx, call, input.Locale))
}

// SaveAgent is the resolver for the saveAgent field.
func (r *mutationResolver) SaveAgent(ctx context.Context, input model.SaveAgentInput) (*model.MemberPayload, error) {
	return r.memberChanged(ctx, input.MemberID, r.config.Members.SaveAgent(ctx, r.call(ctx), input.Agent()))
}
