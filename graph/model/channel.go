package model

import "github.com/ticketsys/ticketsys/domain/workspace"

// SetLossPolicyInput says what becomes of tickets that lose their place.
type SetLossPolicyInput struct{ OnSurfaceLost workspace.LossPolicy }

// WorkspacePayload is the result of a change of the workspace.
type WorkspacePayload struct {
	Refused

	Workspace *workspace.Workspace
}
