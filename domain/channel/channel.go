// Package channel is what the helpdesk knows of the places where a channel
// shows its tickets: Discord's channels, one day others.
//
// A surface is a projection. What it should look like follows from ticket and
// workspace alone (Facts, Audience); an adapter compares that with what it
// recorded (Surface, Delivery) and applies the difference. It writes down what
// it is about to create (Intent) before it does, so that after a crash it can
// look whether it had happened.
package channel

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
)

// ErrNotFound refuses a place that shows no ticket.
var ErrNotFound = fault.New(fault.NotFound, "fault.channel.not_found")

// Port is a channel that shows tickets. Sync brings the ticket's surface to the
// state that its Facts want; it is idempotent, and called in order per
// ticket. An error means that the channel could not be reached or refused; the
// caller tries again later.
type Port interface {
	Sync(ctx context.Context, w id.Workspace, t id.Ticket) (job.Outcome, error)
}

// State says how a surface stands.
type State string

// The states.
const (
	Wanted  State = "wanted"  // not there yet
	Ready   State = "ready"   // there
	Gone    State = "gone"    // was there; somebody removed it by hand
	Blocked State = "blocked" // the channel refuses it until somebody mends something
)

// Surface is what was recorded of a ticket's place.
type Surface struct {
	Ticket     id.Ticket
	Workspace  id.Workspace
	Channel    event.Channel
	ExternalID string // of the place; "" until it exists
	State      State
	Detail     string // why it is blocked, as a fault key
	Applied    string // fingerprint of name, topic and rights as they were last applied
	CardID     string // external ID of the message that shows the ticket's status
	Card       string // fingerprint of what that message shows
	SeenID     string // newest external message that was taken in
	Intent     Intent
}

// Intent is something that is about to be created in a channel and whose
// outcome is not known until it is recorded. The zero Intent is none.
type Intent struct {
	Step    string     `json:"step,omitempty"` // the adapter's word for it
	Message id.Message `json:"message,omitempty"`
	Nonce   string     `json:"nonce,omitempty"`
	After   string     `json:"after,omitempty"` // newest external ID before it
	At      time.Time  `json:"at,omitzero"`
}

// Delivery is a message as it stands on a surface.
type Delivery struct {
	Message    id.Message
	ExternalID string
	Version    int64 // that is shown
	Deleted    bool
}

// Repository is the port to recorded surfaces.
type Repository interface {
	// Facts gives all of them, in a fixed number of statements.
	// Codes: not_found.
	Facts(ctx context.Context, w id.Workspace, t id.Ticket, c event.Channel) (*Facts, error)
	// Save records a surface.
	Save(ctx context.Context, s *Surface) error
	// Delivered records a message as it stands on the surface, and the surface
	// in the same transaction.
	Delivered(ctx context.Context, s *Surface, d Delivery) error
	// Seen advances the surface's SeenID if the given one is newer (longer, or
	// equally long and larger).
	Seen(ctx context.Context, c event.Channel, externalID, seenID string) error
	// Lost records that the ticket's place is gone, unless another took its place
	// meanwhile.
	Lost(ctx context.Context, t id.Ticket, c event.Channel, externalID string) error
	// CardLost records which messages are left of those that show the ticket's
	// status, unless they were replaced meanwhile.
	CardLost(ctx context.Context, t id.Ticket, c event.Channel, cardID, left string) error
	// ByExternal finds the surface of a place. Codes: not_found.
	ByExternal(ctx context.Context, c event.Channel, externalID string) (*Surface, error)
	// Of finds the surface of a ticket. Codes: not_found.
	Of(ctx context.Context, t id.Ticket, c event.Channel) (*Surface, error)
	// Live gives the surfaces that exist of tickets in the workspace that are
	// not closed, or were closed no earlier than the given time unless that is
	// zero, by ticket ID after the given one, up to limit.
	Live(ctx context.Context, w id.Workspace, c event.Channel, closed time.Time, after id.Ticket, limit int) ([]*Surface, error)
	// Unsurfaced gives tickets of the channel that are not closed and have no
	// surface that exists, by ID after the given one, up to limit.
	Unsurfaced(ctx context.Context, w id.Workspace, c event.Channel, after id.Ticket, limit int) ([]id.Ticket, error)
	// DeliveryOf finds the message that stands on a surface under an external
	// ID. Codes: not_found.
	DeliveryOf(ctx context.Context, t id.Ticket, externalID string) (*Delivery, error)
}
