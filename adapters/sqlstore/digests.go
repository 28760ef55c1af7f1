package sqlstore

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// DigestRepository stores when digests come, and digests.
type DigestRepository struct{ recorder }

var _ digest.Repository = (*DigestRepository)(nil)

// Digests gives the store's digests.
func (s *Store) Digests() *DigestRepository { return &DigestRepository{recorder{s}} }

const (
	savePlanSQL = `INSERT INTO digest_plans (id, workspace_id, schedule, due_at) VALUES (?, ?, ?, ?)
	ON CONFLICT (id) DO UPDATE SET schedule = excluded.schedule, due_at = excluded.due_at, version = digest_plans.version + 1
	WHERE digest_plans.workspace_id = excluded.workspace_id AND CAST(? AS BIGINT) IN (0, digest_plans.version) RETURNING version`
	planSQL = `SELECT p.id, p.workspace_id, p.schedule, p.due_at, p.version FROM digest_plans p`
)

func scanPlan(row scanner) (*digest.Plan, error) {
	p := &digest.Plan{}
	var schedule string
	var due int64
	if err := row.Scan((*int64)(&p.Queue), (*int64)(&p.Workspace), &schedule, &due, &p.Version); err != nil {
		return nil, err
	}
	p.DueAt = Moment(due)
	return p, fromJSON(schedule, &p.Schedule)
}

func rowOfPlan(p *digest.Plan) row { return row{"digest_plans", int64(p.Queue), p.Workspace} }

// SavePlan implements digest.Repository.
func (r *DigestRepository) SavePlan(ctx context.Context, p *digest.Plan) error {
	var version int64
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) (err error) {
		version, err = tx.saved(ctx, rowOfPlan(p), digest.ErrNoPlan, savePlanSQL,
			int64(p.Queue), int64(p.Workspace), jsonText(p.Schedule), Micros(p.DueAt), p.Version)
		return err
	})
	if err == nil {
		p.Version = version
	}
	return failed("save digest plan", err)
}

// RemovePlan implements digest.Repository.
func (r *DigestRepository) RemovePlan(ctx context.Context, p *digest.Plan) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `DELETE FROM digest_plans WHERE id = ? AND workspace_id = ? AND CAST(? AS BIGINT) IN (0, version)`,
			int64(p.Queue), int64(p.Workspace), p.Version)
		if err == nil && n == 0 {
			err = tx.unsaved(ctx, rowOfPlan(p), digest.ErrNoPlan)
		}
		return err
	})
	return failed("remove digest plan", err)
}

// Plans implements digest.Repository.
func (r *DigestRepository) Plans(ctx context.Context, w id.Workspace) ([]*digest.Plan, error) {
	all, err := collect(ctx, r.store.Read(ctx), scanPlan, planSQL+` WHERE p.workspace_id = ? ORDER BY p.id`, int64(w))
	return all, failed("list digest plans", err)
}

// Due implements digest.Repository.
func (r *DigestRepository) Due(ctx context.Context, now time.Time, after digest.Plan, limit int) ([]*digest.Plan, error) {
	due, err := collect(ctx, r.store.Read(ctx), scanPlan, planSQL+` WHERE p.due_at <= ? AND (p.due_at, p.id) > (?, ?) ORDER BY p.due_at, p.id LIMIT ?`,
		Micros(now), Micros(after.DueAt), int64(after.Queue), limit)
	return due, failed("find due digests", err)
}

// waitingSQL chooses what waits by the index of what is not closed, which has to be said
// for it, from the few categories that ping nobody.
const waitingSQL = ` FROM categories c CROSS JOIN tickets t
	WHERE c.workspace_id = ? AND c.intent = ? AND t.category_id = c.id AND t.workspace_id = c.workspace_id AND t.queue_id = ?
	AND t.status <> 'closed' AND t.status IN ('new', 'open') AND t.turn = 'staff'`

// Waiting implements digest.Repository. It stands outside of the transaction that
// makes the digest, which keeps nobody waiting for it.
func (r *DigestRepository) Waiting(ctx context.Context, w id.Workspace, q id.Queue) (digest.Waiting, error) {
	c, args := r.store.Read(ctx), []any{int64(w), string(category.NonUrgent), int64(q)}
	all, err := collect(ctx, c, number[id.Ticket], `SELECT t.id`+waitingSQL+` ORDER BY t.activity_at, t.id LIMIT ?`, append(args, digest.MaxTickets)...)
	n := int64(len(all))
	if err == nil && n == digest.MaxTickets {
		n, err = one(ctx, c, nil, number[int64], `SELECT COUNT(*)`+waitingSQL, args...)
	}
	return digest.Waiting{Tickets: all, Count: int(n)}, failed("find what waits", err)
}

