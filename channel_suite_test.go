package main_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/channel/channeltest"
	"github.com/ticketsys/ticketsys/domain/channel/plain"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// plainHarness is the plain channel on a real store. It sees posts of people
// under the names by which they entered.
type plainHarness struct {
	world   tickettest.World
	server  *plain.Server
	port    *plain.Channel
	people  *plain.People
	records *channel.Service
	names   map[string]string // by person
}

func newPlainHarness(s *sqlstore.Store, clock *tickettest.Clock) *plainHarness {
	h := &plainHarness{
		world: tickettest.World{
			Tickets: s.Tickets(), Members: s.Members(), Queues: s.Queues(), Categories: s.Categories(),
			Workspaces: s.Workspaces(), Teams: s.Teams(), IDs: s.IDs(),
		},
		server: &plain.Server{}, records: channel.NewService(s.Channels(), s), names: map[string]string{},
	}
	w := h.world
	tickets := ticket.NewService(w.Tickets, w.Categories, w.Members, w.Queues, w.Workspaces, w.IDs)
	h.port = plain.New(h.server, h.records, clock.Tick)
	h.people = plain.NewPeople(h.server, tickets, member.NewService(w.Members), h.records, clock.Tick)
	return h
}

func (h *plainHarness) World() tickettest.World { return h.world }
func (h *plainHarness) Port() channel.Port      { return h.port }
func (h *plainHarness) Channel() event.Channel  { return event.ChannelPlain }
func (h *plainHarness) Place() string           { return "the only place" }

func (h *plainHarness) Breaks(nth int, lost bool) { h.server.Break(nth, lost) }

func (h *plainHarness) Enters(_ *testing.T, name string, _ locale.Tag) string {
	person := h.server.NewID()
	h.names[person] = name
	return person
}

func (h *plainHarness) Opens(t *testing.T, w id.Workspace, person string, c *category.Category, text string) id.Ticket {
	t.Helper()
	opened, err := h.people.Open(t.Context(), w, person, ticket.OpenInput{Category: c.ID, Body: text})
	if err != nil {
		t.Fatalf("%s opens a ticket: %v", h.names[person], err)
	}
	return opened.ID
}

func (h *plainHarness) Writes(t *testing.T, w id.Workspace, in id.Ticket, person, text string) string {
	t.Helper()
	post, err := h.people.Write(t.Context(), w, in, person, text)
	if err != nil {
		t.Fatalf("%s writes: %v", h.names[person], err)
	}
	return post
}

func (h *plainHarness) Edits(t *testing.T, w id.Workspace, in id.Ticket, person, post, text string) {
	t.Helper()
	if err := h.people.Edit(t.Context(), w, in, person, post, text); err != nil {
		t.Fatalf("%s edits: %v", h.names[person], err)
	}
}

func (h *plainHarness) Deletes(t *testing.T, w id.Workspace, in id.Ticket, person, post string) {
	t.Helper()
	if err := h.people.Delete(t.Context(), w, in, person, post); err != nil {
		t.Fatalf("%s deletes: %v", h.names[person], err)
	}
}

func (h *plainHarness) Looks(_ *testing.T, in id.Ticket, person string) channeltest.Sight {
	rooms := h.server.FindRooms(in.String())
	if len(rooms) == 0 {
		return channeltest.Sight{}
	}
	posts, sees, writes := h.server.Look(rooms[0], person)
	sight := channeltest.Sight{Sees: sees, Writes: writes}
	for _, p := range posts {
		author := p.Author
		if name, ok := h.names[author]; ok {
			author = name
		}
		sight.Said = append(sight.Said, channeltest.Line{Author: author, Text: p.Text})
	}
	return sight
}

func (h *plainHarness) Surfaces(_ *testing.T, of id.Ticket) int {
	return len(h.server.FindRooms(of.String()))
}

func TestThePlainChannelKeepsTheContract(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) channeltest.Harness {
		clock := tickettest.NewClock()
		s := sqlstoretest.Open(t, sqlstore.Options{URL: sqlstoretest.SQLite(t), Now: clock.Now, Exclusive: true})
		return newPlainHarness(s, clock)
	})
}
