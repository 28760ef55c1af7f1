package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// APIKey lets a program act as a member.
type APIKey struct {
	ID         string   `json:"id" doc:"Identifies the key, and is no secret."`
	Name       string   `json:"name" doc:"What it is for."`
	Prefix     string   `json:"prefix" doc:"How it begins, by which it is recognised; no secret."`
	Member     *Person  `json:"member" doc:"As whom it acts."`
	Scopes     []string `json:"scopes" nullable:"false" doc:"What it may be used for, as far as its member may do that."`
	CreatedAt  string   `json:"createdAt" format:"date-time" doc:"When it was made."`
	ExpiresAt  string   `json:"expiresAt" format:"date-time" doc:"When it ends."`
	LastUsedAt *string  `json:"lastUsedAt" format:"date-time" doc:"When it was last used, to the minute; null: never."`
	RevokedAt  *string  `json:"revokedAt" format:"date-time" doc:"When it was revoked; null: it is not."`
	Secret     *string  `json:"secret,omitempty" doc:"The key as it is presented: told only in the answer to the wish that makes it, and never again."`
}

// The inputs of API keys.
type (
	// APIKeyPath names a key.
	APIKeyPath struct {
		APIKeyID string `path:"apiKeyId" doc:"The key's ID."`
	}
	// APIKeyInput is a key to make.
	APIKeyInput struct {
		Keyed

		Body APIKeyWish

		secret string // of the key that was made, for the answer
	}
	// APIKeyWish is a key to make.
	APIKeyWish struct {
		Name      string     `json:"name" doc:"What it is for, 1 to 80 characters."`
		Scopes    []string   `json:"scopes" nullable:"false" doc:"What it may be used for; at least one."`
		MemberID  *string    `json:"memberId,omitempty" nullable:"true" doc:"As whom it acts; the caller without it. Administrators only, unless it is the caller."`
		ExpiresAt *time.Time `json:"expiresAt,omitempty" nullable:"true" doc:"When it ends, at most 366 days from now; in 90 days without it."`
	}
)

// TransformSchema names the scopes.
func (APIKeyWish) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	s.Properties["scopes"].Items.Enum = nil
	for _, p := range access.Permissions() {
		s.Properties["scopes"].Items.Enum = append(s.Properties["scopes"].Items.Enum, string(p))
	}
	return s
}

func (p APIKeyPath) id() id.APIKey { return opaque.Of[id.APIKey](opaque.APIKey, p.APIKeyID) }

// wish gives the wish for the service.
func (w APIKeyWish) wish() auth.KeyWish {
	wish := auth.KeyWish{Name: w.Name, Scopes: each(w.Scopes, func(s string) access.Permission { return access.Permission(s) })}
	if w.MemberID != nil {
		wish.Member = opaqueMember(*w.MemberID)
	}
	if w.ExpiresAt != nil {
		wish.ExpiresAt = *w.ExpiresAt
	}
	return wish
}

func (s *server) showKeys(ctx context.Context, c access.Call, all []*auth.APIKey) ([]APIKey, error) {
	who, err := s.meet(ctx, c, each(all, func(k *auth.APIKey) id.Member { return k.Member }))
	return each(all, func(k *auth.APIKey) APIKey {
		return APIKey{
			ID: external(opaque.APIKey, k.ID), Name: k.Name, Prefix: k.Prefix(), Member: who.of(k.Member),
			Scopes:    each(k.Scopes, func(p access.Permission) string { return string(p) }),
			CreatedAt: when(k.CreatedAt), ExpiresAt: when(k.ExpiresAt), LastUsedAt: perhaps(k.LastUsedAt), RevokedAt: perhaps(k.RevokedAt),
		}
	}), err
}

func (s *server) key(ctx context.Context, c access.Call, k id.APIKey) (shown[APIKey], error) {
	found, err := s.Auth.Key(ctx, c, k)
	if err != nil {
		return shown[APIKey]{}, err
	}
	all, err := s.showKeys(ctx, c, []*auth.APIKey{found})
	if err != nil {
		return shown[APIKey]{}, err
	}
	return shown[APIKey]{body: &all[0]}, nil
}

