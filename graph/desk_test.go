package graph_test

import (
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

const (
	desks   = `{ workspace { desks { channel queue { name } externalId } } }`
	setDesk = `mutation($in: SetDeskInput!) { setDesk(input: $in) { workspace { desks { queue { name } externalId } } userErrors { code field } } }`
)

// desked has staff told in a room.
func (h *house) desked(t *testing.T, room string) string {
	t.Helper()
	if err := h.services.Channels.SetDesk(t.Context(), h.Call(t, h.Ada), channel.Desk{Channel: event.ChannelDiscord, ExternalID: room}); err != nil {
		t.Fatal(err)
	}
	return room
}

// An administrator says through the API where staff is told, sees it and takes it back.
func TestStaffIsToldWhereTheAPISays(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.ask(t, h.Ada, setDesk, vars{"in": vars{"externalId": "4711"}}).want("setDesk.userErrors", []any{vars{"code": "NOT_FOUND", "field": []any{"channel"}}})
		h.linked(t, "1")
		q := gid(scalar.Queue, h.Support.ID)
		h.ask(t, h.Ada, setDesk, vars{"in": vars{"externalId": "4711"}}).want("setDesk.userErrors", []any{})
		h.ask(t, h.Ada, setDesk, vars{"in": vars{"externalId": "4712", "queueId": q}}).want("setDesk.workspace.desks", []any{
			vars{"queue": nil, "externalId": "4711"}, vars{"queue": vars{"name": "Support"}, "externalId": "4712"},
		})
		for field, in := range map[string]vars{"externalId": {"externalId": " "}, "queueId": {"externalId": "1", "queueId": "que_1"}, "channel": {"channel": "API", "externalId": "1"}} {
			h.ask(t, h.Ada, setDesk, vars{"in": in}).want("setDesk.userErrors.0.field", []any{field})
		}
		h.ask(t, h.Ada, setDesk, vars{"in": vars{"externalId": strings.Repeat("7", 65)}}).want("setDesk.userErrors.0.code", "INVALID")
		h.ask(t, h.Sam, desks, nil).want("workspace.desks", nil)
		if d, err := h.services.Channels.DeskOf(t.Context(), h.Call(t, h.Ada), event.ChannelDiscord, h.Billing.ID); err != nil || d == nil || *d != (channel.Desk{
			Workspace: h.Workspace.ID, Channel: event.ChannelDiscord, Place: "1", ExternalID: "4711",
		}) {
			t.Errorf("staff of another queue is told in %+v, %v", d, err)
		}
		if _, due, err := h.store.NextDue(t.Context(), channel.StaffWork(event.ChannelDiscord)); err != nil || !due {
			t.Errorf("nobody looks whether staff can be told there: %v", err)
		}
		remove := `mutation($q: ID) { removeDesk(input: {queueId: $q}) { workspace { desks { externalId } } userErrors { code } } }`
		h.ask(t, h.Ada, remove, nil).want("removeDesk.workspace.desks", []any{vars{"externalId": "4712"}})
		h.ask(t, h.Ada, remove, vars{"q": q}).want("removeDesk.workspace.desks", []any{})
		h.ask(t, h.Ada, remove, vars{"q": q}).want("removeDesk.userErrors", []any{})
		kept := h.ask(t, h.Ada, `{ auditEntries(first: 50) { nodes { changes { field before after } } } }`, nil).body
		if n := strings.Count(kept, `"staffPlace.discord"`); n != 4 {
			t.Errorf("%d of the four changes are in the record: %s", n, kept)
		}
	})
}
