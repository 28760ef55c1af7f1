// Package jwt gives access tokens their form: JSON Web Tokens signed with
// Ed25519 by keys that all processes of the helpdesk share.
package jwt

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/id"
)

// issuer is who tokens are from, and for whom.
const issuer = "ticketsys"

// maxLength is the longest token that is looked at, in bytes.
const maxLength = 2048

// skew is how far the clocks of two machines may differ when one checks a
// token that the other has just made.
const skew = 5 * time.Second

// Options are what a token's maker may be given.
type Options struct {
	// Secret seals the private parts of keys before they are stored; empty: they
	// are stored as they are.
	Secret string
	// Random is where keys come from; nil: the system's secure source.
	Random io.Reader
	// Logger hears of keys that the secret does not protect; nil: nobody does.
	Logger *slog.Logger
}

// Tokens makes and checks tokens. It implements auth.Tokens.
type Tokens struct{ ring *ring }

// New makes Tokens over stored keys. The first key is made when it is needed.
func New(keys auth.Keys, o Options) *Tokens {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Tokens{ring: &ring{store: keys, logger: o.Logger, sealer: sealer{secret: o.Secret, random: o.Random}}}
}

// claims is what a token says.
type claims struct {
	jwt.RegisteredClaims

	Workspace string `json:"wsp"`
	Session   string `json:"sid,omitempty"`
	SignOuts  int64  `json:"out,omitempty"`
}

// Issue makes a token for the subject.
func (t *Tokens) Issue(ctx context.Context, s auth.Subject, now time.Time) (string, error) {
	key, err := t.ring.signing(ctx, now)
	if err != nil {
		return "", err
	}
	said := claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{issuer}, Subject: strconv.FormatInt(int64(s.Member), 10),
			IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(s.ExpiresAt),
		},
		Workspace: s.Workspace.String(), SignOuts: s.SignOuts,
	}
	if s.Session != 0 {
		said.Session = strconv.FormatInt(int64(s.Session), 10)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, said)
	token.Header["kid"] = key.id
	return token.SignedString(key.private)
}

// Verify checks a token: its signature by a key of ours and no other algorithm,
// issuer, audience and times. Codes: unauthenticated.
func (t *Tokens) Verify(ctx context.Context, token string, now time.Time) (auth.Subject, error) {
	if len(token) > maxLength {
		return auth.Subject{}, auth.ErrToken
	}
	var c claims
	var broken error // of the store, which is no fault of the token
	_, err := parser(now, issuer).ParseWithClaims(token, &c, func(token *jwt.Token) (any, error) {
		kid, _ := token.Header["kid"].(string)
		public, err := t.ring.verifying(ctx, kid, now)
		if err != nil && !errors.Is(err, errUnknownKey) {
			broken = err
		}
		return public, err
	})
	switch {
	case broken != nil:
		return auth.Subject{}, broken
	case errors.Is(err, jwt.ErrTokenExpired):
		return auth.Subject{}, access.ErrExpired
	case err != nil:
		return auth.Subject{}, auth.ErrToken.Because(err)
	}
	return subject(c, now)
}

// Rotate lets a new key sign from now on, and gives its ID. The one that signed goes
// on to verify for the overlap: what it signed is good for no longer than that. Other
// processes sign with the new key within a minute, and verify by it within a second.
// With no overlap, whatever was signed before counts no more.
func (t *Tokens) Rotate(ctx context.Context, overlap time.Duration, now time.Time) (string, error) {
	// A key that is sealed with another secret than the server's would stop it. Who lost
	// the secret rotates with no overlap.
	if _, err := t.ring.signing(ctx, now); err != nil && overlap > 0 {
		return "", fmt.Errorf("open the key that signs: %w", err)
	}
	k, err := t.ring.put(ctx, now, func(ctx context.Context, k auth.Key) ([]auth.Key, error) {
		return t.ring.store.Rotate(ctx, k, now.Add(overlap))
	})
	if err != nil {
		return "", err
	}
	return k.current.ID, nil
}

func parser(now time.Time, audience ...string) *jwt.Parser {
	return jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithIssuer(issuer), jwt.WithAudience(audience...),
		jwt.WithExpirationRequired(), jwt.WithNotBeforeRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(skew),
		jwt.WithStrictDecoding(), jwt.WithTimeFunc(func() time.Time { return now }),
	)
}

// subject reads whom a checked token names. Its end is kept to the second,
// unlike its beginning.
func subject(c claims, now time.Time) (auth.Subject, error) {
	if !now.Before(c.ExpiresAt.Time) {
		return auth.Subject{}, access.ErrExpired
	}
	member, err := strconv.ParseInt(c.Subject, 10, 64)
	workspace, err2 := strconv.ParseInt(c.Workspace, 10, 64)
	var session int64
	var err3 error
	if c.Session != "" {
		session, err3 = strconv.ParseInt(c.Session, 10, 64)
	}
	if err := errors.Join(err, err2, err3); err != nil {
		return auth.Subject{}, auth.ErrToken.Because(fmt.Errorf("subject: %w", err))
	}
	return auth.Subject{
		Workspace: id.Workspace(workspace), Member: id.Member(member), ExpiresAt: c.ExpiresAt.UTC(), Session: id.Session(session), SignOuts: c.SignOuts,
	}, nil
}
