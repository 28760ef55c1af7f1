package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/event"
)

// The events that tell what became of a ticket in its channel.
type (
	// SurfaceLostEvent is an event of type SurfaceLost.
	SurfaceLostEvent struct {
		Base

		data event.SurfaceLost
	}
	// SurfaceRemovedEvent is an event of type SurfaceRemoved.
	SurfaceRemovedEvent struct{ Base }
	// PersonLeftEvent is an event of type PersonLeft.
	PersonLeftEvent struct {
		Base

		data event.PersonLeft
	}
	// PersonReturnedEvent is an event of type PersonReturned.
	PersonReturnedEvent struct {
		Base

		data event.PersonReturned
	}
	// MessageUndeliveredEvent is an event of type MessageUndelivered.
	MessageUndeliveredEvent struct {
		Base

		data event.MessageUndelivered
	}
)

// surfaceItem makes an event of a list that tells of a ticket in its channel.
func surfaceItem(b Base, data event.Data) (TimelineItem, error) {
	switch d := data.(type) {
	case event.SurfaceLost:
		return &SurfaceLostEvent{b, d}, nil
	case event.SurfaceRemoved:
		return &SurfaceRemovedEvent{b}, nil
	case event.PersonLeft:
		return &PersonLeftEvent{b, d}, nil
	case event.PersonReturned:
		return &PersonReturnedEvent{b, d}, nil
	case event.MessageUndelivered:
		return &MessageUndeliveredEvent{b, d}, nil
	default:
		return newPromiseItem(b)
	}
}

// SurfaceOutcome is what became of a ticket that lost its place.
type SurfaceOutcome string

// The outcomes.
const (
	SurfaceRebuilt SurfaceOutcome = "rebuild"
	SurfaceClosed  SurfaceOutcome = "close"
	SurfaceNone    SurfaceOutcome = "none"

	SurfaceUnlinked SurfaceOutcome = event.Unlinked
)

// Outcome gives what became of the ticket.
func (e *SurfaceLostEvent) Outcome() SurfaceOutcome { return SurfaceOutcome(e.data.Outcome) }

// Member gives who left.
func (e *PersonLeftEvent) Member(ctx context.Context) (*Member, error) {
	return memberOf(ctx, e.rows, e.data.Member)
}

// IsBanned reports whether they were banned.
func (e *PersonLeftEvent) IsBanned() bool { return e.data.Banned }

// Member gives who is back.
func (e *PersonReturnedEvent) Member(ctx context.Context) (*Member, error) {
	return memberOf(ctx, e.rows, e.data.Member)
}

// Message gives what was not delivered, nil if the reader may not read it.
func (e *MessageUndeliveredEvent) Message(ctx context.Context) (*Message, error) {
	return messageOf(ctx, e.rows, e.data.Message)
}

// Reason tells the reader why not.
func (e *MessageUndeliveredEvent) Reason() string { return e.rows.Say(e.data.Reason) }
