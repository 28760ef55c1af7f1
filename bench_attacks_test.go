package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/graph/graphtest"
)

// attackRounds is how often each request is sent.
const attackRounds = 10

// BenchmarkAttacks tables what each attack takes of the processor and of memory,
// beside a list of 25 tickets as an application asks for it. What idle
// sockets and slow bodies take is bounded by tests: they take no processor.
func BenchmarkAttacks(b *testing.B) {
	eachStore(b, func(b *testing.B, databaseURL string) {
		w := newBenchWorld(b, databaseURL)
		w.open(200)
		token, err := w.auth.IssueFor(b.Context(), w.workspace.ID, w.agent.Member, "", time.Hour, time.Now())
		w.check(err)
		handler := w.handler()
		for b.Loop() {
			normal := spends(handler, token, graphtest.Normal())
			var table strings.Builder
			worst := 0.0
			for _, a := range graphtest.Attacks() {
				s := spends(handler, token, a.Body)
				ratio := float64(s.cpu) / float64(normal.cpu)
				worst = max(worst, ratio)
				fmt.Fprintf(&table, "\n| %s | %s | %.2f | %.2f |", a.Name, size(len(a.Body)), ratio, float64(s.memory)/float64(normal.memory))
			}
			fmt.Printf("%s: a normal query takes %v and %s\n| attack | sent | processor | memory |\n|---|---|---|---|%s",
				b.Name(), normal.cpu, size(int(normal.memory)), table.String()+"\n")
			b.ReportMetric(worst, "worst-x-normal")
		}
	})
}

// spent is what one request takes: time of the processor, and memory that is allocated.
type spent struct {
	cpu    time.Duration
	memory uint64
}

func spends(h http.Handler, token, body string) spent {
	ask := func() {
		r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/graphql", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		h.ServeHTTP(&httptest.ResponseRecorder{Body: &bytes.Buffer{}}, r)
	}
	ask()
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := processor()
	for range attackRounds {
		ask()
	}
	took := processor() - began
	runtime.ReadMemStats(&after)
	return spent{cpu: took / attackRounds, memory: (after.TotalAlloc - before.TotalAlloc) / attackRounds}
}

// processor is the time that this process has had of the processors.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func size(n int) string {
	if n < 10_000 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%d KB", n/1024)
}
