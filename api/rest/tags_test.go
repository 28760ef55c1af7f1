package rest_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
)

// Staff adds to the vocabulary, supervisors put it in order, and tickets follow.
func TestTheVocabularyIsKept(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		path := h.opens(t, h.Lea, "Mine")
		bread := h.post(t, h.Chidi, "/tags", vars{"name": "Bred", "colour": "#AA0000"}).is(201).want("colour", "#aa0000").want("formerNames", []any{})
		h.post(t, h.Chidi, "/tags", vars{"name": " bred "}).refuses(409, "conflict").want("errors.0.pointer", "#/name")
		h.post(t, h.Chidi, path+"/tags", vars{"tags": []string{"bred", "roll"}}).is(200)
		at := "/tags/" + bread.text("id")
		h.patch(t, h.Sam, at, vars{"name": "Bread", "colour": nil}, "If-Match", bread.header.Get("ETag")).is(200).want("name", "Bread").want("colour", nil).want("ticketCount", 1)
		h.patch(t, h.Sam, at, vars{"name": "Loaf"}, "If-Match", bread.header.Get("ETag")).refuses(412, "conflict").want("currentVersion", 2)
		h.patch(t, h.Sam, at, vars{"colour": "red"}).refuses(400, "invalid").want("errors.0.pointer", "#/colour")
		h.get(t, h.Chidi, path).is(200).want("tags", []string{"Bread", "roll"})
		found := h.get(t, h.Chidi, "/tags?count=true&where=%7B%22name%22:%7B%22eq%22:%22BRED%22%7D%7D").is(200).want("totalCount", 1).want("items.0.id", bread.text("id"))
		roll := h.get(t, h.Chidi, "/tags?orderBy=-name").is(200).want("items.0.name", "roll").text("items.0.id")
		h.post(t, h.Sam, at+"/merge", vars{"tagIds": []string{bread.text("id")}}).refuses(400, "invalid").want("errors.0.pointer", "#/tagIds")
		h.post(t, h.Sam, "/tags/tag_zz/merge", vars{"tagIds": []string{roll}}).refuses(404, "not_found").want("errors.0.parameter", "tagId")
		h.post(t, h.Sam, at+"/merge", vars{"tagIds": []string{roll}}).is(200).want("formerNames", []string{"Bred", "roll"})
		h.get(t, h.Chidi, path).is(200).want("tags", []string{"Bread"})
		h.get(t, h.Chidi, at, "If-None-Match", found.header.Get("ETag")).is(200)
		h.delete(t, h.Sam, at).is(204)
		h.get(t, h.Chidi, path).is(200).want("tags", []any{})
		h.get(t, h.Chidi, at).refuses(404, "not_found")
	})
}

// Staff is told what a channel can't do and how that is mended, in their language.
func TestWhatChannelsCanDoIsTold(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.get(t, h.Chidi, "/locales").is(200).want("items", []string{"en", "fr"})
		h.get(t, h.Chidi, "/channel-reports").is(200).want("items", []any{})
		system := access.Call{Actor: access.System(h.Workspace.ID), Now: h.Clock.Now()}
		err := h.services.Channels.Report(t.Context(), system, channel.Report{Channel: event.ChannelDiscord, State: channel.Connected, Capabilities: []channel.Capability{
			{Key: "answering_role", Mend: "discord.mend.answering_role"}, {Key: "threads", On: true},
		}})
		if err != nil {
			t.Fatal(err)
		}
		h.get(t, h.Chidi, "/channel-reports").is(200).want("items.0.channel", "discord").want("items.0.capabilities.0.isOn", false).
			want("items.0.capabilities.0.mend", "Use /setup team to name the role that answers tickets.").want("items.0.capabilities.1.mend", nil)
		h.get(t, h.Lea, "/channel-reports").refuses(403, "forbidden")
	})
}
