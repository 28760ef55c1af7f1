package sqlstore_test

import (
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

func TestSessionsAreListedEndedAndForgotten(t *testing.T) {
	eachEntrance(t, func(t *testing.T, e *entrance) {
		ctx := t.Context()
		mine := e.signsIn()
		theirs := got(e.auth.BeginFor(ctx, e.id, e.admin.Member, "", "Console", noon))(t)
		list := func(by access.Actor) (all []id.Session) {
			for _, s := range got(e.auth.Sessions(ctx, call(by), query.Query{}, page.Request{First: 10}))(t).Items {
				all = append(all, s.ID)
			}
			return all
		}
		if seen := list(e.amy); len(seen) != 1 || seen[0] != mine.Session {
			t.Errorf("Amy sees %v", seen)
		}
		if seen := list(e.admin); len(seen) != 2 {
			t.Errorf("the administrator sees %v", seen)
		}
		wantErr(t, e.auth.EndSession(ctx, call(e.amy), theirs.Session), auth.ErrSessionNotFound)
		far := newWorld(t, e.s, "far").actor("zoe", access.RoleAdmin)
		wantErr(t, e.auth.EndSession(ctx, call(far), theirs.Session), auth.ErrSessionNotFound)
		key := e.amy.Within([]access.Permission{access.TicketSee})
		wantErr(t, e.auth.EndSession(ctx, call(key), mine.Session), access.ErrForbidden)
		_, err := e.auth.CreateSignInCode(ctx, call(e.admin.Within(access.Permissions())), 0)
		wantErr(t, err, access.ErrForbidden)
		must(t, e.auth.EndSession(ctx, call(e.amy), mine.Session))
		_, err = e.auth.Authenticate(ctx, mine.AccessToken, noon)
		wantErr(t, err, auth.ErrSignedOut)
		_, err = e.auth.Refresh(ctx, mine.RefreshToken, "", noon)
		wantErr(t, err, auth.ErrSignedOut)
		got(e.auth.Authenticate(ctx, theirs.AccessToken, noon))(t)
		must(t, e.s.Maintain(ctx, noon.Add(auth.SessionMemory/2)))
		if n := len(list(e.admin)); n != 2 {
			t.Errorf("%d sessions are left while they are remembered", n)
		}
		must(t, e.s.Maintain(ctx, noon.Add(auth.SessionMemory+time.Hour)))
		if seen := list(e.admin); len(seen) != 1 || seen[0] != theirs.Session {
			t.Errorf("%v are left", seen)
		}
		must(t, e.s.Maintain(ctx, noon.Add(auth.SessionMemory+auth.IdleLife+time.Hour)))
		if n := len(list(e.admin)); n != 0 {
			t.Errorf("%d sessions are left for ever", n)
		}
	})
}

func TestWhoSignsInOnceTooOftenIsOutWhereTheyWereLeastLately(t *testing.T) {
	eachEntrance(t, func(t *testing.T, e *entrance) {
		ctx := t.Context()
		first, second := e.signsIn(), e.signsIn()
		first = got(e.auth.Refresh(ctx, first.RefreshToken, "", noon.Add(time.Second)))(t)
		for range auth.MaxSessions - 1 {
			got(e.auth.BeginFor(ctx, e.id, e.amy.Member, "", "", noon.Add(time.Minute)))(t)
		}
		_, err := e.auth.Refresh(ctx, second.RefreshToken, "", noon)
		wantErr(t, err, auth.ErrSignedOut)
		got(e.auth.Refresh(ctx, first.RefreshToken, "", noon.Add(time.Minute)))(t)
	})
}
