package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/id"
)

// publicRoles are those whom a public category lets in that would be kept out
// otherwise, and publicClasses what they may there.
func publicRoles() []access.Role { return []access.Role{access.RoleRequester, access.RoleAgent} }

func publicClasses() []access.Class { return []access.Class{access.ClassSee, access.ClassAnswer} }

func isPublic(ctx context.Context, tx *Tx, c id.Category) (bool, error) {
	n, err := number[int64](tx.QueryRow(ctx, `SELECT COUNT(*) FROM categories WHERE id = ? AND surface = ?`, int64(c), string(category.InForum)))
	return n > 0, err
}

// open lets everybody into a category that became public, and out of one that
// is it no more. What an admin grants or denies in between stays.
func open(ctx context.Context, tx *Tx, c *category.Category, was bool) error {
	if c.Public() == was {
		return nil
	}
	for _, role := range publicRoles() {
		for _, class := range publicClasses() {
			statement := `DELETE FROM grants WHERE workspace_id = ? AND role = ? AND class = ? AND queue_id = 0 AND category_id = ? AND effect = ?`
			args := []any{int64(c.Workspace), string(role), string(class), int64(c.ID), string(access.Allow)}
			if !was {
				statement = `INSERT INTO grants (workspace_id, role, class, queue_id, category_id, effect, id)
					VALUES (?, ?, ?, 0, ?, ?, ?) ON CONFLICT DO NOTHING`
				args = append(args, tx.store.ids.next())
			}
			if _, err := tx.Exec(ctx, statement, args...); err != nil {
				return err
			}
		}
	}
	return tx.refreshSurfaces(ctx, c.Workspace)
}
