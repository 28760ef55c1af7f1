package rest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/api/rest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/budget"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// A member signs in by a code, goes on by exchanging tokens, and is out when the session
// ends, as by GraphQL.
func TestAMemberIsSignedInUntilTheSessionEnds(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		code := h.post(t, h.Ada, "/sign-in-codes", vars{"memberId": memberID(h.Lea)}).is(200).text("code")
		in := h.post(t, nil, "/sessions", vars{"code": code, "label": "Léa's phone"}).is(200)
		if in.header.Get("Cache-Control") != "no-store" || in.header.Get("ETag") != "" {
			t.Errorf("tokens may be kept on the way: %v", in.header)
		}
		h.by(t, in.text("accessToken"), http.MethodGet, "/me", nil).is(200).want("id", memberID(h.Lea))
		next := h.post(t, nil, "/sessions/refresh", vars{"refreshToken": in.text("refreshToken")}).is(200).want("sessionId", in.text("sessionId"))
		me := next.text("accessToken")
		h.by(t, me, http.MethodGet, "/sessions?count=true", nil).is(200).want("totalCount", 1).want("items.0.label", "Léa's phone").want("items.0.endedAt", nil)
		session := "/sessions/" + in.text("sessionId")
		if shown := h.by(t, me, http.MethodGet, session, nil).is(200); strings.Contains(shown.body, "tsr_") {
			t.Errorf("a session tells its token: %s", shown.body)
		}
		h.delete(t, h.Bob, session).refuses(404, "not_found")
		h.by(t, me, http.MethodDelete, session, nil).is(200)
		h.by(t, me, http.MethodGet, "/me", nil).refuses(401, "unauthenticated")
		h.post(t, nil, "/sessions/refresh", vars{"refreshToken": next.text("refreshToken")}).refuses(401, "unauthenticated")
		h.get(t, h.Ada, "/sessions?where="+`%7B"endedAt":%7B"isNull":false%7D%7D`).is(200).want("items.0.id", in.text("sessionId"))
	})
}

// A spent token ends the session, and administrators read that it did.
func TestASpentTokenIsToldOf(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		code := h.post(t, h.Lea, "/sign-in-codes", vars{}).is(200).text("code")
		in := h.post(t, nil, "/sessions", vars{"code": code}).is(200)
		next := h.post(t, nil, "/sessions/refresh", vars{"refreshToken": in.text("refreshToken")}).is(200)
		h.post(t, nil, "/sessions/refresh", vars{"refreshToken": in.text("refreshToken")}).refuses(401, "unauthenticated")
		h.post(t, nil, "/sessions/refresh", vars{"refreshToken": next.text("refreshToken")}).refuses(401, "unauthenticated")
		where := `%7B"object":%7B"eq":"` + in.text("sessionId") + `"%7D%7D`
		all := h.get(t, h.Ada, "/audit-entries?where="+where).is(200)
		if n := len(all.at("items").([]any)); n < 2 || strings.Contains(all.body, "tsr_") {
			t.Errorf("the record tells of it %d times: %s", n, all.body)
		}
		lost := h.post(t, nil, "/sessions", vars{"code": code}).refuses(401, "unauthenticated")
		if strings.Contains(lost.body, code) {
			t.Errorf("a refusal tells the code: %s", lost.body)
		}
	})
}

// Who is lost an answer asks again, who is signed out everywhere is out by whichever
// token, and neither is done by a key.
func TestSignOutEverywhere(t *testing.T) {
	h := sqlite(t)
	code := h.post(t, h.Lea, "/sign-in-codes", vars{}).is(200).text("code")
	in := h.post(t, nil, "/sessions", vars{"code": code}).is(200)
	again := func(key string) *answer {
		return h.post(t, nil, "/sessions/refresh", vars{"refreshToken": in.text("refreshToken")}, "Idempotency-Key", key)
	}
	first := again("nobody guesses this key").is(200)
	again("nobody guesses this key").is(200).want("refreshToken", first.text("refreshToken"))
	again("k").refuses(400, "invalid")
	key, _ := h.makes(t, h.Ada, access.TicketSee)
	h.by(t, key, http.MethodPost, "/sign-out", vars{}).refuses(403, "forbidden")
	all, _ := h.makes(t, h.Ada, access.Permissions()...)
	h.by(t, all, http.MethodPost, "/sign-in-codes", vars{}).refuses(403, "forbidden")
	me := first.text("accessToken")
	h.by(t, me, http.MethodPost, "/sign-out", vars{}).is(http.StatusNoContent)
	h.by(t, me, http.MethodGet, "/me", nil).refuses(401, "unauthenticated")
	again("nobody guesses this key").refuses(401, "unauthenticated")
	h.post(t, h.Ada, "/sign-out", vars{"memberId": memberID(&member.Member{ID: 1})}).refuses(404, "not_found").want("errors.0.pointer", "#/memberId")
}

// Guessing codes and tokens costs, as everything does.
func TestGuessingIsBounded(t *testing.T) {
	h := sqlite(t, func(c *rest.Config) {
		c.Budget, c.Now = budget.New(budget.Rate{Burst: 100, Window: time.Minute}), tickettest.NewClock().Now
	})
	for n := range 1000 {
		a := h.post(t, nil, "/sessions", vars{"code": "AAAA-AAAA-AAAA-AAAA"})
		if a.status == http.StatusUnauthorized {
			continue
		}
		if a.refuses(429, "rate_limited"); n != 25 || a.header.Get("Retry-After") == "" {
			t.Errorf("after %d guesses: %v", n, a.header)
		}
		return
	}
	t.Error("who guesses does so for ever")
}

// Codes are typed in capitals or not, by whom they were made for, in time.
func TestCodesThatAreOverAreRefused(t *testing.T) {
	h := sqlite(t)
	code := h.post(t, h.Lea, "/sign-in-codes", vars{}).is(200).text("code")
	h.post(t, nil, "/sessions", vars{"code": code, "label": strings.Repeat("x", auth.MaxLabel+1)}).refuses(400, "invalid")
	h.Clock.Advance(auth.CodeFor)
	h.post(t, nil, "/sessions", vars{"code": code}).refuses(401, "unauthenticated")
}
