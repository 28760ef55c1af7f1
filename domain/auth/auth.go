// Package auth turns what somebody presents into the actor who they are: an access
// token, whose form is an adapter's business, or an API key.
package auth

import (
	"context"
	"io"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
)

// Limits of an access token's life.
const (
	DefaultTTL = time.Hour
	MaxTTL     = 366 * 24 * time.Hour
)

// ErrToken refuses a token that is none of ours. One that is over is refused by
// access.ErrExpired.
var ErrToken = fault.New(fault.Unauthenticated, "fault.auth.token")

// Subject is whom a token names.
type Subject struct {
	Workspace id.Workspace
	Member    id.Member
	ExpiresAt time.Time
}

// Key is a signing key pair. Its private part never leaves the program.
type Key struct {
	ID        string // the "kid" of tokens
	Private   []byte // Ed25519 seed, perhaps sealed by the adapter
	Public    []byte
	CreatedAt time.Time
	RetiredAt time.Time // zero while it signs; later it only verifies
	Until     time.Time // when it stops to verify; zero: it is not known yet
}

// Keys is the port to stored signing keys.
type Keys interface {
	// All gives all keys, newest first.
	All(ctx context.Context) ([]Key, error)
	// Add stores a key unless there is already one that is not retired, and
	// gives the keys as they are then: two processes that start together end
	// with the same key.
	Add(ctx context.Context, k Key) ([]Key, error)
	// Rotate stores a key in the place of the one that signs, which goes on to
	// verify until the given moment, and gives the keys as they are then.
	Rotate(ctx context.Context, k Key, until time.Time) ([]Key, error)
}

// Tokens is the port to the form of tokens.
type Tokens interface {
	// Issue makes a token for the subject.
	Issue(ctx context.Context, s Subject, now time.Time) (string, error)
	// Verify checks a token. Codes: unauthenticated.
	Verify(ctx context.Context, token string, now time.Time) (Subject, error)
}

// Service is the door.
type Service struct {
	tokens  Tokens
	members member.Repository
	keys    APIKeys
	ids     id.Source
	random  io.Reader
	observe func(context.Context, error) // nil: nobody does
}

// NewService makes the service. Without keys there are no API keys; random is where
// their secret parts come from.
func NewService(t Tokens, m member.Repository, keys APIKeys, ids id.Source, random io.Reader) *Service {
	return &Service{tokens: t, members: m, keys: keys, ids: ids, random: random}
}

// Observing lets somebody hear of what went wrong beside a request without failing
// it: that a use or a refusal could not be noted.
func (s *Service) Observing(observe func(context.Context, error)) { s.observe = observe }

func (s *Service) observed(ctx context.Context, err error) {
	if err != nil && s.observe != nil {
		s.observe(ctx, err)
	}
}

// Authenticate resolves a token or an API key to the session of whom it names.
// Codes: unauthenticated.
func (s *Service) Authenticate(ctx context.Context, presented string, now time.Time) (access.Session, error) {
	if lookup, ok := lookupOf(presented); ok {
		return s.byKey(ctx, presented, lookup, now)
	}
	sub, err := s.tokens.Verify(ctx, presented, now)
	if err != nil {
		return access.Session{}, err
	}
	a, err := s.Named(ctx, sub.Workspace, sub.Member)
	if err != nil {
		return access.Session{}, err
	}
	return access.Session{Actor: a, ExpiresAt: sub.ExpiresAt, Token: access.Digest(presented)}, nil
}

// Check refuses a session that went on after what was presented had been revoked.
// Codes: unauthenticated.
func (s *Service) Check(ctx context.Context, of access.Session) error {
	if of.Key == 0 {
		return nil
	}
	revoked, err := s.keys.Revoked(ctx, of.Key)
	if err == nil && len(revoked) > 0 {
		return ErrRevoked
	}
	return err
}

// Revoked tells which of the keys are revoked by now. It asks no actor: it serves
// those who were let in by them.
func (s *Service) Revoked(ctx context.Context, keys ...id.APIKey) (map[id.APIKey]bool, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	return s.keys.Revoked(ctx, keys...)
}

// Named gives the actor whom something of ours names that was checked already.
// Codes: unauthenticated.
func (s *Service) Named(ctx context.Context, w id.Workspace, m id.Member) (access.Actor, error) {
	a, err := s.members.Actor(ctx, w, m)
	if fault.CodeOf(err) == fault.NotFound {
		return access.Actor{}, ErrToken.Because(err)
	}
	return a, err
}

// IssueFor makes a token for a member, or for the role's service member when m
// is 0. It asks no actor: it serves the command line, and whoever runs that
// beside the database can do anything. Codes: invalid, not_found.
func (s *Service) IssueFor(ctx context.Context, w id.Workspace, m id.Member, r access.Role, ttl time.Duration, now time.Time) (string, error) {
	if ttl <= 0 || ttl > MaxTTL {
		return "", fault.New(fault.Invalid, "fault.auth.ttl").On("ttl")
	}
	m, err := s.named(ctx, w, m, r, now)
	if err != nil {
		return "", err
	}
	return s.tokens.Issue(ctx, Subject{Workspace: w, Member: m, ExpiresAt: now.Add(ttl)}, now)
}

// CreateKeyFor makes an API key for a member, or for the role's service member when
// the wish names none. Like IssueFor it serves the command line. Codes: invalid,
// not_found.
func (s *Service) CreateKeyFor(ctx context.Context, w id.Workspace, r access.Role, wish KeyWish, now time.Time) (*APIKey, string, error) {
	m, err := s.named(ctx, w, wish.Member, r, now)
	if err != nil {
		return nil, "", err
	}
	wish.Member = m
	return s.CreateKey(ctx, access.Call{Actor: access.System(w), Now: now}, wish)
}

// named gives the member, or the role's service member if it is 0. Codes: invalid,
// not_found.
func (s *Service) named(ctx context.Context, w id.Workspace, m id.Member, r access.Role, now time.Time) (id.Member, error) {
	if m != 0 {
		_, err := s.members.Actor(ctx, w, m)
		return m, err
	}
	if !r.Valid() {
		return 0, fault.New(fault.Invalid, "fault.member.role").On("role")
	}
	service, err := s.members.Service(ctx, w, r, now)
	if err != nil {
		return 0, err
	}
	return service.ID, nil
}
