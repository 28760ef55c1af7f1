package auth

import (
	"context"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// APIKeys is the port to stored API keys.
type APIKeys interface {
	audit.Recorder

	// Add stores a new key. Codes: invalid (the member has MaxKeys that are neither
	// revoked nor over).
	Add(ctx context.Context, k *APIKey) error
	// ByLookup finds a key, revoked or over as it may be. Codes: not_found.
	ByLookup(ctx context.Context, lookup string) (*APIKey, error)
	// Used notes that a key was used, unless somebody noted so since.
	Used(ctx context.Context, k id.APIKey, now, since time.Time) error
	// Refused appends the entry, unless one of the key's was appended since.
	Refused(ctx context.Context, k id.APIKey, e audit.Entry, since time.Time) error
	// Revoke ends a key, unless it is revoked, and signals access.Topic. Codes:
	// not_found.
	Revoke(ctx context.Context, w id.Workspace, k id.APIKey, now time.Time) error
	// Revoked tells which of the keys are revoked.
	Revoked(ctx context.Context, keys ...id.APIKey) (map[id.APIKey]bool, error)

	// Get finds keys by ID; those that are not in the workspace are left out.
	Get(ctx context.Context, w id.Workspace, keys ...id.APIKey) ([]*APIKey, error)
	// Page gives a page of what the query finds in the workspace: of a member's keys,
	// or of all if the member is 0.
	Page(ctx context.Context, w id.Workspace, of id.Member, q query.Query, p page.Window) (page.Page[*APIKey], error)
	// Count counts what Page would give in all.
	Count(ctx context.Context, w id.Workspace, of id.Member, where query.Where) (int, error)
}

// The fields by which keys are chosen and put in order.
const (
	FieldKeyName    query.Field = "name"
	FieldKeyMember  query.Field = "member"
	FieldKeyCreated query.Field = "createdAt"
	FieldKeyExpires query.Field = "expiresAt"
	FieldKeyUsed    query.Field = "lastUsedAt" // none: never
	FieldKeyRevoked query.Field = "revokedAt"  // none: it is not
)

// KeyTerms are what keys can be put in order by; usually the latest comes first.
func KeyTerms() query.Terms {
	return query.Terms{
		Numbers: []query.Field{FieldKeyCreated, FieldKeyExpires}, Texts: []query.Field{FieldKeyName},
		Usual: []query.Order{{Field: FieldKeyCreated, Descending: true}},
	}
}

// SortKey gives what puts a key in its place in an order by the field.
func (k *APIKey) SortKey(f query.Field) any {
	switch f {
	case FieldKeyName:
		return k.Name
	case FieldKeyCreated:
		return k.CreatedAt.UnixMicro()
	case FieldKeyExpires:
		return k.ExpiresAt.UnixMicro()
	default:
		return int64(k.ID)
	}
}

// whose tells whose keys the actor may see: 0 for everybody's. Codes:
// unauthenticated, forbidden.
func whose(c access.Call) (id.Member, error) {
	home := access.InWorkspace(c.Actor.Workspace)
	if access.Allowed(c.Actor, access.KeyManage, home) {
		return 0, nil
	}
	return c.Actor.Member, access.Require(c.Actor, access.KeyCreate, home)
}

// Keys gives a page of the actor's keys, or for an administrator of all. Codes:
// unauthenticated, forbidden, invalid.
func (s *Service) Keys(ctx context.Context, c access.Call, q query.Query, r page.Request) (page.Page[*APIKey], error) {
	of, err := whose(c)
	if err != nil {
		return page.Page[*APIKey]{}, err
	}
	w, err := KeyTerms().Window(q, r)
	if err != nil {
		return page.Page[*APIKey]{}, err
	}
	return s.keys.Page(ctx, c.Actor.Workspace, of, q, w)
}

// CountKeys counts what Keys would give in all. Codes: unauthenticated, forbidden,
// invalid.
func (s *Service) CountKeys(ctx context.Context, c access.Call, where query.Where) (int, error) {
	of, err := whose(c)
	if err != nil {
		return 0, err
	}
	if err := where.Check(); err != nil {
		return 0, err
	}
	return s.keys.Count(ctx, c.Actor.Workspace, of, where)
}

// KeysByID finds keys that the actor may see; others are left out. Codes:
// unauthenticated, forbidden.
func (s *Service) KeysByID(ctx context.Context, c access.Call, keys ...id.APIKey) ([]*APIKey, error) {
	of, err := whose(c)
	if err != nil {
		return nil, err
	}
	found, err := s.keys.Get(ctx, c.Actor.Workspace, keys...)
	seen := found[:0]
	for _, k := range found {
		if of == 0 || k.Member == of {
			seen = append(seen, k)
		}
	}
	return seen, err
}

// Key finds a key that the actor may see. Codes: unauthenticated, forbidden,
// not_found.
func (s *Service) Key(ctx context.Context, c access.Call, k id.APIKey) (*APIKey, error) {
	found, err := s.KeysByID(ctx, c, k)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, ErrKeyNotFound
	}
	return found[0], nil
}

// ReadScopes are those of a key that reads all that its member may see, and changes
// nothing.
func ReadScopes() []access.Permission {
	var all []access.Permission
	for _, p := range access.Permissions() {
		if strings.HasSuffix(string(p), ".see") || p == access.MessageHistory {
			all = append(all, p)
		}
	}
	return all
}
