package rest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/api/rest"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/budget"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

func TestWhatTheCallerHasIsNotSentAgain(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		path := h.opens(t, h.Lea, "Mine")
		tag := h.get(t, h.Lea, path).is(200).header.Get("ETag")
		if !strings.HasPrefix(tag, `"1-`) {
			t.Errorf("the ETag of the first version is %s", tag)
		}
		again := h.get(t, h.Lea, path, "If-None-Match", `"x", W/`+tag).is(http.StatusNotModified)
		if again.body != "" || again.header.Get("ETag") != tag {
			t.Errorf("what is not modified has %q and is %s", again.body, again.header.Get("ETag"))
		}
		list := h.get(t, h.Lea, "/tickets").is(200).header.Get("ETag")
		h.get(t, h.Lea, "/tickets", "If-None-Match", list).is(http.StatusNotModified)
		h.post(t, h.Lea, path+"/messages", vars{"body": "More."}).is(201) // the version stays
		h.get(t, h.Lea, path, "If-None-Match", tag).is(200).want("version", 1).want("lastMessage.body", "More.")
		h.get(t, h.Lea, "/tickets", "If-None-Match", list).is(200)
	})
}

func TestAChangeOfWhatAnotherChangedIsRefused(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		path := h.opens(t, h.Lea, "Mine")
		tag := h.get(t, h.Chidi, path).header.Get("ETag")
		changed := h.patch(t, h.Chidi, path, vars{"priority": "high"}, "If-Match", tag).is(200).want("version", 2)
		h.patch(t, h.Dana, path, vars{"priority": "low"}, "If-Match", tag).refuses(404, "not_found") // who may not see it, is told nothing
		h.patch(t, h.Sam, path, vars{"priority": "low"}, "If-Match", tag).refuses(http.StatusPreconditionFailed, "conflict").want("currentVersion", 2)
		h.post(t, h.Sam, path+"/resolve", nil, "If-Match", `"1"`).refuses(412, "conflict")
		h.patch(t, h.Sam, path, vars{"priority": "low"}, "If-Match", changed.header.Get("ETag")).is(200).want("version", 3)
		h.patch(t, h.Sam, path, vars{"priority": "urgent"}, "If-Match", "*").is(200).want("version", 4)
		for _, wrong := range []string{"4", `"x"`, `"0"`, `W/"4"`, `"-4"`} {
			h.patch(t, h.Sam, path, vars{"priority": "low"}, "If-Match", wrong).refuses(400, "invalid").want("errors.0.header", "If-Match")
		}
		for _, what := range []string{"/messages", "/notes"} { // what is said to a ticket that is not as it was seen
			h.post(t, h.Chidi, path+what, vars{"body": "So."}, "If-Match", tag).refuses(412, "conflict")
			h.post(t, h.Chidi, path+what, vars{"body": "So."}, "If-Match", h.get(t, h.Chidi, path).header.Get("ETag")).is(201)
		}
		said := h.post(t, h.Lea, path+"/messages", vars{"body": "One."}).is(201)
		message := path + "/messages/" + said.text("id")
		h.patch(t, h.Lea, message, vars{"body": "Two."}, "If-Match", said.header.Get("ETag")).is(200)
		h.patch(t, h.Lea, message, vars{"body": "Three."}, "If-Match", said.header.Get("ETag")).refuses(412, "conflict").want("currentVersion", 2)
		h.delete(t, h.Lea, message, "If-Match", `"1"`).refuses(412, "conflict")
	})
}

// What shows a file has the same ETag until there is a new link to the file, which
// is as long as the old one works well enough.
func TestWhatShowsAFileIsNotSentAgain(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		path := h.opens(t, h.Lea, "Mine")
		made := h.post(t, h.Lea, "/attachments", vars{"name": "bread.txt"}).is(201)
		h.uploads(t, made.text("uploadUrl"), "hard bread")
		said := path + "/messages/" + h.post(t, h.Lea, path+"/messages", vars{"attachmentIds": []string{made.text("attachment.id")}}).is(201).text("id")
		h.Clock.Advance(file.LinkStep - h.Clock.Now().Sub(h.Clock.Now().Truncate(file.LinkStep))) // to the beginning of a step
		for _, what := range []string{said, path + "/messages"} {
			tag := h.get(t, h.Chidi, what).is(200).header.Get("ETag")
			h.Clock.Advance(time.Minute)
			h.get(t, h.Chidi, what, "If-None-Match", tag).is(http.StatusNotModified)
			h.Clock.Advance(file.LinkStep)
			h.get(t, h.Chidi, what, "If-None-Match", tag).is(200)
			h.Clock.Advance(file.LinkStep - time.Minute)
		}
	})
}

