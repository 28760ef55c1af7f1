package sqlstore_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/file/filetest"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

func TestFilesKeepTheContract(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		filetest.Suite(t, func(*testing.T) filetest.World {
			return filetest.World{World: tickettest.World{
				Tickets: s.Tickets(), Members: s.Members(), Queues: s.Queues(), Categories: s.Categories(),
				Workspaces: s.Workspaces(), Teams: s.Teams(), IDs: s.IDs(),
			}, Files: s.Files(), Work: s}
		})
	})
}
