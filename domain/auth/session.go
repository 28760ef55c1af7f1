package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Limits of sessions.
const (
	AccessLife    = 15 * time.Minute     // of an access token of a session
	IdleLife      = 30 * 24 * time.Hour  // after which a session ends that was not refreshed
	SessionLife   = 180 * 24 * time.Hour // after which it ends however it was used
	RetryFor      = time.Minute          // in which a refresh is answered again, for the same key
	MaxSessions   = 50                   // that a member has at a time; the one that was used least lately makes room
	MaxLabel      = 80                   // characters
	SessionMemory = 30 * 24 * time.Hour  // in which a session that is over can still be seen
)

// RefreshPrefix is how a refresh token begins. What follows is the part by which its
// session is found, "_", and a secret part, as in an API key. That first part is shown to
// nobody: who presents it has had a token of the session.
const RefreshPrefix = "tsr_"

// The refusals of sessions.
var (
	ErrSignedOut       = fault.New(fault.Unauthenticated, "fault.auth.signed_out")
	ErrReused          = fault.New(fault.Unauthenticated, "fault.auth.reused")
	ErrSessionNotFound = fault.New(fault.NotFound, "fault.auth.session_not_found")
)

// EndReason is why a session ended before its time.
type EndReason string

// The reasons.
const (
	EndedByHand     EndReason = "signed_out"
	EndedEverywhere EndReason = "signed_out_everywhere"
	EndedByReuse    EndReason = "reused"   // of a token, or a code, that had been exchanged already
	EndedForRoom    EndReason = "replaced" // by a newer one, of a member who had MaxSessions
)

// Session is a member who is signed in on a device until it ends: a family of refresh
// tokens, of which the latest alone is good.
type Session struct {
	ID         id.Session
	Workspace  id.Workspace
	Member     id.Member
	Label      string // what they are signed in on, as that calls itself; "": it does not say
	CreatedAt  time.Time
	LastUsedAt time.Time // when its tokens were last exchanged
	ExpiresAt  time.Time // whatever is done
	EndedAt    time.Time // zero: it was not ended
	Reason     EndReason

	Lookup string // what follows RefreshPrefix in all its tokens
	Step
}

// Step is a session's tokens after an exchange: the one that is good, and what it takes to
// answer the exchange again to who asked for it.
type Step struct {
	Hash   []byte // SHA-256 of the token that is good
	Before []byte // SHA-256 of what was exchanged for it
	Chance []byte // from which, and from what was exchanged, the good one comes
	Retry  []byte // SHA-256 of the key by which the exchange may be asked for again; none: it may not
}

// Over tells when the session ends unless it is refreshed.
func (s *Session) Over() time.Time {
	if idle := s.LastUsedAt.Add(IdleLife); idle.Before(s.ExpiresAt) {
		return idle
	}
	return s.ExpiresAt
}

// Live reports whether the session lets somebody in.
func (s *Session) Live(now time.Time) bool { return s.EndedAt.IsZero() && now.Before(s.Over()) }

func (s *Session) object() audit.Object { return audit.Object{Kind: audit.Session, ID: int64(s.ID)} }

func (s *Session) facts() audit.Facts {
	return audit.Facts{
		"memberId": audit.Named(audit.Member, s.Member), "expiresAt": audit.Text(s.ExpiresAt.UTC().Format(time.RFC3339)),
	}
}

// Replaced is what the record tells of a session that ended to make room for another.
func (s *Session) Replaced(c access.Call) []audit.Entry {
	told := audit.Between(c, audit.State{s.object(): s.facts()}, nil)
	for i := range told {
		told[i].Changes = append(told[i].Changes, audit.Change{Field: "reason", After: audit.Text(EndedForRoom)})
	}
	return told
}

// Admission is the tokens of a session, told once.
type Admission struct {
	Session               id.Session
	AccessToken           string
	AccessTokenExpiresAt  time.Time
	RefreshToken          string
	RefreshTokenExpiresAt time.Time // unless it is exchanged before
}

// step gives the step that follows what is presented, and the token that is good then.
func (s *Service) step(lookup, presented, key string) (Step, string, error) {
	chance := make([]byte, secretBytes)
	if _, err := io.ReadFull(s.random, chance); err != nil {
		return Step{}, "", fmt.Errorf("make a refresh token: %w", err)
	}
	next := successor(lookup, presented, chance)
	step := Step{Hash: hashOf(next), Before: hashOf(presented), Chance: chance}
	if key != "" {
		step.Retry = hashOf(key)
	}
	return step, next, nil
}

// successor gives the token that is exchanged for what was presented. What the store has
// does not suffice to make it: what was presented is needed, of which it has the hash.
func successor(lookup, presented string, chance []byte) string {
	mac := hmac.New(sha256.New, chance)
	mac.Write([]byte(presented))
	return RefreshPrefix + lookup + "_" + letters.EncodeToString(mac.Sum(nil)[:secretBytes])
}

// again gives what was answered to the same wish before: what is presented was exchanged
// last, within RetryFor, with the same key, and what it was exchanged for is good still.
func (s *Session) again(presented, key string, now time.Time) (string, bool) {
	if key == "" || len(s.Retry) == 0 || now.Sub(s.LastUsedAt) > RetryFor ||
		!same(s.Retry, hashOf(key)) || !same(s.Before, hashOf(presented)) {
		return "", false
	}
	return successor(s.Lookup, presented, s.Chance), true
}

func same(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

// sessionOf gives the part of a refresh token by which its session is found; ok is false
// of what is none.
func sessionOf(presented string) (lookup string, ok bool) {
	rest, ok := strings.CutPrefix(presented, RefreshPrefix)
	if !ok {
		return "", false
	}
	return lookupOf(KeyPrefix + rest)
}

// How long the keys are by which an exchange may be asked for again, in bytes.
const (
	minRetryKey = 16
	maxRetryKey = 255
)

// checkRetry refuses a key that somebody could guess. Codes: invalid.
func checkRetry(key string) error {
	if key != "" && (len(key) < minRetryKey || len(key) > maxRetryKey) {
		return fault.New(fault.Invalid, "fault.auth.retry_key").With("Least", minRetryKey).With("Most", maxRetryKey).On("idempotencyKey")
	}
	return nil
}

// requireSession refuses what is about a member's sessions to whoever is neither that
// member nor may manage everybody's. Codes: unauthenticated, forbidden.
func requireSession(c access.Call, m id.Member) error {
	home := access.InWorkspace(c.Actor.Workspace)
	if m != c.Actor.Member || m == 0 {
		return access.Require(c.Actor, access.SessionManage, home)
	}
	if err := access.Require(c.Actor, access.WorkspaceSee, home); err != nil {
		return err
	}
	return access.RequireScope(c.Actor, access.SessionManage)
}
