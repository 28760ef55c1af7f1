package graph

import (
	"context"
	"errors"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/model"
)

// verb is a change of a ticket that needs nothing but the ticket.
type verb func(context.Context, access.Call, ticket.Ref) (*ticket.Ticket, error)

// do makes such a change.
func (r *Resolver) do(ctx context.Context, in model.TicketInput, v verb) (*model.TicketPayload, error) {
	t, err := v(ctx, r.call(ctx), in.Ref())
	return r.changed(ctx, in.TicketID, t, err)
}

// changed makes the result of a change of a ticket.
func (r *Resolver) changed(ctx context.Context, t id.Ticket, changed *ticket.Ticket, err error) (*model.TicketPayload, error) {
	if changed != nil {
		t = changed.ID
	}
	p, err := r.ticketPayload(ctx, t, err)
	return &p, err
}

// ticketPayload shows the ticket after a change, and after a conflict, so that
// the caller sees what they did not know.
func (r *Resolver) ticketPayload(ctx context.Context, t id.Ticket, err error) (model.TicketPayload, error) {
	if err != nil && fault.CodeOf(err) != fault.Conflict {
		t = 0
	}
	refused, err := r.refused(ctx, err)
	return model.NewTicketPayload(r.rows(ctx), t, refused), err
}

// said makes the result of a change of what is said in a ticket.
func (r *Resolver) said(ctx context.Context, t id.Ticket, m *ticket.Message, err error) (*model.MessagePayload, error) {
	p, err := r.ticketPayload(ctx, t, err)
	if err != nil || m == nil {
		return &model.MessagePayload{TicketPayload: p}, err
	}
	rows := r.rows(ctx)
	rows.WantMessage(m)
	return &model.MessagePayload{TicketPayload: p, Message: model.NewMessage(rows, m)}, nil
}

// uploadBegun begins an upload and tells where the content is sent.
func (r *Resolver) uploadBegun(ctx context.Context, name string) (*model.UploadPayload, error) {
	rows := r.rows(ctx)
	a, err := r.config.Files.BeginUpload(ctx, rows.Call, name)
	if err != nil {
		refused, err := r.refused(ctx, err)
		return &model.UploadPayload{Refused: refused}, err
	}
	url, err := r.config.Files.UploadLink(ctx, rows.Call, a)
	return &model.UploadPayload{Attachment: model.NewAttachment(rows, a), UploadURL: &url}, err
}

// teamSaved makes the result of a change of a team.
func (r *Resolver) teamSaved(ctx context.Context, t *team.Team, err error) (*model.TeamPayload, error) {
	refused, err := r.refused(ctx, err)
	return &model.TeamPayload{Refused: refused, Team: model.NewTeam(r.rows(ctx), t)}, err
}

// granted makes the result of a change of a grant; nil when it was taken back.
func (r *Resolver) granted(ctx context.Context, g *access.Grant, err error) (*model.GrantPayload, error) {
	refused, fatal := r.refused(ctx, err)
	p := &model.GrantPayload{Refused: refused}
	if err == nil && g != nil {
		p.Grant = model.NewGrant(r.rows(ctx), *g)
	}
	return p, fatal
}

// memberChanged makes the result of a change of a member, who is read again.
func (r *Resolver) memberChanged(ctx context.Context, m id.Member, err error) (*model.MemberPayload, error) {
	var found *member.Member
	if err == nil {
		found, err = r.config.Members.Get(ctx, r.call(ctx), m)
	}
	refused, err := r.refused(ctx, err)
	return &model.MemberPayload{Refused: refused, Member: model.NewMember(r.rows(ctx), found)}, err
}

// inputField renames the field at fault from the domain's word to the input's,
// for lists of texts, whose names are plural here.
func inputField(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	switch f.Field {
	case "name", "description", "greeting":
		return f.On(f.Field + "s")
	}
	return err
}
