package sqlstore_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// readable are access tokens that anybody can read.
type readable struct{}

func (readable) Issue(_ context.Context, s auth.Subject, _ time.Time) (string, error) {
	raw, err := json.Marshal(s)
	return string(raw), err
}

func (readable) Verify(_ context.Context, token string, now time.Time) (s auth.Subject, err error) {
	if json.Unmarshal([]byte(token), &s) != nil {
		return auth.Subject{}, auth.ErrToken
	}
	if !now.Before(s.ExpiresAt) {
		return auth.Subject{}, access.ErrExpired
	}
	return s, nil
}

// entrance is a helpdesk into which Amy signs in.
type entrance struct {
	*world

	auth       *auth.Service
	amy, admin access.Actor
}

func eachEntrance(t *testing.T, body func(t *testing.T, e *entrance)) {
	t.Helper()
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		e := &entrance{world: newWorld(t, s, "entrance")}
		e.auth = auth.NewService(readable{}, s.Members(), s.APIKeys(), s.IDs(), rand.Reader).Keeping(s.Sessions())
		e.amy, e.admin = e.actor("amy", access.RoleRequester), e.actor("ann", access.RoleAdmin)
		body(t, e)
	})
}

// signsIn lets Amy sign in by a code of her own.
func (e *entrance) signsIn() auth.Admission {
	e.t.Helper()
	now := got(e.s.Members().Actor(e.t.Context(), e.id, e.amy.Member))(e.t) // she may have signed out
	code := got(e.auth.CreateSignInCode(e.t.Context(), call(now), 0))(e.t)
	return got(e.auth.SignIn(e.t.Context(), code.Code, "Amy's phone", "", noon))(e.t)
}

func (e *entrance) session(of id.Session) *auth.Session {
	e.t.Helper()
	return got(e.auth.Session(e.t.Context(), call(e.admin), of))(e.t)
}

// refusals are the reasons of refusals in the record, the latest first.
func (e *entrance) refusals() (reasons []string) {
	e.t.Helper()
	found := got(audit.NewService(e.s.Audit()).Page(e.t.Context(), call(e.admin), query.Query{Where: query.Where{Conditions: []query.Condition{
		{Field: audit.FieldAction, Op: query.Eq, Values: []any{string(audit.Refused)}},
	}}}, page.Request{First: 50}))(e.t)
	for _, one := range found.Items {
		reasons = append(reasons, one.Changes[0].After.Items[0])
	}
	return reasons
}

const anotherKey = "a key that nobody guesses"

func TestASessionGoesOnAsLongAsItsTokensAreExchanged(t *testing.T) {
	eachEntrance(t, func(t *testing.T, e *entrance) {
		ctx, let, at := t.Context(), e.signsIn(), noon
		if !strings.HasPrefix(let.RefreshToken, auth.RefreshPrefix) || !let.AccessTokenExpiresAt.Equal(noon.Add(auth.AccessLife)) {
			t.Errorf("the first tokens are %+v", let)
		}
		first := e.session(let.Session)
		if first.Member != e.amy.Member || first.Label != "Amy's phone" || !first.ExpiresAt.Equal(noon.Add(auth.SessionLife)) {
			t.Errorf("the session is %+v", first)
		}
		for at.Sub(noon) < auth.SessionLife-auth.IdleLife {
			at = at.Add(auth.IdleLife - time.Second)
			let = got(e.auth.Refresh(ctx, let.RefreshToken, "", at))(t)
			if s := got(e.auth.Authenticate(ctx, let.AccessToken, at))(t); s.Actor.Member != e.amy.Member || s.ID != let.Session {
				t.Errorf("the access token lets in %+v", s)
			}
		}
		_, err := e.auth.Authenticate(ctx, let.AccessToken, at.Add(auth.AccessLife))
		wantErr(t, err, access.ErrExpired)
		if now := e.session(let.Session); !now.LastUsedAt.Equal(at) || !now.Over().Equal(first.ExpiresAt) {
			t.Errorf("after months the session is %+v", now)
		}
		_, err = e.auth.Refresh(ctx, let.RefreshToken, "", noon.Add(auth.SessionLife))
		wantErr(t, err, access.ErrExpired) // however it was used
		idle := e.signsIn()
		_, err = e.auth.Refresh(ctx, idle.RefreshToken, "", noon.Add(auth.IdleLife))
		wantErr(t, err, access.ErrExpired)
		if told := e.refusals(); len(told) != 2 || told[0] != "expired" {
			t.Errorf("the record tells of %v", told)
		}
	})
}

