package sqlstore

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// APIKeyRepository stores API keys.
type APIKeyRepository struct{ recorder }

var _ auth.APIKeys = (*APIKeyRepository)(nil)

// APIKeys gives the store's API keys.
func (s *Store) APIKeys() *APIKeyRepository { return &APIKeyRepository{recorder{s}} }

const (
	apiKeyColumns = `k.id, k.workspace_id, k.member_id, k.name, k.lookup, k.hash, k.scopes, k.created_at, k.expires_at, k.last_used_at, k.revoked_at`
	apiKeyFrom    = ` FROM api_keys k WHERE k.workspace_id = ?`
	// The bound is kept by the lock of recorded changes.
	liveAPIKeysSQL = `SELECT COUNT(*) FROM api_keys WHERE workspace_id = ? AND member_id = ? AND revoked_at = 0 AND expires_at > ?`
)

var apiKeyAspects = map[query.Field]aspect{
	query.FieldID:        {column: "k.id", ordered: true},
	auth.FieldKeyName:    {column: "k.name", text: true},
	auth.FieldKeyMember:  {column: "k.member_id"},
	auth.FieldKeyCreated: {column: "k.created_at", ordered: true},
	auth.FieldKeyExpires: {column: "k.expires_at", ordered: true},
	auth.FieldKeyUsed:    {column: "k.last_used_at", ordered: true, nullable: true, none: "k.last_used_at = 0"},
	auth.FieldKeyRevoked: {column: "k.revoked_at", ordered: true, nullable: true, none: "k.revoked_at = 0"},
}

func apiKeyList(of id.Member) (listing[*auth.APIKey], func(id.Workspace) []any) {
	l := listing[*auth.APIKey]{terms: terms{aspects: apiKeyAspects}, columns: apiKeyColumns, from: apiKeyFrom, scan: scanAPIKey, order: auth.KeyTerms()}
	if of == 0 {
		return l, func(w id.Workspace) []any { return []any{int64(w)} }
	}
	l.from += ` AND k.member_id = ?`
	return l, func(w id.Workspace) []any { return []any{int64(w), int64(of)} }
}

func scanAPIKey(row scanner) (*auth.APIKey, error) {
	k := &auth.APIKey{}
	var scopes string
	var created, expires, used, revoked int64
	err := row.Scan((*int64)(&k.ID), (*int64)(&k.Workspace), (*int64)(&k.Member), &k.Name, &k.Lookup, &k.Hash, &scopes,
		&created, &expires, &used, &revoked)
	if err != nil {
		return nil, err
	}
	k.CreatedAt, k.ExpiresAt, k.LastUsedAt, k.RevokedAt = Moment(created), Moment(expires), Moment(used), Moment(revoked)
	k.Scopes = []access.Permission{} // never nil, which would be no limit
	return k, fromJSON(scopes, &k.Scopes)
}

