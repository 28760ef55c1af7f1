package rest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/member"
)

// makes gives a new key of the member's, and its ID.
func (h *house) makes(t *testing.T, who *member.Member, scopes ...access.Permission) (secret, id string) {
	t.Helper()
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = string(s)
	}
	made := h.post(t, who, "/api-keys", vars{"name": "Robot", "scopes": names}).is(http.StatusCreated)
	return made.text("secret"), made.text("id")
}

// by sends a request with a key.
func (h *house) by(t *testing.T, key, method, path string, in any) *answer {
	t.Helper()
	return h.send(t, nil, method, "/api/v1"+path, in, "Authorization", "Bearer "+key)
}

// A program acts as its member by a key, within its scopes, until it is revoked.
func TestAProgramActsByAKey(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		path := h.opens(t, h.Lea, "Mine")
		key, id := h.makes(t, h.Chidi, access.TicketSee, access.NoteWrite)
		h.get(t, h.Chidi, "/api-keys/"+id).is(200).want("lastUsedAt", nil).want("member.name", h.Chidi.Name).
			want("scopes", []string{"note.write", "ticket.see"}).want("prefix", key[:20])
		h.by(t, key, http.MethodGet, path, nil).is(200).want("subject", "Mine")
		h.by(t, key, http.MethodPost, path+"/notes", vars{"body": "Hm."}).is(http.StatusNoContent) // it may not see notes
		h.get(t, h.Chidi, path+"/notes").is(200).want("items.0.author.id", memberID(h.Chidi))
		h.by(t, key, http.MethodPost, path+"/messages", vars{"body": "Hello."}).refuses(403, "forbidden")
		h.by(t, key, http.MethodPost, path+"/claim", nil).refuses(403, "forbidden")
		h.by(t, key, http.MethodGet, "/members", nil).refuses(403, "forbidden")
		h.by(t, key, http.MethodGet, "/tickets?count=true", nil).is(200).want("totalCount", 1)
		shown := h.get(t, h.Ada, "/api-keys/"+id).is(200)
		if shown.text("lastUsedAt") == "" || strings.Contains(shown.body, key[21:]) || strings.Contains(shown.body, "secret") {
			t.Errorf("a used key is shown as %s", shown.body)
		}
		h.delete(t, h.Dana, "/api-keys/"+id).refuses(404, "not_found")
		h.delete(t, h.Chidi, "/api-keys/"+id).is(200)
		h.by(t, key, http.MethodGet, path, nil).refuses(401, "unauthenticated")
		h.delete(t, h.Chidi, "/api-keys/"+id).is(200)
		h.get(t, h.Chidi, "/api-keys?where="+`%7B"revokedAt":%7B"isNull":true%7D%7D`).is(200).want("items", []any{})
		h.get(t, h.Chidi, "/api-keys?count=true").is(200).want("totalCount", 1)
	})
}