// Whichever token of a session but the latest is presented, the session is over for all.
func TestASpentTokenEndsItsSession(t *testing.T) {
	eachEntrance(t, func(t *testing.T, e *entrance) {
		ctx := t.Context()
		for back := 1; back <= 3; back++ {
			let, other := e.signsIn(), e.signsIn()
			all := []string{let.RefreshToken}
			for i := range 3 {
				let = got(e.auth.Refresh(ctx, let.RefreshToken, "", noon.Add(time.Duration(i)*time.Minute)))(t)
				all = append(all, let.RefreshToken)
			}
			_, err := e.auth.Refresh(ctx, all[3-back], "", noon.Add(time.Hour))
			wantErr(t, err, auth.ErrReused)
			_, err = e.auth.Refresh(ctx, let.RefreshToken, "", noon.Add(time.Hour))
			wantErr(t, err, auth.ErrSignedOut)
			_, err = e.auth.Authenticate(ctx, let.AccessToken, noon.Add(2*time.Minute))
			wantErr(t, err, auth.ErrSignedOut)
			if s := e.session(let.Session); s.Reason != auth.EndedByReuse || s.EndedAt.IsZero() {
				t.Errorf("the session is %+v", s)
			}
			got(e.auth.Refresh(ctx, other.RefreshToken, "", noon))(t) // another session is not concerned
		}
		if told := e.refusals(); len(told) != 6 || told[0] != "reused" || told[1] != "reused" {
			t.Errorf("the record tells of %v", told)
		}
		for _, forged := range []string{"", "tsr_", "x", "tsr_" + strings.Repeat("a", 16) + "_" + strings.Repeat("a", 32), "tsk_" + strings.Repeat("a", 16) + "_" + strings.Repeat("a", 32)} {
			_, err := e.auth.Refresh(ctx, forged, "", noon)
			wantErr(t, err, auth.ErrToken)
		}
	})
}

// Of several who exchange one token at once, one gets the next; the others end it.
func TestOneOfSeveralAtOnceExchangesAToken(t *testing.T) {
	eachEntrance(t, func(t *testing.T, e *entrance) {
		exchange := func(key string) (won []auth.Admission, let auth.Admission) {
			let = e.signsIn()
			var mu sync.Mutex
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					g, err := e.auth.Refresh(t.Context(), let.RefreshToken, key, noon)
					mu.Lock()
					defer mu.Unlock()
					switch {
					case err == nil:
						won = append(won, g)
					case !errors.Is(err, auth.ErrReused) && !errors.Is(err, auth.ErrSignedOut) || g != (auth.Admission{}):
						t.Errorf("another gets %+v, %v", g, err)
					}
				})
			}
			all.Wait()
			return won, let
		}
		won, let := exchange("")
		if len(won) != 1 {
			t.Fatalf("%d got the next token", len(won))
		}
		_, err := e.auth.Refresh(t.Context(), won[0].RefreshToken, "", noon)
		wantErr(t, err, auth.ErrSignedOut)
		if s := e.session(let.Session); s.Reason != auth.EndedByReuse {
			t.Errorf("the session is %+v", s)
		}
		won, let = exchange(anotherKey) // one client, who asks again and again
		if len(won) != 8 {
			t.Fatalf("%d of 8 wishes of one client are answered", len(won))
		}
		for _, g := range won {
			if g.RefreshToken != won[0].RefreshToken || g.RefreshToken == let.RefreshToken {
				t.Errorf("they are answered with %s and %s", g.RefreshToken, won[0].RefreshToken)
			}
		}
		got(e.auth.Refresh(t.Context(), won[0].RefreshToken, anotherKey, noon))(t)
	})
}

