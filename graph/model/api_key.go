package model

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// APIKey is an API key in a list.
type APIKey struct {
	*auth.APIKey

	rows *load.Rows
}

// NewAPIKey makes a key of a list, nil of nil.
func NewAPIKey(rows *load.Rows, k *auth.APIKey) *APIKey {
	if k == nil {
		return nil
	}
	rows.Members.Want(k.Member)
	return &APIKey{APIKey: k, rows: rows}
}

// Member gives as whom the key acts.
func (k *APIKey) Member(ctx context.Context) (*Member, error) {
	return memberOf(ctx, k.rows, k.APIKey.Member)
}

// LastUsedAt gives when the key was last used, nil if it never was.
func (k *APIKey) LastUsedAt() *time.Time { return momentOrNil(k.APIKey.LastUsedAt) }

// RevokedAt gives when the key was revoked, nil if it is not.
func (k *APIKey) RevokedAt() *time.Time { return momentOrNil(k.APIKey.RevokedAt) }

func momentOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// APIKeyWhere is conditions on keys.
type APIKeyWhere struct {
	Name       *TextFilter
	Member     *IDFilter
	CreatedAt  *DateTimeFilter
	ExpiresAt  *DateTimeFilter
	LastUsedAt *DateTimeFilter
	RevokedAt  *DateTimeFilter

	Tree[APIKeyWhere]
}

func (w *APIKeyWhere) conditions() conditions {
	var c conditions
	add(&c, auth.FieldKeyName, w.Name, plain)
	add(&c, auth.FieldKeyMember, w.Member, idOf[id.Member](scalar.Member))
	add(&c, auth.FieldKeyCreated, w.CreatedAt, micros)
	add(&c, auth.FieldKeyExpires, w.ExpiresAt, micros)
	add(&c, auth.FieldKeyUsed, w.LastUsedAt, micros)
	add(&c, auth.FieldKeyRevoked, w.RevokedAt, micros)
	return c
}

// What keys are put in order by.
const (
	APIKeyName      = auth.FieldKeyName
	APIKeyCreatedAt = auth.FieldKeyCreated
	APIKeyExpiresAt = auth.FieldKeyExpires
)

// APIKeyQuery gives conditions and sort keys for the service.
func APIKeyQuery(w *APIKeyWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// The connection of keys.
type (
	// APIKeyConnection is a page of keys.
	APIKeyConnection = Connection[*auth.APIKey, *APIKey]
	// APIKeyEdge is a key and its place.
	APIKeyEdge = Edge[*APIKey]
)

// NewAPIKeyPage makes the page of a query's keys; count counts them all.
func NewAPIKeyPage(rows *load.Rows, q query.Query, p page.Page[*auth.APIKey], count Counted) *APIKeyConnection {
	return Connect(p, func(k *auth.APIKey) *APIKey { return NewAPIKey(rows, k) }, placed[*auth.APIKey](auth.KeyTerms(), q), count)
}

// CreateAPIKeyInput is a key to make.
type CreateAPIKeyInput struct {
	Keyed

	Name      string
	Scopes    []access.Permission
	MemberID  *id.Member
	ExpiresAt *time.Time
}

// Wish gives the wish for the service.
func (in CreateAPIKeyInput) Wish() auth.KeyWish {
	w := auth.KeyWish{Name: in.Name, Scopes: in.Scopes}
	if in.MemberID != nil {
		w.Member = *in.MemberID
	}
	if in.ExpiresAt != nil {
		w.ExpiresAt = *in.ExpiresAt
	}
	return w
}

// RevokeAPIKeyInput is a key to end.
type RevokeAPIKeyInput struct {
	Keyed

	APIKeyID id.APIKey
}
