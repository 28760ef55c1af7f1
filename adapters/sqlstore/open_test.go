package sqlstore_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/job"
)

func TestNonsenseURLsAreRefusedInOneLine(t *testing.T) {
	dir := t.TempDir()
	for _, bad := range []string{
		"", "nonsense", "mysql://root:hunter2@host/db", "sqlite://", "sqlite://:memory:", "sqlite:" + dir,
		"sqlite://" + dir, "sqlite://" + dir + "/no/such/dir.db", "sqlite://x.db?mode=hunter2",
		"postgres://", "postgres://user:hunter2@ho st:5432/db", "postgres://user:hunter2@host:99999/db",
		"postgres://user:hunter2@host/db?sslmode=hunter2", "postgres://user:hunter2%zz@host/db",
	} {
		s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: bad, Now: time.Now})
		if err == nil {
			t.Errorf("%q was opened", bad)
			_ = s.Close()
			continue
		}
		if !errors.Is(err, sqlstore.ErrURL) {
			t.Errorf("%q: %v does not say that the URL is wrong", bad, err)
		}
		if text := err.Error(); strings.ContainsAny(text, "\n\t") || strings.Contains(text, "hunter2") {
			t.Errorf("%q: the error is not one line without secrets: %q", bad, text)
		}
	}
}

func TestAnUnreachableServerIsOneLineWithoutPassword(t *testing.T) {
	_, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: "postgres://user:hunter2@127.0.0.1:1/db", Now: time.Now})
	if err == nil {
		t.Fatal("opened a server that is not there")
	}
	if text := err.Error(); strings.ContainsAny(text, "\n\t") || strings.Contains(text, "hunter2") {
		t.Errorf("the error is not one line without secrets: %q", text)
	}
}

func TestAFileThatIsNoDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: "sqlite://" + path, Now: time.Now}); err == nil {
		t.Fatal("opened a text file")
	} else if strings.Contains(err.Error(), "\n") {
		t.Errorf("the error is not one line: %q", err)
	}
}

func TestASecondServerOnTheSameFileIsRefused(t *testing.T) {
	o := sqlstore.Options{URL: sqlstoretest.SQLite(t), Now: time.Now, Exclusive: true}
	first := sqlstoretest.Open(t, o)
	if _, err := sqlstore.Open(t.Context(), o); !errors.Is(err, sqlstore.ErrInUse) {
		t.Fatalf("a second server was refused with %v", err)
	}
	command := o
	command.Exclusive = false
	if err := sqlstoretest.Open(t, command).Ping(t.Context()); err != nil {
		t.Errorf("a command beside the server: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	sqlstoretest.Open(t, o)
}

func TestADatabaseFileIsItsOwnersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no file modes")
	}
	databaseURL := sqlstoretest.SQLite(t)
	sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: time.Now})
	info, err := os.Stat(strings.TrimPrefix(databaseURL, "sqlite://"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v, error %v", info.Mode(), err)
	}
}

func TestAPathWithSpecialLetters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b%41é&c.db")
	sqlstoretest.Open(t, sqlstore.Options{URL: "sqlite://" + path, Now: time.Now})
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), filepath.Base(path)) {
			t.Errorf("the database is in %q (error %v)", entry.Name(), err)
		}
	}
}

func TestMigrationsGoUpDownAndUp(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		key := job.Key{Consumer: "c", Key: "k"}
		if err := s.Enqueue(t.Context(), key, time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := s.MigrateDown(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.Enqueue(t.Context(), key, time.Now()); err == nil {
			t.Error("tables are left after the way down")
		}
		for range 2 { // the second finds nothing to do
			if err := s.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok, err := s.NextDue(t.Context(), "c"); ok || err != nil {
			t.Errorf("after down and up there is work, or error %v", err)
		}
		if err := s.Enqueue(t.Context(), key, time.Now()); err != nil {
			t.Error(err)
		}
	})
}

func TestProcessesThatStartTogetherMigrateOnce(t *testing.T) {
	databaseURL := sqlstoretest.Postgres(t)
	opened := make(chan error)
	const processes = 4
	for range processes {
		go func() {
			s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: databaseURL, Now: time.Now})
			if err == nil {
				err = s.Close()
			}
			opened <- err
		}()
	}
	for range processes {
		if err := <-opened; err != nil {
			t.Error(err)
		}
	}
}

func TestAnExclusiveStartFreesWhatAKilledProcessHeld(t *testing.T) {
	o := sqlstore.Options{URL: sqlstoretest.SQLite(t), Now: time.Now, Exclusive: true}
	now := time.Now()
	killed, err := sqlstore.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	hold(t, killed, now)
	if err := killed.Close(); err != nil {
		t.Fatal(err)
	}
	s := sqlstoretest.Open(t, o)
	claims, err := s.Claim(t.Context(), "c", "next", now, time.Hour, 1)
	if err != nil || len(claims) != 1 || claims[0].Attempt != 2 {
		t.Errorf("claimed %v, error %v; want the killed process's row", claims, err)
	}
	if ok, err := s.Acquire(t.Context(), "gateway", "next", now, now.Add(time.Hour)); !ok || err != nil {
		t.Errorf("the killed process's lease is not free (error %v)", err)
	}
}

// hold claims work and a lease for an hour.
func hold(t *testing.T, s *sqlstore.Store, now time.Time) {
	t.Helper()
	if err := s.Enqueue(t.Context(), job.Key{Consumer: "c", Key: "k"}, now); err != nil {
		t.Fatal(err)
	}
	if claims, err := s.Claim(t.Context(), "c", "killed", now, time.Hour, 1); err != nil || len(claims) != 1 {
		t.Fatal(claims, err)
	}
	if ok, err := s.Acquire(t.Context(), "gateway", "killed", now, now.Add(time.Hour)); !ok || err != nil {
		t.Fatal(ok, err)
	}
}

func TestCloseTwiceAndUseAfterClose(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, databaseURL string) {
		s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: databaseURL, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		err = s.InTx(t.Context(), func(context.Context, *sqlstore.Tx) error { return nil })
		if err == nil || s.Ping(t.Context()) == nil {
			t.Error("a closed store answers")
		}
	})
}

// TestWhoHasNoTimeIsNotToldThatTheFileIsInUse, which nobody has looked at.
func TestWhoHasNoTimeIsNotToldThatTheFileIsInUse(t *testing.T) {
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	_, err := sqlstore.Open(ctx, sqlstore.Options{URL: sqlstoretest.SQLite(t), Now: time.Now, Exclusive: true})
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, sqlstore.ErrInUse) {
		t.Errorf("Open says %v", err)
	}
}

// TestServedTellsOfAnotherProcess, by which who stores a great many rows gives way.
func TestServedTellsOfAnotherProcess(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		here := sqlstoretest.Open(t, sqlstore.Options{URL: url, Now: time.Now})
		expect := func(want bool) {
			t.Helper()
			if served, err := here.Served(t.Context()); err != nil || served != want {
				t.Errorf("served: %v, %v, want %v", served, err, want)
			}
		}
		expect(false)
		there, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: url, Now: time.Now, Exclusive: true})
		must(t, err)
		expect(true)
		must(t, here.GiveWay(t.Context()))
		if served, err := there.Served(t.Context()); err != nil || served != strings.HasPrefix(url, "postgres") {
			t.Errorf("who serves: %v, %v", served, err) // from SQLite no other can
		}
		must(t, there.Close())
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for served := true; served; { // PostgreSQL takes a moment to see that a connection is gone
			served, err = here.Served(ctx)
			must(t, err)
		}
	})
}