// A client that did not hear the answer asks again with the key that it named, for a
// while; nobody else does.
func TestALostAnswerIsGivenAgainToWhoNamesTheKey(t *testing.T) {
	eachEntrance(t, func(t *testing.T, e *entrance) {
		ctx := t.Context()
		let := e.signsIn()
		next := got(e.auth.Refresh(ctx, let.RefreshToken, anotherKey, noon))(t)
		again := got(e.auth.Refresh(ctx, let.RefreshToken, anotherKey, noon.Add(auth.RetryFor)))(t)
		if again.RefreshToken != next.RefreshToken {
			t.Error("another token is given")
		}
		got(e.auth.Authenticate(ctx, again.AccessToken, noon))(t)
		for name, try := range map[string]func(auth.Admission) error{
			"without the key": func(old auth.Admission) error {
				_, err := e.auth.Refresh(ctx, old.RefreshToken, "", noon)
				return err
			},
			"with another key": func(old auth.Admission) error {
				_, err := e.auth.Refresh(ctx, old.RefreshToken, anotherKey+"!", noon)
				return err
			},
			"too late": func(old auth.Admission) error {
				_, err := e.auth.Refresh(ctx, old.RefreshToken, anotherKey, noon.Add(auth.RetryFor+time.Second))
				return err
			},
		} {
			old := e.signsIn()
			got(e.auth.Refresh(ctx, old.RefreshToken, anotherKey, noon))(t)
			if err := try(old); !errors.Is(err, auth.ErrReused) {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err := e.auth.Refresh(ctx, next.RefreshToken, "short", noon)
		if err == nil || errors.Is(err, auth.ErrReused) {
			t.Errorf("a key that is guessed: %v", err)
		}
		further := got(e.auth.Refresh(ctx, next.RefreshToken, "", noon))(t)
		_, err = e.auth.Refresh(ctx, let.RefreshToken, anotherKey, noon) // of the step before
		wantErr(t, err, auth.ErrReused)
		_, err = e.auth.Refresh(ctx, further.RefreshToken, "", noon)
		wantErr(t, err, auth.ErrSignedOut)
	})
}

func TestASignInCodeIsGoodOnceAndForAWhile(t *testing.T) {
	eachEntrance(t, func(t *testing.T, e *entrance) {
		ctx := t.Context()
		code := got(e.auth.CreateSignInCode(ctx, call(e.admin), e.amy.Member))(t)
		typed := strings.ToLower(strings.ReplaceAll(code.Code, "-", " "))
		let := got(e.auth.SignIn(ctx, typed, "", anotherKey, noon))(t)
		again := got(e.auth.SignIn(ctx, code.Code, "", anotherKey, noon))(t) // the answer was lost
		if again.RefreshToken != let.RefreshToken || again.Session != let.Session {
			t.Error("another session began")
		}
		_, err := e.auth.SignIn(ctx, code.Code, "", "", noon.Add(time.Second))
		wantErr(t, err, auth.ErrReused)
		_, err = e.auth.Refresh(ctx, let.RefreshToken, "", noon)
		wantErr(t, err, auth.ErrSignedOut)
		_, err = e.auth.SignIn(ctx, code.Code, "", "", noon)
		wantErr(t, err, auth.ErrCode)

		old := got(e.auth.CreateSignInCode(ctx, call(e.admin), e.amy.Member))(t)
		late := got(e.auth.CreateSignInCode(ctx, call(e.amy), 0))(t)
		for name, bad := range map[string]string{"replaced": old.Code, "made up": "AAAA-AAAA-AAAA-AAAA", "cut": late.Code[:10], "none": ""} {
			if _, err := e.auth.SignIn(ctx, bad, "", "", noon); !errors.Is(err, auth.ErrCode) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for range 2 {
			_, err = e.auth.SignIn(ctx, late.Code, "", "", noon.Add(auth.CodeFor))
			wantErr(t, err, auth.ErrCode)
		}
		if told := e.refusals(); len(told) != 3 || told[0] != "sign_in_code_expired" {
			t.Errorf("the record tells of %v", told)
		}
		given := got(e.auth.CreateSignInCode(ctx, call(e.admin), e.amy.Member))(t)
		must(t, e.s.Members().SetRole(ctx, member.Ref{Workspace: e.id, ID: e.admin.Member}, access.RoleSupervisor))
		_, err = e.auth.SignIn(ctx, given.Code, "", "", noon) // its maker is no administrator any more
		wantErr(t, err, auth.ErrCode)
	})
}

func TestOneOfSeveralAtOnceExchangesACode(t *testing.T) {
	eachEntrance(t, func(t *testing.T, e *entrance) {
		code := got(e.auth.CreateSignInCode(t.Context(), call(e.amy), 0))(t)
		var mu sync.Mutex
		var all sync.WaitGroup
		won := 0
		for i := range 6 {
			all.Go(func() {
				_, err := e.auth.SignIn(t.Context(), code.Code, fmt.Sprint(i), "", noon)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				}
			})
		}
		all.Wait()
		if n := got(e.auth.CountSessions(t.Context(), call(e.amy), query.Where{}))(t); won != 1 || n != 1 {
			t.Errorf("%d signed in, in %d sessions", won, n)
		}
	})
}

// Who signs out everywhere is out at once, wherever they are in, and can come in again.
func TestSigningOutEverywhereEndsAllButKeys(t *testing.T) {
	eachEntrance(t, func(t *testing.T, e *entrance) {
		ctx := t.Context()
		one, other := e.signsIn(), e.signsIn()
		loose := got(e.auth.IssueFor(ctx, e.id, e.amy.Member, "", time.Hour, noon))(t)
		admins := got(e.auth.IssueFor(ctx, e.id, e.admin.Member, "", time.Hour, noon))(t)
		code := got(e.auth.CreateSignInCode(ctx, call(e.amy), 0))(t)
		_, key, err := e.auth.CreateKey(ctx, call(e.admin), auth.KeyWish{Name: "Robot", Member: e.amy.Member, Scopes: auth.ReadScopes()})
		must(t, err)
		in := got(e.auth.Authenticate(ctx, one.AccessToken, noon))(t)
		byHand := got(e.auth.Authenticate(ctx, loose, noon))(t)
		heard, stop := e.s.Subscribe(access.Topic(e.id))
		defer stop()
		must(t, e.auth.SignOut(ctx, call(e.amy), 0))
		select {
		case <-heard:
		case <-ctx.Done():
			t.Error("nobody is woken")
		}
		for name, token := range map[string]string{"a session": one.AccessToken, "another": other.AccessToken, "a token alone": loose} {
			if _, err := e.auth.Authenticate(ctx, token, noon); !errors.Is(err, auth.ErrSignedOut) {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err = e.auth.Refresh(ctx, one.RefreshToken, "", noon)
		wantErr(t, err, auth.ErrSignedOut)
		_, err = e.auth.SignIn(ctx, code.Code, "", "", noon)
		wantErr(t, err, auth.ErrCode)
		now := got(e.s.Members().Actor(ctx, e.id, e.amy.Member))(t)
		wantErr(t, e.auth.Check(ctx, in, now), auth.ErrSignedOut)
		wantErr(t, e.auth.Check(ctx, byHand, now), auth.ErrSignedOut)
		got(e.auth.Authenticate(ctx, key, noon))(t)
		got(e.auth.Authenticate(ctx, admins, noon))(t)
		back := e.signsIn()
		got(e.auth.Authenticate(ctx, back.AccessToken, noon))(t)
		got(e.auth.Authenticate(ctx, got(e.auth.IssueFor(ctx, e.id, e.amy.Member, "", time.Hour, noon))(t), noon))(t)
		wantErr(t, e.auth.SignOut(ctx, call(e.amy), e.admin.Member), access.ErrForbidden)
		wantErr(t, e.auth.SignOut(ctx, call(e.admin), 1), member.ErrNotFound)
		must(t, e.auth.SignOut(ctx, call(e.admin), e.amy.Member))
		_, err = e.auth.Authenticate(ctx, back.AccessToken, noon)
		wantErr(t, err, auth.ErrSignedOut)
	})
}
