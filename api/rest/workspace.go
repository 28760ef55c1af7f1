package rest

import (
	"context"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// Workspace is a helpdesk.
type Workspace struct {
	ID            string `json:"id" doc:"Identifies the workspace."`
	Slug          string `json:"slug" doc:"Its short name, for the command line."`
	Name          string `json:"name" doc:"Its name."`
	Locale        string `json:"locale" doc:"The language of texts that address nobody in particular."`
	Channel       string `json:"channel" enum:"api,discord,direct_message,system,plain" doc:"Where new tickets show besides this API; api: nowhere."`
	OnSurfaceLost string `json:"onSurfaceLost" enum:"rebuild,close" doc:"What becomes of open tickets whose place in a channel is removed by hand."`
	CreatedAt     string `json:"createdAt" format:"date-time" doc:"When it was made."`
	Version       int64  `json:"version" doc:"Rises each time that its settings change; for If-Match."`
}

// WorkspaceChange is what is to be different about the workspace.
type WorkspaceChange struct {
	Expecting

	Body struct {
		Name          *string `json:"name,omitempty" doc:"Its name."`
		Locale        *string `json:"locale,omitempty" doc:"A language tag such as en, fr or pt-BR."`
		OnSurfaceLost *string `json:"onSurfaceLost,omitempty" enum:"rebuild,close" doc:"What becomes of open tickets whose place in a channel is removed by hand. Not together with the others."`
	} `nameHint:"WorkspaceChange"`
}

func showWorkspace(w *workspace.Workspace) Workspace {
	return Workspace{
		ID: external(opaque.Workspace, w.ID), Slug: w.Slug, Name: w.Name, Locale: string(w.Locale), Channel: outside(string(w.Channel)),
		OnSurfaceLost: string(w.OnLoss), CreatedAt: when(w.CreatedAt), Version: w.Version,
	}
}

// mine shows the caller's workspace.
func (s *server) mine(ctx context.Context, c access.Call) (shown[Workspace], error) {
	w, err := s.Workspaces.Get(ctx, c)
	if err != nil {
		return shown[Workspace]{}, err
	}
	body := showWorkspace(w)
	return shown[Workspace]{&body, w.Version}, nil
}

func (s *server) workspace() {
	fetch(s, operation{id: "getWorkspace", path: "/workspace", tag: tagHouse, summary: "Show the workspace", about: "The caller's.", codes: []fault.Code{fault.Forbidden}},
		func(ctx context.Context, c access.Call, _ *struct{ Conditional }) (shown[Workspace], error) {
			return s.mine(ctx, c)
		})
	change(s, operation{id: "changeWorkspace", method: http.MethodPatch, path: "/workspace", tag: tagHouse, summary: "Change the workspace", about: "Administrators only.", codes: configured},
		func(ctx context.Context, c access.Call, in *WorkspaceChange, version int64) (string, error) {
			return external(opaque.Workspace, c.Actor.Workspace), s.settle(ctx, c, in, version)
		},
		func(ctx context.Context, c access.Call, _ *WorkspaceChange, _ string) (shown[Workspace], error) {
			return s.mine(ctx, c)
		})
	pages(s, operation{
		id: "listWorkspaces", path: "/workspaces", tag: tagHouse, summary: "List the workspaces in which the caller is a member", codes: []fault.Code{fault.Forbidden},
		about: "With the account of the caller, by name unless ordered otherwise. A token speaks in one of them only.",
	}, source[ListInput, *workspace.Workspace, Workspace]{
		list: list{
			name: "WorkspaceWhere",
			columns: columns{
				"name": texts(workspace.FieldName, "On the name for people."), "slug": texts(workspace.FieldSlug, "On the short name."),
				"createdAt": moments(workspace.FieldCreatedAt, "On when it was made."),
			},
			orders: sorted(workspace.FieldName, workspace.FieldCreatedAt),
		},
		fetch: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query, r page.Request) (page.Page[*workspace.Workspace], error) {
			return s.Workspaces.Page(ctx, c, q, r)
		},
		count: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query) (int, error) {
			return s.Workspaces.Count(ctx, c, q.Where)
		},
		cursor: func(q query.Query, w *workspace.Workspace) page.Cursor {
			return workspace.Terms().CursorOf(q, w.SortKey)
		},
		show: func(_ context.Context, _ access.Call, all []*workspace.Workspace) ([]Workspace, error) {
			return each(all, showWorkspace), nil
		},
	})
}

func (s *server) settle(ctx context.Context, c access.Call, in *WorkspaceChange, version int64) error {
	to := workspace.Settings{Name: in.Body.Name}
	if in.Body.Locale != nil {
		tag := locale.Tag(*in.Body.Locale)
		to.Locale = &tag
	}
	if in.Body.OnSurfaceLost == nil {
		_, err := s.Workspaces.Update(ctx, c, version, to)
		return err
	}
	if to.Name != nil || to.Locale != nil {
		return fault.New(fault.Invalid, "fault.request.alone").On("onSurfaceLost")
	}
	_, err := s.Workspaces.SetLossPolicy(ctx, c, version, workspace.LossPolicy(*in.Body.OnSurfaceLost))
	return err
}
