package sqlstore

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/auth"
)

// KeyRepository stores the keys that sign tokens.
type KeyRepository struct{ store *Store }

var _ auth.Keys = (*KeyRepository)(nil)

// Keys gives the store's signing keys.
func (s *Store) Keys() *KeyRepository { return &KeyRepository{store: s} }

// All implements auth.Keys.
func (r *KeyRepository) All(ctx context.Context) ([]auth.Key, error) {
	all, err := collect(ctx, r.store.Read(ctx), func(row scanner) (auth.Key, error) {
		var k auth.Key
		var created, retired, until int64
		err := row.Scan(&k.ID, &k.Private, &k.Public, &created, &retired, &until)
		k.CreatedAt, k.RetiredAt, k.Until = Moment(created), Moment(retired), Moment(until)
		return k, err
	}, `SELECT id, private, public, created_at, retired_at, until_at FROM signing_keys ORDER BY created_at DESC, id DESC`)
	return all, failed("read signing keys", err)
}

// Add implements auth.Keys. Only one key can be active, whoever adds it first.
func (r *KeyRepository) Add(ctx context.Context, k auth.Key) ([]auth.Key, error) {
	var active any = 1
	if !k.RetiredAt.IsZero() {
		active = nil
	}
	_, err := r.store.change(ctx, `INSERT INTO signing_keys (id, private, public, created_at, retired_at, active)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, k.ID, k.Private, k.Public, Micros(k.CreatedAt), Micros(k.RetiredAt), active)
	if err != nil {
		return nil, failed("add signing key", err)
	}
	return r.All(ctx)
}

// Rotate implements auth.Keys.
func (r *KeyRepository) Rotate(ctx context.Context, k auth.Key, until time.Time) ([]auth.Key, error) {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if !until.After(k.CreatedAt) { // nothing that was signed before is to count any more
			_, err := tx.Exec(ctx, `UPDATE signing_keys SET until_at = ? WHERE active IS NULL AND (until_at = 0 OR until_at > ?)`, Micros(until), Micros(until))
			if err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE signing_keys SET active = NULL, retired_at = ?, until_at = ? WHERE active = 1`, Micros(k.CreatedAt), Micros(until)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO signing_keys (id, private, public, created_at, retired_at, active) VALUES (?, ?, ?, ?, 0, 1)`,
			k.ID, k.Private, k.Public, Micros(k.CreatedAt))
		return err
	})
	if err != nil {
		return nil, failed("rotate signing key", err)
	}
	return r.All(ctx)
}
