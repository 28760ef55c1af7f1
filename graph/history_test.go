package graph_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// Each event tells what it was about, by its own fields.
func TestEventsTellWhatTheyWereAbout(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	s, ref := h.services.Tickets, h.Ref(tk)
	as := func(who *member.Member, do func() error) {
		t.Helper()
		if err := do(); err != nil {
			t.Fatalf("%s: %v", who.Name, err)
		}
	}
	ctx := t.Context()
	as(h.Chidi, func() error { _, err := s.Claim(ctx, h.Call(t, h.Chidi), ref); return err })
	as(h.Sam, func() error { _, err := s.Assign(ctx, h.Call(t, h.Sam), ref, h.Dana.ID); return err })
	as(h.Sam, func() error { _, err := s.Unassign(ctx, h.Call(t, h.Sam), ref); return err })
	as(h.Sam, func() error { _, err := s.Recategorise(ctx, h.Call(t, h.Sam), ref, h.Invoice.ID); return err })
	as(h.Sam, func() error { _, err := s.SetPriority(ctx, h.Call(t, h.Sam), ref, "urgent"); return err })
	as(h.Sam, func() error { _, err := s.AddTags(ctx, h.Call(t, h.Sam), ref, "vip"); return err })
	as(h.Sam, func() error { _, err := s.AddParticipant(ctx, h.Call(t, h.Sam), ref, h.Bob.ID); return err })
	as(h.Sam, func() error { _, err := s.Resolve(ctx, h.Call(t, h.Sam), ref); return err })
	as(h.Lea, func() error { _, err := s.Confirm(ctx, h.Call(t, h.Lea), ref); return err })
	as(h.Lea, func() error { _, err := s.Reopen(ctx, h.Call(t, h.Lea), ref); return err })
	a := h.ask(t, h.Sam, `query($id: ID!) { ticket(id: $id) { timeline(first: 100) { nodes { __typename
		... on TicketOpenedEvent { category { name } queue { name } opened: priority }
		... on TicketClaimedEvent { assignee { name } previousAssignee { name } }
		... on TicketAssignedEvent { assignee { name } previousAssignee { name } }
		... on TicketUnassignedEvent { previousAssignee { name } }
		... on TicketRecategorisedEvent { fromCategory { name } toCategory { name } }
		... on TicketTransferredEvent { fromQueue { name } toQueue { name } }
		... on PriorityChangedEvent { fromPriority toPriority }
		... on TagAddedEvent { tag isInternal } ... on ParticipantAddedEvent { member { name } }
		... on TicketResolvedEvent { resolved: fromStatus } ... on TicketClosedEvent { reason } ... on TicketReopenedEvent { reopened: fromStatus }
	} } } }`, vars{"id": ticketID(tk)})
	var told []string
	for _, n := range a.at("ticket.timeline.nodes").([]any) {
		told = append(told, fmt.Sprint(n))
	}
	all := strings.Join(told, "\n")
	for _, want := range []string{
		"TicketOpenedEvent category:map[name:Help] opened:NORMAL queue:map[name:Support]",
		"TicketClaimedEvent assignee:map[name:Chidi] previousAssignee:<nil>",
		"TicketAssignedEvent assignee:map[name:Dana] previousAssignee:map[name:Chidi]",
		"TicketUnassignedEvent previousAssignee:map[name:Dana]",
		"TicketRecategorisedEvent fromCategory:map[name:Help] toCategory:map[name:Invoice]",
		"TicketTransferredEvent fromQueue:map[name:Support] toQueue:map[name:Billing]",
		"PriorityChangedEvent fromPriority:NORMAL toPriority:URGENT", "TagAddedEvent isInternal:true tag:vip",
		"ParticipantAddedEvent member:map[name:Bob]", "resolved:OPEN", "reason:CONFIRMED", "reopened:CLOSED",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
}

func TestEditsAndDeletionsShowAsTheyShould(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	s, ref := h.services.Tickets, h.Ref(tk)
	m, err := s.Reply(t.Context(), h.Call(t, h.Lea), ref, "my card is 1234")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.EditMessage(t.Context(), h.Call(t, h.Lea), ref, m.ID, "my card is ****"); err != nil {
		t.Fatal(err)
	}
	const query = `query($id: ID!) { ticket(id: $id) { messageCount messages(last: 1) { nodes { id body version editedAt deletedAt side locale
		versions { number body author { name } } } } } }`
	staff := h.ask(t, h.Chidi, query, vars{"id": ticketID(tk)})
	staff.want("ticket.messages.nodes.0.body", "my card is ****")
	staff.want("ticket.messages.nodes.0.version", 2)
	staff.want("ticket.messages.nodes.0.side", "REQUESTER")
	staff.want("ticket.messages.nodes.0.versions.0", vars{"number": 1, "body": "my card is 1234", "author": vars{"name": "Léa"}})
	h.ask(t, h.Lea, query, vars{"id": ticketID(tk)}).want("ticket.messages.nodes.0.versions", []any{})

	h.ask(t, h.Chidi, `mutation($t: ID!, $m: ID!) { deleteMessage(input: {ticketId: $t, messageId: $m}) { message { body } `+refusal+` } }`,
		vars{"t": ticketID(tk), "m": gid(scalar.Message, m.ID)}).want("deleteMessage.message.body", "")
	after := h.ask(t, h.Lea, query, vars{"id": ticketID(tk)})
	after.want("ticket.messages.nodes.0.body", "")
	if after.at("ticket.messages.nodes.0.deletedAt") == nil {
		t.Errorf("%s", after.body)
	}
}

func TestMessagesPageBackwards(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	h.Changes(t, h.Chidi, tk, func(c ticket.Cause, tk *ticket.Ticket) error {
		for i := range 6 {
			c.Now = h.Clock.Tick()
			if _, err := tk.Reply(c, ticket.FromStaff, "en", fmt.Sprint("m", i)); err != nil {
				return err
			}
		}
		return nil
	})
	var read []string
	var before any
	for more := true; more; {
		a := h.ask(t, h.Lea, `query($id: ID!, $before: Cursor) { ticket(id: $id) { messages(last: 4, before: $before) { edges { cursor node { body } }
			pageInfo { startCursor hasPreviousPage } } } }`, vars{"id": ticketID(tk), "before": before})
		var page []string
		for _, e := range a.at("ticket.messages.edges").([]any) {
			page = append(page, e.(map[string]any)["node"].(map[string]any)["body"].(string))
		}
		read = append(page, read...)
		before, more = a.at("ticket.messages.pageInfo.startCursor"), a.at("ticket.messages.pageInfo.hasPreviousPage").(bool)
	}
	if got := strings.Join(read, " "); got != "It is broken. Bonjour Léa, voici le ticket 1 (Aide). m0 m1 m2 m3 m4 m5" {
		t.Error(got)
	}
}

// A stream that has nothing to say shows that it lives.
func TestIdleStreamsShowSignsOfLife(t *testing.T) {
	h := sqlite(t, func(c *graph.Config) { c.Limits.Ping = 5 * time.Millisecond })
	tk := h.Opens(t, h.Lea, h.Help)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	body := `{"query": "subscription { ticketEvents(ticketId: \"` + ticketID(tk) + `\") { cursor } }"}`
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.serve(t).URL+"/graphql", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Authorization", "Bearer "+h.Lea.Name)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got := response.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Error(got)
	}
	heard := ""
	for room := make([]byte, 64); strings.Count(heard, ":\n\n") < 3; {
		n, err := response.Body.Read(room)
		if err != nil {
			t.Fatalf("%v after %q", err, heard)
		}
		heard += string(room[:n])
	}
}
