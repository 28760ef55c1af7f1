package sqlstore

import (
	"context"

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
		var created, retired int64
		err := row.Scan(&k.ID, &k.Private, &k.Public, &created, &retired)
		k.CreatedAt, k.RetiredAt = Moment(created), Moment(retired)
		return k, err
	}, `SELECT id, private, public, created_at, retired_at FROM signing_keys ORDER BY created_at DESC, id DESC`)
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
