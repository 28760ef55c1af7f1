package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
)

// CategoryRepository stores categories.
type CategoryRepository struct{ recorder }

var _ category.Repository = (*CategoryRepository)(nil)

// Categories gives the store's categories.
func (s *Store) Categories() *CategoryRepository { return &CategoryRepository{recorder{s}} }

const (
	categoryColumns = `c.id, c.workspace_id, c.queue_id, c.name, c.description, c.emoji, c.intent, c.priority, c.form, c.greeting,
	c.position, c.archived, c.surface, c.kept, c.closing, c.reminders, c.replies, c.version`
	categoryFrom = ` FROM categories c WHERE c.workspace_id = ?`
	categorySQL  = `SELECT ` + categoryColumns + categoryFrom
)

var categoryAspects = map[query.Field]aspect{
	query.FieldID:          {column: "c.id", ordered: true},
	category.FieldIntent:   {column: "c.intent", text: true},
	category.FieldQueue:    {column: "c.queue_id"},
	category.FieldPriority: {column: "c.priority", ordered: true},
	category.FieldPosition: {column: "c.position", ordered: true},
	category.FieldArchived: {column: "CASE WHEN c.archived THEN 1 ELSE 0 END"},
}

func categoryList() listing[*category.Category] {
	return listing[*category.Category]{
		terms: terms{aspects: categoryAspects}, columns: categoryColumns, from: categoryFrom, scan: scanCategory, order: category.Terms(),
	}
}

func scanCategory(row scanner) (*category.Category, error) {
	c := &category.Category{}
	var rank, kept int64
	var name, description, form, greeting, closing, reminders, replies string
	err := row.Scan((*int64)(&c.ID), (*int64)(&c.Workspace), (*int64)(&c.Queue), &name, &description, &c.Emoji,
		(*string)(&c.Intent), &rank, &form, &greeting, &c.Position, &c.Archived, (*string)(&c.Surface), &kept, &closing, &reminders, &replies, &c.Version)
	if err != nil {
		return nil, err
	}
	c.Priority, c.Kept = levelOf(rank), keptFor(kept)
	return c, errors.Join(fromJSON(name, &c.Name), fromJSON(description, &c.Description),
		fromJSON(form, &c.Form), fromJSON(greeting, &c.Greeting), fromJSON(closing, &c.Closing), fromJSON(reminders, &c.Reminders), fromJSON(replies, &c.Replies))
}

// keptFor gives how long a place stays, as stored in microseconds.
func keptFor(micros int64) time.Duration {
	if micros < 0 {
		return category.Forever
	}
	return time.Duration(micros) * time.Microsecond
}

// keptMicros stores it. What a workspace begins with was not checked: the usual
// stands for none.
func keptMicros(d time.Duration) int64 {
	if d < 0 {
		return -1
	}
	return cmp.Or(d, category.UsuallyKept).Microseconds()
}

// levelOf gives the priority of a stored rank.
func levelOf(rank int64) priority.Level {
	levels := priority.Levels()
	if rank < 1 || int(rank) > len(levels) {
		return ""
	}
	return levels[rank-1]
}

// saveCategorySQL stores nothing when the workspace has no such queue, or the
// ID is another workspace's.
const saveCategorySQL = `INSERT INTO categories
	(id, workspace_id, queue_id, name, description, emoji, intent, priority, form, greeting, position, archived, surface, kept, closing, reminders, replies)
	SELECT CAST(? AS BIGINT), q.workspace_id, q.id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS BIGINT), ?, ?, ? FROM queues q WHERE q.id = ? AND q.workspace_id = ?
	ON CONFLICT (id) DO UPDATE SET queue_id = excluded.queue_id, name = excluded.name, description = excluded.description,
		emoji = excluded.emoji, intent = excluded.intent, priority = excluded.priority, form = excluded.form,
		greeting = excluded.greeting, position = excluded.position, archived = excluded.archived,
		surface = excluded.surface, kept = excluded.kept, closing = excluded.closing, reminders = excluded.reminders, replies = excluded.replies, version = categories.version + 1
	WHERE categories.workspace_id = excluded.workspace_id AND CAST(? AS BIGINT) IN (0, categories.version) RETURNING version`

// Save implements category.Repository.
func (r *CategoryRepository) Save(ctx context.Context, c *category.Category) error {
	var version int64
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		wasPublic, err := isPublic(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		wasTimed, err := one(ctx, tx.Conn, nil, scanText, `SELECT closing || ' ' || reminders || CASE WHEN replies = '[]' THEN '' ELSE ' ' || replies || ' ' || name END
			FROM categories WHERE id = ?`, int64(c.ID))
		if err != nil {
			return err
		}
		version, err = one(ctx, tx.Conn, sql.ErrNoRows, number[int64], saveCategorySQL, int64(c.ID), jsonText(c.Name),
			jsonText(c.Description), c.Emoji, string(c.Intent), c.Priority.Rank(), listText(c.Form), jsonText(c.Greeting),
			c.Position, c.Archived, string(c.Surface), keptMicros(c.Kept), jsonText(c.Closing), jsonText(c.Reminders), listText(c.Replies), int64(c.Queue), int64(c.Workspace), c.Version)
		if err == nil {
			return errors.Join(open(ctx, tx, c, wasPublic), tx.refreshEnded(ctx, c), tx.timed(ctx, c, wasTimed))
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		found, err := r.store.Queues().Get(ctx, c.Workspace, c.Queue)
		if err == nil && len(found) == 0 {
			err = queue.ErrNotFound.On("queueId")
		}
		if err != nil {
			return err
		}
		return tx.unsaved(ctx, row{"categories", int64(c.ID), c.Workspace}, category.ErrNotFound)
	})
	if err == nil {
		c.Version = version
	}
	return failed("save category", err)
}

func scanText(row scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

// timed lets open tickets follow what closes the category's tickets by itself, who is
// reminded of them, and what is said in them by itself.
func (tx *Tx) timed(ctx context.Context, c *category.Category, was string) error {
	now := jsonText(c.Closing) + " " + jsonText(c.Reminders)
	if len(c.Replies) > 0 {
		now += " " + listText(c.Replies) + " " + jsonText(c.Name)
	}
	never := c.Closing == (category.Closing{}) && c.Reminders == (category.Reminders{}) && len(c.Replies) == 0
	if now == was || was == "" && never {
		return nil
	}
	return tx.promised(ctx, c.Workspace)
}

// Get implements category.Repository.
func (r *CategoryRepository) Get(ctx context.Context, w id.Workspace, ids ...id.Category) ([]*category.Category, error) {
	c := r.store.Read(ctx)
	these, list := among(c, "c.id", ids)
	found, err := collect(ctx, c, scanCategory, categorySQL+` AND `+these, int64(w), list)
	return found, failed("find categories", err)
}

// List implements category.Repository.
func (r *CategoryRepository) List(ctx context.Context, w id.Workspace) ([]*category.Category, error) {
	all, err := collect(ctx, r.store.Read(ctx), scanCategory, categorySQL+` ORDER BY c.archived, c.position, c.id`, int64(w))
	return all, failed("list categories", err)
}

// Page implements category.Repository.
func (r *CategoryRepository) Page(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*category.Category], error) {
	found, err := categoryList().page(ctx, r.store.Read(ctx), q, p, int64(w))
	return found, failed("list categories", err)
}

// Count implements category.Repository.
func (r *CategoryRepository) Count(ctx context.Context, w id.Workspace, where query.Where) (int, error) {
	n, err := categoryList().count(ctx, r.store.Read(ctx), where, int64(w))
	return n, failed("count categories", err)
}
