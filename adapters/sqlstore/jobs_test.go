package sqlstore_test

import (
	"context"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/job/jobtest"
)

func TestJobsKeepTheContract(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		jobtest.Run(t, func(t *testing.T) jobtest.Store {
			empty(t, s)
			return s
		})
	})
}

// empty forgets all work, so that a suite need not open a store for each test.
func empty(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	for _, query := range []string{`DELETE FROM jobs`, `DELETE FROM leases`} {
		err := s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
			_, err := tx.Exec(ctx, query)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
