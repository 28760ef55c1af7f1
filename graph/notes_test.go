package graph_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// unbounded lets operations ask for everything at once.
func unbounded(c *graph.Config) {
	c.Limits.Tokens, c.Limits.Depth, c.Limits.Aliases, c.Limits.Repeats = 1<<20, 100, 1<<20, 1<<20
	c.Limits.Fields, c.Limits.Complexity, c.Limits.Live = 1<<20, 1<<40, 1<<40
}

// outsiders are those who have to do with the ticket and do not read its notes: its
// requester, and those who take part, be they agents elsewhere; and a stranger.
func (h *house) outsiders(t *testing.T) []*member.Member {
	t.Helper()
	h.ticket = h.Opens(t, h.Lea, h.Help)
	h.Opens(t, h.Lea, h.Help)
	h.Opens(t, h.Dana, h.Invoice) // so that lists have an order
	h.ticket = h.Changes(t, h.Sam, h.ticket, func(c ticket.Cause, tk *ticket.Ticket) error {
		if err := tk.AddParticipant(c, h.Bob.ID); err != nil {
			return err
		}
		return tk.AddParticipant(c, h.Dana.ID)
	})
	return []*member.Member{h.Lea, h.Bob, h.Dana}
}

// planted are the notes of a ticket, and what must be found nowhere.
type planted struct {
	notes  []string // their IDs
	file   string   // ID of the file that one has
	key    vars     // the input of a note that was added with an idempotency key
	secret []string
}

const secretWord = "quetzalcoatl"

// plants adds a note with a file, one that is edited, one that is deleted, and one
// with an idempotency key.
func (h *house) plants(t *testing.T) planted {
	t.Helper()
	const add = `mutation($in: AddNoteInput!) { addNote(input: $in) { message { id } userErrors { code message } } }`
	p := planted{secret: []string{secretWord, "NOTE", "NoteAdded", `isInternal":true`}}
	note := func(more vars) string {
		in := vars{"ticketId": ticketID(h.ticket), "body": "About " + secretWord}
		maps.Copy(in, more)
		p.key = in
		made := h.ask(t, h.Chidi, add, vars{"in": in}).at("addNote.message.id").(string)
		p.notes = append(p.notes, made)
		return made
	}
	p.file = h.ask(t, h.Chidi, `mutation($n: String!) { createUpload(input: {name: $n}) { attachment { id } } }`, vars{"n": secretWord + ".txt"}).
		at("createUpload.attachment.id").(string)
	if _, err := h.services.Files.Upload(t.Context(), h.Call(t, h.Chidi), scalar.Of[id.Attachment](scalar.Attachment, p.file), strings.NewReader(secretWord)); err != nil {
		t.Fatal(err)
	}
	note(vars{"attachmentIds": []string{p.file}})
	h.ask(t, h.Chidi, `mutation($t: ID!, $m: ID!) { editMessage(input: {ticketId: $t, messageId: $m, body: "x"}) { userErrors { code } } }`,
		vars{"t": ticketID(h.ticket), "m": note(nil)}).want("editMessage.userErrors", []any{})
	h.ask(t, h.Chidi, `mutation($t: ID!, $m: ID!) { deleteMessage(input: {ticketId: $t, messageId: $m}) { userErrors { code } } }`,
		vars{"t": ticketID(h.ticket), "m": note(nil)}).want("deleteMessage.userErrors", []any{})
	note(vars{"idempotencyKey": "once"})
	p.secret = append(append(p.secret, p.notes...), p.file)
	return p
}

func (p planted) isNowhereIn(t *testing.T, what, said string) {
	t.Helper()
	for _, s := range p.secret {
		if strings.Contains(said, s) {
			t.Errorf("%s tells %q: %.2000s", what, s, said)
		}
	}
}

