package sqlstore_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// Whoever ticks, and however often, what waits is told of once; and of a week in which
// nobody ticked there is one digest.
func TestDigestsComeOnceFromAnyNumberOfProcesses(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		d := tickettest.NewDesk(t, tickettest.World{
			Tickets: s.Tickets(), Members: s.Members(), Queues: s.Queues(), Categories: s.Categories(),
			Workspaces: s.Workspaces(), Teams: s.Teams(), IDs: s.IDs(),
		})
		help := *d.Help
		help.Intent = category.NonUrgent
		must(t, s.Categories().Save(t.Context(), &help))
		daily := digest.Schedule{Zone: "Europe/Paris"}
		for day := time.Sunday; day <= time.Saturday; day++ {
			daily.Moments = append(daily.Moments, digest.Moment{Day: day, Minute: 9 * 60})
		}
		processes := make([]*digest.Service, 4)
		for i := range processes {
			processes[i] = digest.NewService(s.Digests(), s.Queues(), s.IDs())
		}
		c := d.Call(t, d.Ada)
		plan, err := processes[0].Change(t.Context(), c, digest.Plan{Queue: d.Support.ID}, func(to *digest.Schedule) { *to = daily })
		must(t, err)
		d.Opens(t, d.Lea, d.Help)
		count := func() int {
			t.Helper()
			n, err := s.Digests().Count(t.Context(), d.Workspace.ID, d.Support.ID, query.Where{})
			must(t, err)
			return n
		}
		tick := func(now time.Time) {
			t.Helper()
			errs := make([]error, len(processes))
			var working sync.WaitGroup
			for i, p := range processes {
				working.Go(func() { errs[i] = p.Tick(t.Context(), now) })
			}
			working.Wait()
			for _, err := range errs {
				must(t, err)
			}
		}
		tick(plan.DueAt.Add(-time.Second))
		if n := count(); n != 0 {
			t.Errorf("%d digests before the hour", n)
		}
		tick(plan.DueAt)
		tick(plan.DueAt.Add(23 * time.Hour))
		tick(plan.DueAt.Add(-time.Hour)) // a clock that was put back
		if n := count(); n != 1 {
			t.Errorf("%d digests of a day, want 1", n)
		}
		tick(plan.DueAt.AddDate(0, 0, 8))
		if n := count(); n != 2 {
			t.Errorf("%d digests after a week in which nobody ticked, want one more than 1", n)
		}
		// A plan that is saved after the clock was put back comes to the same moment.
		again, err := processes[0].Change(t.Context(), c, digest.Plan{Queue: d.Support.ID}, func(*digest.Schedule) {})
		must(t, err)
		tick(again.DueAt)
		if n := count(); n != 2 || !again.DueAt.Equal(plan.DueAt) {
			t.Errorf("%d digests after the same moment came again at %v, want 2", n, again.DueAt)
		}
		all, err := s.Digests().Page(t.Context(), d.Workspace.ID, d.Support.ID, query.Query{}, page.Window{Limit: 10})
		must(t, err)
		head, err := s.Tickets().Log(t.Context(), d.Workspace.ID, 0, 100)
		must(t, err)
		told := 0
		for _, e := range head {
			if e.Data.Type() == event.TypeDigested {
				told++
			}
		}
		if len(all.Items) != 2 || all.Items[0].Count != 1 || told != 2 {
			t.Errorf("the digests are %+v, told of %d times", all.Items, told)
		}
	})
}

// What waits is looked for among the open tickets of the categories that ping nobody,
// however many others are open or closed.
func TestWhatADigestTellsOfIsFoundByAnIndex(t *testing.T) {
	var last string
	watch := func(o *sqlstore.Options) { o.OnStatement = func(_ context.Context, query string) { last = query } }
	sqlstoretest.EachWith(t, watch, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, "plan"), t.Context()
		w.open(w.actor("amy", access.RoleRequester), "Broken")
		calm := *got(s.Categories().Get(ctx, w.id, w.category))(t)[0]
		calm.ID, calm.Version, calm.Name, calm.Intent = id.Category(s.IDs()()), 0, locale.Of("en", "Ideas"), category.NonUrgent
		must(t, s.Categories().Save(ctx, &calm))
		must(t, s.InTx(ctx, func(ctx context.Context, tx *sqlstore.Tx) error {
			for _, does := range []string{
				copiesSQL, `UPDATE tickets SET status = 'closed' WHERE id % 2 = 0 AND id <= 20000`, `UPDATE tickets SET turn = 'staff'`,
				`UPDATE tickets SET category_id = ` + fmt.Sprint(int64(calm.ID)) + ` WHERE id IN (2, 3, 5, 7)`, `ANALYZE`,
			} {
				if _, err := tx.Exec(ctx, does); err != nil {
					return err
				}
			}
			return nil
		}))
		if found := got(s.Digests().Waiting(ctx, w.id, w.queue))(t); found.Count != 3 || len(found.Tickets) != 3 {
			t.Errorf("%+v waits, want three tickets", found)
		}
		plan := planOf(t, s, last, int64(w.id), string(category.NonUrgent), int64(w.queue), 100)
		if !strings.Contains(plan, "tickets_live_category") || strings.Contains(plan, "SCAN t") || strings.Contains(plan, "Seq Scan on tickets") {
			t.Errorf("the plan of what waits:\n%s", plan)
		}
	})
}
