package rest

import (
	"context"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
)

// configured are the codes by which changes of what is configured are refused.
var configured = []fault.Code{fault.Forbidden, fault.NotFound, fault.Conflict}

// Queue is where tickets wait for the teams that serve it.
type Queue struct {
	ID      string `json:"id" doc:"Identifies the queue."`
	Name    string `json:"name" doc:"Its name."`
	Version int64  `json:"version" doc:"Rises each time that it is saved; for If-Match."`
}

func showQueue(q *queue.Queue) Queue {
	return Queue{ID: external(opaque.Queue, q.ID), Name: q.Name, Version: q.Version}
}

func (s *server) queue(ctx context.Context, c access.Call, q id.Queue) (shown[Queue], error) {
	found, err := s.Queues.Get(ctx, c, q)
	if err != nil {
		return shown[Queue]{}, err
	}
	body := showQueue(found)
	return shown[Queue]{&body, found.Version}, nil
}

// The inputs of queues.
type (
	// QueuePath names a queue.
	QueuePath struct {
		QueueID string `path:"queueId" doc:"The queue's ID."`
	}
	// QueueInput is a new queue.
	QueueInput struct {
		Keyed

		Body struct {
			Name string `json:"name" doc:"Its name, 1 to 80 characters."`
		} `nameHint:"NewQueue"`
	}
	// QueueChange is what is to be different about a queue.
	QueueChange struct {
		QueuePath
		Expecting

		Body struct {
			Name Field[string] `json:"name,omitzero" doc:"Its name, 1 to 80 characters."`
		} `nameHint:"QueueChange"`
	}
)

func (p QueuePath) id() id.Queue { return opaque.Of[id.Queue](opaque.Queue, p.QueueID) }

func (s *server) queues() {
	pages(s, operation{id: "listQueues", path: "/queues", tag: tagHouse, summary: "List queues", about: "By name unless ordered otherwise.", codes: []fault.Code{fault.Forbidden}},
		source[ListInput, *queue.Queue, Queue]{
			list: list{
				name: "QueueWhere",
				columns: columns{
					"name": texts(queue.FieldName, "On the name."), "team": ids(queue.FieldTeam, opaque.Team, "On the teams that serve it."),
				},
				orders: created(queue.FieldName),
			},
			fetch: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query, r page.Request) (page.Page[*queue.Queue], error) {
				return s.Queues.Page(ctx, c, q, r)
			},
			count: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query) (int, error) {
				return s.Queues.Count(ctx, c, q.Where)
			},
			cursor: func(q query.Query, one *queue.Queue) page.Cursor { return queue.Terms().CursorOf(q, one.SortKey) },
			show: func(_ context.Context, _ access.Call, all []*queue.Queue) ([]Queue, error) {
				return each(all, showQueue), nil
			},
		})
	fetch(s, operation{id: "getQueue", path: "/queues/{queueId}", tag: tagHouse, summary: "Show a queue", codes: []fault.Code{fault.Forbidden, fault.NotFound}},
		func(ctx context.Context, c access.Call, in *struct {
			QueuePath
			Conditional
		},
		) (shown[Queue], error) {
			return s.queue(ctx, c, in.id())
		})
	change(s, operation{id: "createQueue", path: "/queues", tag: tagHouse, summary: "Make a queue", about: "Administrators only.", status: http.StatusCreated, codes: configured},
		func(ctx context.Context, c access.Call, in *QueueInput, _ int64) (string, error) {
			return saved(opaque.Queue, func() (*queue.Queue, error) {
				return s.Queues.Change(ctx, c, queue.Queue{}, func(q *queue.Queue) { q.Name = in.Body.Name })
			}, func(q *queue.Queue) id.Queue { return q.ID })
		},
		func(ctx context.Context, c access.Call, _ *QueueInput, q string) (shown[Queue], error) {
			return s.queue(ctx, c, opaque.Of[id.Queue](opaque.Queue, q))
		})
	change(s, operation{id: "changeQueue", method: http.MethodPatch, path: "/queues/{queueId}", tag: tagHouse, summary: "Change a queue", about: "Administrators only.", codes: configured},
		func(ctx context.Context, c access.Call, in *QueueChange, version int64) (string, error) {
			_, err := s.Queues.Change(ctx, c, queue.Queue{ID: in.id(), Version: version}, func(q *queue.Queue) { in.Body.Name.to(&q.Name) })
			return in.QueueID, err
		},
		func(ctx context.Context, c access.Call, in *QueueChange, _ string) (shown[Queue], error) {
			return s.queue(ctx, c, in.id())
		})
}

// ListInput chooses rows of a list that nothing else narrows.
type ListInput struct{ Paging }

// created names sort keys of what is ordered by when it was made as well.
func created(fields ...query.Field) map[string]query.Field {
	all := sorted(fields...)
	all["createdAt"] = query.FieldID
	return all
}

// saved gives the ID of what was saved.
func saved[O any, T ~int64](k opaque.Kind, save func() (*O, error), idOf func(*O) T) (string, error) {
	found, err := save()
	if err != nil {
		return "", err
	}
	return external(k, idOf(found)), nil
}