// lookAround asks for everything that there is, and gives the answers.
func (h *house) lookAround(t *testing.T, who *member.Member) map[string]string {
	t.Helper()
	said := map[string]string{}
	ask := func(query string) {
		a := h.run(t, who, query, nil)
		if code := a.refused(); code != "" && code != "FORBIDDEN" {
			t.Fatalf("%.300s: %.1000s", query, a.body)
		}
		said[query] = a.body
	}
	for _, f := range ours()["Query"].Fields {
		if required := f.Arguments; len(required) > 0 && required[0].Type.NonNull && required[0].DefaultValue == nil || strings.HasPrefix(f.Name, "__") {
			continue // those that look one up are below
		}
		ask(`{ ` + f.Name + page100(f) + everythingOf(f.Type.Name()) + ` }`)
	}
	ask(`{ ticket(id: "` + ticketID(h.ticket) + `")` + everythingOf("Ticket") + ` }`)
	ask(`{ ticketByNumber(number: 1)` + everythingOf("Ticket") + ` }`)
	ask(`{ node(id: "` + ticketID(h.ticket) + `")` + everythingOf("Node") + ` }`)
	ask(`{ ticket(id: "` + ticketID(h.ticket) + `") { messages(last: 1) { nodes { body } pageInfo { hasPreviousPage } } timeline(last: 1) { nodes { __typename } } } }`)
	for _, arguments := range []string{
		`orderBy: {field: ACTIVITY_AT}`, `where: {activityAt: {gte: "` + h.Clock.Now().UTC().Format("2006-01-02T15:04:05Z") + `"}}`,
		`where: {tag: {isNull: true}}`, `where: {status: {eq: NEW}}`,
	} {
		ask(`{ tickets(` + arguments + `) { totalCount nodes { number activityAt messageCount version lastMessage { id body } } } }`)
	}
	return said
}

// All that a requester or participant can read is the same to the letter, whether
// there are notes or not.
func TestNotesChangeNothingForWhoReadsNone(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		unbounded(&h.services)
		h.handler = graph.NewHandler(h.services)
		outsiders := h.outsiders(t)
		before := map[*member.Member]map[string]string{}
		for _, who := range outsiders {
			before[who] = h.lookAround(t, who)
		}
		p := h.plants(t)
		for _, who := range outsiders {
			for query, was := range before[who] {
				is := h.run(t, who, query, nil).body
				p.isNowhereIn(t, who.Name+": "+query[:min(60, len(query))], is)
				if is != was {
					t.Errorf("%s: %.300s: %s, before the notes %s", who.Name, query, is, was)
				}
			}
		}
		found := h.ask(t, h.Chidi, `{ ticket(id: "`+ticketID(h.ticket)+`")`+everythingOf("Ticket")+` }`, nil).body
		for _, part := range append(p.secret, secretWord+`.txt"`, `messageversion_body":"About `+secretWord) {
			if !strings.Contains(found, part) {
				t.Errorf("who may read notes does not find %q, so that this proves nothing", part)
			}
		}
	})
}

// Whatever is done with a note's ID by who may not read it is what is done with
// the ID of nothing.
func TestNotesAreNotThereForWhoReadsNone(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		outsiders := h.outsiders(t)
		p := h.plants(t)
		for _, who := range outsiders {
			for _, query := range []string{
				`query($m: ID!) { node(id: $m) { id ... on Message { body } } nodes(ids: [$m]) { id } }`,
				`mutation($t: ID!, $m: ID!) { editMessage(input: {ticketId: $t, messageId: $m, body: "x"}) { message { id body } ` + refusal + ` } }`,
				`mutation($t: ID!, $m: ID!) { editMessage(input: {ticketId: $t, messageId: $m, body: "x", expectedVersion: 9}) { message { id }
					userErrors { code message currentVersion } } }`,
				`mutation($t: ID!, $m: ID!) { deleteMessage(input: {ticketId: $t, messageId: $m}) { message { id body } ` + refusal + ` } }`,
				`mutation($t: ID!, $m: ID!) { deleteMessage(input: {ticketId: $t, messageId: $m, expectedVersion: 9}) {
					message { id } userErrors { code message currentVersion } } }`,
				`mutation($t: ID!, $m: ID!) { replyToTicket(input: {ticketId: $t, body: "x", attachmentIds: [$m]}) { message { id body attachments { name } } ` + refusal + ` } }`,
			} {
				for _, known := range append(p.notes, p.file) {
					kind, n, _ := scalar.Decode(known)
					there, not := vars{"t": ticketID(h.ticket), "m": known}, vars{"t": ticketID(h.ticket), "m": scalar.Encode(kind, n+1<<40)}
					got, want := h.run(t, who, query, there).body, h.run(t, who, query, not).body
					p.isNowhereIn(t, who.Name, got)
					if got != want {
						t.Errorf("%s: %s: %s of a note, %s of nothing", who.Name, query, got, want)
					}
				}
			}
			file := scalar.Of[id.Attachment](scalar.Attachment, p.file)
			if a, err := h.services.Files.Get(t.Context(), h.Call(t, who), file); err == nil {
				t.Errorf("%s gets the file %q of a note", who.Name, a.Name)
			}
		}
	})
}

