// Package auth turns a token into the actor who presents it. How tokens look
// is an adapter's business.
package auth

import (
	"context"
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
}

// Keys is the port to stored signing keys.
type Keys interface {
	// All gives all keys, newest first.
	All(ctx context.Context) ([]Key, error)
	// Add stores a key unless there is already one that is not retired, and
	// gives the keys as they are then: two processes that start together end
	// with the same key.
	Add(ctx context.Context, k Key) ([]Key, error)
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
}

// NewService makes the service.
func NewService(t Tokens, m member.Repository) *Service { return &Service{tokens: t, members: m} }

// Authenticate resolves a token to the actor that it names and the moment at
// which it ends. Codes: unauthenticated.
func (s *Service) Authenticate(ctx context.Context, token string, now time.Time) (access.Actor, time.Time, error) {
	sub, err := s.tokens.Verify(ctx, token, now)
	if err != nil {
		return access.Actor{}, time.Time{}, err
	}
	a, err := s.Named(ctx, sub.Workspace, sub.Member)
	if err != nil {
		return access.Actor{}, time.Time{}, err
	}
	return a, sub.ExpiresAt, nil
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
	if m == 0 {
		if !r.Valid() {
			return "", fault.New(fault.Invalid, "fault.member.role").On("role")
		}
		service, err := s.members.Service(ctx, w, r, now)
		if err != nil {
			return "", err
		}
		m = service.ID
	} else if _, err := s.members.Actor(ctx, w, m); err != nil {
		return "", err
	}
	return s.tokens.Issue(ctx, Subject{Workspace: w, Member: m, ExpiresAt: now.Add(ttl)}, now)
}
