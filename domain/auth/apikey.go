package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// Limits of API keys.
const (
	MaxKeyName     = 80 // characters
	DefaultKeyLife = 90 * 24 * time.Hour
	MaxKeyLife     = MaxTTL
	MaxKeys        = 100 // that a member has at a time
)

// The form of an API key: KeyPrefix, what it is looked up by, "_", its secret part.
// Whoever finds one somewhere, sees by its beginning what it is, and which.
const (
	KeyPrefix   = "tsk_"
	lookupBytes = 10
	secretBytes = 20
)

// The refusals of API keys.
var (
	ErrRevoked     = fault.New(fault.Unauthenticated, "fault.auth.revoked")
	ErrKeyNotFound = fault.New(fault.NotFound, "fault.auth.key_not_found")
)

// The reasons for which a key that exists is refused, as the record tells them.
const (
	refusedSecret  = "wrong_secret"
	refusedExpired = "expired"
	refusedRevoked = "revoked"
)

const (
	// useStep is how exact is remembered when a key was last used: it is written no
	// oftener.
	useStep = time.Minute
	// refusalStep is how often at most the record tells that a key was refused, so
	// that nobody fills it by presenting one again and again.
	refusalStep = time.Hour
)

// APIKey lets a program act as a member, within scopes, until it ends.
type APIKey struct {
	ID         id.APIKey
	Workspace  id.Workspace
	Member     id.Member // as whom it acts
	Name       string    // what it is for
	Lookup     string    // what follows KeyPrefix, by which it is found and known
	Hash       []byte    // SHA-256 of the whole key, which is random enough for it
	Scopes     []access.Permission
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsedAt time.Time // to the minute; zero: never
	RevokedAt  time.Time // zero: it is not
}

// Prefix is the beginning of the key, which is no secret.
func (k *APIKey) Prefix() string { return KeyPrefix + k.Lookup }

func (k *APIKey) object() audit.Object { return audit.Object{Kind: audit.APIKey, ID: int64(k.ID)} }

func (k *APIKey) facts() audit.Facts {
	return audit.Facts{
		"name": audit.Text(k.Name), "scopes": audit.Text(k.Scopes...), "memberId": audit.Named(audit.Member, k.Member),
		"expiresAt": audit.Text(k.ExpiresAt.UTC().Format(time.RFC3339)),
	}
}

// letters are those of keys: a key is selected as one word, and no letter is
// mistaken for another.
var letters = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// newKey gives a new key's lookup part, and the whole.
func newKey(random io.Reader) (lookup, whole string, err error) {
	var raw [lookupBytes + secretBytes]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", "", fmt.Errorf("make an API key: %w", err)
	}
	lookup = letters.EncodeToString(raw[:lookupBytes])
	return lookup, KeyPrefix + lookup + "_" + letters.EncodeToString(raw[lookupBytes:]), nil
}

// lookupOf gives the part by which a key is found; ok is false of what is none.
func lookupOf(presented string) (lookup string, ok bool) {
	rest, ok := strings.CutPrefix(presented, KeyPrefix)
	if !ok || len(rest) != letters.EncodedLen(lookupBytes)+1+letters.EncodedLen(secretBytes) {
		return "", false
	}
	lookup, _, ok = strings.Cut(rest, "_")
	return lookup, ok && len(lookup) == letters.EncodedLen(lookupBytes)
}

func hashOf(key string) []byte {
	sum := sha256.Sum256([]byte(key))
	return sum[:]
}

// byKey lets a key in.
func (s *Service) byKey(ctx context.Context, presented, lookup string, now time.Time) (access.Session, error) {
	if s.keys == nil {
		return access.Session{}, ErrToken
	}
	k, err := s.keys.ByLookup(ctx, lookup)
	switch {
	case fault.CodeOf(err) == fault.NotFound:
		return access.Session{}, ErrToken.Because(err)
	case err != nil:
		return access.Session{}, err
	case subtle.ConstantTimeCompare(k.Hash, hashOf(presented)) == 0:
		return access.Session{}, s.refused(ctx, k, ErrToken, refusedSecret, now)
	case !k.RevokedAt.IsZero():
		return access.Session{}, s.refused(ctx, k, ErrRevoked, refusedRevoked, now)
	case !now.Before(k.ExpiresAt):
		return access.Session{}, s.refused(ctx, k, access.ErrExpired, refusedExpired, now)
	}
	a, err := s.Named(ctx, k.Workspace, k.Member)
	if err != nil {
		return access.Session{}, err
	}
	if now.Sub(k.LastUsedAt) >= useStep { // a store that can't write now lets read on
		s.observed(ctx, s.keys.Used(ctx, k.ID, now, now.Add(-useStep)))
	}
	return access.Session{Actor: a.Within(k.Scopes), ExpiresAt: k.ExpiresAt, Token: access.Digest(presented), Key: k.ID}, nil
}

