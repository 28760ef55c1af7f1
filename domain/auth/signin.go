package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// CodeFor is how long a sign-in code can be exchanged.
const CodeFor = 10 * time.Minute

// codeBytes is how much chance is in a code.
const codeBytes = 10

// ErrCode refuses a sign-in code that never was, was exchanged, is over, or whose maker
// may not make it any more.
var ErrCode = fault.New(fault.Unauthenticated, "fault.auth.code")

// What a store answers: there is no such code; it was exchanged meanwhile.
var (
	ErrNoCode = fault.New(fault.NotFound, "fault.auth.code")
	ErrSpent  = fault.New(fault.Conflict, "fault.auth.code")
)

// SignInCode lets whoever has it sign in as a member, once: it is as secret as their
// tokens.
type SignInCode struct {
	Workspace id.Workspace
	Member    id.Member // who is signed in by it
	By        id.Member // who made it; 0: the helpdesk itself
	Code      string    // "" in what is stored
	CreatedAt time.Time
	ExpiresAt time.Time
	Session   id.Session // for which it was exchanged; 0: for none yet
}

// CreateSignInCode makes a code by which the member signs in: the actor themself, on
// another device, or for an administrator anybody. It takes the place of one that they
// have and did not exchange. Who came by an API key makes none, nor who was signed out
// everywhere meanwhile. Codes: unauthenticated, forbidden, not_found (no such member).
func (s *Service) CreateSignInCode(ctx context.Context, c access.Call, m id.Member) (SignInCode, error) {
	if m == 0 {
		m = c.Actor.Member
	}
	if err := requireSession(c, m); err != nil {
		return SignInCode{}, err
	}
	if c.Actor.Scopes != nil {
		return SignInCode{}, access.ErrForbidden
	}
	if _, err := s.members.Actor(ctx, c.Actor.Workspace, m); err != nil {
		return SignInCode{}, onMember(err)
	}
	chance := make([]byte, codeBytes)
	if _, err := io.ReadFull(s.random, chance); err != nil {
		return SignInCode{}, fmt.Errorf("make a sign-in code: %w", err)
	}
	made := SignInCode{Workspace: c.Actor.Workspace, Member: m, By: c.Actor.Member, CreatedAt: c.Now, ExpiresAt: c.Now.Add(CodeFor)}
	code := strings.ToUpper(letters.EncodeToString(chance))
	if err := s.keep(ctx, c, made, digestOf(code)); err != nil {
		return SignInCode{}, err
	}
	made.Code = code[:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:]
	return made, nil
}

// keep stores a code, and records who made it and whom it lets in, never the code. No
// sign-out comes between, and none that came before is outlived. Codes: unauthenticated.
func (s *Service) keep(ctx context.Context, c access.Call, made SignInCode, digest string) error {
	member := audit.Object{Kind: audit.Member, ID: int64(made.Member)}
	told := audit.Between(c, audit.State{member: nil}, audit.State{member: {
		"signInCode.expiresAt": audit.Text(made.ExpiresAt.UTC().Format(time.RFC3339)),
	}})
	return s.sessions.Recorded(ctx, c, func(ctx context.Context) ([]audit.Entry, error) {
		if err := s.stillIn(ctx, c.Actor); err != nil {
			return nil, err
		}
		return told, s.sessions.SaveCode(ctx, digest, made)
	})
}

// stillIn refuses who was signed out everywhere since they were let in. Codes:
// unauthenticated.
func (s *Service) stillIn(ctx context.Context, a access.Actor) error {
	if a.Member == 0 {
		return nil
	}
	now, err := s.Named(ctx, a.Workspace, a.Member)
	if err == nil && now.SignOuts != a.SignOuts {
		err = ErrSignedOut
	}
	return err
}

// plainCode is a code as it is made, however somebody typed it.
func plainCode(typed string) string {
	return strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(strings.TrimSpace(typed)))
}

// digestOf names a code in the store.
func digestOf(code string) string {
	sum := sha256.Sum256([]byte("sign-in:" + code))
	return hex.EncodeToString(sum[:])
}

// SignIn exchanges a code for a session's first tokens. A client that may not hear the
// answer names a key that nobody else knows, and asks again with it within RetryFor;
// whoever else presents the code again ends the session. It asks no actor. Codes:
// unauthenticated, invalid (the key or the label).
func (s *Service) SignIn(ctx context.Context, typed, label, key string, now time.Time) (Admission, error) {
	if err := checkRetry(key); err != nil {
		return Admission{}, err
	}
	label, err := locale.Clean(label, "label", 0, MaxLabel)
	if err != nil {
		return Admission{}, err
	}
	code := plainCode(typed)
	if s.sessions == nil || len(code) != letters.EncodedLen(codeBytes) {
		return Admission{}, ErrCode
	}
	for {
		known, err := s.sessions.Code(ctx, digestOf(code))
		switch {
		case fault.CodeOf(err) == fault.NotFound:
			return Admission{}, ErrCode.Because(err)
		case err != nil:
			return Admission{}, err
		case known.Session != 0:
			return s.signedIn(ctx, known, code, key, now)
		case !now.Before(known.ExpiresAt):
			return Admission{}, s.codeOver(ctx, known, code, now)
		}
		if err := s.stillMakes(ctx, known); err != nil {
			return Admission{}, err
		}
		g, err := s.begin(ctx, known, code, label, key, now)
		if !errors.Is(err, ErrSpent) { // else what somebody else made of it decides
			return g, err
		}
	}
}

