package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

const replyOnce = `mutation($in: ReplyToTicketInput!) { replyToTicket(input: $in) {
	message { id body } ticket { id messageCount } userErrors { code field message } } }`

func TestAKeyMakesAChangeHappenOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		tk := h.Opens(t, h.Lea, h.Help)
		said := h.Read(t, tk.ID).MessageCount
		in := vars{"ticketId": ticketID(tk), "body": "Is anybody there?", "idempotencyKey": "k-1"}
		first := h.ask(t, h.Lea, replyOnce, vars{"in": in})
		again := h.ask(t, h.Lea, replyOnce, vars{"in": in})
		if first.at("replyToTicket.message.id") == nil || first.body != again.body {
			t.Errorf("the first answer is %s, the second %s", first.body, again.body)
		}
		inline := h.ask(t, h.Lea, strings.NewReplacer("$t", ticketID(tk)).Replace(`mutation { replyToTicket(input: {idempotencyKey: "k-1",
			body: "Is anybody there?", ticketId: "$t"}) { message { id } userErrors { code } } }`), nil)
		inline.want("replyToTicket.message.id", first.at("replyToTicket.message.id"))

		in["body"] = "Something else"
		other := h.ask(t, h.Lea, replyOnce, vars{"in": in})
		if other.refused() != "IDEMPOTENCY_KEY_REUSED" {
			t.Errorf("another input with the same key: %s", other.body)
		}
		other.want("replyToTicket.userErrors.0.field", []string{"idempotencyKey"})
		if n := h.Read(t, tk.ID).MessageCount; n != said+1 {
			t.Errorf("%d messages were written, want 1", n-said)
		}
		// The key is one member's, for one mutation.
		h.ask(t, h.Chidi, replyOnce, vars{"in": in})
		h.ask(t, h.Chidi, verb("claimTicket"), vars{"in": vars{"ticketId": ticketID(tk), "idempotencyKey": "k-1"}})
		if v := h.Read(t, tk.ID); v.MessageCount != said+2 || v.Assignee != h.Chidi.ID {
			t.Errorf("another member's or another mutation's key counted: %d messages, assignee %d", v.MessageCount-said, v.Assignee)
		}
	})
}

// What is answered again is read again: as it is now, and as the caller may see it now.
func TestWhatIsGivenAgainIsAsItIsNow(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	claim := func() *answer {
		return h.ask(t, h.Chidi, verb("claimTicket"), vars{"in": vars{"ticketId": ticketID(tk), "idempotencyKey": "claim"}})
	}
	claim().want("claimTicket.ticket.version", 2)
	h.Changes(t, h.Sam, tk, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Transfer(c, h.Billing.ID) })
	again := claim()
	again.want("claimTicket.ticket", nil)
	again.want("claimTicket.userErrors", []any{})
	if h.Read(t, tk.ID).Assignee != 0 {
		t.Error("the ticket was claimed again")
	}
}

func TestARefusalIsKeptToo(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		tk := h.Opens(t, h.Lea, h.Help)
		stale := vars{"ticketId": ticketID(tk), "expectedVersion": 7, "idempotencyKey": "stale"}
		const claim = `mutation($in: ClaimTicketInput!) { claimTicket(input: $in) { userErrors { code message currentVersion } } }`
		first := h.ask(t, h.Chidi, claim, vars{"in": stale})
		first.want("claimTicket.userErrors.0.code", "CONFLICT")
		first.want("claimTicket.userErrors.0.currentVersion", 1)
		h.Changes(t, h.Sam, tk, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.SetPriority(c, "high") })
		if again := h.ask(t, h.Chidi, claim, vars{"in": stale}); again.body != first.body {
			t.Errorf("first %s, then %s", first.body, again.body)
		}
		long := h.ask(t, h.Sam, verb("addTicketTags"), vars{"in": vars{
			"ticketId": ticketID(tk), "tags": []string{strings.Repeat("x", 41)}, "idempotencyKey": "long",
		}})
		h.ask(t, h.Sam, verb("addTicketTags"), vars{"in": vars{
			"ticketId": ticketID(tk), "tags": []string{strings.Repeat("x", 41)}, "idempotencyKey": "long",
		}}).want("addTicketTags.userErrors.0.message", long.at("addTicketTags.userErrors.0.message"))
	})
}