func (s *server) keys() {
	pages(s, operation{
		id: "listApiKeys", path: "/api-keys", tag: tagHouse, summary: "List API keys", codes: []fault.Code{fault.Forbidden},
		about: "The caller's own, or for administrators everybody's, the latest first unless ordered otherwise. Staff only.",
	}, source[ListInput, *auth.APIKey, APIKey]{
		list: list{
			name: "ApiKeyWhere",
			columns: columns{
				"name": texts(auth.FieldKeyName, "On the name."), "member": ids(auth.FieldKeyMember, opaque.Member, "On as whom they act."),
				"createdAt":  moments(auth.FieldKeyCreated, "On when they were made."),
				"expiresAt":  moments(auth.FieldKeyExpires, "On when they end."),
				"lastUsedAt": moments(auth.FieldKeyUsed, "On when they were last used; isNull: true: never.", query.IsNull),
				"revokedAt":  moments(auth.FieldKeyRevoked, "On when they were revoked; isNull: true: they are not.", query.IsNull),
			},
			orders: sorted(auth.FieldKeyName, auth.FieldKeyCreated, auth.FieldKeyExpires),
		},
		fetch: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query, r page.Request) (page.Page[*auth.APIKey], error) {
			return s.Auth.Keys(ctx, c, q, r)
		},
		count: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query) (int, error) {
			return s.Auth.CountKeys(ctx, c, q.Where)
		},
		cursor: func(q query.Query, k *auth.APIKey) page.Cursor { return auth.KeyTerms().CursorOf(q, k.SortKey) },
		show:   s.showKeys,
	})
	fetch(s, operation{
		id: "getApiKey", path: "/api-keys/{apiKeyId}", tag: tagHouse, summary: "Show an API key", codes: []fault.Code{fault.Forbidden, fault.NotFound},
		about: "Never its secret.",
	}, func(ctx context.Context, c access.Call, in *struct {
		APIKeyPath
		Conditional
	},
	) (shown[APIKey], error) {
		return s.key(ctx, c, in.id())
	})
	change(s, operation{
		id: "createApiKey", path: "/api-keys", tag: tagHouse, summary: "Make an API key", status: http.StatusCreated, codes: []fault.Code{fault.Forbidden, fault.NotFound},
		about: "Staff for themselves, administrators for anybody. Its secret is told this once, and not when the wish is sent again. Who came by an API key makes none.",
	}, s.createKey, func(ctx context.Context, c access.Call, in *APIKeyInput, k string) (shown[APIKey], error) {
		found, err := s.key(ctx, c, opaque.Of[id.APIKey](opaque.APIKey, k))
		if err == nil {
			found.body.Secret = filled(in.secret)
		}
		return found, err
	})
	change(s, operation{
		id: "revokeApiKey", method: http.MethodDelete, path: "/api-keys/{apiKeyId}", tag: tagHouse, summary: "Revoke an API key",
		about: "At once, everywhere, for good. The caller's own, or for administrators anybody's. It stays in the list.", codes: []fault.Code{fault.Forbidden, fault.NotFound},
	}, func(ctx context.Context, c access.Call, in *struct {
		APIKeyPath
		Keyed
	}, _ int64,
	) (string, error) {
		return in.APIKeyID, s.Auth.RevokeKey(ctx, c, in.id())
	}, func(ctx context.Context, c access.Call, _ *struct {
		APIKeyPath
		Keyed
	}, k string,
	) (shown[APIKey], error) {
		return s.key(ctx, c, opaque.Of[id.APIKey](opaque.APIKey, k))
	})
}

func (s *server) createKey(ctx context.Context, c access.Call, in *APIKeyInput, _ int64) (string, error) {
	k, secret, err := s.Auth.CreateKey(ctx, c, in.Body.wish())
	if err != nil {
		return "", err
	}
	in.secret = secret
	return external(opaque.APIKey, k.ID), nil
}
