package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// hidden turns "does not exist for the viewer" into null without an error, which
// is what every look-up by ID gives for it.
func hidden[T any](found T, err error) (T, error) {
	if code := fault.CodeOf(err); code == fault.NotFound || code == fault.Forbidden {
		var none T
		return none, nil
	}
	return found, err
}

// nodes finds objects of any types, in the order of their IDs, all of one type at once.
func (r *Resolver) nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	if len(ids) > page.MaxSize {
		return nil, fault.New(fault.Invalid, "fault.text.too_many").With("Most", page.MaxSize).On("ids")
	}
	rows := r.rows(ctx)
	for _, s := range ids {
		kind, n, _ := scalar.Decode(s)
		want(rows, kind, n)
	}
	found := make([]model.Node, len(ids))
	for i, s := range ids {
		kind, n, _ := scalar.Decode(s)
		node, err := hidden(r.lookUp(ctx, rows, kind, n))
		if err != nil {
			return nil, err
		}
		found[i] = node
	}
	return found, nil
}

// want names what is looked up together.
func want(rows *load.Rows, k scalar.Kind, n int64) {
	switch k {
	case scalar.Ticket:
		rows.Tickets.Want(id.Ticket(n))
	case scalar.Message:
		rows.Messages.Want(id.Message(n))
	case scalar.Member:
		rows.Members.Want(id.Member(n))
	case scalar.Category:
		rows.Categories.Want(id.Category(n))
	case scalar.Queue:
		rows.Queues.Want(id.Queue(n))
	case scalar.Team:
		rows.Teams.Want(id.Team(n))
	case scalar.Grant:
		rows.Grants.Want(id.Grant(n))
	case scalar.Hours:
		rows.Hours.Want(id.Hours(n))
	case scalar.Policy:
		rows.Policies.Want(id.Policy(n))
	case scalar.Tag:
		rows.Tags.Want(id.Tag(n))
	case scalar.APIKey:
		rows.APIKeys.Want(id.APIKey(n))
	case scalar.Digest:
		rows.Digests.Want(id.Digest(n))
	case scalar.DigestPlan:
		rows.DigestPlans.Want(id.DigestPlan(n))
	case scalar.Session:
		rows.Sessions.Want(id.Session(n))
	case scalar.Workspace, scalar.Event, scalar.Attachment, scalar.AuditEntry:
	}
}

// lookUp finds one object, nil when there is none.
func (r *Resolver) lookUp(ctx context.Context, rows *load.Rows, k scalar.Kind, n int64) (model.Node, error) {
	switch k {
	case scalar.Ticket:
		found, err := rows.Tickets.Get(ctx, id.Ticket(n))
		return node(model.NewTicket(rows.OfTickets(), found), err)
	case scalar.Message:
		found, err := rows.Messages.Get(ctx, id.Message(n))
		return node(model.NewMessage(rows.OfMessages(), found), err)
	case scalar.Member:
		if !mayLookUp(rows.Call.Actor, id.Member(n)) {
			return nil, nil
		}
		found, err := rows.Members.Get(ctx, id.Member(n))
		return node(model.NewMember(rows.OfMembers(), found), err)
	case scalar.Category:
		found, err := rows.Categories.Get(ctx, id.Category(n))
		return node(model.NewCategory(rows, found), err)
	case scalar.Queue:
		return node(rows.Queues.Get(ctx, id.Queue(n)))
	case scalar.Team:
		found, err := rows.Teams.Get(ctx, id.Team(n))
		return node(model.NewTeam(rows, found), err)
	case scalar.Grant:
		found, err := rows.Grants.Get(ctx, id.Grant(n))
		return node(model.NewGrant(rows, found), err)
	case scalar.Hours:
		found, err := rows.Hours.Get(ctx, id.Hours(n))
		return node(model.NewBusinessHours(rows, found), err)
	case scalar.Policy:
		found, err := rows.Policies.Get(ctx, id.Policy(n))
		return node(model.NewSLAPolicy(rows, found), err)
	case scalar.Tag:
		found, err := rows.Tags.Get(ctx, id.Tag(n))
		return node(model.NewTag(rows.OfTickets(), found), err)
	case scalar.APIKey:
		found, err := rows.APIKeys.Get(ctx, id.APIKey(n))
		return node(model.NewAPIKey(rows, found), err)
	case scalar.Digest:
		found, err := rows.Digests.Get(ctx, id.Digest(n))
		return node(model.NewDigest(rows, found), err)
	case scalar.DigestPlan:
		found, err := rows.DigestPlans.Get(ctx, id.DigestPlan(n))
		return node(model.NewDigestPlan(rows, found), err)
	case scalar.Session:
		found, err := rows.Sessions.Get(ctx, id.Session(n))
		return node(model.NewSession(rows, found), err)
	case scalar.Workspace:
		return r.ownWorkspace(ctx, rows.Call, id.Workspace(n))
	case scalar.Event, scalar.Attachment, scalar.AuditEntry:
	}
	return nil, nil
}

// mayLookUp tells whether one may find out who somebody is whom one has not met
// in a ticket: staff may, and everybody themself.
func mayLookUp(a access.Actor, m id.Member) bool {
	return m == a.Member || access.Allowed(a, access.MemberSee, access.InWorkspace(a.Workspace))
}

func (r *Resolver) ownWorkspace(ctx context.Context, c access.Call, w id.Workspace) (model.Node, error) {
	if w != c.Actor.Workspace {
		return nil, nil
	}
	return node(r.config.Workspaces.Get(ctx, c))
}

// node makes a node of what was found; nothing is no node, rather than a node
// that is nothing.
func node[T any](found *T, err error) (model.Node, error) {
	if found == nil || err != nil {
		return nil, err
	}
	return found, nil
}
