// Package event is the vocabulary of a workspace's history: the envelope that
// every event travels in, and the typed data of each kind.
//
// The log of events is the truth of history. It is append-only and holds IDs
// and facts; the words that people wrote live in message versions, which can be
// erased without touching the log.
package event

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
)

// Type names a kind of event. A name is never reused for another meaning.
type Type string

// Channel names the way by which something reached the helpdesk.
type Channel string

// The channels.
const (
	ChannelAPI     Channel = "api"     // GraphQL and REST
	ChannelDiscord Channel = "discord" // a Discord guild
	ChannelDM      Channel = "dm"      // direct messages on Discord
	ChannelSystem  Channel = "system"  // the helpdesk itself: deadlines, greetings
	ChannelPlain   Channel = "plain"   // the in-memory channel of tests
)

// People names the channel by whose names the people of a channel are known:
// who writes direct messages is somebody of the guild.
func (c Channel) People() Channel {
	if c == ChannelDM {
		return ChannelDiscord
	}
	return c
}

// Origin tells where a change came from. The zero Origin is the system's own.
type Origin struct {
	Channel    Channel
	ExternalID string    // what the channel calls the cause, "" if it names none; unique per channel
	OccurredAt time.Time // when it happened there; zero: now
	// CorrelationID joins all that followed from one outer cause; CausationID is
	// the event that led to this one. Zero: none.
	CorrelationID id.Event
	CausationID   id.Event
	// Shown tells of what was said that wherever the ticket is shown it stands
	// already, since it was written there. It is not stored.
	Shown bool
}

// Data is the typed content of an event. Encode writes it with a version; a
// change of its meaning gets a new one, and old ones stay readable for ever.
type Data interface {
	Type() Type
}

// Draft is an event before the store gave it its place in history.
type Draft struct {
	ID         id.Event
	Actor      id.Member // 0: the system
	Origin     Origin
	Internal   bool      // staff only: a requester never sees it by any path
	At         time.Time // when it happened
	RecordedAt time.Time // when the helpdesk heard of it
	Echo       bool      // as the envelope's
	Data       Data
}

// Envelope is an event in its place in a workspace's history.
type Envelope struct {
	ID            id.Event
	Workspace     id.Workspace
	Sequence      int64 // per workspace, without gaps, in commit order
	Ticket        id.Ticket
	Actor         id.Member
	Channel       Channel
	ExternalID    string
	CorrelationID id.Event
	CausationID   id.Event
	Internal      bool
	OccurredAt    time.Time
	RecordedAt    time.Time
	// TicketChannel is where the ticket's surface is, so that the work which an
	// event makes necessary is known without another read. It is not stored.
	TicketChannel Channel
	// Echo tells that the event, with all else that happened in its change, leaves
	// nothing to be shown that does not stand there already. It is not stored.
	Echo bool
	Data Data
}

// Topic is the signal topic of a workspace's history.
func Topic(w id.Workspace) string { return "events:" + w.String() }