// A status is where a ticket is to stand, in whichever order that and the rest can
// be done.
func TestAStatusIsWhereATicketIsToStand(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		path := h.opens(t, h.Lea, "Mine")
		h.patch(t, h.Chidi, path, vars{"status": "new"}).is(200).want("version", 1)
		h.patch(t, h.Chidi, path, vars{"status": "open", "assigneeId": memberID(h.Chidi)}).is(200).want("status", "open")
		for range 2 {
			h.patch(t, h.Chidi, path, vars{"status": "resolved", "priority": "high"}).is(200).want("status", "resolved")
		}
		for range 2 {
			h.patch(t, h.Chidi, path, vars{"status": "closed", "tags": []string{"bread"}}).is(200).want("status", "closed")
			h.patch(t, h.Chidi, path, vars{"status": "closed"}).is(200).want("status", "closed")
			h.patch(t, h.Chidi, path, vars{"status": "closed", "priority": "urgent"}).refuses(409, "invalid_transition")
			h.patch(t, h.Chidi, path, vars{"status": "open", "priority": "urgent", "assigneeId": nil}).is(200).want("status", "open").want("priority", "urgent")
			h.patch(t, h.Chidi, path, vars{"status": "resolved"}).is(200)
		}
		h.patch(t, h.Chidi, path, vars{"status": "new"}).refuses(400, "invalid").want("errors.0.pointer", "#/status")
		h.patch(t, h.Bob, path, vars{"status": "resolved"}).refuses(404, "not_found")
		h.patch(t, h.Lea, path, vars{"status": "pending"}).refuses(403, "forbidden")
	})
}

// A wish that is sent again with its key comes true once, and gives the same.
func TestAKeyMakesAWishComeTrueOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		open := func(key, body string) *answer {
			t.Helper()
			return h.post(t, h.Lea, "/tickets", body, "Idempotency-Key", key)
		}
		category := gid(opaque.Category, h.Help.ID)
		wish := `{"categoryId": "` + category + `", "subject": "Once"}`
		first := open("k1", wish).is(201)
		second := open("k1", `{"subject":"Once","categoryId":"`+category+`"}`).is(201).want("id", first.text("id"))
		if first.header.Get("Location") != second.header.Get("Location") {
			t.Errorf("it is at %q, then at %q", first.header.Get("Location"), second.header.Get("Location"))
		}
		open("k2", wish).is(201).want("number", 2)
		open("k1", strings.Replace(wish, "Once", "Twice", 1)).refuses(422, "key_reused").want("errors.0.header", "Idempotency-Key")
		path := "/tickets/" + first.text("id")
		said := h.post(t, h.Lea, path+"/messages", vars{"body": "Hello?"}, "Idempotency-Key", "k1").is(201) // of another operation
		h.post(t, h.Lea, path+"/messages", vars{"body": "Hello?"}, "Idempotency-Key", "k1").is(201).want("id", said.text("id"))
		h.post(t, h.Lea, path+"/claim", nil, "Idempotency-Key", "k3").refuses(403, "forbidden")
		h.post(t, h.Lea, path+"/claim", nil, "Idempotency-Key", "k3").refuses(403, "forbidden")
		h.post(t, h.Chidi, path+"/resolve", nil, "Idempotency-Key", "k1").is(200)
		h.post(t, h.Chidi, path+"/reopen", nil, "Idempotency-Key", "k2").is(200)
		h.post(t, h.Chidi, path+"/resolve", nil, "Idempotency-Key", "k1").is(200).want("status", "open") // as it is by now
		h.post(t, h.Lea, path+"/messages", vars{"body": "x"}, "Idempotency-Key", "a b").refuses(400, "invalid").want("errors.0.header", "Idempotency-Key")
		h.Clock.Advance(idempotency.Memory + time.Minute)
		open("k1", wish).is(201).want("number", 3)
	})
}

