package rest_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/opaque"
)

// A file that was taken away from its message stands with the versions that carried
// it, for who may read those, and for nobody else.
func TestAFileThatWasTakenAwayIsTheEarlierVersions(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		tk := h.Opens(t, h.Lea, h.Help)
		c := h.Call(t, h.Lea)
		c.Origin = event.Origin{Channel: event.ChannelDiscord, ExternalID: "1"}
		a, b := file.Enclosure{Name: "a.txt", ExternalID: "a"}, file.Enclosure{Name: "b.txt", ExternalID: "b"}
		m, err := h.services.Tickets.Reply(t.Context(), c, h.Ref(tk), "look", a, b)
		if err != nil {
			t.Fatal(err)
		}
		path := "/tickets/" + gid(opaque.Ticket, tk.ID)
		message := path + "/messages/" + gid(opaque.Message, m.ID)
		gone := "/attachments/" + h.get(t, h.Lea, message).is(200).want("attachments.1.name", "b.txt").text("attachments.0.id")
		c = h.Call(t, h.Lea)
		c.Origin = event.Origin{Channel: event.ChannelDiscord, ExternalID: "2"}
		if _, err := h.services.Tickets.RewriteMessage(t.Context(), c, h.Ref(tk), m.ID, "look", []file.Enclosure{b}); err != nil {
			t.Fatal(err)
		}
		h.get(t, h.Lea, message).is(200).want("attachments.0.name", "b.txt").want("version", 2)
		h.get(t, h.Lea, gone).refuses(404, "not_found")
		h.get(t, h.Lea, message+"/versions").is(200).want("items", []any{})
		h.get(t, h.Sam, message).is(200).want("attachments.0.name", "b.txt")
		h.get(t, h.Sam, gone).is(200).want("name", "a.txt")
		h.get(t, h.Sam, message+"/versions").is(200).want("items.0.attachments.0.name", "a.txt").
			want("items.0.attachments.1.name", "b.txt").want("items.1.attachments.0.name", "b.txt")
		h.get(t, h.Lea, path+"/timeline?last=1").is(200).want("items.0.data", map[string]any{
			"messageId": gid(opaque.Message, m.ID), "version": 2, "filesRemoved": 1,
		})
	})
}
