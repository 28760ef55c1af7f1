package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

var (
	explored = regexp.MustCompile(`(http://\S+/graphql)#token=(\S+)`)
	actedIn  = regexp.MustCompile(`(http://127\.0\.0\.1:\d+/)\n`)
)

// TestTheDemoCanBeExplored waits until the play is over and asks what GraphiQL
// asks first, and for the page on which one acts as Discord's members.
func TestTheDemoCanBeExplored(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	out, said := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"ticketsys", "demo"}, process{Out: said, Err: io.Discard, Getenv: environment()})
		_ = said.Close()
	}()
	var heard bytes.Buffer
	part := make([]byte, 4096)
	for !explored.Match(heard.Bytes()) || !actedIn.Match(heard.Bytes()) {
		n, err := out.Read(part)
		heard.Write(part[:n])
		if err != nil {
			t.Fatalf("the demo ended:\n%s", heard.String())
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	at := explored.FindStringSubmatch(heard.String())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at[1], strings.NewReader(`{"query":"{ __schema { queryType { name } } tickets { totalCount } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+at[2])
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Errors []json.RawMessage
		Data   struct {
			Schema  struct{ QueryType struct{ Name string } } `json:"__schema"`
			Tickets struct{ TotalCount int }
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || len(answer.Errors) > 0 {
		t.Fatalf("%v: %s", err, answer.Errors)
	}
	if answer.Data.Schema.QueryType.Name != "Query" || answer.Data.Tickets.TotalCount != 3 {
		t.Errorf("%+v", answer.Data)
	}
	showsDiscord(t, actedIn.FindStringSubmatch(heard.String())[1])
	stop()
	if status := <-ended; status != 0 {
		t.Errorf("interrupted, it ends with %d", status)
	}
}

// showsDiscord asks a page what is to be seen on the demo's Discord.
func showsDiscord(t *testing.T, page string) {
	t.Helper()
	for path, shown := range map[string]string{"": "<html", "state": "ユキ"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, page+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), shown) {
			t.Errorf("%s%s gives %d without %q: %v", page, path, response.StatusCode, shown, err)
		}
	}
}
