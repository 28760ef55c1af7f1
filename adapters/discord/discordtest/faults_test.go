package discordtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

func TestFaultsBeforeAndAfterTheEffect(t *testing.T) {
	w := newWorld(t)
	posts := discordtest.On("POST", "/channels/*/messages")
	for name, c := range map[string]struct {
		fault    discordtest.Fault
		status   int // 0 is a dropped connection
		happened bool
	}{
		"500 before":   {discordtest.FailBefore(500), 500, false},
		"502 before":   {discordtest.FailBefore(502), 502, false},
		"502 after":    {discordtest.FailAfter(502), 502, true},
		"refused":      {discordtest.Refuse(403, 50013, "Missing Permissions"), 403, false},
		"401":          {discordtest.Unauthorized(), 401, false},
		"user 429":     {discordtest.RateLimited(discordtest.ScopeUser, time.Second), 429, false},
		"drop before":  {discordtest.Drop(discordtest.Before), 0, false},
		"drop after":   {discordtest.Drop(discordtest.After), 0, true},
		"no fault yet": {discordtest.Fault{}, 200, true},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(w.general.Messages())
			armed := w.srv.Fail(posts, c.fault)
			got, err := w.try("POST", w.messagesPath(w.general), object{"content": name})
			if (err != nil) != (c.status == 0) {
				t.Fatalf("error = %v", err)
			}
			same(t, "status", got.status, c.status)
			same(t, "effect", len(w.general.Messages()) > before, c.happened)
			same(t, "hits", armed.Hits(), 1)
		})
	}
	w.say(w.general, object{"content": "no fault is left"}).want(200)
}

func TestRateLimitsOfEachKind(t *testing.T) {
	w := newWorld(t)
	for _, scope := range []discordtest.Scope{discordtest.ScopeUser, discordtest.ScopeShared, discordtest.ScopeGlobal} {
		w.srv.Fail(discordtest.Any, discordtest.RateLimited(scope, 1500*time.Millisecond))
		got := w.call("GET", "/users/@me", nil)
		body := got.object(429)
		same(t, "retry_after", body["retry_after"], any(1.5))
		same(t, "global", body["global"], any(scope == discordtest.ScopeGlobal))
		same(t, "Retry-After", got.header.Get("Retry-After"), "2")
		same(t, "Reset", got.header.Get("X-RateLimit-Reset"), "1772442001.500")
		same(t, "scope", got.header.Get("X-RateLimit-Scope"), string(scope))
	}
}

func TestASlowAnswerWaits(t *testing.T) {
	w := newWorld(t)
	until := make(chan struct{})
	w.srv.Fail(discordtest.On("POST", "/channels/**").And("slow"), discordtest.Slow(until))
	done := make(chan answered)
	go func() {
		got, _ := w.try("POST", w.messagesPath(w.general), object{"content": "slow"})
		done <- got
	}()
	w.say(w.general, object{"content": "quick"}).want(200)
	same(t, "messages", len(w.general.Messages()), 1)
	close(until)
	same(t, "status", (<-done).status, 200)
	same(t, "messages", len(w.general.Messages()), 2)
}

func TestHooksSeeBothPhases(t *testing.T) {
	w := newWorld(t)
	var seen []string
	remove := w.srv.OnRequest(func(r discordtest.Request) {
		if r.Phase == discordtest.Before {
			seen = append(seen, "before "+r.Method+" "+r.Path)
			same(t, "messages before", len(w.general.Messages()), 0)
			return
		}
		seen = append(seen, "after")
		same(t, "messages after", len(w.general.Messages()), 1)
		same(t, "status", r.Status, 200)
	})
	w.say(w.general, object{"content": "x"}).want(200)
	remove()
	w.call("GET", "/users/@me", nil).want(200)
	same(t, "seen", strings.Join(seen, ", "), "before POST "+w.messagesPath(w.general)+", after")
}

func TestAHookMayHaveItsRequestLost(t *testing.T) {
	w := newWorld(t)
	w.srv.OnRequest(func(r discordtest.Request) {
		if r.Phase == discordtest.Before {
			w.srv.Fail(discordtest.Any, discordtest.Drop(discordtest.Before))
		}
	})
	if _, err := w.try("POST", w.messagesPath(w.general), object{"content": "lost"}); err == nil {
		t.Fatal("the connection was not dropped")
	}
	same(t, "messages", len(w.general.Messages()), 0)
	same(t, "logged status", w.srv.Requests()[0].Status, 0)
}

func TestRequestsAreLogged(t *testing.T) {
	w := newWorld(t)
	w.say(w.general, object{"content": "x"}).want(200)
	w.call("GET", "/nowhere?q=1", nil).want(404)
	log := w.srv.Requests()
	same(t, "requests", len(log), 2)
	same(t, "body", string(log[0].Body), `{"content":"x"}`)
	same(t, "status", log[1].Status, 404)
	same(t, "query", log[1].Query, "q=1")
	same(t, "count", w.srv.Count(discordtest.On("GET", "/nowhere")), 1)
	armed := w.srv.FailTimes(discordtest.Any, discordtest.FailBefore(500), 5)
	armed.Disarm()
	w.call("GET", "/users/@me", nil).want(200)
}

func TestTheTokenIsChecked(t *testing.T) {
	w := newWorld(t)
	for _, auth := range []string{"", "Bot wrong", w.srv.Token()} {
		got, err := w.send("GET", "/users/@me", "", auth, nil)
		noError(t, err)
		same(t, "message", got.refused(401, 0)["message"], any("401: Unauthorized"))
	}
	same(t, "bot", w.call("GET", "/users/@me", nil).object(200)["id"], any(w.srv.BotID().String()))
	same(t, "gateway", w.call("GET", "/gateway/bot", nil).object(200)["url"], any(w.srv.GatewayURL()))
	w.call("GET", "/oauth2/applications/@me", nil).want(200)
	w.call("GET", "/users/"+w.ana.ID().String(), nil).want(200)
	w.call("GET", "/users/1", nil).refused(404, 10013)
	same(t, "guilds", len(w.call("GET", "/users/@me/guilds", nil).list(200)), 1)
}

func TestStartNeedsAClockAndAFreeAddress(t *testing.T) {
	if _, err := discordtest.Start(discordtest.Options{}); err == nil {
		t.Fatal("started without a clock")
	}
	w := newWorld(t)
	taken := strings.TrimPrefix(w.srv.APIURL(), "http://")
	if _, err := discordtest.Start(discordtest.Options{Now: time.Now, Address: taken}); err == nil {
		t.Fatal("started twice on one address")
	}
}
