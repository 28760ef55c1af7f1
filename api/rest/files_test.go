package rest_test

import (
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/file/filetest"
	"github.com/ticketsys/ticketsys/domain/id"
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

// A picture has its size at once, and is shown in small when that is drawn.
func TestAPictureIsShownInSmall(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		begun := h.post(t, h.Chidi, "/attachments", map[string]any{"name": "a.png"}).is(201).
			want("attachment.thumbnail", nil).text("attachment.id")
		upload := opaque.Of[id.Attachment](opaque.Attachment, begun)
		a, err := h.services.Files.Upload(t.Context(), h.Call(t, h.Chidi), upload, strings.NewReader(filetest.Picture))
		if err != nil {
			t.Fatal(err)
		}
		h.get(t, h.Chidi, "/attachments/"+begun).is(200).want("width", 2).want("height", 3).want("thumbnail", nil)
		c := access.Call{Actor: access.System(h.Workspace.ID), Now: h.Clock.Now()}
		if err := h.services.Files.Draw(t.Context(), c, a.Blob); err != nil {
			t.Fatal(err)
		}
		seen := h.get(t, h.Chidi, "/attachments/"+begun).is(200).want("thumbnail.width", file.ThumbnailSide).want("thumbnail.height", 1).
			want("thumbnail.contentType", "image/png")
		if link := seen.text("thumbnail.url"); !strings.Contains(link, "/thumbnail?link=") {
			t.Errorf("it is opened by %q", link)
		}
	})
}
