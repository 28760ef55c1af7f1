package main

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// fillSQL makes copies of a ticket that is there, all of them open.
const fillSQL = `INSERT INTO tickets (id, workspace_id, number, version, status, priority, category_id, queue_id, requester_id, locale, channel,
		opened_at, activity_at, activity_minute, last_message_id, message_count, subject, tags, participants, answers, turn, due_at)
	WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < CAST(? AS BIGINT))
	SELECT i, workspace_id, 1000000 + i, 1, 'open', 2, category_id, queue_id, requester_id, locale, channel,
		opened_at + i, activity_at + i, (activity_at + i) / 60000000, 0, 0, subject, '[]', '[]', '[]', 'staff', CAST(? AS BIGINT) + i FROM tickets t, n WHERE t.id = ?`

// fills makes n more tickets, which are due in a year.
func (w *benchWorld) fills(n int) {
	w.open(1)
	due := time.Now().AddDate(1, 0, 0).UnixMicro()
	w.does(fillSQL, n, due, int64(w.tickets[0].ID))
	w.does(`ANALYZE`)
}

func (w *benchWorld) does(sql string, args ...any) {
	w.b.Helper()
	w.check(w.store.InTx(w.b.Context(), func(ctx context.Context, tx *sqlstore.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	}))
}

// promises saves a policy for all tickets.
func (w *benchWorld) promises(within time.Duration) {
	_, err := w.sla.ChangePolicy(w.b.Context(), w.system(), sla.Policy{}, func(p *sla.Policy) {
		p.Name = "All"
		p.Promises = []sla.Promise{{Target: sla.FirstReply, Within: within}, {Target: sla.Resolution, Within: within}}
	})
	w.check(err)
}

// BenchmarkDueTickets compares finding and claiming a thousand due tickets among a
// million with doing so among ten thousand: what is due is read, locked, looked at
// and written.
func BenchmarkDueTickets(b *testing.B) {
	eachStore(b, func(b *testing.B, few string) {
		many := few + "-many"
		if few[:6] != "sqlite" {
			many = sqlstoretest.Postgres(b)
		}
		w, other := newBenchWorld(b, few), newBenchWorld(b, many)
		w.fills(10_000)
		other.fills(1_000_000)
		claim := func(w *benchWorld, every int) time.Duration {
			w.does(`UPDATE tickets SET due_at = 1 WHERE id <= ? AND id % ? = 0`, 1000*every, every)
			start := time.Now()
			w.check(w.app.tickets.Tick(w.b.Context(), start))
			return time.Since(start)
		}
		for range 2 {
			claim(w, 10)
			claim(other, 1000)
		}
		var ratios, all []float64
		for b.Loop() {
			ratios, all = nil, nil
			for range 9 {
				short, long := claim(w, 10), claim(other, 1000)
				ratios, all = append(ratios, float64(long)/float64(short)), append(all, 1000*long.Seconds())
			}
		}
		b.ReportMetric(median(ratios), "x-of-10000")
		b.ReportMetric(median(all), "ms/1000")
	})
}

// BenchmarkChangedPolicy brings the clocks of 100 000 open tickets in line with a
// new policy, while somebody posts messages, and reports how long that takes, and
// how long a message was held up at most.
func BenchmarkChangedPolicy(b *testing.B) {
	eachStore(b, func(b *testing.B, databaseURL string) {
		w := newBenchWorld(b, databaseURL)
		w.fills(100_000)
		within := 100 * time.Hour
		for b.Loop() {
			within += time.Hour
			w.promises(within)
			held, stop := w.posts()
			start := time.Now()
			call := access.Call{Actor: access.System(w.workspace.ID), Now: start}
			_, err := w.app.tickets.Reconsider(b.Context(), call, job.Claim{})
			w.check(err)
			b.ReportMetric(time.Since(start).Seconds(), "s/100000")
			stop()
			b.ReportMetric(float64(held.Load())/1000, "ms-held-up")
			w.does(`DELETE FROM sla_policies`)
		}
	})
}

// posts lets an agent post every few milliseconds, and tells how many microseconds
// the slowest message took.
func (w *benchWorld) posts() (slowest *atomic.Int64, stop func()) {
	slowest = &atomic.Int64{}
	done := make(chan struct{})
	var posting sync.WaitGroup
	posting.Go(func() {
		every := time.NewTicker(5 * time.Millisecond)
		defer every.Stop()
		for {
			select {
			case <-done:
				return
			case <-every.C:
			}
			start := time.Now()
			_, err := w.app.tickets.Reply(w.b.Context(), w.call(w.agent), ticket.Ref{ID: w.tickets[0].ID}, benchBody)
			if err != nil {
				w.b.Error(err)
				return
			}
			slowest.Store(max(slowest.Load(), time.Since(start).Microseconds()))
		}
	})
	return slowest, func() { close(done); posting.Wait() }
}
