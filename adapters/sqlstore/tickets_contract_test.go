package sqlstore_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

func TestTicketsKeepTheContract(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		world := tickettest.World{
			Tickets: s.Tickets(), Members: s.Members(), Queues: s.Queues(), Categories: s.Categories(),
			Workspaces: s.Workspaces(), Teams: s.Teams(), IDs: s.IDs(),
		}
		fresh := func(*testing.T) tickettest.World { return world } // each story has a workspace of its own
		t.Run("repository", func(t *testing.T) { tickettest.Repository(t, fresh) })
		t.Run("service", func(t *testing.T) { tickettest.Service(t, fresh) })
	})
}