// Take implements digest.Repository.
func (r *DigestRepository) Take(ctx context.Context, p *digest.Plan, now time.Time, d *digest.Digest) (taken bool, err error) {
	err = r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		taken = false
		due, err := one(ctx, tx.Conn, nil, scanPlan, planSQL+` WHERE p.id = ? AND p.workspace_id = ? AND p.due_at <= ?`+tx.ForUpdate(),
			int64(p.Queue), int64(p.Workspace), Micros(now))
		if err != nil || due == nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE digest_plans SET due_at = ? WHERE id = ?`, Micros(due.Next(now)), int64(p.Queue)); err != nil {
			return err
		}
		if len(d.Tickets) == 0 {
			return nil
		}
		d.DueAt, d.Calls = due.DueAt, due.Calls
		taken, err = r.keep(ctx, tx, d)
		return err
	})
	return taken, failed("make a digest", err)
}

// keep stores a digest, and tells of it in the history of each of its tickets. It does
// not if there was one for that moment: a plan that is saved after the clock was put
// back would come to it again.
func (r *DigestRepository) keep(ctx context.Context, tx *Tx, d *digest.Digest) (bool, error) {
	n, err := tx.Affected(ctx, `INSERT INTO digests (id, workspace_id, queue_id, due_at, made_at, tickets, waiting, calls) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (queue_id, due_at) DO NOTHING`,
		int64(d.ID), int64(d.Workspace), int64(d.Queue), Micros(d.DueAt), Micros(d.At), listText(d.Tickets), d.Count, d.Calls)
	if err != nil || n == 0 {
		return false, err
	}
	shown, err := one(ctx, tx.Conn, workspace.ErrNotFound, func(row scanner) (ch event.Channel, err error) {
		err = row.Scan((*string)(&ch))
		return ch, err
	}, `SELECT channel FROM workspaces WHERE id = ?`, int64(d.Workspace))
	for i, t := range d.Tickets {
		if err != nil {
			break
		}
		err = publish(tx, &ticket.Ticket{ID: t, Workspace: d.Workspace, Channel: shown}, []event.Draft{{
			ID: id.Event(tx.store.ids.next()), Origin: event.Origin{Channel: event.ChannelSystem}, Internal: true,
			At: d.At, RecordedAt: d.At, Data: event.Digested{Digest: d.ID, Queue: d.Queue, Left: len(d.Tickets) - 1 - i},
		}})
	}
	return err == nil, err
}

var digestAspects = map[query.Field]aspect{
	query.FieldID:      {column: "d.id", ordered: true},
	digest.FieldMadeAt: {column: "d.made_at", ordered: true},
}

const digestColumns = `d.id, d.workspace_id, d.queue_id, d.due_at, d.made_at, d.tickets, d.waiting, d.calls`

func digestList() listing[*digest.Digest] {
	return listing[*digest.Digest]{
		terms: terms{aspects: digestAspects}, columns: digestColumns,
		from: ` FROM digests d WHERE d.workspace_id = ? AND d.queue_id = ?`, scan: scanDigest, order: digest.Terms(),
	}
}

func scanDigest(row scanner) (*digest.Digest, error) {
	d := &digest.Digest{}
	var due, made int64
	var tickets string
	err := row.Scan((*int64)(&d.ID), (*int64)(&d.Workspace), (*int64)(&d.Queue), &due, &made, &tickets, &d.Count, &d.Calls)
	if err != nil {
		return nil, err
	}
	d.DueAt, d.At = Moment(due), Moment(made)
	return d, fromJSON(tickets, &d.Tickets)
}

// Page implements digest.Repository.
func (r *DigestRepository) Page(ctx context.Context, w id.Workspace, q id.Queue, asked query.Query, p page.Window) (page.Page[*digest.Digest], error) {
	found, err := digestList().page(ctx, r.store.Read(ctx), asked, p, int64(w), int64(q))
	return found, failed("list digests", err)
}

// Count implements digest.Repository.
func (r *DigestRepository) Count(ctx context.Context, w id.Workspace, q id.Queue, where query.Where) (int, error) {
	n, err := digestList().count(ctx, r.store.Read(ctx), where, int64(w), int64(q))
	return n, failed("count digests", err)
}

// Get implements digest.Repository.
func (r *DigestRepository) Get(ctx context.Context, w id.Workspace, ids ...id.Digest) ([]*digest.Digest, error) {
	c := r.store.Read(ctx)
	these, list := among(c, "d.id", ids)
	found, err := collect(ctx, c, scanDigest, `SELECT `+digestColumns+` FROM digests d WHERE d.workspace_id = ? AND `+these, int64(w), list)
	return found, failed("find digests", err)
}

// Passing implements digest.Repository.
func (r *DigestRepository) Passing(ctx context.Context, f access.TicketFilter, ids ...id.Ticket) ([]id.Ticket, error) {
	c := r.store.Read(ctx)
	q := newLookup(c, `SELECT t.id FROM tickets t WHERE `)
	q.allowed(f)
	q.and(among(c, "t.id", ids))
	passing, err := collect(ctx, c, number[id.Ticket], q.text(), q.args...)
	return passing, failed("find open tickets", err)
}
