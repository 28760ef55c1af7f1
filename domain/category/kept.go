package category

import (
	"cmp"
	"time"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// How long the place of a closed ticket stays in its channel.
const (
	UsuallyKept = 24 * time.Hour
	LeastKept   = time.Minute
	MostKept    = 366 * 24 * time.Hour
	// Forever keeps it for good.
	Forever time.Duration = -1
)

// checkKept refuses a time that is too short or too long; none is the usual one.
func (c *Category) checkKept() error {
	c.Kept = cmp.Or(c.Kept, UsuallyKept)
	if c.Kept != Forever && (c.Kept < LeastKept || c.Kept > MostKept) {
		return fault.New(fault.Invalid, "fault.category.kept").On("surfaceRemovedAfter")
	}
	return nil
}
