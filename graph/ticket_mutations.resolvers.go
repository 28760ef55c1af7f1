package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/graph/model"
)

func (r *mutationResolver) OpenTicket(ctx context.Context, input model.OpenTicketInput) (*model.TicketPayload, error) {
	t, err := r.config.Tickets.Open(ctx, r.call(ctx), input.Opening())
	return r.changed(ctx, 0, t, err)
}

func (r *mutationResolver) ReplyToTicket(ctx context.Context, input model.BodyInput) (*model.MessagePayload, error) {
	m, err := r.config.Tickets.Reply(ctx, r.call(ctx), input.Ref(), input.Body)
	return r.said(ctx, input.TicketID, m, err)
}

func (r *mutationResolver) AddNote(ctx context.Context, input model.BodyInput) (*model.MessagePayload, error) {
	m, err := r.config.Tickets.AddNote(ctx, r.call(ctx), input.Ref(), input.Body)
	return r.said(ctx, input.TicketID, m, err)
}

func (r *mutationResolver) EditMessage(ctx context.Context, input model.MessageInput) (*model.MessagePayload, error) {
	m, err := r.config.Tickets.EditMessage(ctx, r.call(ctx), input.Ref(), input.MessageID, input.Body)
	return r.said(ctx, input.TicketID, m, err)
}

func (r *mutationResolver) DeleteMessage(ctx context.Context, input model.MessageInput) (*model.MessagePayload, error) {
	m, err := r.config.Tickets.DeleteMessage(ctx, r.call(ctx), input.Ref(), input.MessageID)
	return r.said(ctx, input.TicketID, m, err)
}

func (r *mutationResolver) ClaimTicket(ctx context.Context, input model.TicketInput) (*model.TicketPayload, error) {
	return r.do(ctx, input, r.config.Tickets.Claim)
}

func (r *mutationResolver) AssignTicket(ctx context.Context, input model.AssignTicketInput) (*model.TicketPayload, error) {
	t, err := r.config.Tickets.Assign(ctx, r.call(ctx), input.Ref(), input.AssigneeID)
	return r.changed(ctx, input.TicketID, t, err)
}

func (r *mutationResolver) UnassignTicket(ctx context.Context, input model.TicketInput) (*model.TicketPayload, error) {
	return r.do(ctx, input, r.config.Tickets.Unassign)
}

func (r *mutationResolver) TransferTicket(ctx context.Context, input model.TransferTicketInput) (*model.TicketPayload, error) {
	t, err := r.config.Tickets.Transfer(ctx, r.call(ctx), input.Ref(), input.QueueID)
	return r.changed(ctx, input.TicketID, t, err)
}

func (r *mutationResolver) RecategoriseTicket(ctx context.Context, input model.RecategoriseTicketInput) (*model.TicketPayload, error) {
	t, err := r.config.Tickets.Recategorise(ctx, r.call(ctx), input.Ref(), input.CategoryID)
	return r.changed(ctx, input.TicketID, t, err)
}

func (r *mutationResolver) SetTicketPriority(ctx context.Context, input model.SetTicketPriorityInput) (*model.TicketPayload, error) {
	t, err := r.config.Tickets.SetPriority(ctx, r.call(ctx), input.Ref(), input.Priority)
	return r.changed(ctx, input.TicketID, t, err)
}

func (r *mutationResolver) AddTicketTags(ctx context.Context, input model.TagsInput) (*model.TicketPayload, error) {
	t, err := r.config.Tickets.AddTags(ctx, r.call(ctx), input.Ref(), input.Tags...)
	return r.changed(ctx, input.TicketID, t, err)
}

func (r *mutationResolver) RemoveTicketTags(ctx context.Context, input model.TagsInput) (*model.TicketPayload, error) {
	t, err := r.config.Tickets.RemoveTags(ctx, r.call(ctx), input.Ref(), input.Tags...)
	return r.changed(ctx, input.TicketID, t, err)
}

func (r *mutationResolver) AddTicketParticipant(ctx context.Context, input model.ParticipantInput) (*model.TicketPayload, error) {
	t, err := r.config.Tickets.AddParticipant(ctx, r.call(ctx), input.Ref(), input.MemberID)
	return r.changed(ctx, input.TicketID, t, err)
}

func (r *mutationResolver) RemoveTicketParticipant(ctx context.Context, input model.ParticipantInput) (*model.TicketPayload, error) {
	t, err := r.config.Tickets.RemoveParticipant(ctx, r.call(ctx), input.Ref(), input.MemberID)
	return r.changed(ctx, input.TicketID, t, err)
}

func (r *mutationResolver) MarkTicketPending(ctx context.Context, input model.TicketInput) (*model.TicketPayload, error) {
	return r.do(ctx, input, r.config.Tickets.Pend)
}

func (r *mutationResolver) PutTicketOnHold(ctx context.Context, input model.TicketInput) (*model.TicketPayload, error) {
	return r.do(ctx, input, r.config.Tickets.Hold)
}

func (r *mutationResolver) ResolveTicket(ctx context.Context, input model.TicketInput) (*model.TicketPayload, error) {
	return r.do(ctx, input, r.config.Tickets.Resolve)
}

func (r *mutationResolver) ConfirmTicket(ctx context.Context, input model.TicketInput) (*model.TicketPayload, error) {
	return r.do(ctx, input, r.config.Tickets.Confirm)
}

func (r *mutationResolver) CloseTicket(ctx context.Context, input model.TicketInput) (*model.TicketPayload, error) {
	return r.do(ctx, input, r.config.Tickets.Close)
}

func (r *mutationResolver) ReopenTicket(ctx context.Context, input model.TicketInput) (*model.TicketPayload, error) {
	return r.do(ctx, input, r.config.Tickets.Reopen)
}