// refused records that a key was not let in, now and then.
func (s *Service) refused(ctx context.Context, k *APIKey, why *fault.Error, reason string, now time.Time) error {
	s.observed(ctx, s.keys.Refused(ctx, k.ID, audit.Refusal(k.Workspace, k.object(), now, reason), now.Add(-refusalStep)))
	return why
}

// KeyWish is a wish for a key.
type KeyWish struct {
	Name      string
	Member    id.Member // 0: the actor
	Scopes    []access.Permission
	ExpiresAt time.Time // zero: after DefaultKeyLife
}

// CreateKey makes a key for the actor, or as an administrator for another member,
// and gives it with its secret, which nobody can give again. Who came by a key makes
// none. Codes: unauthenticated, forbidden, invalid, not_found (no such member).
func (s *Service) CreateKey(ctx context.Context, c access.Call, w KeyWish) (*APIKey, string, error) {
	needed, m := access.KeyCreate, w.Member
	switch m {
	case 0:
		m = c.Actor.Member
	case c.Actor.Member:
	default:
		needed = access.KeyManage
	}
	if err := access.Require(c.Actor, needed, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, "", err
	}
	if c.Actor.Scopes != nil {
		return nil, "", access.ErrForbidden
	}
	k, err := w.key(c.Now)
	if err != nil {
		return nil, "", err
	}
	if _, err := s.members.Actor(ctx, c.Actor.Workspace, m); err != nil {
		return nil, "", onMember(err)
	}
	k.ID, k.Workspace, k.Member, k.CreatedAt = id.APIKey(s.ids()), c.Actor.Workspace, m, c.Now
	var whole string
	if k.Lookup, whole, err = newKey(s.random); err != nil {
		return nil, "", err
	}
	k.Hash = hashOf(whole)
	return k, whole, audit.Record(ctx, s.keys, c, s.now(c, k.ID), func(ctx context.Context) error { return s.keys.Add(ctx, k) })
}

// onMember says of a member who is not there that the input names them.
func onMember(err error) error {
	if fault.CodeOf(err) == fault.NotFound {
		return fault.New(fault.NotFound, "fault.member.not_found").On("memberId")
	}
	return err
}

// key gives the key that is wished for. Codes: invalid.
func (w KeyWish) key(now time.Time) (*APIKey, error) {
	name, err := locale.Clean(w.Name, "name", 1, MaxKeyName)
	if err != nil {
		return nil, err
	}
	if len(w.Scopes) == 0 {
		return nil, fault.New(fault.Invalid, "fault.text.empty").On("scopes")
	}
	for _, scope := range w.Scopes {
		if !slices.Contains(access.Permissions(), scope) {
			return nil, fault.New(fault.Invalid, "fault.auth.scope").With("Scope", string(scope)).On("scopes")
		}
	}
	ends := w.ExpiresAt
	if ends.IsZero() {
		ends = now.Add(DefaultKeyLife)
	}
	if !ends.After(now) || ends.Sub(now) > MaxKeyLife {
		return nil, fault.New(fault.Invalid, "fault.auth.key_life").On("expiresAt")
	}
	return &APIKey{Name: name, Scopes: slices.Compact(slices.Sorted(slices.Values(w.Scopes))), ExpiresAt: ends}, nil
}

// RevokeKey ends a key of the actor's, or as an administrator anybody's. One that is
// revoked stays it. Codes: unauthenticated, forbidden, not_found.
func (s *Service) RevokeKey(ctx context.Context, c access.Call, k id.APIKey) error {
	if _, err := s.Key(ctx, c, k); err != nil {
		return err
	}
	return audit.Record(ctx, s.keys, c, s.now(c, k), func(ctx context.Context) error {
		return s.keys.Revoke(ctx, c.Actor.Workspace, k, c.Now)
	})
}

// now gives what the record tells of a key: nothing once it is revoked.
func (s *Service) now(c access.Call, key id.APIKey) func(context.Context) (audit.State, error) {
	return func(ctx context.Context) (audit.State, error) {
		found, err := s.keys.Get(ctx, c.Actor.Workspace, key)
		state := audit.State{}
		for _, k := range found {
			if k.RevokedAt.IsZero() {
				state[k.object()] = k.facts()
			}
		}
		return state, err
	}
}
