package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// SaveQueue is the resolver for the saveQueue field.
func (r *mutationResolver) SaveQueue(ctx context.Context, input model.SaveQueueInput) (*model.Payload, error) {
	saved, err := r.config.Queues.Change(ctx, r.call(ctx), queue.Queue{ID: input.ID, Version: input.Expected()}, input.Apply)
	if saved != nil {
		input.ID = saved.ID
	}
	return r.result(ctx, err, object(scalar.Queue, input.ID))
}

// SaveTeam is the resolver for the saveTeam field.
func (r *mutationResolver) SaveTeam(ctx context.Context, input model.SaveTeamInput) (*model.Payload, error) {
	saved, err := r.config.Teams.Change(ctx, r.call(ctx), team.Team{ID: input.ID, Version: input.Expected()}, input.Apply)
	if saved != nil {
		input.ID = saved.ID
	}
	return r.result(ctx, err, object(scalar.Team, input.ID))
}

// BindTeamRole is the resolver for the bindTeamRole field.
func (r *mutationResolver) BindTeamRole(ctx context.Context, input model.BindTeamRoleInput) (*model.Payload, error) {
	err := r.config.Teams.Bind(ctx, r.call(ctx), input.TeamID, input.Expected(), input.Role.Role())
	return r.result(ctx, err, object(scalar.Team, input.TeamID))
}

// SaveCategory is the resolver for the saveCategory field.
func (r *mutationResolver) SaveCategory(ctx context.Context, input model.SaveCategoryInput) (*model.Payload, error) {
	saved, err := r.config.Categories.Change(ctx, r.call(ctx), category.Category{ID: input.ID, Version: input.Expected()}, input.Apply)
	if saved != nil {
		input.ID = saved.ID
	}
	return r.result(ctx, err, object(scalar.Category, input.ID))
}

// SetGrant is the resolver for the setGrant field.
func (r *mutationResolver) SetGrant(ctx context.Context, input model.GrantInput) (*model.Payload, error) {
	g := input.Grant()
	err := r.config.Queues.SetGrant(ctx, r.call(ctx), &g)
	return r.result(ctx, err, object(scalar.Grant, g.ID))
}

// RemoveGrant is the resolver for the removeGrant field.
func (r *mutationResolver) RemoveGrant(ctx context.Context, input model.GrantInput) (*model.Payload, error) {
	return r.result(ctx, r.config.Queues.RemoveGrant(ctx, r.call(ctx), input.Grant()))
}

// SetMemberRole is the resolver for the setMemberRole field.
func (r *mutationResolver) SetMemberRole(ctx context.Context, input model.SetMemberRoleInput) (*model.Payload, error) {
	err := r.config.Members.SetRole(ctx, r.call(ctx), member.Ref{ID: input.MemberID, Version: input.Expected()}, input.Role)
	return r.result(ctx, err, object(scalar.Member, input.MemberID))
}

// SetMyLocale is the resolver for the setMyLocale field.
func (r *mutationResolver) SetMyLocale(ctx context.Context, input model.SetMyLocaleInput) (*model.Payload, error) {
	call := r.call(ctx)
	err := r.config.Members.Choose(ctx, call, input.Expected(), member.Choice{Locale: &input.Locale})
	return r.result(ctx, err, object(scalar.Member, call.Actor.Member))
}

// SetMyTimeZone is the resolver for the setMyTimeZone field.
func (r *mutationResolver) SetMyTimeZone(ctx context.Context, input model.SetMyTimeZoneInput) (*model.Payload, error) {
	call := r.call(ctx)
	err := r.config.Members.Choose(ctx, call, input.Expected(), input.Choice())
	return r.result(ctx, err, object(scalar.Member, call.Actor.Member))
}

// SaveAgent is the resolver for the saveAgent field.
func (r *mutationResolver) SaveAgent(ctx context.Context, input model.SaveAgentInput) (*model.Payload, error) {
	err := r.config.Members.ChangeAgent(ctx, r.call(ctx), member.Ref{ID: input.MemberID, Version: input.Expected()}, input.Apply)
	return r.result(ctx, err, object(scalar.Member, input.MemberID))
}
