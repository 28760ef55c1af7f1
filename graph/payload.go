package graph

import (
	"context"
	"errors"
	"strings"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// object names what a mutation changed.
func object[T ~int64](k scalar.Kind, n T) model.Object { return model.Object{Kind: k, ID: int64(n)} }

// result makes a mutation's payload of the objects that it changed, or of its
// refusal. After a conflict the objects are shown too, so that the caller sees
// what they did not know.
func (r *Resolver) result(ctx context.Context, err error, objects ...model.Object) (*model.Payload, error) {
	return r.resultOf(ctx, r.rows(ctx), err, objects...)
}

// resultOf is result with rows that know some of the objects already.
func (r *Resolver) resultOf(ctx context.Context, rows *load.Rows, err error, objects ...model.Object) (*model.Payload, error) {
	if err != nil && fault.CodeOf(err) != fault.Conflict {
		objects = nil
	}
	p := r.payload(rows, objects...)
	return p, r.refuse(ctx, p, err)
}

func (r *Resolver) payload(rows *load.Rows, objects ...model.Object) *model.Payload {
	return model.NewPayload(func(ctx context.Context, k scalar.Kind, n int64) (model.Node, error) {
		if k == scalar.Attachment {
			return hidden(r.attachment(ctx, rows, id.Attachment(n)))
		}
		return hidden(r.lookUp(ctx, rows, k, n))
	}, objects...)
}

// attachment finds a file that the caller uploads or may open. By its ID alone it
// is no node: it is read with its message.
func (r *Resolver) attachment(ctx context.Context, rows *load.Rows, a id.Attachment) (model.Node, error) {
	found, err := r.config.Files.Get(ctx, rows.Call, a)
	if err != nil {
		return nil, err
	}
	return model.NewAttachment(rows, found), nil
}

// refuse makes a user error of a mutation's refusal; any other error stays one.
func (r *Resolver) refuse(ctx context.Context, p *model.Payload, err error) error {
	if err == nil {
		return nil
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || !mapped[f.Code].user {
		return err
	}
	told := &model.UserError{Code: f.Code, Field: []string{}, Message: r.text(ctx, f)}
	if f.Field != "" {
		told.Field = strings.Split(f.Field, ".")
	}
	if v, ok := f.Args[fault.CurrentVersion].(int64); ok {
		told.CurrentVersion = &v
	}
	p.Refuse(f, told)
	return nil
}

// verb is a change of a ticket that needs nothing but the ticket.
type verb func(context.Context, access.Call, ticket.Ref) (*ticket.Ticket, error)

// do makes such a change.
func (r *Resolver) do(ctx context.Context, in model.TicketInput, v verb) (*model.Payload, error) {
	_, err := v(ctx, r.call(ctx), in.Ref())
	return r.changed(ctx, in.TicketID, err)
}

// changed makes the result of a change of a ticket.
func (r *Resolver) changed(ctx context.Context, t id.Ticket, err error) (*model.Payload, error) {
	return r.result(ctx, err, object(scalar.Ticket, t))
}

// said makes the result of a change of what is said in a ticket. The message is
// known already, but for a conflict, when its ID is all there is.
func (r *Resolver) said(ctx context.Context, t id.Ticket, n id.Message, m *ticket.Message, err error) (*model.Payload, error) {
	rows := r.rows(ctx)
	if m != nil {
		n = m.ID
		rows.Messages.Put(n, m)
		rows.OfMessages().WantMessage(m)
	}
	return r.resultOf(ctx, rows, err, object(scalar.Ticket, t), object(scalar.Message, n))
}

// granted makes the result of a mutation by which somebody came in.
func (r *Resolver) granted(ctx context.Context, g auth.Admission, err error) (*model.Payload, error) {
	p, err := r.result(ctx, err)
	if g.RefreshToken != "" {
		p.Tokens = &g
	}
	return p, err
}

// or gives what is named, or nothing.
func or[T any](named *T) (given T) {
	if named != nil {
		given = *named
	}
	return given
}