// What a body leaves out stays; null takes away; all of it happens, or nothing.
func TestAPatchIsOneStep(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		path := h.opens(t, h.Lea, "Mine")
		h.patch(t, h.Sam, path, vars{"assigneeId": memberID(h.Chidi), "priority": "high", "tags": []string{"b", "a"}, "status": "pending"}).is(200).
			want("version", 2).want("assignee.name", h.Chidi.Name).want("priority", "high").want("tags", []string{"a", "b"}).want("status", "pending")
		h.patch(t, h.Sam, path, vars{}).is(200).want("version", 2)
		h.patch(t, h.Sam, path, vars{"tags": []string{"c", "a"}}).is(200).want("tags", []string{"a", "c"}).want("priority", "high")
		h.patch(t, h.Sam, path, vars{"tags": nil, "assigneeId": nil}).is(200).want("tags", []any{}).want("assignee", nil).want("version", 4)
		h.patch(t, h.Sam, path, vars{"priority": "low", "assigneeId": memberID(h.Bob)}).refuses(400, "invalid").want("errors.0.pointer", "#/assigneeId")
		h.get(t, h.Sam, path).want("priority", "high").want("version", 4)
		h.patch(t, h.Lea, path, vars{"status": "resolved"}).is(200).want("status", "resolved") // their own
		h.patch(t, h.Lea, path, vars{"status": "open", "priority": "low"}).refuses(403, "forbidden")
		h.get(t, h.Sam, path).want("status", "resolved")
		h.patch(t, h.Sam, path, vars{"status": "new"}).refuses(400, "invalid").want("errors.0.pointer", "#/status")
		h.patch(t, h.Bob, path, vars{}).refuses(404, "not_found")
		h.patch(t, h.Bob, path, vars{"status": "new"}).refuses(404, "not_found")
		h.patch(t, h.Sam, path, vars{"queueId": gid(opaque.Queue, h.Billing.ID)}).is(200).want("queue.name", "Billing")
		h.patch(t, h.Sam, path, vars{"categoryId": gid(opaque.Category, h.Help.ID), "answers": []vars{{"key": "x", "value": "1"}}}).refuses(400, "invalid").want("errors.0.pointer", "#/answers")
		h.patch(t, h.Sam, path, vars{"answers": []vars{{"key": "x", "value": "1"}}}).refuses(400, "invalid").want("errors.0.pointer", "#/answers")
	})
}

// Whatever is wrong with a request is said in the form of RFC 9457, with where it lies.
func TestRefusalsSayWhatIsWrongAndWhere(t *testing.T) {
	h := sqlite(t)
	path := h.opens(t, h.Lea, "Mine")
	for _, c := range []struct {
		path, body string
		status     int
		code, at   string
	}{
		{"/tickets", `{`, 400, "invalid", ""},
		{"/tickets", `{} {}`, 400, "invalid", ""},
		{"/tickets", ``, 400, "invalid", ""},
		{"/tickets", `[]`, 400, "invalid", "#"},
		{"/tickets", `{}`, 400, "invalid", "#/categoryId"},
		{"/tickets", `{"categoryId": 1}`, 400, "invalid", "#/categoryId"},
		{"/tickets", `{"categoryId": null}`, 400, "invalid", "#/categoryId"},
		{"/tickets", `{"categoryId": "cat_zz", "subject": "x"}`, 404, "not_found", "#/categoryId"},
		{"/tickets", `{"categoryId": "x", "colour": 1}`, 400, "invalid", "#/colour"},
		{"/tickets", `{"categoryId": "x", "answers": [{"value": "1"}]}`, 400, "invalid", "#/answers/0/key"},
		{path + "/messages", `{"body": ""}`, 400, "invalid", "#/body"},
		{path + "/messages", `{"body": "` + strings.Repeat("x", 10001) + `"}`, 400, "invalid", "#/body"},
		{path + "/messages", `{"body": "x", "attachmentIds": ["att_1"]}`, 400, "invalid", "#/attachmentIds"},
		{"/tickets", `"` + strings.Repeat("x", 1<<20) + `"`, 413, "body_too_large", ""},
	} {
		a := h.post(t, h.Lea, c.path, c.body).refuses(c.status, c.code)
		if c.at != "" {
			a.want("errors.0.pointer", c.at)
		}
		if !strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json") || a.text("instance") == "" || a.text("detail") == "" {
			t.Errorf("%.80s: %s %s", c.body, a.header.Get("Content-Type"), a.body)
		}
	}
	h.post(t, h.Lea, "/tickets", "a=b", "Content-Type", "application/x-www-form-urlencoded").refuses(415, "unsupported_media_type")
	h.get(t, h.Lea, "/nowhere").refuses(404, "not_found")
	if a := h.send(t, h.Lea, http.MethodPut, "/api/v1"+path, vars{}).refuses(405, "method_not_allowed"); a.header.Get("Allow") != "GET, PATCH" {
		t.Errorf("it may be asked for by %q", a.header.Get("Allow"))
	}
	h.get(t, h.Lea, "/tickets/tkt_1?colour=red").refuses(400, "invalid").want("errors.0.parameter", "colour")
	h.send(t, h.Lea, http.MethodHead, "/api/v1"+path, nil).is(200)
}

