package rest

import (
	"context"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
)

// Grant widens or narrows, for one role, what it may do in one queue or category.
type Grant struct {
	ID         string  `json:"id" doc:"Identifies the grant."`
	QueueID    *string `json:"queueId" doc:"The queue; null when the grant is for a category."`
	CategoryID *string `json:"categoryId" doc:"The category; null when the grant is for a queue."`
	Role       string  `json:"role" enum:"requester,agent,supervisor,admin" doc:"Whose permissions it is about."`
	Permission string  `json:"permission" enum:"see,answer,claim,manage" doc:"Which of them."`
	Effect     string  `json:"effect" enum:"allow,deny" doc:"Whether it widens or narrows."`
	Version    int64   `json:"version" doc:"Rises each time that it is set; for If-Match."`
}

func showGrant(g access.Grant) Grant {
	return Grant{
		ID: external(opaque.Grant, g.ID), QueueID: externalOrNone(opaque.Queue, g.Queue), CategoryID: externalOrNone(opaque.Category, g.Category),
		Role: string(g.Role), Permission: string(g.Class), Effect: string(g.Effect), Version: g.Version,
	}
}

// The inputs of grants.
type (
	// GrantPath names a grant.
	GrantPath struct {
		GrantID string `path:"grantId" doc:"The grant's ID."`
	}
	// GrantRemoval is a grant to take back.
	GrantRemoval struct {
		GrantPath
		Expecting
	}
	// GrantInput is a grant to set.
	GrantInput struct {
		Expecting

		Body struct {
			QueueID    *string `json:"queueId,omitempty" nullable:"true" doc:"The queue; or else a category."`
			CategoryID *string `json:"categoryId,omitempty" nullable:"true" doc:"The category; or else a queue."`
			Role       string  `json:"role" enum:"requester,agent,supervisor,admin" doc:"Whose permissions it is about; administrators' can't be narrowed."`
			Permission string  `json:"permission" enum:"see,answer,claim,manage" doc:"Which of them."`
			Effect     string  `json:"effect" enum:"allow,deny" doc:"Whether it widens or narrows."`
		} `nameHint:"GrantWish"`
	}
)

func (p GrantPath) id() id.Grant { return opaque.Of[id.Grant](opaque.Grant, p.GrantID) }

func (in *GrantInput) grant(version int64) access.Grant {
	g := access.Grant{
		Version: version, Role: access.Role(in.Body.Role), Class: access.Class(in.Body.Permission), Effect: access.Effect(in.Body.Effect),
	}
	if in.Body.QueueID != nil {
		g.Queue = opaque.Of[id.Queue](opaque.Queue, *in.Body.QueueID)
	}
	if in.Body.CategoryID != nil {
		g.Category = opaque.Of[id.Category](opaque.Category, *in.Body.CategoryID)
	}
	return g
}

// grant finds a grant; there are few.
func (s *server) grant(ctx context.Context, c access.Call, g id.Grant) (access.Grant, error) {
	all, err := s.Queues.Grants(ctx, c)
	if err != nil {
		return access.Grant{}, err
	}
	for _, one := range all {
		if one.ID == g {
			return one, nil
		}
	}
	return access.Grant{}, errNoGrant
}

var errNoGrant = fault.New(fault.NotFound, "fault.grant.not_found")

func (s *server) showGrant(ctx context.Context, c access.Call, g id.Grant) (shown[Grant], error) {
	found, err := s.grant(ctx, c, g)
	body := showGrant(found)
	return shown[Grant]{&body, found.Version}, err
}

func (s *server) grants() {
	pages(s, operation{
		id: "listGrants", path: "/grants", tag: tagHouse, summary: "List grants", codes: []fault.Code{fault.Forbidden},
		about: "What widens or narrows the roles' permissions. Administrators only.",
	}, source[ListInput, access.Grant, Grant]{
		list: list{
			name: "GrantWhere",
			columns: columns{
				"role": words(queue.FieldRole, "On whose permissions it is about.", roles()...), "permission": words(queue.FieldPermission, "On which of them.", enum(access.Classes())...),
				"effect":   words(queue.FieldEffect, "On whether it widens or narrows.", "allow", "deny"),
				"queue":    ids(queue.FieldQueue, opaque.Queue, "On the queue; isNull: true: it is for a category.", query.IsNull),
				"category": ids(queue.FieldCategory, opaque.Category, "On the category; isNull: true: it is for a queue.", query.IsNull),
			},
			orders: sorted(queue.FieldRole, queue.FieldPermission),
		},
		fetch: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query, r page.Request) (page.Page[access.Grant], error) {
			return s.Queues.PageGrants(ctx, c, q, r)
		},
		count: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query) (int, error) {
			return s.Queues.CountGrants(ctx, c, q.Where)
		},
		cursor: func(q query.Query, g access.Grant) page.Cursor {
			return queue.GrantTerms().CursorOf(q, func(f query.Field) any { return queue.GrantSortKey(g, f) })
		},
		show: func(_ context.Context, _ access.Call, all []access.Grant) ([]Grant, error) {
			return each(all, showGrant), nil
		},
	})
	fetch(s, operation{id: "getGrant", path: "/grants/{grantId}", tag: tagHouse, summary: "Show a grant", about: "Administrators only.", codes: []fault.Code{fault.Forbidden, fault.NotFound}},
		func(ctx context.Context, c access.Call, in *struct {
			GrantPath
			Conditional
		},
		) (shown[Grant], error) {
			return s.showGrant(ctx, c, in.id())
		})
	change(s, operation{
		id: "setGrant", method: http.MethodPut, path: "/grants", tag: tagHouse, summary: "Set a grant", codes: configured,
		about: "Gives the role the effect in the queue or the category, whatever was set for them before. Administrators only.",
	}, func(ctx context.Context, c access.Call, in *GrantInput, version int64) (string, error) {
		g := in.grant(version)
		err := s.Queues.SetGrant(ctx, c, &g)
		return external(opaque.Grant, g.ID), err
	}, func(ctx context.Context, c access.Call, _ *GrantInput, g string) (shown[Grant], error) {
		return s.showGrant(ctx, c, opaque.Of[id.Grant](opaque.Grant, g))
	})
	change[GrantRemoval, Grant](s, operation{
		id: "removeGrant", method: http.MethodDelete, path: "/grants/{grantId}", tag: tagHouse, summary: "Take a grant back", about: "Administrators only.", codes: configured,
	}, func(ctx context.Context, c access.Call, in *GrantRemoval, version int64) (string, error) {
		g, err := s.grant(ctx, c, in.id())
		if err != nil {
			return "", err
		}
		g.Version = version
		return in.GrantID, s.Queues.RemoveGrant(ctx, c, g)
	}, nil)
}
