// Package tickettest is what tests of tickets stand on: builders, a clock, a
// small helpdesk with people in it, and the suites that every store of tickets
// passes (Repository) and that the service passes on every store (Service).
package tickettest

import (
	"testing"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// World is a fresh store: tickets and all that they live among.
type World struct {
	Tickets    ticket.Repository
	Members    member.Repository
	Queues     queue.Repository
	Categories category.Repository
	Workspaces workspace.Repository
	Teams      team.Repository
	IDs        id.Source
}

// test is one story of a suite, told in a helpdesk of its own.
type test struct {
	name string
	tell func(t *testing.T, d *Desk)
}

func run(t *testing.T, setup func(t *testing.T) World, groups ...[]test) {
	t.Helper()
	for _, group := range groups {
		for _, story := range group {
			t.Run(story.name, func(t *testing.T) { story.tell(t, NewDesk(t, setup(t))) })
		}
	}
}

// Repository runs the suite that holds a store to every promise of
// ticket.Repository. Setup gives a fresh store for each test of it; the
// implementations beside that of tickets are used, not tested.
func Repository(t *testing.T, setup func(t *testing.T) World) {
	t.Helper()
	run(t, setup, opening(), changing(), changingAll(), talking(), remembering(), choosingContent(), listing(), waiting())
}
