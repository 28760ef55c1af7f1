package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
)

// QueueRepository stores queues and the grants on them.
type QueueRepository struct{ recorder }

var _ queue.Repository = (*QueueRepository)(nil)

// Queues gives the store's queues.
func (s *Store) Queues() *QueueRepository { return &QueueRepository{recorder{s}} }

const (
	queueColumns = `q.id, q.workspace_id, q.name, q.version`
	queueFrom    = ` FROM queues q WHERE q.workspace_id = ?`
	queueSQL     = `SELECT ` + queueColumns + queueFrom
)

var queueAspects = map[query.Field]aspect{
	query.FieldID:   {column: "q.id", ordered: true},
	queue.FieldName: {column: "q.name", text: true},
	queue.FieldTeam: {column: "tq.team_id", list: "q.id IN (SELECT tq.queue_id FROM team_queues tq WHERE "},
}

func queueList() listing[*queue.Queue] {
	return listing[*queue.Queue]{
		terms: terms{aspects: queueAspects}, columns: queueColumns, from: queueFrom, scan: scanQueue, order: queue.Terms(),
	}
}

func scanQueue(row scanner) (*queue.Queue, error) {
	q := &queue.Queue{}
	err := row.Scan((*int64)(&q.ID), (*int64)(&q.Workspace), &q.Name, &q.Version)
	return q, err
}

const saveQueueSQL = `INSERT INTO queues (id, workspace_id, name) VALUES (?, ?, ?)
	ON CONFLICT (id) DO UPDATE SET name = excluded.name, version = queues.version + 1
	WHERE queues.workspace_id = excluded.workspace_id AND CAST(? AS BIGINT) IN (0, queues.version) RETURNING version`

// Save implements queue.Repository. The ID of a queue of another workspace
// changes nothing.
func (r *QueueRepository) Save(ctx context.Context, q *queue.Queue) error {
	var version int64
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) (err error) {
		version, err = tx.saved(ctx, row{"queues", int64(q.ID), q.Workspace}, queue.ErrNotFound, saveQueueSQL,
			int64(q.ID), int64(q.Workspace), q.Name, q.Version)
		return taken(err, queue.ErrNameTaken.On("name"))
	})
	if err == nil {
		q.Version = version
	}
	return failed("save queue", err)
}

// Get implements queue.Repository.
func (r *QueueRepository) Get(ctx context.Context, w id.Workspace, ids ...id.Queue) ([]*queue.Queue, error) {
	c := r.store.Read(ctx)
	these, list := among(c, "q.id", ids)
	found, err := collect(ctx, c, scanQueue, queueSQL+` AND `+these, int64(w), list)
	return found, failed("find queues", err)
}

// List implements queue.Repository.
func (r *QueueRepository) List(ctx context.Context, w id.Workspace) ([]*queue.Queue, error) {
	all, err := collect(ctx, r.store.Read(ctx), scanQueue, queueSQL+` ORDER BY q.name, q.id`, int64(w))
	return all, failed("list queues", err)
}

// Page implements queue.Repository.
func (r *QueueRepository) Page(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*queue.Queue], error) {
	found, err := queueList().page(ctx, r.store.Read(ctx), q, p, int64(w))
	return found, failed("list queues", err)
}

// Count implements queue.Repository.
func (r *QueueRepository) Count(ctx context.Context, w id.Workspace, where query.Where) (int, error) {
	n, err := queueList().count(ctx, r.store.Read(ctx), where, int64(w))
	return n, failed("count queues", err)
}
