package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"runtime"
	"testing"

	"github.com/ticketsys/ticketsys/api"
)

// BenchmarkRESTPage compares the first 25 tickets through REST with a hand-written
// handler that reads the same data with one statement and writes the same JSON: behind
// the same server, token check and access rule. REST checks what was asked besides,
// and tells how to go on, what it would cost, and whether the caller has it already.
func BenchmarkRESTPage(b *testing.B) {
	eachStore(b, func(b *testing.B, databaseURL string) {
		competeREST(b, databaseURL, (*benchWorld).restFloorPage, sameItems)
	})
}

// BenchmarkRESTPageBriefly compares it with the handler of BenchmarkTicketPage, which
// shows half as much of a ticket.
func BenchmarkRESTPageBriefly(b *testing.B) {
	eachStore(b, func(b *testing.B, databaseURL string) {
		competeREST(b, databaseURL, (*benchWorld).floorPage, sameTickets)
	})
}

func competeREST(b *testing.B, databaseURL string, page func(*benchWorld, http.ResponseWriter, *http.Request), same func(b *testing.B, rest, floor []byte)) {
	b.Helper()
	w := newBenchWorld(b, databaseURL)
	w.open(2000)
	token := w.token(w.agent.Member)
	whole, floor := httptest.NewServer(w.handler()), httptest.NewServer(api.New(api.Config{
		Auth: w.auth, GraphQL: http.NotFoundHandler(), REST: http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) { page(w, out, r) }), Catalogue: w.catalogue, Now: w.now, Logger: w.logger,
	}))
	defer whole.Close()
	defer floor.Close()
	same(b, list(b, whole.URL, token), list(b, floor.URL, token))
	compete(b, runtime.GOMAXPROCS(0),
		func(int, int) error { _, err := getList(whole.URL, token, io.Discard); return err },
		func(int, int) error { _, err := getList(floor.URL, token, io.Discard); return err })
}

func getList(url, token string, into io.Writer) (int64, error) {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url+"/api/v1/tickets", nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(into, response.Body)
	if response.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %s", response.Status)
	}
	return n, errorsOf(err, response.Body.Close())
}

func list(b *testing.B, url, token string) []byte {
	b.Helper()
	var body bytes.Buffer
	if _, err := getList(url, token, &body); err != nil {
		b.Fatal(err)
	}
	return body.Bytes()
}

// sameItems makes sure that the two answer with the same JSON for each ticket.
func sameItems(b *testing.B, rest, floor []byte) {
	b.Helper()
	var p, q struct{ Items []map[string]any }
	if err := errorsOf(json.Unmarshal(rest, &p), json.Unmarshal(floor, &q)); err != nil {
		b.Fatal(err)
	}
	if len(p.Items) != 25 || !reflect.DeepEqual(p, q) {
		b.Fatalf("the pages differ:\n%s\n%s", rest, floor)
	}
}

// sameTickets makes sure that the two answer with the same tickets.
func sameTickets(b *testing.B, rest, floor []byte) {
	b.Helper()
	type row struct {
		ID, Subject string
		Number      int64
		LastMessage *struct{ ID, Body string }
	}
	var p struct{ Items []row }
	var q struct {
		Data struct{ Tickets struct{ Nodes []row } }
	}
	if err := errorsOf(json.Unmarshal(rest, &p), json.Unmarshal(floor, &q)); err != nil {
		b.Fatal(err)
	}
	px, _ := json.Marshal(p.Items)
	qx, _ := json.Marshal(q.Data.Tickets.Nodes)
	if len(p.Items) != 25 || !bytes.Equal(px, qx) {
		b.Fatalf("the pages differ:\n%s\n%s", px, qx)
	}
}
