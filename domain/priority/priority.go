// Package priority orders tickets by how much they matter.
package priority

import (
	"slices"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// Level is a priority.
type Level string

// The levels, lowest first.
const (
	Low    Level = "low"
	Normal Level = "normal"
	High   Level = "high"
	Urgent Level = "urgent"
)

// Levels lists the levels, lowest first.
func Levels() []Level { return []Level{Low, Normal, High, Urgent} }

// Rank gives the place of the level from 1 (low) to 4 (urgent), 0 for none.
func (l Level) Rank() int { return 1 + slices.Index(Levels(), l) }

// Check refuses what is no level. Codes: invalid.
func (l Level) Check() error {
	if l.Rank() == 0 {
		return fault.New(fault.Invalid, "fault.ticket.priority").On("priority")
	}
	return nil
}