// What a key can't be is refused, and who may not have one is told so.
func TestKeysThatMakeNoSenseAreNotMade(t *testing.T) {
	h := sqlite(t)
	wish := func(change string, value any) vars {
		w := vars{"name": "Robot", "scopes": []string{"ticket.see"}}
		w[change] = value
		return w
	}
	now := h.Clock.Now()
	for name, try := range map[string]struct {
		in     vars
		code   string
		status int
	}{
		"no name": {wish("name", " "), "invalid", 400}, "no scope": {wish("scopes", []string{}), "invalid", 400},
		"an unknown scope": {wish("scopes", []string{"all"}), "invalid", 400}, "over": {wish("expiresAt", now), "invalid", 400},
		"for ever": {wish("expiresAt", now.Add(auth.MaxKeyLife+time.Hour)), "invalid", 400}, "another's": {wish("memberId", memberID(h.Dana)), "forbidden", 403},
	} {
		if a := h.post(t, h.Chidi, "/api-keys", try.in); a.status != try.status || a.text("code") != try.code {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	h.post(t, h.Lea, "/api-keys", wish("name", "Robot")).refuses(403, "forbidden")
	h.post(t, h.Ada, "/api-keys", wish("memberId", memberID(&member.Member{ID: 1}))).refuses(404, "not_found").want("errors.0.pointer", "#/memberId")
	h.post(t, h.Ada, "/api-keys", wish("memberId", memberID(h.Bob))).is(201).want("member.name", "Bob")
	key, id := h.makes(t, h.Ada, access.Permissions()...)
	h.by(t, key, http.MethodPost, "/api-keys", wish("name", "Child")).refuses(403, "forbidden")
	h.by(t, key, http.MethodGet, "/api-keys/"+id, nil).is(200)
	once := wish("name", "Once")
	first := h.post(t, h.Ada, "/api-keys", once, "Idempotency-Key", "k").is(201)
	again := h.post(t, h.Ada, "/api-keys", once, "Idempotency-Key", "k").is(201).want("id", first.text("id"))
	if first.text("secret") == "" || strings.Contains(again.body, "secret") {
		t.Errorf("the secret of a wish that is sent again is told twice, or never: %s, %s", first.body, again.body)
	}
	for range auth.MaxKeys {
		h.post(t, h.Dana, "/api-keys", wish("name", "Robot")).is(201)
	}
	h.post(t, h.Dana, "/api-keys", wish("name", "Robot")).refuses(400, "invalid")
}

// Whatever an administrator may change, a key to read with changes nothing.
func TestAKeyToReadWithChangesNothing(t *testing.T) {
	h := sqlite(t)
	m := newMatrix(t, h)
	i := slices.IndexFunc(m.callers, func(c *caller) bool { return c.name == "admin, participant" })
	c := *m.callers[i]
	var err error
	reader := *c.who
	_, reader.Name, err = h.services.Auth.CreateKey(t.Context(), h.Call(t, h.Ada), auth.KeyWish{Name: "Reader", Member: c.who.ID, Scopes: auth.ReadScopes()})
	if err != nil {
		t.Fatal(err)
	}
	c.who = &reader
	before, reads := m.head(t), 0
	for _, r := range rows() {
		got, body := m.outcome(t, r, &c, c.ticket)
		switch {
		case r.method == http.MethodGet:
			reads++
			if slices.ContainsFunc([]string{"grants", "keys", "sessions", "links", "desks"}, func(part string) bool { return strings.Contains(r.path, part) }) {
				continue // for which one must be more than a reader
			}
			if got != "seen" && r.want(&c) == "seen" {
				t.Errorf("%s gives %s: %s", r.name, got, body)
			}
		case got == "done":
			t.Errorf("%s is done: %s", r.name, body)
		}
	}
	if reads == 0 || m.head(t) != before {
		t.Errorf("after %d reads the history goes from %d to %d", reads, before, m.head(t))
	}
}

// A key that is refused is told of in the record, by its reason, and not each time.
func TestRefusedKeysAreRecordedNowAndThen(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		key, id := h.makes(t, h.Chidi, access.TicketSee)
		told := func() []any {
			where := `%7B"object":%7B"eq":"` + id + `"%7D,"action":%7B"eq":"refused"%7D%7D`
			return h.get(t, h.Ada, "/audit-entries?where="+where).is(200).at("items").([]any)
		}
		forged := key[:len(key)-1] + map[bool]string{true: "b", false: "a"}[strings.HasSuffix(key, "a")]
		for range 5 {
			h.by(t, forged, http.MethodGet, "/me", nil).refuses(401, "unauthenticated")
			h.by(t, "tsk_"+strings.Repeat("a", 16)+"_"+strings.Repeat("a", 32), http.MethodGet, "/me", nil).refuses(401, "unauthenticated")
		}
		h.by(t, key, http.MethodGet, "/me", nil).is(200)
		if n := len(told()); n != 1 {
			t.Fatalf("%d entries tell of five refusals", n)
		}
		h.Clock.Advance(auth.DefaultKeyLife)
		for range 5 {
			h.by(t, key, http.MethodGet, "/me", nil).refuses(401, "unauthenticated")
		}
		entries := told()
		if len(entries) != 2 {
			t.Fatalf("%d entries", len(entries))
		}
		for i, reason := range []string{"expired", "wrong_secret"} {
			change := entries[i].(map[string]any)["changes"].([]any)[0].(map[string]any)
			if change["field"] != "reason" || !slices.Equal(change["after"].([]any), []any{reason}) {
				t.Errorf("entry %d tells %v", i, change)
			}
		}
	})
}

// How a key is used is written down once a minute, however often it is.
func TestAKeysUseIsWrittenOnceAMinute(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		key, id := h.makes(t, h.Chidi, access.TicketSee)
		used := func() string { return h.get(t, h.Chidi, "/api-keys/"+id).is(200).text("lastUsedAt") }
		h.by(t, key, http.MethodGet, "/me", nil).is(200)
		first := used()
		h.by(t, key, http.MethodGet, "/me", nil).is(200)
		if again := used(); first == "" || again != first {
			t.Errorf("it was used at %q, then at %q", first, again)
		}
		h.Clock.Advance(time.Minute)
		h.by(t, key, http.MethodGet, "/me", nil).is(200)
		if later := used(); later <= first {
			t.Errorf("a minute later it was used at %q, after %q", later, first)
		}
	})
}

// A key by which members are managed makes nobody more than the key itself is.
func TestAKeyRaisesNobodyAboveItself(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		key, _ := h.makes(t, h.Ada, access.MemberManage, access.MemberSee, access.TicketSee, access.TicketReply)
		for _, who := range []*member.Member{h.Bob, h.Dana, h.Ada} {
			was := h.get(t, h.Ada, "/members/"+memberID(who)).is(200).text("role")
			for _, role := range []string{"admin", "supervisor", "agent"} {
				h.by(t, key, http.MethodPatch, "/members/"+memberID(who), vars{"role": role}).refuses(403, "forbidden")
			}
			h.get(t, h.Ada, "/members/"+memberID(who)).is(200).want("role", was)
		}
		whole, _ := h.makes(t, h.Ada, access.Permissions()...)
		h.by(t, whole, http.MethodPatch, "/members/"+memberID(h.Bob), vars{"role": "agent"}).is(200)
	})
}
