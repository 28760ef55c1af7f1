package event

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
)

// The types of the events that tell of what is promised. All are internal.
const (
	TypeClockMoved  Type = "ticket.clock_moved"
	TypeAlertRaised Type = "ticket.alert_raised"
)

// The data of these events. All are at version 1.
type (
	// ClockMoved tells what became of a promise's clock.
	ClockMoved struct {
		Target      string    `json:"target"`
		Movement    string    `json:"movement"`
		Policy      id.Policy `json:"policy"`
		DueAt       time.Time `json:"dueAt,omitzero"` // when the promise is broken, or was; zero while the clock is paused
		UsedSeconds int64     `json:"usedSeconds"`    // of the promise's time
		Breached    bool      `json:"breached,omitempty"`
	}
	// AlertRaised is what a step of a policy tells those who subscribe to it.
	AlertRaised struct {
		Text     string    `json:"text"`
		Target   string    `json:"target"`
		Policy   id.Policy `json:"policy"`
		Breached bool      `json:"breached,omitempty"` // rather than about to be
		DueAt    time.Time `json:"dueAt"`
	}
)

// Type is TypeClockMoved.
func (ClockMoved) Type() Type { return TypeClockMoved }

// Type is TypeAlertRaised.
func (AlertRaised) Type() Type { return TypeAlertRaised }
