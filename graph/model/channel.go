package model

import "github.com/ticketsys/ticketsys/domain/workspace"

// SetLossPolicyInput says what becomes of tickets that lose their place.
type SetLossPolicyInput struct {
	Keyed
	Expecting

	OnSurfaceLost workspace.LossPolicy
}
