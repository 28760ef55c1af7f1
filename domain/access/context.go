package access

import (
	"context"
	"crypto/sha256"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
)

// ErrExpired refuses a session that is over.
var ErrExpired = fault.New(fault.Unauthenticated, "fault.auth.expired")

// Session is what a request's door found out about who asks.
type Session struct {
	Actor     Actor      // nobody, perhaps with a Locale, when Refusal is set
	ExpiresAt time.Time  // when what was presented ends
	Refusal   error      // why it is nobody
	Token     string     // tells what was presented from any other, and does not give it away; "" if nothing was
	Address   string     // where it came from; "" if that is not known
	Key       id.APIKey  // that was presented; 0: something else was
	ID        id.Session // that what was presented belongs to; 0: to none
	SignOuts  int64      // of the member, when what was presented was made
}

// As gives who asks as they are in the workspace by now, within the limits of what
// they presented.
func (s Session) As(now Actor) Actor { return now.Within(s.Actor.Scopes) }

// SignedOut reports whether the member, as they are by now, was signed out everywhere
// since what was presented was made. API keys are not signed in.
func (s Session) SignedOut(now Actor) bool { return s.Key == 0 && s.SignOuts != now.SignOuts }

// Check refuses a session of nobody, or one that is over. Codes: unauthenticated,
// those of Refusal.
func (s Session) Check(now time.Time) error {
	switch {
	case s.Refusal != nil:
		return s.Refusal
	case !s.Actor.Known():
		return ErrNobody
	case !now.Before(s.ExpiresAt):
		return ErrExpired
	}
	return nil
}

type sessionKey struct{}

// NewContext gives a context that carries the session from the door of a
// transport to what serves the request behind it.
func NewContext(ctx context.Context, s Session) context.Context {
	return context.WithValue(ctx, sessionKey{}, s)
}

// FromContext gives the session of the request; that of nobody without one.
func FromContext(ctx context.Context) Session {
	s, _ := ctx.Value(sessionKey{}).(Session)
	return s
}

// Bearer gives the token of an Authorization value, if it has one.
func Bearer(value string) (string, bool) {
	scheme, token, _ := strings.Cut(strings.TrimSpace(value), " ")
	token = strings.TrimSpace(token)
	return token, token != "" && strings.EqualFold(scheme, "Bearer")
}

// Digest names a token without giving it away.
func Digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return string(sum[:16])
}
