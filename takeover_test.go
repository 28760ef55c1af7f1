package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/jobs"
	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/job"
)

// victimEnv holds the database URL for the process that is killed at work: this
// test binary, run once more.
const victimEnv = "TICKETSYS_TEST_VICTIM_URL"

const takeoverConsumer job.Consumer = "takeover"

// TestVictim is the body of the process that is killed. In an ordinary run it
// has nothing to do.
func TestVictim(t *testing.T) {
	databaseURL := os.Getenv(victimEnv)
	if databaseURL == "" {
		return
	}
	s := sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: time.Now, Exclusive: true})
	work(t.Context(), s, "victim", func(ctx context.Context, _ job.Claim) (job.Outcome, error) {
		fmt.Println("working")
		<-ctx.Done()
		return job.Outcome{}, ctx.Err()
	})
}

// work runs the consumer until ctx ends.
func work(ctx context.Context, s *sqlstore.Store, owner string, handler job.Handler) {
	runner := jobs.New(jobs.Config{
		Queue: s, Signals: s, Now: time.Now, Rand: rand.Float64,
		Owner: owner + strconv.Itoa(os.Getpid()),
	})
	runner.Register(takeoverConsumer, handler, jobs.Options{})
	runner.Run(ctx)
}

// killAtWork starts a process that works on the database's only piece of work,
// and kills it as kill -9 does.
func killAtWork(t *testing.T, databaseURL string) {
	t.Helper()
	victim := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestVictim$", "-test.v")
	victim.Env = append(os.Environ(), victimEnv+"="+databaseURL)
	output, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(output)
	for lines.Scan() && lines.Text() != "working" {
	}
	if lines.Text() != "working" {
		t.Error("the process to be killed never began to work")
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait() // it was killed
}

// takenOver gives how long it takes until s works on what was begun elsewhere.
func takenOver(t *testing.T, s *sqlstore.Store) time.Duration {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	attempt := make(chan int, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		work(ctx, s, "next", func(_ context.Context, c job.Claim) (job.Outcome, error) {
			attempt <- c.Attempt
			return job.Outcome{}, nil
		})
	}()
	began := time.Now()
	select {
	case n := <-attempt:
		if n != 2 {
			t.Errorf("attempt %d, want the second", n)
		}
	case <-ctx.Done():
		t.Error("nobody took the work over")
	}
	took := time.Since(began)
	cancel()
	<-done
	return took
}

func enqueueTakeover(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	key := job.Key{Consumer: takeoverConsumer, Key: "ticket", Workspace: 1}
	if err := s.Enqueue(t.Context(), key, time.Now()); err != nil {
		t.Fatal(err)
	}
}

// TestAKilledProcessIsReplacedOnPostgres kills one process while another one,
// which runs on, has nothing to do.
func TestAKilledProcessIsReplacedOnPostgres(t *testing.T) {
	t.Parallel()
	databaseURL := sqlstoretest.Postgres(t)
	s := sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: time.Now})
	enqueueTakeover(t, s)
	killAtWork(t, databaseURL)
	if took := takenOver(t, s); took > 15*time.Second {
		t.Errorf("the work of a killed process was taken over after %v, want 15 s at most", took)
	}
}

// TestAKilledProcessIsReplacedAtOnceOnSQLite starts anew after the kill.
func TestAKilledProcessIsReplacedAtOnceOnSQLite(t *testing.T) {
	t.Parallel()
	databaseURL := sqlstoretest.SQLite(t)
	command, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: databaseURL, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	enqueueTakeover(t, command)
	if err := command.Close(); err != nil {
		t.Fatal(err)
	}
	killAtWork(t, databaseURL)
	s := sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: time.Now, Exclusive: true})
	if took := takenOver(t, s); took > 5*time.Second {
		t.Errorf("a new start took the work of a killed process over after %v, want at once", took)
	}
}
