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

	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
)

// The refusals of this package.
var (
	// ErrNotFound refuses a place that shows no ticket.
	ErrNotFound = fault.New(fault.NotFound, "fault.channel.not_found")
	// ErrStale refuses to save a surface that somebody else changed since it was
	// read: read it again, and go on from there.
	ErrStale = fault.New(fault.Conflict, "fault.channel.stale")
)

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
	Wanted   State = "wanted"   // not there yet
	Ready    State = "ready"    // there
	Gone     State = "gone"     // was there; somebody removed it by hand
	Cleared  State = "removed"  // was there; the helpdesk removed it some time after the ticket was closed
	Unlinked State = "unlinked" // was there; what it is in is not linked to the workspace any more
	Blocked  State = "blocked"  // the channel refuses it until somebody mends something
	Waiting  State = "waiting"  // the channel is full; it gets its place when one is free
)

// Direct is the kind of a surface in the requester's direct messages, where
// several of their tickets can be shown in one place. All other kinds are
// category.Surfaces, each with a place of its own.
const Direct category.Surface = "direct"

// Surface is what was recorded of a ticket's place.
type Surface struct {
	Ticket     id.Ticket
	Workspace  id.Workspace
	Channel    event.Channel
	Kind       category.Surface // what the place is, or was before it was lost
	ExternalID string           // of the place; "" until it exists
	In         string           // external ID of what the place is in, such as a Discord guild; "" until it is chosen
	State      State
	Detail     string // why it is blocked, waits, or stays though it had its time, as a catalogue key
	Refusals   int    // how often in a row it was refused
	Applied    string // fingerprint of name, topic and rights as they were last applied
	CardID     string // external ID of the message that shows the ticket's status
	Card       string // fingerprint of what that message shows
	SeenID     string // newest external message that was taken in
	Intent     Intent
	Revision   int64 // counts changes of the record; Save refuses an old one
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

// Sight is how far a place was taken in.
type Sight struct {
	ExternalID string // of the place
	SeenID     string // what the channel calls the last message
}

// Involved is somebody who opened or takes part in tickets that are not closed.
type Involved struct {
	Member     id.Member
	ExternalID string
	Left       bool // the history of one of the tickets tells that somebody left
}

// Repository is the port to recorded surfaces.
type Repository interface {
	audit.Recorder

	// SaveDesk stores where in what is linked to the workspace staff is told of a
	// queue. Codes: not_found (the queue, ErrNoPlace).
	SaveDesk(ctx context.Context, d Desk) error
	// RemoveDesk forgets it, if it is there.
	RemoveDesk(ctx context.Context, d Desk) error
	// Desks gives the desks of a channel in what is linked to the workspace, by queue.
	Desks(ctx context.Context, w id.Workspace, c event.Channel) ([]Desk, error)
	// Facts gives all of them, in a fixed number of statements.
	// Codes: not_found.
	Facts(ctx context.Context, w id.Workspace, t id.Ticket, c event.Channel) (*Facts, error)
	// Save records a surface and raises its Revision, unless somebody else
	// changed it meanwhile. Codes: not_found, conflict (ErrStale).
	Save(ctx context.Context, s *Surface) error
	// Delivered records a message as it stands on the surface, and the surface
	// in the same transaction. Codes: those of Save.
	Delivered(ctx context.Context, s *Surface, d Delivery) error
	// Seen advances the SeenID of the surfaces in each place if the given one is
	// newer (longer, or equally long and larger).
	Seen(ctx context.Context, c event.Channel, seen ...Sight) error
	// Lost records that the ticket's place is gone, unless another took its place
	// meanwhile.
	Lost(ctx context.Context, t id.Ticket, c event.Channel, externalID string) error
	// CardLost records which messages are left of those that show the ticket's
	// status, unless they were replaced meanwhile.
	CardLost(ctx context.Context, t id.Ticket, c event.Channel, cardID, left string) error
	// Refresh forgets what was last applied to the ticket's place, so that all of
	// it is applied again.
	Refresh(ctx context.Context, t id.Ticket, c event.Channel) error
	// ByExternal finds the surface of a place. Codes: not_found.
	ByExternal(ctx context.Context, c event.Channel, externalID string) (*Surface, error)
	// Of finds the surface of a ticket. Codes: not_found.
	Of(ctx context.Context, t id.Ticket, c event.Channel) (*Surface, error)
	// Live gives the surfaces that exist of tickets in the workspace that are
	// not closed, or were closed no earlier than the given time unless that is
	// zero, by ticket ID after the given one, up to limit.
	Live(ctx context.Context, w id.Workspace, c event.Channel, closed time.Time, after id.Ticket, limit int) ([]*Surface, error)
	// Held gives the surfaces in the workspace that exist and wait, are refused or
	// have a detail, whatever became of the ticket, by ticket ID after the given one,
	// up to limit.
	Held(ctx context.Context, w id.Workspace, c event.Channel, after id.Ticket, limit int) ([]*Surface, error)
	// Unsurfaced gives tickets of the channel that are not closed and have no
	// surface that exists, by ID after the given one, up to limit.
	Unsurfaced(ctx context.Context, w id.Workspace, c event.Channel, after id.Ticket, limit int) ([]id.Ticket, error)
	// SaveReport stores what a channel can do for a workspace.
	SaveReport(ctx context.Context, r *Report) error
	// Reports gives what the workspace's channels can do, by channel.
	Reports(ctx context.Context, w id.Workspace) ([]*Report, error)
	// Stuck gives the channel's tickets that it refuses or that wait for a place, by
	// ID, and then those that are closed and whose place stays for what somebody has
	// to mend, by ID, up to limit in all.
	Stuck(ctx context.Context, w id.Workspace, c event.Channel, limit int) ([]id.Ticket, error)
	// Standings gives how tickets of the workspace stand in their channels.
	Standings(ctx context.Context, w id.Workspace, tickets ...id.Ticket) (map[id.Ticket]*Standing, error)
	// Talks gives the surfaces in somebody's direct messages, those of tickets
	// that are not closed first, of these the most active first, up to limit.
	Talks(ctx context.Context, c event.Channel, externalID string, limit int) ([]*Surface, error)
	// Heads gives, for each kind of place that tickets wait for, the first of them.
	Heads(ctx context.Context, w id.Workspace, c event.Channel) ([]id.Ticket, error)
	// Ahead counts the tickets that wait for such a place before the given one.
	Ahead(ctx context.Context, w id.Workspace, c event.Channel, k category.Surface, t id.Ticket) (int, error)
	// Concerning gives the channel's tickets that are not closed and whose
	// requester or participant the member is, by ID after the given one, up to limit.
	Concerning(ctx context.Context, w id.Workspace, c event.Channel, m id.Member, after id.Ticket, limit int) ([]id.Ticket, error)
	// Involved gives those who opened or take part in the channel's tickets that are
	// not closed, as far as the channel knows them, by ID after the given one, up to limit.
	Involved(ctx context.Context, w id.Workspace, c event.Channel, after id.Member, limit int) ([]Involved, error)
	// DeliveryOf finds the message that stands on a surface under an external ID,
	// or of which a part does; Deleted also if that part is about to be. Codes: not_found.
	DeliveryOf(ctx context.Context, t id.Ticket, externalID string) (*Delivery, error)
	// Shown gives the messages of a ticket that stand in its present place, by ID.
	Shown(ctx context.Context, t id.Ticket, c event.Channel) ([]Delivery, error)
}
