package event

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
)

// The types of the events that tell of what is promised, and of what staff puts off.
// All are internal.
const (
	TypeClockMoved    Type = "ticket.clock_moved"
	TypeAlertRaised   Type = "ticket.alert_raised"
	TypeTicketSnoozed Type = "ticket.snoozed"
	TypeTicketWoken   Type = "ticket.woken"
	TypeReminded      Type = "ticket.reminded"
	TypeDigested      Type = "ticket.digested"
)

// The data of these events. All are at version 1.
type (
	// ClockMoved tells what became of a promise's clock.
	ClockMoved struct {
		Target      string    `json:"target"`
		Movement    string    `json:"movement"`
		Policy      id.Policy `json:"policy"`
		Queue       id.Queue  `json:"queue,omitempty"` // 0 in events from before this was told
		DueAt       time.Time `json:"dueAt,omitzero"`  // when the promise is broken, or was; zero while the clock is paused
		UsedSeconds int64     `json:"usedSeconds"`     // of the promise's time
		Breached    bool      `json:"breached,omitempty"`
	}
	// TicketSnoozed took a ticket from staff's work.
	TicketSnoozed struct {
		Until time.Time `json:"until,omitzero"` // zero: until the requester says something
	}
	// TicketWoken ended a ticket's snooze.
	TicketWoken struct {
		Reason string `json:"reason"`
	}
	// Reminded told whose turn it was that the ticket waits for them, or was
	// overtaken by a later reminder before it could.
	Reminded struct {
		Turn      string     `json:"turn"`
		Member    id.Member  `json:"member,omitempty"`  // 0: the teams of the ticket's queue
		Message   id.Message `json:"message,omitempty"` // 0: overtaken
		Overtaken bool       `json:"overtaken,omitempty"`
	}
	// AlertRaised is what a step of a policy tells those who subscribe to it.
	AlertRaised struct {
		Text     string    `json:"text"`
		Target   string    `json:"target"`
		Policy   id.Policy `json:"policy"`
		Breached bool      `json:"breached,omitempty"` // rather than about to be
		DueAt    time.Time `json:"dueAt"`
	}
	// Digested gathered a ticket, and others with it, into what a queue's teams are
	// told of together.
	Digested struct {
		Digest id.Digest `json:"digest"`
		Queue  id.Queue  `json:"queue"`
		Left   int       `json:"left,omitempty"` // of the digest's tickets, whose events follow
	}
)

// Type is TypeClockMoved.
func (ClockMoved) Type() Type { return TypeClockMoved }

// Type is TypeTicketSnoozed.
func (TicketSnoozed) Type() Type { return TypeTicketSnoozed }

// Type is TypeTicketWoken.
func (TicketWoken) Type() Type { return TypeTicketWoken }

// Type is TypeReminded.
func (Reminded) Type() Type { return TypeReminded }

// Type is TypeAlertRaised.
func (AlertRaised) Type() Type { return TypeAlertRaised }

// Type is TypeDigested.
func (Digested) Type() Type { return TypeDigested }
