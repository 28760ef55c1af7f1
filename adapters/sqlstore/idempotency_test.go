package sqlstore_test

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/domain/queue"
)

func TestAWishComesTrueOnceOrNotAtAll(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx, repo := newWorld(t, s, "one"), t.Context(), s.Idempotency()
		record := idempotency.Record{
			Workspace: w.id, Member: 7, Operation: "save", Key: "k", Fingerprint: "f", ExpiresAt: noon.Add(idempotency.Memory),
		}
		broken := errors.New("broken")
		save := func(name string, after error) func(context.Context) (idempotency.Result, error) {
			return func(ctx context.Context) (idempotency.Result, error) {
				q := queue.Queue{ID: id.Queue(s.IDs()()), Workspace: w.id, Name: name}
				if err := s.Queues().Save(ctx, &q); err != nil {
					return idempotency.Result{}, err
				}
				return idempotency.Result{Objects: []string{name}, Refusals: []idempotency.Refusal{{
					Code: fault.Conflict, Key: "k", Args: fault.Args{"Current": int64(4)}, Field: "f",
				}}}, after
			}
		}
		_, _, err := repo.Once(ctx, record, noon, save("Failed", broken))
		wantErr(t, err, broken)
		first, replayed, err := repo.Once(ctx, record, noon, save("First", nil))
		if err != nil || replayed {
			t.Fatalf("the first time: replayed %t, %v", replayed, err)
		}
		again, replayed, err := repo.Once(ctx, record, noon.Add(time.Hour), save("Second", nil))
		if err != nil || !replayed || !reflect.DeepEqual(again, first) {
			t.Errorf("the second time: replayed %t, %v, %v; want %v", replayed, err, again, first)
		}
		other := record
		other.Fingerprint = "g"
		_, _, err = repo.Once(ctx, other, noon, save("Other", nil))
		wantErr(t, err, idempotency.ErrReused)
		later := other
		later.ExpiresAt = record.ExpiresAt.Add(idempotency.Memory)
		if _, replayed, err = repo.Once(ctx, later, record.ExpiresAt, save("Later", nil)); err != nil || replayed {
			t.Errorf("when the key had expired: replayed %t, %v", replayed, err)
		}
		var names []string
		for _, q := range got(s.Queues().List(ctx, w.id))(t) {
			names = append(names, q.Name)
		}
		if want := []string{"Billing", "First", "Later", "Support"}; !reflect.DeepEqual(names, want) {
			t.Errorf("the queues are %q, want %q", names, want)
		}
	})
}

func TestWishesAtOnceWaitForTheFirst(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		record := idempotency.Record{Workspace: 1, Member: 7, Operation: "save", Key: "k", Fingerprint: "f", ExpiresAt: noon.Add(time.Hour)}
		var done atomic.Int64
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				kept, _, err := s.Idempotency().Once(t.Context(), record, noon, func(context.Context) (idempotency.Result, error) {
					done.Add(1)
					return idempotency.Result{Objects: []string{"it"}}, nil
				})
				if err != nil || len(kept.Objects) != 1 {
					t.Errorf("kept %v, %v", kept, err)
				}
			})
		}
		group.Wait()
		if done.Load() != 1 {
			t.Errorf("it was done %d times", done.Load())
		}
	})
}

// A context may outlive the transaction that it was made in.
func TestAContextOfAnEndedTransactionIsLikeAnyOther(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w := newWorld(t, s, "one")
		var kept context.Context
		must(t, s.InTx(t.Context(), func(ctx context.Context, _ *sqlstore.Tx) error {
			kept = ctx
			return nil
		}))
		if all, err := s.Queues().List(kept, w.id); err != nil || len(all) != 2 {
			t.Errorf("queues %v, %v", all, err)
		}
		must(t, s.Queues().Save(kept, &queue.Queue{ID: id.Queue(s.IDs()()), Workspace: w.id, Name: "New"}))
	})
}
