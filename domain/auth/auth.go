// Package auth turns what somebody presents into the actor who they are: an access
// token, whose form is an adapter's business, or an API key.
package auth

import (
	"context"
	"io"
	"maps"
	"slices"
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
	Session   id.Session // that it belongs to; 0: to none
	SignOuts  int64      // of the member, when it was made
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
	tokens   Tokens
	members  member.Repository
	keys     APIKeys
	sessions Sessions // nil: nobody signs in
	ids      id.Source
	random   io.Reader
	observe  func(context.Context, error) // nil: nobody does
}

// NewService makes the service. Without keys there are no API keys; random is where
// their secret parts come from.
func NewService(t Tokens, m member.Repository, keys APIKeys, ids id.Source, random io.Reader) *Service {
	return &Service{tokens: t, members: m, keys: keys, ids: ids, random: random}
}

// Keeping lets members sign in, in sessions that are kept there. It gives the service.
func (s *Service) Keeping(sessions Sessions) *Service {
	s.sessions = sessions
	return s
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
	a, live, err := s.actor(ctx, sub)
	if err != nil {
		return access.Session{}, err
	}
	let := access.Session{Actor: a, ExpiresAt: sub.ExpiresAt, Token: access.Digest(presented), ID: sub.Session, SignOuts: sub.SignOuts}
	if !live || let.SignedOut(a) {
		return access.Session{}, ErrSignedOut
	}
	return let, nil
}

// actor resolves whom a token names, and tells whether the session that it belongs to, if
// it does, was not ended; in one statement either way. Codes: unauthenticated.
func (s *Service) actor(ctx context.Context, sub Subject) (access.Actor, bool, error) {
	if sub.Session == 0 || s.sessions == nil {
		a, err := s.Named(ctx, sub.Workspace, sub.Member)
		return a, sub.Session == 0, err
	}
	a, live, err := s.sessions.Actor(ctx, sub.Workspace, sub.Member, sub.Session)
	if fault.CodeOf(err) == fault.NotFound {
		err = ErrToken.Because(err)
	}
	return a, live, err
}

// Check refuses a session that went on after what was presented had been revoked, or
// the member, as they are by now, signed out. Codes: unauthenticated.
func (s *Service) Check(ctx context.Context, of access.Session, now access.Actor) error {
	over, err := s.Over(ctx, of)
	if err != nil {
		return err
	}
	return over.Check(of, now)
}

// Over is what was presented by those who go on, and lets nobody in any more.
type Over struct {
	revoked map[id.APIKey]bool
	ended   map[id.Session]bool
}

// Check refuses a session of what is over; now is its member, as they are by now. Codes:
// unauthenticated.
func (o Over) Check(of access.Session, now access.Actor) error {
	switch {
	case o.revoked[of.Key]:
		return ErrRevoked
	case o.ended[of.ID], of.SignedOut(now):
		return ErrSignedOut
	}
	return nil
}

// Over tells what is over of that by which the sessions were let in: a statement for API
// keys, if there are any, and one for what belongs to sessions of members.
func (s *Service) Over(ctx context.Context, all ...access.Session) (o Over, err error) {
	keys, sessions := map[id.APIKey]struct{}{}, map[id.Session]struct{}{}
	for _, one := range all {
		if one.Key != 0 {
			keys[one.Key] = struct{}{}
		}
		if one.ID != 0 {
			sessions[one.ID] = struct{}{}
		}
	}
	if len(keys) > 0 {
		if o.revoked, err = s.keys.Revoked(ctx, slices.Collect(maps.Keys(keys))...); err != nil {
			return Over{}, err
		}
	}
	if len(sessions) > 0 {
		o.ended, err = s.sessions.Ended(ctx, slices.Collect(maps.Keys(sessions))...)
	}
	return o, err
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
	a, err := s.members.Actor(ctx, w, m)
	if err != nil {
		return "", err
	}
	return s.tokens.Issue(ctx, Subject{Workspace: w, Member: m, ExpiresAt: now.Add(ttl), SignOuts: a.SignOuts}, now)
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
