package sqlstore

import (
	"context"
	"strconv"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/search"
)

// nameFound lets a member be found by the words of a name, and by no others.
func (tx *Tx) nameFound(ctx context.Context, w id.Workspace, m id.Member, name string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM search_names WHERE member_id = ?`, int64(m)); err != nil {
		return err
	}
	words := bulk{sql: `INSERT INTO search_names (workspace_id, word, member_id) VALUES `, end: ` ON CONFLICT DO NOTHING`}
	seen := map[string]bool{}
	for _, t := range search.Tokens(name) {
		if !seen[t.Text] {
			seen[t.Text] = true
			words.add(int64(w), t.Text, int64(m))
		}
	}
	return words.write(ctx, tx.Conn)
}

// lastRune ends whatever begins with what stands before it.
const lastRune = "\U0010ffff"

// People implements search.Repository.
func (r *SearchRepository) People(ctx context.Context, w id.Workspace, p search.Phrase, limit int) ([]id.Member, error) {
	q := newSelection(r.store.Read(ctx), `SELECT m.id FROM members m WHERE m.workspace_id = ?`, int64(w))
	for i, token := range p.Tokens {
		q.and(`m.id IN (SELECT n.member_id FROM search_names n WHERE n.workspace_id = ? AND `, int64(w))
		if p.Prefix && i+1 == len(p.Tokens) {
			q.add(`n.word >= ? AND n.word <= ?)`, token, token+lastRune)
		} else {
			q.add(`n.word = ?)`, token)
		}
	}
	q.add(` ORDER BY m.id DESC LIMIT ` + strconv.Itoa(limit))
	all, err := collect(ctx, q.conn, number[id.Member], q.text(), q.args...)
	return all, failed("find people", err)
}

// Tags implements search.Repository.
func (r *SearchRepository) Tags(ctx context.Context, w id.Workspace) ([]search.Tag, error) {
	all, err := collect(ctx, r.store.Read(ctx), func(row scanner) (search.Tag, error) {
		var t search.Tag
		err := row.Scan((*int64)(&t.ID), &t.Name)
		return t, err
	}, `SELECT g.id, n.name FROM tags g JOIN tags n ON n.id = g.target_id WHERE g.workspace_id = ? ORDER BY g.id`, int64(w))
	return all, failed("read tags", err)
}
