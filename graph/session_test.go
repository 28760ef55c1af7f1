package graph_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

const (
	signsIn = `mutation($in: ExchangeSignInCodeInput!) { exchangeSignInCode(input: $in) { tokens { sessionId accessToken accessTokenExpiresAt refreshToken
		refreshTokenExpiresAt } userErrors { code field } } }`
	refreshes = `mutation($in: RefreshSessionInput!) { refreshSession(input: $in) { tokens { sessionId accessToken refreshToken } userErrors { code field } } }`
)

// by is a member who presents a token.
func by(token any) *member.Member { return &member.Member{Name: token.(string)} }

// Who is nobody yet signs in by a code that an administrator made, and goes on by
// exchanging refresh tokens; what is presented beside does not matter.
func TestSomebodySignsInAndGoesOn(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		made := h.ask(t, h.Ada, `mutation($m: ID!) { createSignInCode(input: {memberId: $m}) { signInCode { code expiresAt } userErrors { code } } }`,
			vars{"m": memberID(h.Lea)}).at("createSignInCode.signInCode.code")
		in := h.ask(t, nil, signsIn, vars{"in": vars{"code": made, "label": "Léa's phone"}})
		me := by(in.at("exchangeSignInCode.tokens.accessToken"))
		h.ask(t, me, `{ viewer { id } }`, nil).want("viewer.id", memberID(h.Lea))
		h.Clock.Advance(auth.AccessLife)
		if a := h.run(t, me, `{ viewer { id } }`, nil); a.status != http.StatusUnauthorized {
			t.Errorf("an access token lasts: %s", a.body)
		}
		again := h.ask(t, me, refreshes, vars{"in": vars{"refreshToken": in.at("exchangeSignInCode.tokens.refreshToken")}}) // with the one that is over
		again.want("refreshSession.tokens.sessionId", in.at("exchangeSignInCode.tokens.sessionId"))
		me = by(again.at("refreshSession.tokens.accessToken"))
		seen := h.ask(t, me, `{ sessions { nodes { id label member { id } createdAt lastUsedAt expiresAt endedAt } totalCount } }`, nil)
		seen.want("sessions.totalCount", 1)
		seen.want("sessions.nodes.0.label", "Léa's phone")
		seen.want("sessions.nodes.0.member.id", memberID(h.Lea))
		if strings.Contains(seen.body, "tsr_") {
			t.Errorf("a session tells its token: %s", seen.body)
		}
		reused := h.run(t, nil, refreshes, vars{"in": vars{"refreshToken": in.at("exchangeSignInCode.tokens.refreshToken")}})
		if reused.refused() != "UNAUTHENTICATED" || reused.Data["refreshSession"] != nil {
			t.Errorf("a spent token: %s", reused.body)
		}
		if a := h.run(t, me, `{ viewer { id } }`, nil); a.status != http.StatusUnauthorized {
			t.Errorf("the session goes on: %s", a.body)
		}
		h.ask(t, h.Ada, `{ sessions(where: {endedAt: {isNull: false}}) { nodes { label } } }`, nil).want("sessions.nodes.0.label", "Léa's phone")
		h.ask(t, h.Ada, `{ auditEntries(where: {action: {eq: REFUSED}}) { nodes { objectKind changes { after } } } }`, nil).
			want("auditEntries.nodes.0.changes.0.after", []string{"reused"})
	})
}

