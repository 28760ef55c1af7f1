package sqlstore

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// promising is the follower that keeps what became of promises.
const promising follower = "promises"

// Behind implements sla.Repository.
func (r *HoursRepository) Behind(ctx context.Context) ([]id.Workspace, error) {
	all, err := collect(ctx, r.store.Read(ctx), number[id.Workspace], `SELECT w.id`+behindSQL+` AND w.promises > 0 ORDER BY w.id`, string(promising))
	return all, failed("find histories to follow", err)
}

// Follow implements sla.Repository.
func (r *HoursRepository) Follow(ctx context.Context, w id.Workspace, limit int) (more bool, err error) {
	err = r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		after, err := promising.hold(ctx, tx, w)
		if err != nil {
			return err
		}
		events, err := collect(ctx, tx.Conn, scanEnvelope, `SELECT `+envelopeColumns+` FROM events e
			WHERE e.workspace_id = ? AND e.sequence > ? ORDER BY e.sequence LIMIT ?`, int64(w), after, limit)
		if err != nil || len(events) == 0 {
			return err
		}
		more = len(events) == limit
		if err := tx.follow(ctx, told(events)); err != nil {
			return err
		}
		return promising.follow(ctx, tx.Conn, map[id.Workspace]int64{w: events[len(events)-1].Sequence})
	})
	return more, failed("follow promises", err)
}

// told gives what events tell of promises.
func told(events []event.Envelope) []sla.Told {
	var all []sla.Told
	for _, e := range events {
		if d, ok := e.Data.(event.ClockMoved); ok {
			all = append(all, sla.Told{
				Workspace: e.Workspace, Ticket: e.Ticket, Target: sla.Target(d.Target), Movement: sla.Movement(d.Movement),
				Policy: d.Policy, Queue: d.Queue, At: e.OccurredAt,
			})
		}
	}
	return all
}

// promise names the promises of a target in a ticket.
type promise struct {
	ticket id.Ticket
	target sla.Target
}

// follow brings results up to what is told.
func (tx *Tx) follow(ctx context.Context, all []sla.Told) error {
	if len(all) == 0 {
		return nil
	}
	last, err := tx.lastResults(ctx, all)
	if err != nil {
		return err
	}
	var changed []*sla.Result
	for _, m := range all {
		key := promise{m.Ticket, m.Target}
		r := last[key]
		if m.Begins(r) {
			n := 1
			if r != nil {
				n = r.Number + 1
			}
			r = &sla.Result{Workspace: m.Workspace, Ticket: m.Ticket, Target: m.Target, Number: n, Begun: m.At}
			last[key], changed = r, append(changed, r)
		} else {
			changed = append(changed, r)
		}
		r.Follow(m)
	}
	return tx.saveResults(ctx, changed)
}

const resultColumns = `r.workspace_id, r.ticket_id, r.target, r.number, r.policy_id, r.queue_id, r.state, r.begun_at, r.breached_at, r.ended_at, r.paused_since, r.paused`

// lastResults gives the latest result of each target in the tickets.
func (tx *Tx) lastResults(ctx context.Context, all []sla.Told) (map[promise]*sla.Result, error) {
	tickets := make([]id.Ticket, len(all))
	for i, m := range all {
		tickets[i] = m.Ticket
	}
	these, list := among(tx.Conn, "r.ticket_id", tickets)
	last := map[promise]*sla.Result{}
	return last, tx.each(ctx, func(row scanner) error {
		r, err := scanResult(row)
		if err == nil {
			last[promise{r.Ticket, r.Target}] = r
		}
		return err
	}, `SELECT `+resultColumns+` FROM sla_results r WHERE `+these+` ORDER BY r.ticket_id, r.target, r.number`, list)
}

func scanResult(row scanner) (*sla.Result, error) {
	r := &sla.Result{}
	var begun, breached, ended, since, paused int64
	err := row.Scan((*int64)(&r.Workspace), (*int64)(&r.Ticket), (*string)(&r.Target), &r.Number, (*int64)(&r.Policy), (*int64)(&r.Queue),
		(*string)(&r.State), &begun, &breached, &ended, &since, &paused)
	r.Begun, r.Breached, r.Ended, r.PausedSince = Moment(begun), Moment(breached), Moment(ended), Moment(since)
	r.Paused = time.Duration(paused) * time.Microsecond
	return r, err
}

// saveResults stores results, each as it is at the end.
func (tx *Tx) saveResults(ctx context.Context, changed []*sla.Result) error {
	rows := bulk{
		sql: `INSERT INTO sla_results (workspace_id, ticket_id, target, number, policy_id, queue_id, state, begun_at, breached_at, ended_at, paused_since, paused) VALUES `,
		end: ` ON CONFLICT (ticket_id, target, number) DO UPDATE SET policy_id = excluded.policy_id, queue_id = excluded.queue_id, state = excluded.state,
			breached_at = excluded.breached_at, ended_at = excluded.ended_at, paused_since = excluded.paused_since, paused = excluded.paused`,
	}
	done := map[*sla.Result]bool{}
	for _, r := range changed {
		if done[r] {
			continue
		}
		done[r] = true
		rows.add(int64(r.Workspace), int64(r.Ticket), string(r.Target), r.Number, int64(r.Policy), int64(r.Queue), string(r.State),
			Micros(r.Begun), moments(r.Breached), moments(r.Ended), moments(r.PausedSince), r.Paused.Microseconds())
	}
	return rows.write(ctx, tx.Conn)
}

// moments is Micros in which 0 stands for no moment.
func moments(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return Micros(t)
}

// Report implements sla.Repository.
func (r *HoursRepository) Report(ctx context.Context, w id.Workspace, asked sla.Asked) ([]sla.Compliance, error) {
	c := r.store.Read(ctx)
	unbroken := func(state sla.State) string {
		return `, SUM(CASE WHEN r.breached_at = 0 AND r.state = '` + string(state) + `' THEN 1 ELSE 0 END)`
	}
	q := newSelection(c, `SELECT r.policy_id, r.queue_id, r.target`+unbroken(sla.Fulfilled)+unbroken(sla.Running)+unbroken(sla.Paused)+unbroken(sla.Cancelled)+`,
		SUM(CASE WHEN r.breached_at > 0 THEN 1 ELSE 0 END), SUM(CASE WHEN r.breached_at > 0 AND r.state = 'fulfilled' THEN 1 ELSE 0 END),
		CAST(SUM(r.paused) AS BIGINT)
		FROM sla_results r WHERE r.workspace_id = ? AND r.begun_at >= ? AND r.begun_at < ?`, int64(w), Micros(asked.From), Micros(asked.To))
	if len(asked.Policies) > 0 {
		q.and(among(c, "r.policy_id", asked.Policies))
	}
	if len(asked.Queues) > 0 {
		q.and(among(c, "r.queue_id", asked.Queues))
	}
	if len(asked.Targets) > 0 {
		q.and(amongTexts(c, "r.target", asked.Targets))
	}
	q.add(` GROUP BY r.policy_id, r.queue_id, r.target ORDER BY r.policy_id, r.queue_id, r.target`)
	all, err := collect(ctx, c, func(row scanner) (sla.Compliance, error) {
		var f sla.Compliance
		var paused int64
		err := row.Scan((*int64)(&f.Policy), (*int64)(&f.Queue), (*string)(&f.Target), &f.Kept, &f.Running, &f.Paused, &f.Cancelled, &f.Broken, &f.Late, &paused)
		f.PausedFor = time.Duration(paused) * time.Microsecond
		return f, err
	}, q.text(), q.args...)
	return all, failed("report promises", err)
}
