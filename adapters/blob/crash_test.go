package blob_test

import (
	"path/filepath"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/file/filetest"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

func TestACrashLeavesNeitherDeadLinksNorForgottenObjects(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		setup := func(*testing.T) filetest.World {
			return filetest.World{World: tickettest.World{
				Tickets: s.Tickets(), Members: s.Members(), Queues: s.Queues(), Categories: s.Categories(),
				Workspaces: s.Workspaces(), Teams: s.Teams(), IDs: s.IDs(),
			}, Files: s.Files(), Work: s}
		}
		t.Run("in a folder", func(t *testing.T) {
			filetest.Crash(t, setup, func(t *testing.T) filetest.Backend {
				b, folder := open(t)
				return filetest.Backend{Bucket: b, Keys: func(t *testing.T) []string {
					all := held(t, folder)
					for i, path := range all {
						all[i], _ = filepath.Rel(folder, path)
					}
					return all
				}}
			})
		})
		t.Run("by S3", func(t *testing.T) {
			filetest.Crash(t, setup, func(t *testing.T) filetest.Backend {
				e := startElsewhere(t)
				return filetest.Backend{Bucket: e.open(t, ""), Keys: e.keys}
			})
		})
	})
}
