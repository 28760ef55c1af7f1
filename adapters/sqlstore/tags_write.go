package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/tag"
)

// liveTags are the tags that have not become part of others.
const liveTags = `(SELECT id, workspace_id, version FROM tags WHERE target_id = id) AS live`

const (
	saveTagSQL = insertTagsSQL + `(?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, key = excluded.key, colour = excluded.colour,
			description = excluded.description, version = tags.version + 1
		WHERE tags.workspace_id = excluded.workspace_id AND tags.target_id = tags.id AND CAST(? AS BIGINT) IN (0, tags.version) RETURNING version`
	// A name that another tag has is taken; one that it had goes over.
	nameTagSQL = `INSERT INTO tag_names (workspace_id, key, tag_id, name) VALUES (?, ?, ?, ?)
		ON CONFLICT (workspace_id, key) DO UPDATE SET tag_id = excluded.tag_id, name = excluded.name
		WHERE tag_names.tag_id = excluded.tag_id
			OR NOT EXISTS (SELECT 1 FROM tags g WHERE g.id = tag_names.tag_id AND g.key = tag_names.key)`
)

// Save implements tag.Repository.
func (r *TagRepository) Save(ctx context.Context, t *tag.Tag) error {
	var version int64
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) (err error) {
		if err := tx.recalls(ctx, t.Workspace); err != nil {
			return err
		}
		version, err = tx.saved(ctx, row{liveTags, int64(t.ID), t.Workspace}, tag.ErrNotFound, saveTagSQL, append(tagValues(t), t.Version)...)
		if err != nil {
			return err
		}
		n, err := tx.Affected(ctx, nameTagSQL, int64(t.Workspace), tag.Key(t.Name), int64(t.ID), t.Name)
		return changed(n, err, tag.ErrNameTaken.On("name"))
	})
	if err == nil {
		t.Version = version
	}
	return failed("save tag", err)
}

// Merge implements tag.Repository. However many tickets have the tags, none is
// written: what stands in them stands for the other one from now on.
func (r *TagRepository) Merge(ctx context.Context, w id.Workspace, into id.Tag, version int64, parts ...id.Tag) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if err := tx.recalls(ctx, w); err != nil {
			return err
		}
		_, err := tx.saved(ctx, row{liveTags, int64(into), w}, tag.ErrNotFound.On("intoId"), `UPDATE tags SET version = version + 1
			WHERE id = ? AND workspace_id = ? AND target_id = id AND CAST(? AS BIGINT) IN (0, version) RETURNING version`, int64(into), int64(w), version)
		if err != nil {
			return err
		}
		these, list := among(tx.Conn, "id", parts)
		live, err := one(ctx, tx.Conn, nil, number[int64], `SELECT COUNT(*) FROM tags WHERE workspace_id = ? AND target_id = id AND `+these, int64(w), list)
		if err != nil {
			return err
		}
		if live < int64(len(parts)) {
			return tag.ErrNotFound.On("tagIds")
		}
		these, list = among(tx.Conn, "tag_id", parts)
		if _, err := tx.Exec(ctx, `UPDATE tag_names SET tag_id = ? WHERE `+these, int64(into), list); err != nil {
			return err
		}
		these, list = among(tx.Conn, "target_id", parts)
		_, err = tx.Exec(ctx, `UPDATE tags SET target_id = ? WHERE `+these, int64(into), list)
		return err
	})
	return failed("merge tags", err)
}

// Delete implements tag.Repository. The IDs that tickets still have of it stand for
// nothing from now on.
func (r *TagRepository) Delete(ctx context.Context, w id.Workspace, t id.Tag, version int64) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if err := tx.recalls(ctx, w); err != nil {
			return err
		}
		n, err := tx.Affected(ctx, `DELETE FROM tags WHERE id = ? AND workspace_id = ? AND target_id = id AND CAST(? AS BIGINT) IN (0, version)`,
			int64(t), int64(w), version)
		if err != nil {
			return err
		}
		if n == 0 {
			return tx.unsaved(ctx, row{liveTags, int64(t), w}, tag.ErrNotFound)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM tag_names WHERE tag_id = ?`, int64(t)); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM tags WHERE target_id = ?`, int64(t))
		return err
	})
	return failed("delete tag", err)
}

// keyTags gives the names that came from before there was a vocabulary their keys.
// Those that turn out to be the same tag become one, the oldest.
func (s *Store) keyTags(ctx context.Context) error {
	type word struct {
		workspace id.Workspace
		tag       id.Tag
		name      string
	}
	unkeyed, err := one(ctx, s.Read(ctx), nil, number[int64], `SELECT COUNT(*) FROM tag_names WHERE key LIKE ' %'`)
	if err != nil || unkeyed == 0 {
		return err
	}
	return s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		words, err := collect(ctx, tx.Conn, func(row scanner) (word, error) {
			var w word
			err := row.Scan((*int64)(&w.workspace), (*int64)(&w.tag), &w.name)
			return w, err
		}, `SELECT workspace_id, tag_id, name FROM tag_names WHERE key LIKE ' %' ORDER BY tag_id`+tx.ForUpdate())
		if err != nil {
			return err
		}
		for _, w := range words {
			if err := tx.keyTag(ctx, w.workspace, w.tag, w.name); err != nil {
				return err
			}
		}
		if _, err = tx.Exec(ctx, `UPDATE workspaces SET words = words + 1`); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM tag_names WHERE key LIKE ' %'`)
		return err
	})
}

func (tx *Tx) keyTag(ctx context.Context, w id.Workspace, t id.Tag, name string) error {
	key := tag.Key(name)
	n, err := tx.Affected(ctx, `INSERT INTO tag_names (workspace_id, key, tag_id, name) VALUES (?, ?, ?, ?)
		ON CONFLICT (workspace_id, key) DO NOTHING`, int64(w), key, int64(t), name)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE tags SET key = ? WHERE id = ?`, key, int64(t))
	if err == nil && n == 0 {
		_, err = tx.Exec(ctx, `UPDATE tags SET target_id = (SELECT n.tag_id FROM tag_names n WHERE n.workspace_id = ? AND n.key = ?) WHERE target_id = ?`,
			int64(w), key, int64(t))
	}
	return err
}
