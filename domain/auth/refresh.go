package auth

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/fault"
)

// Refresh exchanges a refresh token for the next one and an access token. It is good for
// one exchange: whoever presents it a second time, or any token of the session but the
// latest, ends the session, as nobody can tell who of them it was stolen from. A client
// that may not hear the answer names a key that nobody else knows, and asks again with it.
// It asks no actor. Codes: unauthenticated, invalid (the key).
func (s *Service) Refresh(ctx context.Context, presented, key string, now time.Time) (Admission, error) {
	if err := checkRetry(key); err != nil {
		return Admission{}, err
	}
	lookup, ok := sessionOf(presented)
	if !ok || s.sessions == nil {
		return Admission{}, ErrToken
	}
	for {
		known, err := s.sessions.ByLookup(ctx, lookup)
		switch {
		case fault.CodeOf(err) == fault.NotFound:
			return Admission{}, ErrToken.Because(err)
		case err != nil:
			return Admission{}, err
		case !known.EndedAt.IsZero():
			return Admission{}, s.turnedAway(ctx, known, ErrSignedOut, string(known.Reason), now)
		case !now.Before(known.Over()):
			return Admission{}, s.turnedAway(ctx, known, access.ErrExpired, refusedExpired, now)
		case same(known.Hash, hashOf(presented)):
			g, won, err := s.rotate(ctx, known, presented, key, now)
			if err != nil || won {
				return g, err
			} // else somebody else did: what is there now decides
			continue
		}
		if next, ok := known.again(presented, key, now); ok {
			return s.grant(ctx, known, next, now)
		}
		return Admission{}, s.reused(ctx, known, now)
	}
}

// rotate takes a session's next step, unless another exchange did before: then it is
// false.
func (s *Service) rotate(ctx context.Context, known *Session, presented, key string, now time.Time) (Admission, bool, error) {
	step, next, err := s.step(known.Lookup, presented, key)
	if err != nil {
		return Admission{}, false, err
	}
	moved := *known
	moved.Step, moved.LastUsedAt = step, now
	g, err := s.grant(ctx, &moved, next, now)
	if err != nil {
		return Admission{}, false, err
	}
	won, err := s.sessions.Rotate(ctx, &moved, known.Hash)
	return g, won, err
}

// grant gives a session's tokens. Codes: unauthenticated (the member is gone).
func (s *Service) grant(ctx context.Context, of *Session, refresh string, now time.Time) (Admission, error) {
	a, err := s.Named(ctx, of.Workspace, of.Member)
	if err != nil {
		return Admission{}, err
	}
	ends := now.Add(AccessLife)
	if of.ExpiresAt.Before(ends) {
		ends = of.ExpiresAt
	}
	token, err := s.tokens.Issue(ctx, Subject{
		Workspace: of.Workspace, Member: of.Member, ExpiresAt: ends, Session: of.ID, SignOuts: a.SignOuts,
	}, now)
	return Admission{Session: of.ID, AccessToken: token, AccessTokenExpiresAt: ends, RefreshToken: refresh, RefreshTokenExpiresAt: of.Over()}, err
}

// reused ends a session whose spent token somebody presented, and tells so in the record.
func (s *Service) reused(ctx context.Context, of *Session, now time.Time) error {
	told := audit.Refusal(of.Workspace, of.object(), now, string(EndedByReuse))
	if err := s.sessions.EndForReuse(ctx, of, told, now); err != nil {
		return err
	}
	return ErrReused
}

// turnedAway records that a token of a session that is over was presented, now and then.
func (s *Service) turnedAway(ctx context.Context, of *Session, why *fault.Error, reason string, now time.Time) error {
	s.observed(ctx, s.sessions.Refused(ctx, of.ID, audit.Refusal(of.Workspace, of.object(), now, reason), now.Add(-refusalStep)))
	return why
}
