package sqlstore_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/job"
)

// TestSignalsReachOtherProcesses uses two stores on one database: they share
// nothing but it.
func TestSignalsReachOtherProcesses(t *testing.T) {
	databaseURL := sqlstoretest.Postgres(t)
	one := sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: time.Now})
	two := sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: time.Now})
	consumer := job.Consumer("it's \"quoted\"")
	near, stopNear := one.Subscribe(consumer.Topic())
	defer stopNear()
	far, stopFar := two.Subscribe(consumer.Topic())
	defer stopFar()
	if err := one.Enqueue(t.Context(), job.Key{Consumer: consumer, Key: "k"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	heard(t, near)
	heard(t, far)
	if _, ok, err := two.NextDue(t.Context(), consumer); !ok || err != nil {
		t.Errorf("the other process was told before the work is there (error %v)", err)
	}
	if err := two.InTx(t.Context(), func(_ context.Context, tx *sqlstore.Tx) error {
		tx.Signal("done")
		tx.Signal(consumer.Topic())
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	heard(t, near)
	silent(t, near, "a process's own signal came back to it")
}

// TestABrokenConnectionForSignalsIsMended breaks it from the server's side.
func TestABrokenConnectionForSignalsIsMended(t *testing.T) {
	databaseURL := sqlstoretest.Postgres(t)
	one := sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: time.Now})
	two := sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: time.Now})
	signal, stop := two.Subscribe("news")
	defer stop()
	inTx(t, one, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE query LIKE 'LISTEN "ticketsys/' || current_schema() || '"'`)
	heard(t, signal) // everything is signalled after the reconnect
	if err := one.InTx(t.Context(), func(_ context.Context, tx *sqlstore.Tx) error {
		tx.Signal("news")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	heard(t, signal)
}

// TestAProcessAloneSendsNothing listens as no process does, to hear what is sent.
func TestAProcessAloneSendsNothing(t *testing.T) {
	databaseURL := sqlstoretest.Postgres(t)
	one := sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: time.Now, Sweep: 20 * time.Millisecond})
	next := listening(t, databaseURL, one)
	signalling(t, one, "said to nobody")
	two, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: databaseURL, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	far, stop := two.Subscribe("said to two")
	defer stop()
	heard(t, far) // it is told to look at everything, since it may have missed something
	signalling(t, one, "said to two")
	heard(t, far)
	for payload := ""; !strings.HasSuffix(payload, " said to two"); {
		if payload = next(); strings.HasSuffix(payload, " said to nobody") {
			t.Error("a process alone sent a signal")
		}
	}
	if err := two.Close(); err != nil {
		t.Fatal(err)
	}
	sweep, stopSweep := one.Subscribe("work")
	defer stopSweep()
	for one.Accompanied() {
		heard(t, sweep)
	}
}

// acquainted returns when two processes told each other to look at everything,
// as they do when they meet.
func acquainted(t *testing.T, one, two *sqlstore.Store) {
	t.Helper()
	for _, pair := range [][2]*sqlstore.Store{{one, two}, {two, one}} {
		signal, stop := pair[1].Subscribe("hello")
		for range 2 { // of which the first may be that they met
			signalling(t, pair[0], "hello")
			heard(t, signal)
		}
		stop()
	}
}

func drain(signal <-chan struct{}) {
	select {
	case <-signal:
	default:
	}
}

func signalling(t *testing.T, s *sqlstore.Store, topic string) {
	t.Helper()
	if err := s.InTx(t.Context(), func(_ context.Context, tx *sqlstore.Tx) error {
		tx.Signal(topic)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// listening gives what is sent between processes, one after the other.
func listening(t *testing.T, databaseURL string, s *sqlstore.Store) (next func() string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	if _, err := conn.Exec(t.Context(), "LISTEN "+pgx.Identifier{s.Channel()}.Sanitize()); err != nil {
		t.Fatal(err)
	}
	return func() string {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		got, err := conn.WaitForNotification(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return got.Payload
	}
}

func TestSignalsAreMergedAndEnd(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		signal, stop := s.Subscribe("news")
		other, stopOther := s.Subscribe("news")
		send := func() {
			for range 3 {
				if err := s.InTx(t.Context(), func(_ context.Context, tx *sqlstore.Tx) error {
					tx.Signal("news")
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			}
		}
		send()
		heard(t, signal)
		silent(t, signal, "signals that waited were not merged")
		stop()
		send()
		heard(t, other)
		silent(t, signal, "a signal came after stop")
		stopOther()
		stopOther()
	})
}

// TestWhatADeadProcessDidNotSignalIsFound writes as a process does that dies
// between its commit and its signal.
func TestWhatADeadProcessDidNotSignalIsFound(t *testing.T) {
	databaseURL := sqlstoretest.Postgres(t)
	dead := sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: time.Now})
	alive := sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: time.Now, Sweep: 20 * time.Millisecond})
	history, stop := alive.Subscribe(event.Topic(7))
	defer stop()
	other, stopOther := alive.Subscribe(event.Topic(77))
	defer stopOther()
	work, stopWork := alive.Subscribe(job.Consumer("discord").Topic())
	defer stopWork()
	acquainted(t, dead, alive)
	for _, signal := range []<-chan struct{}{history, other, work} {
		drain(signal)
	}
	inTx(t, dead, `INSERT INTO counters (name, value) VALUES ('events/7', 1)`)
	heard(t, history)
	heard(t, work)
	heard(t, work) // of each sweep, so that the first was over
	silent(t, other, "a history that did not move was looked at")
}
