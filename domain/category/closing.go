package category

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// Bounds of what closes tickets by itself.
const (
	LeastClosing = time.Minute
	MostClosing  = 366 * 24 * time.Hour
	LeastWarning = time.Hour
)

// Closing says when the category's tickets are closed by themselves; the zero
// value: never.
type Closing struct {
	Resolved time.Duration `json:"resolved,omitempty"` // after a ticket was resolved; 0: never
	Silence  time.Duration `json:"silence,omitempty"`  // after the requester was to answer and did not; 0: never
	Warning  time.Duration `json:"warning,omitempty"`  // how long before that they are warned, in whole hours; needed with Silence, and 0 without
}

// The refusals of closing.
var (
	ErrClosing = fault.New(fault.Invalid, "fault.category.closing")
	ErrWarning = fault.New(fault.Invalid, "fault.category.warning")
)

// CloseAfterSilence says after which silence tickets are closed; 0: after none, and then
// nobody is warned of one.
func (c *Closing) CloseAfterSilence(silence time.Duration) {
	if c.Silence = silence; silence == 0 {
		c.Warning = 0
	}
}

// check refuses times that are too short or too long, a silence that ends without a
// warning, and a warning of no silence. Codes: invalid.
func (c Closing) check() error {
	for field, d := range map[string]time.Duration{"closeAfterResolution": c.Resolved, "closeAfterSilence": c.Silence} {
		if d != 0 && (d < LeastClosing || d > MostClosing) {
			return ErrClosing.On(field)
		}
	}
	if c.Silence == 0 && c.Warning == 0 {
		return nil
	}
	if c.Warning < LeastWarning || c.Warning%time.Hour != 0 || c.Warning >= c.Silence {
		return ErrWarning.On("silenceWarning")
	}
	return nil
}
