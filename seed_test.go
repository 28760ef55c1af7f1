package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
)

const seededQuery = `{ tickets(first: 100, orderBy: [{field: OPENED_AT, direction: ASC}]) { totalCount nodes {
	number subject status priority tags openedAt activityAt messageCount requester { name locale } assignee { name }
	lastMessage { body } timeline(first: 10) { nodes { __typename } } } } }`

func TestSeedMakesTheSameTicketsEachTime(t *testing.T) {
	var first string
	sqlstoretest.EachURL(t, func(t *testing.T, databaseURL string) {
		another := sqlstoretest.SQLite
		if strings.HasPrefix(databaseURL, "postgres") {
			another = sqlstoretest.Postgres
		}
		for _, u := range []string{databaseURL, another(t)} {
			env := append([]string{"TICKETSYS_DATABASE_URL", u}, inFolder(t)...)
			seed(t, env, "--tickets", "90", "--seed", "7")
			page := seeded(t, env)
			if first == "" {
				first = page
			}
			if page != first {
				t.Errorf("other tickets than before:\n%s\n%s", page, first)
			}
			if !strings.Contains(page, `"totalCount":90`) || !strings.Contains(page, `"number":90`) {
				t.Errorf("not 90 tickets: %s", page)
			}
		}
	})
}

func TestSeededTicketsGoOnWhereThereAreSome(t *testing.T) {
	env := inFolder(t)
	seed(t, env, "--tickets", "40")
	seed(t, env, "--tickets", "30", "--seed", "2")
	page := seeded(t, env)
	for n := 1; n <= 70; n++ {
		if strings.Count(page, fmt.Sprintf(`"number":%d,`, n)) != 1 {
			t.Errorf("ticket %d is there %d times", n, strings.Count(page, fmt.Sprintf(`"number":%d,`, n)))
		}
	}
}

func TestSeedRefusesWhatMakesNoSense(t *testing.T) {
	for _, args := range [][]string{
		{"--tickets", "0"},
		{"--tickets", "-4"},
		{"--tickets", "10", "--messages", "0"},
		{"--tickets", "10", "extra"},
		{"--tickets", "10", "--until", "1066-10-14T00:00:00Z"},
	} {
		r := ticketsys(t.Context(), t, inFolder(t), append([]string{"seed"}, args...)...)
		r.oneLine(t, statusUsage)
	}
}

// TestSeedTellsHowFarItIs also after a server came or went in between, which changes how many
// tickets are stored at once.
func TestSeedTellsHowFarItIs(t *testing.T) {
	told := seedTold{of: 35_050}
	var at []int
	stored := 0
	for _, of := range []struct{ times, size int }{{3, 2000}, {71, 100}, {1, 33}, {2, 2000}, {179, 100}, {1, 17}} {
		for range of.times {
			if stored += of.size; told.next(stored) {
				at = append(at, stored)
			}
		}
	}
	if want := []int{10_000, 20_033, 30_033, 35_050}; !slices.Equal(at, want) {
		t.Errorf("it is told after %v, want %v", at, want)
	}
}

// TestSeedBesideAServerStoresFewMessagesAtOnce, however many a ticket has.
func TestSeedBesideAServerStoresFewMessagesAtOnce(t *testing.T) {
	databaseURL := sqlstoretest.SQLite(t)
	a, err := newApp(t.Context(), Config{DatabaseURL: databaseURL, DataDir: t.TempDir()}, appOptions{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	expect := func(messages, want int) {
		t.Helper()
		s := &seeding{app: a, plan: seedPlan{messages: messages}}
		if got, err := s.batch(t.Context()); err != nil || got != want {
			t.Errorf("of %d messages, %d tickets are stored at once, %v; want %d", messages, got, err, want)
		}
	}
	expect(200, 2000)
	server, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: databaseURL, Now: time.Now, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	for messages, want := range map[int]int{1: 100, 5: 100, 10: 100, 50: 20, 200: 5} {
		expect(messages, want)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	expect(200, 2000)
}

func seed(t *testing.T, env []string, args ...string) {
	t.Helper()
	all := append([]string{"seed", "--until", "2026-05-01T12:00:00Z"}, args...)
	if r := ticketsys(t.Context(), t, env, all...); r.status != 0 {
		t.Fatalf("seed %v: %s", args, r.err)
	}
}

// seeded reads the tickets as an app would.
func seeded(t *testing.T, env []string) string {
	t.Helper()
	p := serving(t.Context(), t, env)
	token, err := tokenBy(t, env)(t.Context(), "admin", "")
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]string{"query": seededQuery})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(response.Body); err != nil || strings.Contains(answer.String(), `"errors"`) {
		t.Fatalf("%v: %s", err, answer.String())
	}
	return answer.String()
}
