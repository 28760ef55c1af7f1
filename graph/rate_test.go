package graph_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket/wsjson"

	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/budget"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/graph"
)

// limited is a house in which time stands still and a token may spend so much.
func limited(t *testing.T, burst int) *house {
	t.Helper()
	h := sqlite(t, func(c *graph.Config) { c.Rate = budget.Rate{Burst: burst, Window: time.Minute} })
	h.services.Now = h.Clock.Now
	h.handler = graph.NewHandler(h.services)
	return h
}

const tenIDs = `{ tickets(first: 10) { nodes { id } } }` // costs 21

func TestWhatIsSpentIsTold(t *testing.T) {
	h := limited(t, 100)
	a := h.ask(t, h.Sam, tenIDs, nil)
	if got := a.header.Get("RateLimit-Policy"); got != `"token";q=100;w=60, "member";q=200;w=60, "address";q=500;w=60` {
		t.Errorf("policy %s", got)
	}
	if got := a.header.Get("RateLimit"); got != `"token";r=79;t=13, "member";r=179;t=7, "address";r=479;t=3` {
		t.Errorf("state %s", got)
	}
	a = h.ask(t, h.Sam, `{ rateLimit { cost limit remaining resetAt } viewer { name } }`, nil)
	for path, want := range map[string]any{
		"rateLimit.cost": 7, "rateLimit.limit": 100, "rateLimit.remaining": 72,
		"rateLimit.resetAt": h.Clock.Now().Add(16800 * time.Millisecond).UTC().Format("2006-01-02T15:04:05.000000Z"), "viewer.name": "Sam",
	} {
		a.want(path, want)
	}
}

func TestADryRunTellsTheCostAndDoesNothingElse(t *testing.T) {
	h := limited(t, 100)
	const query = `query($dry: Boolean!) { ...All } fragment All on Query { rateLimit(dryRun: $dry) { cost remaining } tickets(first: 50) { nodes { id } } }`
	var a *answer
	if sent := h.counter.During(func() { a = h.ask(t, h.Sam, query, vars{"dry": true}) }); sent > 1 { // who asks
		t.Errorf("%d statements were sent", sent)
	}
	a.want("rateLimit.cost", 104)
	a.want("rateLimit.remaining", 99)
	if _, answered := a.Data["tickets"]; answered {
		t.Error("the rest was answered")
	}
	if a := h.run(t, h.Sam, query, vars{"dry": false}); a.refused() != "RATE_LIMITED" {
		t.Errorf("what it told to cost more than there is: %s", a.body)
	}
	h.ask(t, h.Sam, `{ viewer { name } }`, nil)
}

func TestWhoSpendsTooMuchIsToldWhenToComeBack(t *testing.T) {
	h := limited(t, 50)
	h.ask(t, h.Lea, tenIDs, nil)
	h.ask(t, h.Lea, tenIDs, nil)
	for _, accept := range []string{newJSON, oldJSON, "text/event-stream"} {
		a := h.post(t, h.Lea, body(tenIDs), "Accept", accept)
		wait, _ := strconv.Atoi(a.header.Get("Retry-After"))
		if a.status != http.StatusTooManyRequests || a.refused() != "RATE_LIMITED" || wait < 1 || wait > 60 || a.header.Get("RateLimit") == "" {
			t.Errorf("%s: %d %s %v", accept, a.status, a.body, a.header)
		}
		if !strings.Contains(a.body, "Réessayez dans") {
			t.Errorf("it is not told in French: %s", a.body)
		}
	}
	h.ask(t, h.Chidi, tenIDs, nil) // others are not concerned
}

// Documents that can't be read cost too, and so do tokens that are guessed.
func TestNonsenseIsNotFree(t *testing.T) {
	h := limited(t, 20)
	until := func(who *member.Member, query string) int {
		for n := range 1000 {
			if a := h.run(t, who, query, nil); a.status == http.StatusTooManyRequests {
				return n
			}
		}
		return 1000
	}
	if n := until(h.Bob, "{ nobody }"); n != 20 {
		t.Errorf("%d bad documents are read", n)
	}
	if n := until(nil, "{ viewer { id } }"); n > 100 {
		t.Errorf("%d guesses are answered", n)
	}
}

func TestAWebSocketPaysToo(t *testing.T) {
	h := limited(t, 50)
	c := client{t, h.dial(t, h.serve(t).URL, "Sam")}
	for id, want := range []string{`"data"`, `"data"`, "RATE_LIMITED"} {
		if said := c.asks(strconv.Itoa(id), tenIDs); !strings.Contains(said, want) {
			t.Errorf("operation %d: %s, want %s", id, said, want)
		}
	}
}

// A subscription costs with each event: it may cost less than a query.
func TestASubscriptionMayNotCostMuch(t *testing.T) {
	h := sqlite(t)
	query := `subscription { myEvents { ticket { messages(first: 100) { nodes { id body author { name } } } timeline(first: 100) { nodes { __typename
		... on Event { id actor { id name } channel occurredAt } } } } } }`
	a := h.post(t, h.Lea, body(query), "Accept", "text/event-stream")
	if a.status != 400 || a.refused() != "COMPLEXITY_LIMIT_EXCEEDED" || !strings.Contains(a.body, "1000") {
		t.Errorf("%d %s", a.status, a.body)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn := h.dial(t, h.serve(t).URL, "Léa")
	client{t, conn}.begin("1", query, nil)
	for {
		var f frame
		if err := wsjson.Read(ctx, conn, &f); err != nil || strings.Contains(string(f.Payload), "COMPLEXITY_LIMIT_EXCEEDED") {
			if err != nil {
				t.Error(err)
			}
			return
		}
	}
}

// A key spends what is its own, and then what its member has for all of them.
func TestKeysAreBounded(t *testing.T) {
	h := limited(t, 10)
	robot := func() *member.Member {
		k, secret, err := h.services.Auth.CreateKey(t.Context(), h.Call(t, h.Chidi), auth.KeyWish{Name: "Robot", Scopes: auth.ReadScopes()})
		if err != nil {
			t.Fatal(err)
		}
		return &member.Member{ID: k.Member, Name: secret}
	}
	spends := func(by *member.Member, bucket string) int {
		for n := range 100 {
			a := h.run(t, by, `{ viewer { id } }`, nil)
			if a.status != http.StatusTooManyRequests {
				continue
			}
			if a.refused() != "RATE_LIMITED" || a.header.Get("Retry-After") == "" || a.header.Get("RateLimit-Policy") == "" ||
				!strings.Contains(a.header.Get("RateLimit"), `"`+bucket+`";r=0;`) {
				t.Errorf("%s: %s %v", bucket, a.body, a.header)
			}
			return n
		}
		return 100
	}
	const each = 10 / 2 // a query costs 2
	if one, two, three := spends(robot(), "token"), spends(robot(), "token"), spends(robot(), "member"); one != each || two != each || three != 0 {
		t.Errorf("three keys of a member's spend %d, %d and %d", one, two, three)
	}
	h.ask(t, h.Dana, `{ viewer { id } }`, nil)
}
