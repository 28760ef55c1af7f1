package rest_test

import (
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// linked links a place of Discord to the workspace, which is all that it is linked to
// then, and gives what it is called there.
func (h *house) linked(t *testing.T, name string) string {
	t.Helper()
	there, err := h.Workspaces.LinksOf(t.Context(), h.Workspace.ID)
	if err == nil && len(there) == 0 {
		err = h.Workspaces.Relink(t.Context(), workspace.Link{
			Channel: event.ChannelDiscord, ExternalID: name, Workspace: h.Workspace.ID, Name: name, At: h.Clock.Now(),
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// An administrator sees, adds and removes links; a code is shown once and used once.
func TestPlacesAreLinkedAndUnlinked(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.get(t, h.Ada, "/channel-links").is(200).want("items", []any{})
		before := h.get(t, h.Ada, "/workspace").is(200)
		code := h.post(t, h.Ada, "/channel-link-codes", vars{"channel": "discord"}, "Idempotency-Key", "code").is(200).want("channel", "discord").text("code")
		h.post(t, h.Ada, "/channel-link-codes", vars{"channel": "discord"}, "Idempotency-Key", "code").is(200).want("code", nil).want("expiresAt", nil)
		h.post(t, h.Ada, "/channel-link-codes", vars{"channel": "api"}).refuses(400, "invalid").want("errors.0.pointer", "#/channel")
		h.post(t, h.Ada, "/channel-link-codes", vars{"channel": "pigeon"}).refuses(400, "invalid").want("errors.0.pointer", "#/channel")
		h.post(t, h.Ada, "/channel-link-codes", vars{}).refuses(400, "invalid").want("errors.0.pointer", "#/channel")
		h.post(t, h.Sam, "/channel-link-codes", vars{"channel": "discord"}).refuses(403, "forbidden")
		_, key, err := h.services.Auth.CreateKey(t.Context(), h.Call(t, h.Ada), auth.KeyWish{Name: "Robot", Scopes: access.Permissions()})
		if err != nil {
			t.Fatal(err)
		}
		h.by(t, key, "POST", "/channel-link-codes", vars{"channel": "discord"}).refuses(403, "forbidden") // a code is worth more than a key
		if _, err := h.services.Workspaces.LinkByCode(t.Context(), h.Clock.Tick(), access.Actor{}, workspace.Place{Channel: event.ChannelDiscord, ExternalID: "7", Name: "Bakery"}, "4711", code); err != nil {
			t.Fatal(err)
		}
		links := h.get(t, h.Ada, "/channel-links").is(200).want("items.0.channel", "discord").want("items.0.externalId", "7").want("items.0.name", "Bakery")
		h.get(t, h.Ada, "/channel-links", "If-None-Match", links.header.Get("ETag")).is(304)
		h.get(t, h.Sam, "/channel-links").refuses(403, "forbidden")

		h.delete(t, h.Sam, "/channel-links/discord/7").refuses(403, "forbidden")
		h.delete(t, h.Ada, "/channel-links/discord/7", "If-Match", before.header.Get("ETag")).refuses(412, "conflict").want("currentVersion", 2)
		h.delete(t, h.Ada, "/channel-links/discord/8").refuses(404, "not_found")
		h.delete(t, h.Ada, "/channel-links/pigeon/7").refuses(400, "invalid").want("errors.0.parameter", "channel")
		for range 2 { // the second is the same wish
			h.delete(t, h.Ada, "/channel-links/discord/7", "Idempotency-Key", "unlink").is(200).want("version", 3).want("id", before.at("id"))
		}
		h.delete(t, h.Ada, "/channel-links/discord/7").refuses(404, "not_found")
		h.get(t, h.Ada, "/channel-links").is(200).want("items", []any{})
		if strings.Contains(h.log.String(), code) {
			t.Error("the code is in the log")
		}
	})
}

// A member sees which workspaces they are in, and in which languages theirs speaks.
func TestWorkspacesAreListed(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		mine := h.get(t, h.Lea, "/workspace").is(200)
		a := h.get(t, h.Lea, "/workspaces?count=true").is(200).want("totalCount", 1).want("items.0", mine.data).want("page.hasNext", false)
		h.get(t, h.Lea, "/workspaces?count=true", "If-None-Match", a.header.Get("ETag")).is(304)
		h.get(t, h.Lea, `/workspaces?where={"slug":{"eq":"elsewhere"}}`).is(200).want("items", []any{})
		h.get(t, h.Lea, "/workspaces?orderBy=-createdAt").is(200).want("items.0.id", mine.at("id"))
		h.get(t, h.Lea, "/workspaces?orderBy=colour").refuses(400, "invalid").want("errors.0.parameter", "orderBy")
		h.get(t, h.Ada, "/workspace/locales").is(200).want("items.0.isDefault", true).want("items.0.locale", mine.at("locale"))
		h.patch(t, h.Ada, "/categories/"+h.get(t, h.Ada, "/categories").text("items.0.id"), vars{"names": vars{"en": "Help", "de": "Hilfe"}, "greetings": vars{"en": "Hi", "tlh": "nuqneH"}}).is(200)
		now := h.get(t, h.Ada, "/workspace/locales").is(200).want("items.1", vars{"locale": "de", "isDefault": false, "isSupported": false, "categoryCount": 1, "greetingCount": 0})
		if !strings.Contains(now.body, "tlh") {
			t.Errorf("an administrator is not told of a greeting: %s", now.body)
		}
		if a := h.get(t, h.Lea, "/workspace/locales").is(200).want("items.1.greetingCount", nil); strings.Contains(a.body, "tlh") {
			t.Errorf("a requester is told of a greeting: %s", a.body)
		}
	})
}
