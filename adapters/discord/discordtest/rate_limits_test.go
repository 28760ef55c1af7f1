package discordtest_test

import (
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

func TestBucketsAreToldAndEnforced(t *testing.T) {
	w := worldWith(t, discordtest.Options{RateLimits: true})
	other := w.guild.Text("other", nil)
	first := w.say(w.general, object{"content": "x"})
	same(t, "limit", first.header.Get("X-RateLimit-Limit"), "5")
	same(t, "remaining", first.header.Get("X-RateLimit-Remaining"), "4")
	same(t, "reset after", first.header.Get("X-RateLimit-Reset-After"), "5.000")
	for range 4 {
		w.say(w.general, object{"content": "x"}).want(200)
	}
	refused := w.say(w.general, object{"content": "x"})
	same(t, "retry_after", refused.object(429)["retry_after"], any(5.0))
	same(t, "scope", refused.header.Get("X-RateLimit-Scope"), "user")
	same(t, "bucket", refused.header.Get("X-RateLimit-Bucket"), first.header.Get("X-RateLimit-Bucket"))
	w.say(other, object{"content": "another channel"}).want(200)
	w.clock.forward(5 * time.Second)
	w.say(w.general, object{"content": "x"}).want(200)
	same(t, "messages", len(w.general.Messages()), 6)
}

func TestFiftyRequestsASecond(t *testing.T) {
	w := worldWith(t, discordtest.Options{RateLimits: true})
	for range 50 {
		w.call("GET", "/channels/"+w.guild.Text("c", nil).ID().String(), nil).want(200)
	}
	got := w.call("GET", "/users/@me", nil)
	same(t, "global", got.object(429)["global"], any(true))
	same(t, "header", got.header.Get("X-RateLimit-Global"), "true")
	w.clock.forward(time.Second)
	w.call("GET", "/users/@me", nil).want(200)
}

func TestInteractionsAreAnsweredAtAnyRate(t *testing.T) {
	w := worldWith(t, discordtest.Options{RateLimits: true})
	w.register()
	s := w.connect(everyIntent)
	for range 60 {
		noError(t, w.ana.Runs(w.ctx, w.general, "/ticket open", nil).Err())
		w.answer(s.event("INTERACTION_CREATE").object(t), 4, object{"content": "x", "flags": 64}).want(204)
	}
}

func TestInvalidRequestsBanTheAddress(t *testing.T) {
	w := worldWith(t, discordtest.Options{InvalidRequests: 3})
	hidden := w.guild.Text("hidden", nil, discordtest.Overwrite{ID: w.guild.ID(), Deny: discordtest.PermViewChannel})
	w.srv.Fail(discordtest.Any, discordtest.RateLimited(discordtest.ScopeShared, time.Second))
	w.call("GET", "/users/@me", nil).want(429)
	for range 3 {
		w.say(hidden, object{"content": "x"}).refused(403, 50001)
	}
	banned := w.call("GET", "/users/@me", nil)
	banned.want(429)
	same(t, "a page", banned.header.Get("Content-Type"), "text/html; charset=UTF-8")
	w.clock.forward(10 * time.Minute)
	w.call("GET", "/users/@me", nil).want(200)
}
