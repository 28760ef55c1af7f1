package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/tag"
)

// TagRepository stores the vocabulary of tags.
type TagRepository struct{ recorder }

var _ tag.Repository = (*TagRepository)(nil)

// Tags gives the store's vocabularies.
func (s *Store) Tags() *TagRepository { return &TagRepository{recorder{s}} }

const (
	tagColumns    = `g.id, g.workspace_id, g.name, g.colour, g.description, g.created_at, g.version`
	tagFrom       = ` FROM tags g WHERE g.workspace_id = ? AND g.target_id = g.id`
	insertTagsSQL = `INSERT INTO tags (id, workspace_id, target_id, name, key, colour, description, created_at) VALUES `
)

func tagValues(t *tag.Tag) []any {
	return []any{int64(t.ID), int64(t.Workspace), int64(t.ID), t.Name, tag.Key(t.Name), t.Colour, t.Description, Micros(t.CreatedAt)}
}

var tagAspects = map[query.Field]aspect{
	query.FieldID: {column: "g.id", ordered: true},
	// By eq and in, any name will do; a part is looked for in the present one.
	tag.FieldName: {column: "g.name", text: true, exact: &aspect{
		column: "n.key", list: "g.id IN (SELECT n.tag_id FROM tag_names n WHERE n.workspace_id = g.workspace_id AND ", text: true, fold: tag.Key,
	}},
	tag.FieldCreatedAt: {column: "g.created_at", ordered: true},
}

func tagList() listing[*tag.Tag] {
	return listing[*tag.Tag]{terms: terms{aspects: tagAspects}, columns: tagColumns, from: tagFrom, scan: scanTag, order: tag.Terms()}
}

func scanTag(row scanner) (*tag.Tag, error) {
	t := &tag.Tag{}
	var created int64
	err := row.Scan((*int64)(&t.ID), (*int64)(&t.Workspace), &t.Name, &t.Colour, &t.Description, &created, &t.Version)
	t.CreatedAt = Moment(created)
	return t, err
}

// Get implements tag.Repository.
func (r *TagRepository) Get(ctx context.Context, w id.Workspace, tags ...id.Tag) ([]*tag.Tag, error) {
	c := r.store.Read(ctx)
	these, list := among(c, "g.id", tags)
	found, err := collect(ctx, c, scanTag, `SELECT `+tagColumns+tagFrom+` AND `+these+` ORDER BY g.id`, int64(w), list)
	if err == nil {
		err = former(ctx, c, found)
	}
	return found, failed("find tags", err)
}

// Named implements tag.Repository.
func (r *TagRepository) Named(ctx context.Context, w id.Workspace, names ...string) (map[string]*tag.Tag, error) {
	c := r.store.Read(ctx)
	byKey, tags := map[string]*tag.Tag{}, []*tag.Tag(nil)
	these, list := amongTexts(c, "n.key", keysOf(names))
	err := c.each(ctx, func(row scanner) error {
		var key string
		t, err := scanTag(rest{row, []any{&key}})
		byKey[key], tags = t, append(tags, t)
		return err
	}, `SELECT n.key, `+tagColumns+` FROM tag_names n JOIN tags g ON g.id = n.tag_id WHERE n.workspace_id = ? AND `+these, int64(w), list)
	if err == nil {
		err = former(ctx, c, tags)
	}
	found := make(map[string]*tag.Tag, len(names))
	for _, name := range names {
		if t := byKey[tag.Key(name)]; t != nil {
			found[name] = t
		}
	}
	return found, failed("find tags", err)
}

// rest is a row whose first columns are read already, as far as who reads it knows.
type rest struct {
	row   scanner
	first []any
}

// Scan implements scanner.
func (r rest) Scan(into ...any) error { return r.row.Scan(append(r.first, into...)...) }

// former reads the names that tags had.
func former(ctx context.Context, c Conn, tags []*tag.Tag) error {
	if len(tags) == 0 {
		return nil
	}
	ids, byID := make([]id.Tag, 0, len(tags)), make(map[id.Tag][]*tag.Tag, len(tags))
	for _, t := range tags {
		ids, byID[t.ID] = append(ids, t.ID), append(byID[t.ID], t)
	}
	these, list := among(c, "n.tag_id", ids)
	return c.each(ctx, func(row scanner) error {
		var of id.Tag
		var name string
		err := row.Scan((*int64)(&of), &name)
		for _, t := range byID[of] {
			t.Former = append(t.Former, name)
		}
		return err
	}, `SELECT n.tag_id, n.name FROM tag_names n JOIN tags g ON g.id = n.tag_id WHERE n.key <> g.key AND `+these+` ORDER BY n.tag_id, n.key`, list)
}

// Page implements tag.Repository.
func (r *TagRepository) Page(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*tag.Tag], error) {
	c := r.store.Read(ctx)
	found, err := tagList().page(ctx, c, q, p, int64(w))
	if err == nil {
		err = former(ctx, c, found.Items)
	}
	return found, failed("list tags", err)
}

// Count implements tag.Repository.
func (r *TagRepository) Count(ctx context.Context, w id.Workspace, where query.Where) (int, error) {
	n, err := tagList().count(ctx, r.store.Read(ctx), where, int64(w))
	return n, failed("count tags", err)
}

// Tickets implements tag.Repository. For one to whom all tickets are open, the
// tickets' rows are not looked at.
func (r *TagRepository) Tickets(ctx context.Context, f access.TicketFilter, tags ...id.Tag) (map[id.Tag]int, error) {
	c := r.store.Read(ctx)
	q := newSelection(c, `SELECT s.target_id, COUNT(DISTINCT g.ticket_id) FROM tags s
		JOIN ticket_tags g ON g.workspace_id = s.workspace_id AND g.tag_id = s.id`)
	if !f.All {
		q.add(` JOIN tickets t ON t.id = g.ticket_id`)
	}
	these, list := among(c, "s.target_id", tags)
	q.add(` WHERE s.workspace_id = ? AND `+these, int64(f.Workspace), list)
	if !f.All {
		q.add(" AND ")
		q.allowed(f)
	}
	q.add(` GROUP BY s.target_id`)
	found := make(map[id.Tag]int, len(tags))
	err := c.each(ctx, func(row scanner) error {
		var of id.Tag
		var n int
		err := row.Scan((*int64)(&of), &n)
		found[of] = n
		return err
	}, q.text(), q.args...)
	return found, failed("count tickets of tags", err)
}
