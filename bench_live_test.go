package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// liveCount is how many subscriptions are open, liveEvents how many events are timed.
const (
	liveCount  = 1000
	liveEvents = 21
)

const liveQuery = `subscription($q: ID!, $after: Cursor) { queueEvents(queueId: $q, after: $after) { cursor ticket { id number subject status assignee { name } }
	node { __typename ... on MessagePostedEvent { message { id body author { name } } } } } }`

// BenchmarkLiveSubscriptions opens 1 000 subscriptions to a queue, each on a
// connection of its own, and takes how long an event takes from its commit until
// the last of them has read it, and what each holds. The readers are in the same
// process: KB-both-ends has them, KB-each is without what so many readers take
// that nobody serves.
func BenchmarkLiveSubscriptions(b *testing.B) {
	eachStore(b, func(b *testing.B, databaseURL string) {
		w := newBenchWorld(b, databaseURL)
		w.open(10)
		agents := []access.Actor{w.agent}
		for i := range 19 {
			a := w.enters(fmt.Sprintf("Agent %d", i))
			w.joinsTeam(a.Member)
			agents = append(agents, a)
		}
		server := httptest.NewServer(w.handler())
		defer server.Close()
		defer server.CloseClientConnections()
		heard := &audience{}
		reader := readersHold(b)
		before := inUse()
		for i := range liveCount {
			w.listens(server.Listener.Addr().String(), agents[i%len(agents)], heard)
		}
		w.reaches(heard) // when all have heard it, all are there
		each, stacks := (inUse()-before)/liveCount, stacksInUse()
		var times []float64
		worked := time.Duration(0)
		for b.Loop() {
			times = nil
			began := processor()
			for range liveEvents {
				times = append(times, float64(w.reaches(heard).Microseconds())/1000)
			}
			worked = (processor() - began) / liveEvents
		}
		b.ReportMetric(median(times), "ms-to-the-last")
		b.ReportMetric(float64(worked.Microseconds())/1000, "ms-of-processor")
		b.ReportMetric(float64(each-reader)/1024, "KB-each")
		b.ReportMetric(float64(each)/1024, "KB-both-ends")
		b.ReportMetric(float64(stacks)/liveCount/1024, "KB-of-stacks")
	})
}

// reaches lets a member say something and waits until everybody has heard it.
func (w *benchWorld) reaches(heard *audience) time.Duration {
	heard.Add(liveCount)
	_, err := w.app.tickets.Reply(w.b.Context(), w.call(w.members[0]), ticket.Ref{ID: w.tickets[0].ID}, "Is anybody there?")
	w.check(err)
	began := time.Now()
	heard.Wait()
	return time.Since(began)
}

// audience waits for what all have heard.
type audience struct{ sync.WaitGroup }

// listens opens a subscription and counts what it hears.
func (w *benchWorld) listens(address string, who access.Actor, heard *audience) {
	token, err := w.auth.IssueFor(w.b.Context(), w.workspace.ID, who.Member, "", time.Hour, time.Now())
	w.check(err)
	head, err := w.app.tickets.Head(w.b.Context(), w.system())
	w.check(err)
	body, err := json.Marshal(map[string]any{"query": liveQuery, "variables": map[string]string{
		"q": opaque(scalar.Queue, w.tickets[0].Queue), "after": scalar.EncodeCursor(page.Cursor{head}),
	}})
	w.check(err)
	c, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", address)
	w.check(err)
	w.b.Cleanup(func() { _ = c.Close() })
	_, err = fmt.Fprintf(c, "POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nAccept: text/event-stream\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", token, len(body), body)
	w.check(err)
	begun := make(chan struct{})
	opened := false
	go reads(c, func(line string) {
		switch {
		case !opened && strings.HasPrefix(line, ":"): // the server's first sign of life
			opened = true
			close(begun)
		case strings.Contains(line, "MessagePostedEvent"):
			heard.Done()
		case strings.HasPrefix(line, "event: complete"), strings.Contains(line, `"errors"`):
			panic("a subscription ended: " + line)
		}
	})
	<-begun
}

// reads hands on each line until the connection ends.
func reads(c net.Conn, hear func(line string)) {
	for lines := bufio.NewReaderSize(c, 512); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		hear(line)
	}
}

// readersHold is what each of so many readers takes, of connections that nobody
// has accepted yet.
func readersHold(b *testing.B) int64 {
	b.Helper()
	l, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	before := inUse()
	all := make([]net.Conn, liveCount)
	for i := range all {
		if all[i], err = (&net.Dialer{}).DialContext(b.Context(), "tcp", l.Addr().String()); err != nil {
			b.Fatal(err)
		}
		go reads(all[i], func(string) {})
	}
	each := (inUse() - before) / liveCount
	for _, c := range all {
		_ = c.Close()
	}
	_ = l.Close()
	return each
}

// inUse is the memory of objects and stacks, which each collection halves as long
// as less than a quarter of them is used.
func inUse() int64 {
	for range 6 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}

// stacksInUse is the memory of stacks, those of the readers among them.
func stacksInUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.StackInuse
}
