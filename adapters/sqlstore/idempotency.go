package sqlstore

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/idempotency"
)

// IdempotencyRepository stores what came of wishes that have a key.
type IdempotencyRepository struct{ store *Store }

var _ idempotency.Repository = (*IdempotencyRepository)(nil)

// Idempotency gives the store's wishes.
func (s *Store) Idempotency() *IdempotencyRepository { return &IdempotencyRepository{store: s} }

const (
	// claimKeySQL takes a key that is new or expired. Another transaction that has
	// just taken it is waited for: then it is not new any more.
	claimKeySQL = `INSERT INTO idempotency_keys (workspace_id, member_id, operation, key, fingerprint, result, expires_at)
		VALUES (?, ?, ?, ?, ?, '', ?)
		ON CONFLICT (workspace_id, member_id, operation, key) DO UPDATE
			SET fingerprint = excluded.fingerprint, result = '', expires_at = excluded.expires_at
			WHERE idempotency_keys.expires_at <= ?`
	keyWhere = ` WHERE workspace_id = ? AND member_id = ? AND operation = ? AND key = ?`
)

// Once implements idempotency.Repository. The repositories that do calls join
// the transaction.
func (r *IdempotencyRepository) Once(ctx context.Context, of idempotency.Record, now time.Time, do func(context.Context) (idempotency.Result, error)) (kept idempotency.Result, replayed bool, err error) {
	key := []any{int64(of.Workspace), int64(of.Member), of.Operation, of.Key}
	err = r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		taken, err := tx.Affected(ctx, claimKeySQL, append(key[:4:4], of.Fingerprint, Micros(of.ExpiresAt), Micros(now))...)
		if err != nil {
			return err
		}
		if replayed = taken == 0; replayed {
			kept, err = r.kept(ctx, tx, of, key)
			return err
		}
		if kept, err = do(ctx); err != nil {
			return err
		}
		raw, err := idempotency.Encode(kept)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE idempotency_keys SET result = ?`+keyWhere, append([]any{string(raw)}, key...)...)
		return err
	})
	return kept, replayed, failed("make a wish come true once", err)
}

// kept reads what came of a wish.
func (r *IdempotencyRepository) kept(ctx context.Context, tx *Tx, of idempotency.Record, key []any) (idempotency.Result, error) {
	var fingerprint, result string
	err := tx.QueryRow(ctx, `SELECT fingerprint, result FROM idempotency_keys`+keyWhere, key...).Scan(&fingerprint, &result)
	switch {
	case err != nil:
		return idempotency.Result{}, err
	case fingerprint != of.Fingerprint:
		return idempotency.Result{}, idempotency.ErrReused
	}
	return idempotency.Decode([]byte(result))
}