func TestWhoAsksForTooMuchWaits(t *testing.T) {
	h := sqlite(t, func(c *rest.Config) {
		c.Budget, c.Now = budget.New(budget.Rate{Burst: 300, Window: time.Minute}), tickettest.NewClock().Now
	})
	a := h.get(t, h.Lea, "/tickets").is(200)
	if got := a.header.Get("RateLimit"); !strings.HasPrefix(got, `"token";r=49;t=51`) || a.header.Get("RateLimit-Policy") == "" {
		t.Errorf("after 25 rows there is left: %s of %s", got, a.header.Get("RateLimit-Policy"))
	}
	refused := h.get(t, h.Lea, "/tickets").refuses(429, "rate_limited")
	if refused.header.Get("Retry-After") == "" {
		t.Error("when to try again is not told")
	}
	h.get(t, h.Lea, "/tickets?first=1").is(200)
	h.get(t, h.Bob, "/tickets").is(200)
	many := make([]vars, 100)
	for i := range many {
		many[i] = vars{"id": opaque.Encode(opaque.Ticket, int64(i+1))}
	}
	h.post(t, h.Chidi, "/tickets/bulk", vars{"tickets": many, "changes": vars{"priority": "high"}}).refuses(429, "rate_limited")
	for range 300 * 5 {
		if h.get(t, nil, "/tickets").status == 429 {
			return
		}
	}
	t.Error("who guesses tokens does so for ever")
}

// What may be spent is bounded by key, by member and by address, whichever is spent
// first, and the answer says by the usual headers when to come back.
func TestKeysMembersAndAddressesAreBounded(t *testing.T) {
	const burst, each = 20, 10 // what a request costs
	clock := tickettest.NewClock()
	h := sqlite(t, func(c *rest.Config) {
		c.Budget, c.Now = budget.New(budget.Rate{Burst: burst, Window: time.Minute}), clock.Now
	})
	key := func(who *member.Member) string {
		wish := auth.KeyWish{Name: "Robot", Scopes: auth.ReadScopes()}
		_, secret, err := h.services.Auth.CreateKey(t.Context(), h.Call(t, who), wish)
		if err != nil {
			t.Fatal(err)
		}
		return secret
	}
	spend := func(key, name string, want int) {
		t.Helper()
		for n := range 1000 {
			a := h.by(t, key, http.MethodGet, "/me", nil)
			if a.status == http.StatusOK {
				continue
			}
			a.refuses(http.StatusTooManyRequests, "rate_limited")
			if n != want || a.header.Get("Retry-After") != "30" || !strings.Contains(a.header.Get("RateLimit"), `"`+name+`";r=0;`) {
				t.Errorf("after %d requests, not %d, the %s is to wait %s s: %s", n, want, name, a.header.Get("Retry-After"), a.header.Get("RateLimit"))
			}
			if policy := `"token";q=20;w=60, "member";q=40;w=60, "address";q=100;w=60`; a.header.Get("RateLimit-Policy") != policy {
				t.Errorf("the policy is %s", a.header.Get("RateLimit-Policy"))
			}
			return
		}
		t.Errorf("the %s spends for ever", name)
	}
	// A request costs half of what a key may spend in a minute, a quarter of what a member
	// may, and a tenth of what an address may.
	spend(key(h.Ada), "token", burst/each)
	spend(key(h.Ada), "token", burst/each)
	if a := h.by(t, key(h.Ada), http.MethodGet, "/me", nil); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "15" ||
		!strings.Contains(a.header.Get("RateLimit"), `"member";r=0;`) {
		t.Errorf("a member's third key: %d %v", a.status, a.header)
	}
	spend(key(h.Chidi), "token", burst/each)
	spend(key(h.Chidi), "token", burst/each)
	spend(key(h.Sam), "token", burst/each)
	if a := h.by(t, key(h.Dana), http.MethodGet, "/me", nil); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "6" ||
		!strings.Contains(a.header.Get("RateLimit"), `"address";r=0;`) {
		t.Errorf("the fourth member at one address: %d %v", a.status, a.header)
	}
	clock.Advance(time.Minute)
	h.by(t, key(h.Ada), http.MethodGet, "/me", nil).is(http.StatusOK)
}
