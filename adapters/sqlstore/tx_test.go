package sqlstore_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
)

// inTx runs SQL in a transaction that must commit.
func inTx(t *testing.T, s *sqlstore.Store, queries ...string) {
	t.Helper()
	err := s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
		for _, query := range queries {
			if _, err := tx.Exec(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// things makes a table and gives a function that counts its rows.
func things(t *testing.T, s *sqlstore.Store) func() int {
	t.Helper()
	inTx(t, s, `CREATE TABLE things (id BIGINT PRIMARY KEY, v BIGINT NOT NULL DEFAULT 0)`)
	return func() int {
		t.Helper()
		var n int
		if err := s.Read(t.Context()).QueryRow(t.Context(), `SELECT count(*) FROM things`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
}

func insert(ctx context.Context, tx *sqlstore.Tx, thing int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO things (id) VALUES (?)`, thing)
	return err
}

func silent(t *testing.T, signal <-chan struct{}, why string) {
	t.Helper()
	select {
	case <-signal:
		t.Error(why)
	default:
	}
}

func heard(t *testing.T, signal <-chan struct{}) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	select {
	case <-signal:
	case <-ctx.Done():
		t.Fatal("no signal came")
	}
}

func TestATransactionCommitsAndThenSignals(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		count := things(t, s)
		signal, stop := s.Subscribe("news")
		defer stop()
		err := s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
			tx.Signal("news")
			silent(t, signal, "a signal went out before the commit")
			return insert(ctx, tx, 1)
		})
		if err != nil || count() != 1 {
			t.Fatalf("committed %d rows, error %v", count(), err)
		}
		heard(t, signal)
		silent(t, signal, "one commit was signalled twice")
	})
}

func TestAnErrorRollsBack(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		count := things(t, s)
		signal, stop := s.Subscribe("news")
		defer stop()
		refused := errors.New("refused")
		err := s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
			tx.Signal("news")
			return errors.Join(insert(ctx, tx, 1), refused)
		})
		if !errors.Is(err, refused) || count() != 0 {
			t.Errorf("%d rows stayed, error %v", count(), err)
		}
		silent(t, signal, "what was rolled back was signalled")
	})
}

func TestAPanicRollsBackAndGoesOn(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		count := things(t, s)
		func() {
			defer func() {
				if recover() != "boom" {
					t.Error("the panic was swallowed")
				}
			}()
			_ = s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
				if err := insert(ctx, tx, 1); err != nil {
					t.Error(err)
				}
				panic("boom")
			})
		}()
		if count() != 0 {
			t.Error("a panicking transaction left rows")
		}
		inTx(t, s, `INSERT INTO things (id) VALUES (2)`)
	})
}

func TestAFailingCommitIsReported(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		inTx(t, s, `CREATE TABLE owners (id BIGINT PRIMARY KEY)`,
			`CREATE TABLE owned (id BIGINT PRIMARY KEY, owner BIGINT REFERENCES owners (id) DEFERRABLE INITIALLY DEFERRED)`)
		signal, stop := s.Subscribe("news")
		defer stop()
		reached := false
		err := s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
			tx.Signal("news")
			tx.Enqueue(job.Key{Consumer: "c", Key: "k"}, time.Now())
			_, err := tx.Exec(ctx, `INSERT INTO owned (id, owner) VALUES (1, 2)`)
			reached = err == nil
			return err
		})
		if err == nil || !reached {
			t.Fatalf("the commit's failure was not reported: error %v, reached the commit: %v", err, reached)
		}
		silent(t, signal, "what failed to commit was signalled")
		if _, ok, err := s.NextDue(t.Context(), "c"); ok || err != nil {
			t.Errorf("what failed to commit left work (error %v)", err)
		}
		inTx(t, s, `INSERT INTO owners (id) VALUES (2)`, `INSERT INTO owned (id, owner) VALUES (1, 2)`)
	})
}

func TestAnEndedContextRollsBack(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		count := things(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		err := s.InTx(ctx, func(ctx context.Context, tx *sqlstore.Tx) error {
			err := insert(ctx, tx, 1)
			cancel()
			return err
		})
		if err == nil || count() != 0 {
			t.Errorf("%d rows stayed, error %v", count(), err)
		}
	})
}

func TestATransactionWithinOneJoinsIt(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		count := things(t, s)
		err := s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
			if err := insert(ctx, tx, 1); err != nil {
				return err
			}
			return s.InTx(ctx, func(ctx context.Context, tx *sqlstore.Tx) error {
				var n int
				if err := s.Read(ctx).QueryRow(ctx, `SELECT count(*) FROM things`).Scan(&n); err != nil || n != 1 {
					t.Errorf("a read within sees %d rows, error %v", n, err)
				}
				return insert(ctx, tx, 2)
			})
		})
		if err != nil || count() != 2 {
			t.Errorf("%d rows, error %v", count(), err)
		}
	})
}

func TestAJoinedFailureCantBeIgnored(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		count := things(t, s)
		refused := errors.New("refused")
		err := s.InTx(t.Context(), func(ctx context.Context, _ *sqlstore.Tx) error {
			_ = s.InTx(ctx, func(ctx context.Context, tx *sqlstore.Tx) error {
				return errors.Join(insert(ctx, tx, 1), refused)
			})
			return nil
		})
		if !errors.Is(err, refused) || count() != 0 {
			t.Errorf("%d rows, error %v", count(), err)
		}
	})
}

// TestADeadlockIsTriedAgain makes two transactions lock two rows in opposite
// orders; PostgreSQL gives one of them up. SQLite lets them run in turn.
func TestADeadlockIsTriedAgain(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		things(t, s)
		inTx(t, s, `INSERT INTO things (id) VALUES (1)`, `INSERT INTO things (id) VALUES (2)`)
		var met atomic.Int64
		both := make(chan struct{})
		meet := func() { // until both hold a row, or the other one can't come
			if met.Add(1) == 2 {
				close(both)
			}
			select {
			case <-both:
			case <-time.After(100 * time.Millisecond):
			}
		}
		raise := func(first, second int64) error {
			return s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
				if _, err := tx.Exec(ctx, `UPDATE things SET v = v + 1 WHERE id = ?`, first); err != nil {
					return err
				}
				meet()
				_, err := tx.Exec(ctx, `UPDATE things SET v = v + 1 WHERE id = ?`, second)
				return err
			})
		}
		var group sync.WaitGroup
		for _, pair := range [][2]int64{{1, 2}, {2, 1}} {
			group.Go(func() {
				if err := raise(pair[0], pair[1]); err != nil {
					t.Errorf("raise %v: %v", pair, err)
				}
			})
		}
		group.Wait()
		var sum int
		if err := s.Read(t.Context()).QueryRow(t.Context(), `SELECT sum(v) FROM things`).Scan(&sum); err != nil || sum != 4 {
			t.Errorf("the rows were raised %d times, want 4 (error %v)", sum, err)
		}
	})
}

func TestCountersHaveNoGaps(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		const writers, each = 4, 10
		var mu sync.Mutex
		seen := map[int64]bool{}
		var group sync.WaitGroup
		for range writers {
			group.Go(func() {
				for i := range each {
					var n int64
					err := s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) (err error) {
						if n, err = tx.Next(ctx, "tickets"); err == nil && i%2 == 1 {
							err = errors.New("rolled back")
						}
						return err
					})
					if err == nil {
						mu.Lock()
						seen[n] = true
						mu.Unlock()
					}
				}
			})
		}
		group.Wait()
		for n := int64(1); n <= writers*each/2; n++ {
			if !seen[n] {
				t.Errorf("number %d is missing of %d", n, len(seen))
			}
		}
	})
}

func TestEventsBecomeWorkAndSignals(t *testing.T) {
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	route := func(e event.Envelope) (job.Key, bool) {
		return job.Key{Consumer: "discord", Key: e.Ticket.String(), Workspace: e.Workspace}, !e.Internal
	}
	change := func(o *sqlstore.Options) {
		o.Routes, o.Now = []job.Route{route}, func() time.Time { return now }
	}
	sqlstoretest.EachWith(t, change, func(t *testing.T, s *sqlstore.Store) {
		signal, stop := s.Subscribe(event.Topic(7))
		defer stop()
		err := s.InTx(t.Context(), func(_ context.Context, tx *sqlstore.Tx) error {
			for ticket := range id.Ticket(120) { // more rows than one statement takes
				tx.Publish(event.Envelope{Workspace: 7, Ticket: ticket}, event.Envelope{Workspace: 7, Ticket: ticket})
			}
			tx.Publish(event.Envelope{Workspace: 7, Ticket: 1000, Internal: true})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		heard(t, signal)
		claims, err := s.Claim(t.Context(), "discord", "me", now, time.Minute, 1000)
		if err != nil || len(claims) != 120 {
			t.Fatalf("%d rows of work, error %v; want one for each of 120 tickets", len(claims), err)
		}
		if first := claims[0]; first.Workspace != 7 {
			t.Errorf("claimed %+v", first)
		}
	})
}

func TestStatementsAreCounted(t *testing.T) {
	var counter sqlstoretest.Counter
	sqlstoretest.EachWith(t, func(o *sqlstore.Options) { o.OnStatement = counter.Count }, func(t *testing.T, s *sqlstore.Store) {
		things(t, s)
		n := counter.During(func() {
			err := s.InTx(t.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
				_, err := tx.Bun().NewRaw(`INSERT INTO things (id) VALUES (?)`, 1).Exec(ctx)
				return errors.Join(err, insert(ctx, tx, 2), insert(ctx, tx, 3))
			})
			if err != nil {
				t.Error(err)
			}
		})
		if n != 3 {
			t.Errorf("counted %d statements, want 3", n)
		}
	})
}
