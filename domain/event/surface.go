package event

import "github.com/ticketsys/ticketsys/domain/id"

// The types of the events that tell what became of a ticket in its channel.
const (
	TypeSurfaceLost        Type = "ticket.surface_lost"
	TypeSurfaceRemoved     Type = "ticket.surface_removed"
	TypePersonLeft         Type = "ticket.person_left"
	TypePersonReturned     Type = "ticket.person_returned"
	TypeMessageUndelivered Type = "ticket.message_undelivered"
)

// Unlinked is the outcome of a lost surface whose surroundings an administrator
// unlinked.
const Unlinked = "unlinked"

// The data of these events. All are at version 1.
type (
	// SurfaceLost tells that somebody removed the ticket's place in its channel, or
	// that what it was in was unlinked.
	SurfaceLost struct {
		Channel string `json:"channel"`
		Place   string `json:"place"`   // what the channel called it
		Outcome string `json:"outcome"` // "rebuild", "close", "none" for a ticket that was closed already, or "unlinked"
	}
	// SurfaceRemoved tells that the helpdesk removed the place of the ticket, which
	// was closed long enough ago.
	SurfaceRemoved struct {
		Channel string `json:"channel"`
		Place   string `json:"place"` // what the channel called it
	}
	// PersonLeft tells that the requester or a participant is not in the
	// channel's place any more.
	PersonLeft struct {
		Member id.Member `json:"member"`
		Banned bool      `json:"banned,omitempty"`
	}
	// PersonReturned tells that they are again.
	PersonReturned struct {
		Member id.Member `json:"member"`
	}
	// MessageUndelivered tells staff that a message could not be handed to the
	// requester. It is internal.
	MessageUndelivered struct {
		Message id.Message `json:"message"`
		Reason  string     `json:"reason"` // why, as a catalogue key
	}
)

// Type is TypeSurfaceLost.
func (SurfaceLost) Type() Type { return TypeSurfaceLost }

// Type is TypeSurfaceRemoved.
func (SurfaceRemoved) Type() Type { return TypeSurfaceRemoved }

// Type is TypePersonLeft.
func (PersonLeft) Type() Type { return TypePersonLeft }

// Type is TypePersonReturned.
func (PersonReturned) Type() Type { return TypePersonReturned }

// Type is TypeMessageUndelivered.
func (MessageUndelivered) Type() Type { return TypeMessageUndelivered }