// stillMakes refuses the code of somebody who may not make it any more. Codes:
// unauthenticated.
func (s *Service) stillMakes(ctx context.Context, c SignInCode) error {
	if c.By == c.Member || c.By == 0 {
		return nil
	}
	by, err := s.Named(ctx, c.Workspace, c.By)
	if err == nil && !access.Allowed(by, access.SessionManage, access.InWorkspace(c.Workspace)) {
		err = ErrCode
	}
	return err
}

// begin exchanges a code. Codes: conflict (it was exchanged meanwhile), unauthenticated.
func (s *Service) begin(ctx context.Context, of SignInCode, code, label, key string, now time.Time) (Admission, error) {
	made, refresh, err := s.newSession(of.Workspace, of.Member, label, code, key, now)
	if err != nil {
		return Admission{}, err
	}
	g, err := s.grant(ctx, made, refresh, now)
	if err != nil {
		return Admission{}, err
	}
	c := access.Call{
		Actor: access.Actor{Workspace: of.Workspace, Member: of.Member}, Now: now, Origin: event.Origin{Channel: event.ChannelAPI},
	}
	err = audit.Record(ctx, s.sessions, c, s.sessionBy(c, made.ID, of), func(ctx context.Context) error {
		if err := s.sessions.SpendCode(ctx, digestOf(code), made.ID); err != nil {
			return err
		}
		return s.sessions.Begin(ctx, made)
	})
	if err != nil {
		return Admission{}, err
	}
	return g, nil
}

// sessionBy gives what the record tells of a session, with who let somebody else in.
func (s *Service) sessionBy(c access.Call, made id.Session, of SignInCode) func(context.Context) (audit.State, error) {
	read := s.session(c, made)
	if of.By == of.Member || of.By == 0 {
		return read
	}
	return func(ctx context.Context) (audit.State, error) {
		state, err := read(ctx)
		for _, facts := range state {
			facts["by"] = audit.Named(audit.Member, of.By)
		}
		return state, err
	}
}

// newSession makes a session and its first refresh token, which comes of what is
// presented.
func (s *Service) newSession(w id.Workspace, m id.Member, label, presented, key string, now time.Time) (*Session, string, error) {
	lookup, _, err := newKey(s.random)
	if err != nil {
		return nil, "", err
	}
	step, refresh, err := s.step(lookup, presented, key)
	return &Session{
		ID: id.Session(s.ids()), Workspace: w, Member: m, Label: label, CreatedAt: now, LastUsedAt: now, ExpiresAt: now.Add(SessionLife),
		Lookup: lookup, Step: step,
	}, refresh, err
}

// signedIn answers who presents a code that was exchanged already.
func (s *Service) signedIn(ctx context.Context, of SignInCode, code, key string, now time.Time) (Admission, error) {
	found, err := s.sessions.Get(ctx, of.Workspace, of.Session)
	if err != nil || len(found) == 0 || !found[0].EndedAt.IsZero() {
		return Admission{}, ErrCode.Because(err)
	}
	if next, ok := found[0].again(code, key, now); ok {
		return s.grant(ctx, found[0], next, now)
	}
	return Admission{}, s.reused(ctx, found[0], now)
}

// codeOver refuses a code that is over, and takes it away: that is told once.
func (s *Service) codeOver(ctx context.Context, of SignInCode, code string, now time.Time) error {
	member := audit.Object{Kind: audit.Member, ID: int64(of.Member)}
	s.observed(ctx, s.sessions.DropCode(ctx, digestOf(code), audit.Refusal(of.Workspace, member, now, "sign_in_code_expired")))
	return ErrCode
}

// BeginFor makes a session for a member, or for the role's service member when m is 0,
// and gives its first tokens. Like IssueFor it serves the command line. Codes: invalid,
// not_found.
func (s *Service) BeginFor(ctx context.Context, w id.Workspace, m id.Member, r access.Role, label string, now time.Time) (Admission, error) {
	label, err := locale.Clean(label, "label", 0, MaxLabel)
	if err != nil {
		return Admission{}, err
	}
	if m, err = s.named(ctx, w, m, r, now); err != nil {
		return Admission{}, err
	}
	chance := make([]byte, secretBytes)
	if _, err := io.ReadFull(s.random, chance); err != nil {
		return Admission{}, fmt.Errorf("begin a session: %w", err)
	}
	made, refresh, err := s.newSession(w, m, label, string(chance), "", now)
	if err != nil {
		return Admission{}, err
	}
	g, err := s.grant(ctx, made, refresh, now)
	if err != nil {
		return Admission{}, err
	}
	c := access.Call{Actor: access.System(w), Now: now}
	err = audit.Record(ctx, s.sessions, c, s.session(c, made.ID), func(ctx context.Context) error { return s.sessions.Begin(ctx, made) })
	if err != nil {
		return Admission{}, err
	}
	return g, nil
}