// Add implements auth.APIKeys.
func (r *APIKeyRepository) Add(ctx context.Context, k *auth.APIKey) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		live, err := one(ctx, tx.Conn, nil, number[int64], liveAPIKeysSQL, int64(k.Workspace), int64(k.Member), Micros(k.CreatedAt))
		if err != nil {
			return err
		}
		if live >= auth.MaxKeys {
			return fault.New(fault.Invalid, "fault.auth.too_many_keys").With("Most", auth.MaxKeys)
		}
		_, err = tx.Exec(ctx, `INSERT INTO api_keys (id, workspace_id, member_id, name, lookup, hash, scopes, created_at, expires_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, int64(k.ID), int64(k.Workspace), int64(k.Member), k.Name, k.Lookup, k.Hash,
			jsonText(k.Scopes), Micros(k.CreatedAt), Micros(k.ExpiresAt))
		return err
	})
	return failed("add API key", err)
}

// ByLookup implements auth.APIKeys.
func (r *APIKeyRepository) ByLookup(ctx context.Context, lookup string) (*auth.APIKey, error) {
	k, err := one(ctx, r.store.Read(ctx), auth.ErrKeyNotFound, scanAPIKey, `SELECT `+apiKeyColumns+` FROM api_keys k WHERE k.lookup = ?`, lookup)
	return k, failed("find API key", err)
}

// Used implements auth.APIKeys.
func (r *APIKeyRepository) Used(ctx context.Context, k id.APIKey, now, since time.Time) error {
	_, err := r.store.change(ctx, `UPDATE api_keys SET last_used_at = ? WHERE id = ? AND last_used_at <= ?`, Micros(now), int64(k), Micros(since))
	return failed("note the use of an API key", err)
}

// Refused implements auth.APIKeys.
func (r *APIKeyRepository) Refused(ctx context.Context, k id.APIKey, e audit.Entry, since time.Time) error {
	return failed("record the refusal of an API key", r.store.refused(ctx, "api_keys", int64(k), e, since))
}

// refused appends the entry of what somebody presented in vain, unless one of the row was
// appended since.
func (s *Store) refused(ctx context.Context, table string, row int64, e audit.Entry, since time.Time) error {
	due, err := one(ctx, s.Read(ctx), nil, number[int64], `SELECT COUNT(*) FROM `+table+` WHERE id = ? AND refused_at <= ?`, row, Micros(since))
	if err != nil || due == 0 { // as a rule: nothing is locked for who tries again and again
		return err
	}
	return s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `UPDATE `+table+` SET refused_at = ? WHERE id = ? AND refused_at <= ?`, Micros(e.At), row, Micros(since))
		if err != nil || n == 0 {
			return err
		}
		return tx.record(ctx, []audit.Entry{e})
	})
}

// Revoke implements auth.APIKeys.
func (r *APIKeyRepository) Revoke(ctx context.Context, w id.Workspace, k id.APIKey, now time.Time) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `UPDATE api_keys SET revoked_at = CASE revoked_at WHEN 0 THEN ? ELSE revoked_at END WHERE workspace_id = ? AND id = ?`,
			Micros(now), int64(w), int64(k))
		tx.Signal(access.Topic(w))
		return changed(n, err, auth.ErrKeyNotFound)
	})
	return failed("revoke API key", err)
}

// Revoked implements auth.APIKeys.
func (r *APIKeyRepository) Revoked(ctx context.Context, keys ...id.APIKey) (map[id.APIKey]bool, error) {
	c := r.store.Read(ctx)
	these, list := among(c, "id", keys)
	found, err := collect(ctx, c, number[id.APIKey], `SELECT id FROM api_keys WHERE revoked_at > 0 AND `+these, list)
	revoked := make(map[id.APIKey]bool, len(found))
	for _, k := range found {
		revoked[k] = true
	}
	return revoked, failed("look for revoked API keys", err)
}

// Get implements auth.APIKeys.
func (r *APIKeyRepository) Get(ctx context.Context, w id.Workspace, keys ...id.APIKey) ([]*auth.APIKey, error) {
	c := r.store.Read(ctx)
	these, list := among(c, "k.id", keys)
	found, err := collect(ctx, c, scanAPIKey, `SELECT `+apiKeyColumns+apiKeyFrom+` AND `+these+` ORDER BY k.id`, int64(w), list)
	return found, failed("find API keys", err)
}

// Page implements auth.APIKeys.
func (r *APIKeyRepository) Page(ctx context.Context, w id.Workspace, of id.Member, q query.Query, p page.Window) (page.Page[*auth.APIKey], error) {
	l, args := apiKeyList(of)
	found, err := l.page(ctx, r.store.Read(ctx), q, p, args(w)...)
	return found, failed("list API keys", err)
}

// Count implements auth.APIKeys.
func (r *APIKeyRepository) Count(ctx context.Context, w id.Workspace, of id.Member, where query.Where) (int, error) {
	l, args := apiKeyList(of)
	n, err := l.count(ctx, r.store.Read(ctx), where, args(w)...)
	return n, failed("count API keys", err)
}