func TestTwoAtOnceWithOneKeyAreOne(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		const open = `mutation($c: ID!) { openTicket(input: {categoryId: $c, body: "Help!", idempotencyKey: "once"}) { ticket { id } userErrors { code } } }`
		var group sync.WaitGroup
		ids := make([]any, 6)
		for i := range ids {
			group.Go(func() {
				ids[i] = h.ask(t, h.Lea, open, vars{"c": gid(scalar.Category, h.Help.ID)}).at("openTicket.ticket.id")
			})
		}
		group.Wait()
		slices.SortFunc(ids, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		if ids[0] == nil || len(slices.Compact(ids)) != 1 {
			t.Errorf("the answers name %v, want one ticket", ids)
		}
		h.ask(t, h.Lea, `{ tickets { totalCount } }`, nil).want("tickets.totalCount", 1)
	})
}

func TestKeysAreBoundedAndForgotten(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		tk := h.Opens(t, h.Lea, h.Help)
		said := h.Read(t, tk.ID).MessageCount
		for _, bad := range []string{"", "a b", "é", "\x00", strings.Repeat("k", idempotency.MaxKey+1)} {
			a := h.ask(t, h.Lea, replyOnce, vars{"in": vars{"ticketId": ticketID(tk), "body": "Hello", "idempotencyKey": bad}})
			if a.refused() != "INVALID" {
				t.Errorf("the key %q: %s", bad, a.body)
			}
		}
		in := vars{"ticketId": ticketID(tk), "body": "Hello", "idempotencyKey": strings.Repeat("k", idempotency.MaxKey)}
		for range 2 {
			h.ask(t, h.Lea, replyOnce, vars{"in": in})
		}
		if n := h.Read(t, tk.ID).MessageCount; n != said+1 {
			t.Fatalf("%d messages, want 1", n-said)
		}
		if err := h.store.Maintain(t.Context(), h.Clock.Now().Add(idempotency.Memory+time.Minute)); err != nil {
			t.Fatal(err)
		}
		h.ask(t, h.Lea, replyOnce, vars{"in": in})
		if n := h.Read(t, tk.ID).MessageCount; n != said+2 {
			t.Errorf("%d messages after the key was forgotten, want 2", n-said)
		}
	})
}

// Every mutation takes a key, and all but those that only make something new a
// version. Tell here which do not, and why.
func TestMutationsTakeKeysAndVersions(t *testing.T) {
	withoutVersion := map[string]string{
		"openTicket":            "makes a ticket",
		"createUpload":          "makes a file",
		"createTag":             "makes a tag",
		"createApiKey":          "makes a key",
		"revokeApiKey":          "has but one thing to change, and that for good",
		"createChannelLinkCode": "makes a code",
		"createSignInCode":      "makes a code",
		"exchangeSignInCode":    "makes a session",
		"refreshSession":        "changes what nobody sees",
		"setDesk":               "has but one thing to change, which it says",
		"removeDesk":            "has but one thing to change",
		"endSession":            "has but one thing to change, and that for good",
		"signOutEverywhere":     "has but one thing to change, and that for good",
	}
	types := ours()
	for _, f := range types["Mutation"].Fields {
		if strings.HasPrefix(f.Name, "bulk") {
			withoutVersion[f.Name] = "names a version for each ticket"
		}
		input := types[f.Arguments[0].Type.Name()]
		if key := input.Fields.ForName("idempotencyKey"); key == nil || key.Type.String() != "String" {
			t.Errorf("%s has no idempotencyKey: String (embed model.Keyed in its Go input, copy the description from another input)", input.Name)
		}
		if is, _ := versioned(input); is == (withoutVersion[f.Name] != "") {
			t.Errorf("%s: expectedVersion: Int is there: %t; embed model.Expecting in its Go input, or say in withoutVersion here why it needs none", input.Name, is)
		}
	}
}

func versioned(input *ast.Definition) (bool, *ast.FieldDefinition) {
	v := input.Fields.ForName("expectedVersion")
	return v != nil && v.Type.String() == "Int", v
}
