package sqlstore_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
)

// A request that was let in before its member was signed out everywhere makes no code
// after that.
func TestWhoWasSignedOutMeanwhileMakesNoCode(t *testing.T) {
	eachEntrance(t, func(t *testing.T, e *entrance) {
		ctx := t.Context()
		for name, maker := range map[string]struct{ by, of access.Actor }{"for themself": {e.amy, e.amy}, "for another": {e.admin, e.amy}} {
			must(t, e.auth.SignOut(ctx, call(maker.by), 0))
			before := len(e.record())
			if made, err := e.auth.CreateSignInCode(ctx, call(maker.by), maker.of.Member); !errors.Is(err, auth.ErrSignedOut) {
				t.Errorf("%s: %+v, %v", name, made, err)
			}
			if n := len(e.record()); n != before {
				t.Errorf("%s: the record tells of a code that was not made", name)
			}
			now := got(e.s.Members().Actor(ctx, e.id, maker.by.Member))(t)
			code := got(e.auth.CreateSignInCode(ctx, call(now), maker.of.Member))(t)
			got(e.auth.SignIn(ctx, code.Code, "", "", noon))(t)
		}
	})
}

// Of codes that are made for a member at once, the last one alone lets in.
func TestOfSeveralCodesAtOnceOneIsGood(t *testing.T) {
	eachEntrance(t, func(t *testing.T, e *entrance) {
		for range 5 {
			var all sync.WaitGroup
			made := make(chan auth.SignInCode, 8)
			for i := range cap(made) {
				by := e.amy
				if i%2 == 0 {
					by = e.admin
				}
				all.Go(func() {
					code, err := e.auth.CreateSignInCode(t.Context(), call(by), e.amy.Member)
					if err != nil {
						t.Error(err)
					}
					made <- code
				})
			}
			all.Wait()
			close(made)
			good := 0
			for code := range made {
				_, err := e.auth.SignIn(t.Context(), code.Code, "", "", noon)
				switch {
				case err == nil:
					good++
				case !errors.Is(err, auth.ErrCode):
					t.Error(err)
				}
			}
			if good != 1 {
				t.Errorf("%d codes let in", good)
			}
		}
	})
}
