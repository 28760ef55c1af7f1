// Package channeltest is the contract of channels: the suite that every
// implementation of channel.Port passes, whatever its people see it with.
package channeltest

import (
	"testing"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// Harness is a channel with people in it, and the helpdesk behind it. Nothing
// brings surfaces to their state but the suite, which calls the port itself.
// A person is named by what the channel calls them.
type Harness interface {
	// World gives the helpdesk's store, which is empty.
	World() tickettest.World
	// Port gives what is tested, and Channel its name.
	Port() channel.Port
	Channel() event.Channel
	// Place is where the channel shows the tickets of the one workspace that
	// the suite makes; the suite links them.
	Place() string

	// Enters lets somebody into the place, and gives what the channel calls them.
	Enters(t *testing.T, name string, tag locale.Tag) (person string)
	// Opens lets a person open a ticket by the channel's own way. The helpdesk
	// has it when the call returns.
	Opens(t *testing.T, w id.Workspace, person string, c *category.Category, text string) id.Ticket
	// Writes lets a person write on a ticket's surface, and Edits and Deletes
	// change what they wrote. The helpdesk has it when the call returns.
	Writes(t *testing.T, w id.Workspace, in id.Ticket, person, text string) (post string)
	Edits(t *testing.T, w id.Workspace, in id.Ticket, person, post, text string)
	Deletes(t *testing.T, w id.Workspace, in id.Ticket, person, post string)
	// Looks gives what a person sees of a ticket's surface.
	Looks(t *testing.T, in id.Ticket, person string) Sight
	// Surfaces counts what the channel holds of a ticket, orphans included.
	Surfaces(t *testing.T, of id.Ticket) int

	// Breaks lets the nth change that the port makes to the channel from now
	// fail; 1 is the next. With lost the change is made all the same, and only
	// its answer is lost.
	Breaks(nth int, lost bool)
}

// Sight is what a person sees of a surface.
type Sight struct {
	Sees   bool
	Writes bool
	Said   []Line // oldest first, without the channel's own furniture such as status cards
}

// Line is a message as somebody sees it.
type Line struct {
	Author string // the name that stands above it; "" for the helpdesk itself
	Text   string
}