// What a change gives back holds no note, be it of many tickets, or given again.
func TestNotesAreInNoResult(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		unbounded(&h.services)
		h.handler = graph.NewHandler(h.services)
		h.outsiders(t)
		p := h.plants(t)
		for range 2 { // the second time from what is stored
			p.isNowhereIn(t, "a bulk change", h.run(t, h.Lea, `mutation($t: ID!) { bulkSetTicketStatus(input: {tickets: [{id: $t}], status: RESOLVED,
				idempotencyKey: "all"})`+everythingOf("BulkSetTicketStatusPayload")+` }`, vars{"t": ticketID(h.ticket)}).body)
			p.isNowhereIn(t, "a reply", h.run(t, h.Lea, `mutation($t: ID!) { replyToTicket(input: {ticketId: $t, body: "Hello",
				idempotencyKey: "all"})`+everythingOf("ReplyToTicketPayload")+` }`, vars{"t": ticketID(h.ticket)}).body)
		}
		again := `mutation($in: AddNoteInput!) { addNote(input: $in)` + everythingOf("AddNotePayload") + ` }`
		for _, who := range []*member.Member{h.Lea, h.Bob, h.Dana} {
			p.isNowhereIn(t, who.Name+" with another's key", h.run(t, who, again, vars{"in": p.key}).body)
		}
		if kept := h.run(t, h.Chidi, again, vars{"in": p.key}).body; !strings.Contains(kept, p.notes[len(p.notes)-1]) {
			t.Errorf("the note is not given again to its author: %s", kept)
		}
		h.Changes(t, h.Sam, h.ticket, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.AddParticipant(c, h.Chidi.ID) })
		if err := h.Members.SetRole(t.Context(), member.Ref{Workspace: h.Workspace.ID, ID: h.Chidi.ID}, access.RoleRequester); err != nil {
			t.Fatal(err)
		}
		p.isNowhereIn(t, "a note of one's own, when one is no agent any more,", h.run(t, h.Chidi, again, vars{"in": p.key}).body)
	})
}

func TestNotesAreInNoStream(t *testing.T) {
	for transport, subscribe := range wholes() {
		t.Run(transport, func(t *testing.T) {
			h := sqlite(t, unbounded)
			outsiders := h.outsiders(t)
			head, err := h.Tickets.Head(t.Context(), h.Workspace.ID)
			if err != nil {
				t.Fatal(err)
			}
			url, v := h.serve(t).URL, vars{"t": ticketID(h.ticket), "after": scalar.EncodeCursor(page.Cursor{head})}
			var open []*stream
			for _, who := range outsiders {
				open = append(open,
					subscribe(h, t, url, who, `subscription($t: ID!, $after: Cursor) { ticketEvents(ticketId: $t, after: $after)`+everythingOf("TimelineEdge")+` }`, v),
					subscribe(h, t, url, who, `subscription($after: Cursor) { myEvents(after: $after)`+everythingOf("TicketEventEdge")+` }`, v))
			}
			p := h.plants(t)
			h.says(t, h.Lea, h.ticket, "after all")
			for _, s := range open {
				e := s.next()
				p.isNowhereIn(t, "a stream", e.text)
				if !strings.Contains(e.text, "after all") {
					t.Errorf("the first that is told is %s %.500s", e.kind, e.text)
				}
			}
		})
	}
}