// Who is nobody gets in by nothing else: not beside those mutations, not by other
// methods, and learns nothing of the schema.
func TestNobodyComesInByAnythingElse(t *testing.T) {
	h := sqlite(t)
	const refresh = `refreshSession(input: {refreshToken: \"x\"}) { userErrors { code } }`
	for name, body := range map[string]string{
		"a query":                `{"query": "{ viewer { id } } #refreshSession"}`,
		"beside another":         `{"query": "mutation { ` + refresh + ` setMyLocale(input: {locale: \"en\"}) { userErrors { code } } }"}`,
		"beside another, hidden": `{"query": "mutation { ...M } fragment M on Mutation { ` + refresh + ` setMyLocale(input: {locale: \"en\"}) { userErrors { code } } }"}`,
		"what is wrong":          `{"query": "mutation { refreshSession(input: {secret: 1}) { nothing } }"}`,
		"what is broken":         `{"query": "mutation { refreshSession("}`,
		"no JSON":                `refreshSession`,
		"introspection":          `{"query": "{ __schema { types { name } } } #refreshSession"}`,
		"a subscription":         `{"query": "subscription { myEvents { cursor } } #refreshSession"}`,
		"much":                   `{"query": "mutation { ` + refresh + ` } #` + strings.Repeat("x", 9000) + `"}`,
		"an unknown document":    `{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "` + strings.Repeat("0", 64) + `"}}}`,
	} {
		a := h.post(t, nil, body)
		if a.status != http.StatusUnauthorized || a.refused() != "UNAUTHENTICATED" || len(a.Errors) != 1 || a.Data != nil {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if a := h.post(t, nil, `{"query": "mutation { `+refresh+` }"}`, "Accept", "text/event-stream"); a.status != http.StatusUnauthorized {
		t.Errorf("as a stream: %d %s", a.status, a.body)
	}
	if a := h.post(t, nil, `{"query": "mutation { a: `+refresh+` }"}`); a.status != http.StatusOK || a.refused() != "UNAUTHENTICATED" {
		t.Errorf("alone: %d %s", a.status, a.body)
	}
}

// Guessing tokens and codes costs, as everything does.
func TestGuessingIsBounded(t *testing.T) {
	h := limited(t, 20)
	for n := range 1000 {
		a := h.run(t, nil, refreshes, vars{"in": vars{"refreshToken": "tsr_" + strings.Repeat("a", 16) + "_" + strings.Repeat("a", 32)}})
		if a.status == http.StatusTooManyRequests {
			if n > 100 || a.header.Get("Retry-After") == "" {
				t.Errorf("after %d guesses: %v", n, a.header)
			}
			return
		}
	}
	t.Error("who guesses does so for ever")
}

// A client that did not hear the answer asks again with its key, which is no key of a
// member's: the wish is answered with the same token.
func TestALostRefreshIsAskedForAgain(t *testing.T) {
	h := sqlite(t)
	let, err := h.services.Auth.BeginFor(t.Context(), h.Workspace.ID, h.Lea.ID, "", "", h.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	in := vars{"refreshToken": let.RefreshToken, "idempotencyKey": "nobody guesses this key"}
	first := h.ask(t, nil, refreshes, vars{"in": in}).at("refreshSession.tokens.refreshToken")
	h.ask(t, nil, refreshes, vars{"in": in}).want("refreshSession.tokens.refreshToken", first)
	h.ask(t, h.Lea, refreshes, vars{"in": in}).want("refreshSession.tokens.refreshToken", first)
	in["idempotencyKey"] = "k"
	short := h.ask(t, nil, refreshes, vars{"in": in})
	short.want("refreshSession.userErrors.0.field", []string{"idempotencyKey"})
	short.want("refreshSession.tokens", nil)
}

// What came by a session ends with it, and all of a member's with their sign-out: a
// subscription, and all that is asked on its socket.
func TestAnEndedSessionEndsWhatCameByIt(t *testing.T) {
	for name, subscribe := range ways() {
		for how, alone := range map[string]bool{"one session": false, "everywhere": true} {
			t.Run(name+" "+how, func(t *testing.T) {
				h := sqlite(t)
				tk := h.Opens(t, h.Lea, h.Help)
				let, err := h.services.Auth.BeginFor(t.Context(), h.Workspace.ID, h.Chidi.ID, "", "", h.Clock.Now())
				if err != nil {
					t.Fatal(err)
				}
				me, url := *h.Chidi, h.serve(t).URL
				me.Name = let.AccessToken
				begun := h.ask(t, &me, `query($t: ID!) { ticket(id: $t) { timeline(last: 1) { pageInfo { endCursor } } } }`,
					vars{"t": ticketID(tk)}).at("ticket.timeline.pageInfo.endCursor")
				c := client{t, h.dial(t, url, let.AccessToken)}
				if said := c.asks("1", "{ viewer { id } }"); !strings.Contains(said, memberID(h.Chidi)) {
					t.Fatal(said)
				}
				s := subscribe(h, t, url, &me, vars{"t": ticketID(tk), "after": begun})
				h.says(t, h.Lea, tk, "hello")
				s.wants("MessagePostedEvent", "hello")
				if alone {
					err = h.services.Auth.SignOut(t.Context(), h.Call(t, h.Chidi), 0)
				} else {
					err = h.services.Auth.EndSession(t.Context(), h.Call(t, h.Chidi), let.Session)
				}
				if err != nil {
					t.Fatal(err)
				}
				if e := s.next(); !strings.Contains(e.text, "UNAUTHENTICATED") {
					t.Errorf("the subscription goes on with %s %s", e.kind, e.text)
				}
				if said := c.asks("3", "{ viewer { id } }"); !strings.Contains(said, "UNAUTHENTICATED") {
					t.Errorf("the socket answers %s", said)
				}
			})
		}
	}
}

// Who is asking costs one statement, by a session as by a token alone.
func TestASessionCostsNoStatement(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		let, err := h.services.Auth.BeginFor(t.Context(), h.Workspace.ID, h.Chidi.ID, "", "", h.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		for name, token := range map[string]string{"by a session": let.AccessToken, "by a token": h.Chidi.Name} {
			n := h.counter.During(func() {
				if _, err := h.services.Auth.Authenticate(t.Context(), token, h.Clock.Now().Add(time.Second)); err != nil {
					t.Error(err)
				}
			})
			if n != 1 {
				t.Errorf("%s: %d statements", name, n)
			}
		}
	})
}

// Members sign out of their own sessions, administrators anybody out; a key for neither.
func TestSessionsAreEndedByWhoMay(t *testing.T) {
	h := sqlite(t)
	begin := func(m *member.Member) string {
		let, err := h.services.Auth.BeginFor(t.Context(), h.Workspace.ID, m.ID, "", "", h.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return gid(scalar.Session, let.Session)
	}
	end := func(who *member.Member, session string) *answer {
		return h.ask(t, who, `mutation($s: ID!) { endSession(input: {sessionId: $s}) { session { endedAt } userErrors { code } } }`, vars{"s": session})
	}
	if a := end(h.Bob, begin(h.Lea)); a.refused() != "NOT_FOUND" {
		t.Errorf("a stranger ends a session: %s", a.body)
	}
	if a := end(h.Lea, begin(h.Lea)); a.at("endSession.session.endedAt") == nil {
		t.Errorf("one's own: %s", a.body)
	}
	if a := end(h.Ada, begin(h.Lea)); a.at("endSession.session.endedAt") == nil {
		t.Errorf("an administrator: %s", a.body)
	}
	_, secret, err := h.services.Auth.CreateKey(t.Context(), h.Call(t, h.Ada), auth.KeyWish{Name: "Robot", Scopes: []access.Permission{access.TicketSee}})
	if err != nil {
		t.Fatal(err)
	}
	robot := by(secret)
	if a := end(robot, begin(h.Ada)); a.refused() != "FORBIDDEN" {
		t.Errorf("a key: %s", a.body)
	}
	if a := h.run(t, robot, `{ sessions { nodes { id } } }`, nil); a.refused() != "FORBIDDEN" {
		t.Errorf("a key lists: %s", a.body)
	}
	for _, who := range []*member.Member{h.Lea, h.Ada} {
		h.ask(t, who, `mutation($m: ID) { signOutEverywhere(input: {memberId: $m}) { member { id } userErrors { code } } }`, vars{"m": memberID(h.Lea)}).
			want("signOutEverywhere.userErrors", []any{})
	}
}
