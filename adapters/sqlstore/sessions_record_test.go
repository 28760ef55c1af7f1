package sqlstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// record is what the record tells, the latest first.
func (e *entrance) record() []*audit.Entry {
	e.t.Helper()
	return got(audit.NewService(e.s.Audit()).Page(e.t.Context(), call(e.admin), query.Query{}, page.Request{First: 100}))(e.t).Items
}

// change gives what became of a field by an entry.
func change(e *audit.Entry, field string) audit.Change {
	i := slices.IndexFunc(e.Changes, func(c audit.Change) bool { return c.Field == field })
	if i < 0 {
		return audit.Change{}
	}
	return e.Changes[i]
}

// The record tells who made a code, for whom, and who let somebody else in.
func TestWhoLetsAnotherInIsInTheRecord(t *testing.T) {
	eachEntrance(t, func(t *testing.T, e *entrance) {
		code := got(e.auth.CreateSignInCode(t.Context(), call(e.admin), e.amy.Member))(t)
		told := e.record()[0]
		if told.Actor != e.admin.Member || told.Object != (audit.Object{Kind: audit.Member, ID: int64(e.amy.Member)}) || told.Action != audit.Changed {
			t.Errorf("of the code it tells %+v", told)
		}
		if len(told.Changes) != 1 || told.Changes[0].Field != "signInCode.expiresAt" {
			t.Errorf("of the code it tells %+v", told.Changes)
		}
		let := got(e.auth.SignIn(t.Context(), code.Code, "", "", noon))(t)
		told = e.record()[0]
		if told.Object != (audit.Object{Kind: audit.Session, ID: int64(let.Session)}) || told.Action != audit.Created {
			t.Errorf("of the session it tells %+v", told)
		}
		if by := change(told, "by").After; !slices.Equal(by.Items, []string{e.admin.Member.String()}) || by.Of != audit.Member {
			t.Errorf("the session is by %+v", by)
		}
		e.signsIn()
		if own := e.record()[0]; change(own, "by").Field != "" || own.Actor != e.amy.Member {
			t.Errorf("of who lets themself in it tells %+v", own)
		}
		for _, one := range e.record() {
			if told := fmt.Sprintf("%+v", one); strings.Contains(told, code.Code) || strings.Contains(told, strings.ReplaceAll(code.Code, "-", "")) {
				t.Errorf("the record has the code: %s", told)
			}
		}
	})
}

// A session that made room for another is told of like any that ends, with the reason.
func TestASessionThatMakesRoomIsInTheRecord(t *testing.T) {
	eachEntrance(t, func(t *testing.T, e *entrance) {
		old := e.signsIn()
		for range auth.MaxSessions - 1 {
			got(e.auth.BeginFor(t.Context(), e.id, e.amy.Member, "", "", noon.Add(time.Minute)))(t)
		}
		for _, told := range e.record() {
			if told.Action == audit.Removed {
				t.Errorf("while there is room it tells %+v", told)
			}
		}
		e.signsIn()
		told := slices.DeleteFunc(e.record(), func(one *audit.Entry) bool { return one.Action != audit.Removed })
		if len(told) != 1 || told[0].Object != (audit.Object{Kind: audit.Session, ID: int64(old.Session)}) {
			t.Fatalf("it tells %+v", told)
		}
		if told[0].Actor != e.amy.Member || told[0].Channel != event.ChannelAPI {
			t.Errorf("it was done by %d on %s", told[0].Actor, told[0].Channel)
		}
		if why := change(told[0], "reason").After; !slices.Equal(why.Items, []string{string(auth.EndedForRoom)}) {
			t.Errorf("the reason is %+v", why)
		}
		if who := change(told[0], "memberId").Before; !slices.Equal(who.Items, []string{e.amy.Member.String()}) {
			t.Errorf("it was of %+v", who)
		}
	})
}
