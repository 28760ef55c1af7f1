package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// OpenTicket is the resolver for the openTicket field.
func (r *mutationResolver) OpenTicket(ctx context.Context, input model.OpenTicketInput) (*model.Payload, error) {
	t, err := r.config.Tickets.Open(ctx, r.call(ctx), input.Opening())
	if err != nil {
		return r.result(ctx, err)
	}
	return r.changed(ctx, t.ID, nil)
}

// ReplyToTicket is the resolver for the replyToTicket field.
func (r *mutationResolver) ReplyToTicket(ctx context.Context, input model.BodyInput) (*model.Payload, error) {
	m, err := r.config.Tickets.Reply(ctx, r.call(ctx), input.Ref(), input.Body, input.With()...)
	return r.said(ctx, input.TicketID, 0, m, err)
}

// CreateUpload is the resolver for the createUpload field.
func (r *mutationResolver) CreateUpload(ctx context.Context, input model.CreateUploadInput) (*model.Payload, error) {
	a, err := r.config.Files.BeginUpload(ctx, r.call(ctx), input.Name)
	if err != nil {
		return r.result(ctx, err)
	}
	return r.result(ctx, nil, object(scalar.Attachment, a.ID))
}

// AddNote is the resolver for the addNote field.
func (r *mutationResolver) AddNote(ctx context.Context, input model.BodyInput) (*model.Payload, error) {
	m, err := r.config.Tickets.AddNote(ctx, r.call(ctx), input.Ref(), input.Body, input.With()...)
	return r.said(ctx, input.TicketID, 0, m, err)
}

// EditMessage is the resolver for the editMessage field.
func (r *mutationResolver) EditMessage(ctx context.Context, input model.MessageInput) (*model.Payload, error) {
	m, err := r.config.Tickets.EditMessage(ctx, r.call(ctx), input.Ref(), input.MessageID, input.Body)
	return r.said(ctx, input.TicketID, input.MessageID, m, err)
}

// DeleteMessage is the resolver for the deleteMessage field.
func (r *mutationResolver) DeleteMessage(ctx context.Context, input model.MessageInput) (*model.Payload, error) {
	m, err := r.config.Tickets.DeleteMessage(ctx, r.call(ctx), input.Ref(), input.MessageID)
	return r.said(ctx, input.TicketID, input.MessageID, m, err)
}

// ClaimTicket is the resolver for the claimTicket field.
func (r *mutationResolver) ClaimTicket(ctx context.Context, input model.TicketInput) (*model.Payload, error) {
	return r.do(ctx, input, r.config.Tickets.Claim)
}

// AssignTicket is the resolver for the assignTicket field.
func (r *mutationResolver) AssignTicket(ctx context.Context, input model.AssignTicketInput) (*model.Payload, error) {
	_, err := r.config.Tickets.Assign(ctx, r.call(ctx), input.Ref(), input.AssigneeID)
	return r.changed(ctx, input.TicketID, err)
}

// UnassignTicket is the resolver for the unassignTicket field.
func (r *mutationResolver) UnassignTicket(ctx context.Context, input model.TicketInput) (*model.Payload, error) {
	return r.do(ctx, input, r.config.Tickets.Unassign)
}

// TransferTicket is the resolver for the transferTicket field.
func (r *mutationResolver) TransferTicket(ctx context.Context, input model.TransferTicketInput) (*model.Payload, error) {
	_, err := r.config.Tickets.Transfer(ctx, r.call(ctx), input.Ref(), input.QueueID)
	return r.changed(ctx, input.TicketID, err)
}

// RecategoriseTicket is the resolver for the recategoriseTicket field.
func (r *mutationResolver) RecategoriseTicket(ctx context.Context, input model.RecategoriseTicketInput) (*model.Payload, error) {
	_, err := r.config.Tickets.Recategorise(ctx, r.call(ctx), input.Ref(), input.CategoryID)
	return r.changed(ctx, input.TicketID, err)
}

// SetTicketPriority is the resolver for the setTicketPriority field.
func (r *mutationResolver) SetTicketPriority(ctx context.Context, input model.SetTicketPriorityInput) (*model.Payload, error) {
	_, err := r.config.Tickets.SetPriority(ctx, r.call(ctx), input.Ref(), input.Priority)
	return r.changed(ctx, input.TicketID, err)
}

// AddTicketTags is the resolver for the addTicketTags field.
func (r *mutationResolver) AddTicketTags(ctx context.Context, input model.TagsInput) (*model.Payload, error) {
	_, err := r.config.Tickets.AddTags(ctx, r.call(ctx), input.Ref(), input.Tags...)
	return r.changed(ctx, input.TicketID, err)
}

// RemoveTicketTags is the resolver for the removeTicketTags field.
func (r *mutationResolver) RemoveTicketTags(ctx context.Context, input model.TagsInput) (*model.Payload, error) {
	_, err := r.config.Tickets.RemoveTags(ctx, r.call(ctx), input.Ref(), input.Tags...)
	return r.changed(ctx, input.TicketID, err)
}

// AddTicketParticipant is the resolver for the addTicketParticipant field.
func (r *mutationResolver) AddTicketParticipant(ctx context.Context, input model.ParticipantInput) (*model.Payload, error) {
	_, err := r.config.Tickets.AddParticipant(ctx, r.call(ctx), input.Ref(), input.MemberID)
	return r.changed(ctx, input.TicketID, err)
}

// RemoveTicketParticipant is the resolver for the removeTicketParticipant field.
func (r *mutationResolver) RemoveTicketParticipant(ctx context.Context, input model.ParticipantInput) (*model.Payload, error) {
	_, err := r.config.Tickets.RemoveParticipant(ctx, r.call(ctx), input.Ref(), input.MemberID)
	return r.changed(ctx, input.TicketID, err)
}

// MarkTicketPending is the resolver for the markTicketPending field.
func (r *mutationResolver) MarkTicketPending(ctx context.Context, input model.TicketInput) (*model.Payload, error) {
	return r.do(ctx, input, r.config.Tickets.Pend)
}

// PutTicketOnHold is the resolver for the putTicketOnHold field.
func (r *mutationResolver) PutTicketOnHold(ctx context.Context, input model.TicketInput) (*model.Payload, error) {
	return r.do(ctx, input, r.config.Tickets.Hold)
}

// ResolveTicket is the resolver for the resolveTicket field.
func (r *mutationResolver) ResolveTicket(ctx context.Context, input model.TicketInput) (*model.Payload, error) {
	return r.do(ctx, input, r.config.Tickets.Resolve)
}

// ConfirmTicket is the resolver for the confirmTicket field.
func (r *mutationResolver) ConfirmTicket(ctx context.Context, input model.TicketInput) (*model.Payload, error) {
	return r.do(ctx, input, r.config.Tickets.Confirm)
}

// CloseTicket is the resolver for the closeTicket field.
func (r *mutationResolver) CloseTicket(ctx context.Context, input model.TicketInput) (*model.Payload, error) {
	return r.do(ctx, input, r.config.Tickets.Close)
}

// ReopenTicket is the resolver for the reopenTicket field.
func (r *mutationResolver) ReopenTicket(ctx context.Context, input model.TicketInput) (*model.Payload, error) {
	return r.do(ctx, input, r.config.Tickets.Reopen)
}
