package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

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
