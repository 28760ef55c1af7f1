package sqlstore_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// A bulk change looks for its tickets alone, also while the database knows nothing yet
// of how many there are, and writes rows that change alike by one statement.
func TestABulkChangeTouchesItsTicketsAlone(t *testing.T) {
	var mu sync.Mutex
	var said []string
	watch := func(o *sqlstore.Options) {
		o.OnStatement = func(_ context.Context, query string) {
			mu.Lock()
			defer mu.Unlock()
			said = append(said, query)
		}
	}
	sqlstoretest.EachWith(t, watch, func(t *testing.T, s *sqlstore.Store) {
		w := newWorld(t, s, "bulk")
		amy, bob := w.actor("amy", access.RoleRequester), w.actor("bob", access.RoleSupervisor)
		var all ticket.Bulk
		for i := range 20 {
			all.Tickets = append(all.Tickets, ticket.Ref{ID: w.open(amy, fmt.Sprint("Broken ", i)).ID})
		}
		got(w.tickets.SetPriority(t.Context(), call(bob), all.Tickets[0], priority.Low))(t) // has another version then
		mu.Lock()
		said = nil
		mu.Unlock()
		got(w.tickets.ChangeAll(t.Context(), call(bob), all, ticket.Prioritising(priority.High)))(t)
		mu.Lock()
		locks, writes := holding(said, "t.subject", "ORDER BY t.id"), holding(said, "UPDATE tickets SET")
		mu.Unlock()
		if len(writes) != 1 || len(locks) != 1 {
			t.Fatalf("they are read by %q and written by %q", locks, writes)
		}
		for i, ref := range all.Tickets {
			v := got(w.tickets.Get(t.Context(), call(bob), ref.ID))(t)
			want := int64(2)
			if i == 0 {
				want = 3
			}
			if v.Priority != priority.High || v.Version != want {
				t.Errorf("ticket %d has priority %s and version %d, want %d", i, v.Priority, v.Version, want)
			}
		}
		if strings.HasSuffix(t.Name(), "sqlite") {
			if plan := planOf(t, s, locks[0], int64(w.id), "[1]"); !strings.Contains(plan, "SEARCH t USING INTEGER PRIMARY KEY") {
				t.Errorf("the plan of reading them:\n%s", plan)
			}
		}
	})
}

// holding gives those texts that have all of the parts.
func holding(all []string, parts ...string) (some []string) {
	for _, one := range all {
		has := 0
		for _, p := range parts {
			if strings.Contains(one, p) {
				has++
			}
		}
		if has == len(parts) {
			some = append(some, one)
		}
	}
	return some
}
