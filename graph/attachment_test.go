package graph_test

import (
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

func (h *house) system() access.Call {
	return access.Call{Actor: access.System(h.Workspace.ID), Now: h.Clock.Now(), Origin: event.Origin{Channel: event.ChannelDiscord}}
}

const attachmentsOf = `query ($id: ID!) { ticket(id: $id) { messages(last: 5) { nodes { body attachments {
	name contentType size width height url thumbnail { url width height contentType } state failure } } } timeline(last: 9) { nodes {
	... on AttachmentStoredEvent { stored: attachment { name } message { body } }
	... on AttachmentFailedEvent { failed: attachment { name } reason isInternal } } } } }`

func TestAttachmentsAreShownWithTheirMessages(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		tk := h.Opens(t, h.Lea, h.Help)
		a := h.ask(t, h.Chidi, `mutation { createUpload(input: {name: "../a b.png"}) {
			attachment { id name state url } uploadUrl userErrors { code } } }`, nil)
		if a.at("createUpload.attachment.name") != "a b.png" || a.at("createUpload.attachment.state") != "UPLOADING" ||
			a.at("createUpload.attachment.url") != nil || !strings.HasPrefix(a.at("createUpload.uploadUrl").(string), "/files/") {
			t.Fatalf("an upload begins with %s", a.body)
		}
		upload := a.at("createUpload.attachment.id").(string)
		picture := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03\x08\x06\x00\x00\x00\xb9\xea\xde\x81"
		if _, err := h.services.Files.Upload(t.Context(), h.Call(t, h.Chidi), scalar.Of[id.Attachment](scalar.Attachment, upload), strings.NewReader(picture)); err != nil {
			t.Fatal(err)
		}
		sent := h.ask(t, h.Chidi, `mutation ($t: ID!, $a: [ID!]) { replyToTicket(input: {ticketId: $t, body: "", attachmentIds: $a}) {
			message { attachments { name width height size contentType state thumbnail { url } } } userErrors { code field } } }`,
			vars{"t": scalar.Encode(scalar.Ticket, int64(tk.ID)), "a": []string{upload}})
		of, err := h.services.Files.Get(t.Context(), h.Call(t, h.Chidi), scalar.Of[id.Attachment](scalar.Attachment, upload))
		if err != nil || h.services.Files.Draw(t.Context(), h.system(), of.Blob) != nil {
			t.Fatalf("the picture is not drawn in small: %+v, %v", of, err)
		}
		if got := sent.at("replyToTicket.message.attachments.0"); got == nil || !strings.Contains(sent.body, `"width":2,"height":3`) ||
			!strings.Contains(sent.body, `"contentType":"image/png","state":"STORED","thumbnail":null`) {
			t.Errorf("the reply carries %s", sent.body)
		}
		again := h.ask(t, h.Chidi, `mutation ($t: ID!, $a: [ID!]) { addNote(input: {ticketId: $t, body: "x", attachmentIds: $a}) {
			userErrors { code field } } }`, vars{"t": scalar.Encode(scalar.Ticket, int64(tk.ID)), "a": []string{upload}})
		if !strings.Contains(again.body, `"code":"INVALID","field":["attachmentIds"]`) {
			t.Errorf("the file is attached again: %s", again.body)
		}
		h.arrives(t, tk)
		seen := h.ask(t, h.Lea, attachmentsOf, vars{"id": scalar.Encode(scalar.Ticket, int64(tk.ID))})
		for _, want := range []string{
			`"name":"a b.png","contentType":"image/png","size":33,"width":2,"height":3,"url":"/files/`,
			`","thumbnail":{"url":"/files/`, `","width":320,"height":1,"contentType":"image/png"},"state":"STORED","failure":null}`,
			`"name":"lost.txt","contentType":"text/plain","size":5,"width":null,"height":null,"url":null,"thumbnail":null,"state":"FAILED","failure":"GONE"`,
			`"stored":{"name":"there.txt"}`,
		} {
			if !strings.Contains(seen.body, want) {
				t.Errorf("the requester misses %s in %s", want, seen.body)
			}
		}
		if strings.Contains(seen.body, `"reason"`) {
			t.Error("the requester is told what staff has to know")
		}
		staff := h.ask(t, h.Chidi, attachmentsOf, vars{"id": scalar.Encode(scalar.Ticket, int64(tk.ID))})
		if !strings.Contains(staff.body, `"failed":{"name":"lost.txt"},"reason":"GONE","isInternal":true`) {
			t.Errorf("staff is not told: %s", staff.body)
		}
	})
}

// arrives takes in a message with two files from a channel, of which one is copied.
func (h *house) arrives(t *testing.T, tk *ticket.Ticket) {
	t.Helper()
	c := h.Call(t, h.Lea)
	c.Origin = event.Origin{Channel: event.ChannelDiscord, ExternalID: "1"}
	m, err := h.services.Tickets.Reply(t.Context(), c, h.Ref(tk), "two", file.Enclosure{Name: "there.txt"},
		file.Enclosure{Name: "lost.txt", ContentType: "text/plain", Size: 5})
	if err != nil {
		t.Fatal(err)
	}
	of, err := h.services.Files.Of(t.Context(), h.system(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	b, err := h.services.Files.Receive(t.Context(), h.system(), strings.NewReader("there"))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.services.Tickets.Copied(t.Context(), h.system(), of[m.ID][0], b); err != nil {
		t.Fatal(err)
	}
	if err := h.services.Tickets.CopyFailed(t.Context(), h.system(), of[m.ID][1], file.Gone); err != nil {
		t.Fatal(err)
	}
}

// A file that was taken away from its message stands with the versions that carried
// it, for who may read those, and for nobody else.
func TestAFileThatWasTakenAwayIsTheEarlierVersions(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		tk := h.Opens(t, h.Lea, h.Help)
		from := func(external string) access.Call {
			c := h.Call(t, h.Lea)
			c.Origin = event.Origin{Channel: event.ChannelDiscord, ExternalID: external}
			return c
		}
		a, b := file.Enclosure{Name: "a.txt", ExternalID: "a"}, file.Enclosure{Name: "b.txt", ExternalID: "b"}
		m, err := h.services.Tickets.Reply(t.Context(), from("1"), h.Ref(tk), "look", a, b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.services.Tickets.RewriteMessage(t.Context(), from("2"), h.Ref(tk), m.ID, "look", []file.Enclosure{b}); err != nil {
			t.Fatal(err)
		}
		const question = `query ($id: ID!) { ticket(id: $id) { messages(last: 1) { nodes { attachments { name } versions { attachments { name } } } }
			timeline(last: 1) { nodes { ... on MessageEditedEvent { version filesAdded filesRemoved } } } } }`
		told := `"timeline":{"nodes":[{"version":2,"filesAdded":0,"filesRemoved":1}]}`
		for who, want := range map[*member.Member]string{
			h.Lea:   `{"attachments":[{"name":"b.txt"}],"versions":[]}`,
			h.Chidi: `{"attachments":[{"name":"b.txt"}],"versions":[{"attachments":[{"name":"a.txt"},{"name":"b.txt"}]},{"attachments":[{"name":"b.txt"}]}]}`,
		} {
			if seen := h.ask(t, who, question, vars{"id": scalar.Encode(scalar.Ticket, int64(tk.ID))}); !strings.Contains(seen.body, want) || !strings.Contains(seen.body, told) {
				t.Errorf("%s finds %s, want %s and %s", who.Name, seen.body, want, told)
			}
		}
	})
}
