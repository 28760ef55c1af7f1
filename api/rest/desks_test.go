package rest_test

import (
	"net/http"
	"testing"

	"github.com/ticketsys/ticketsys/domain/opaque"
)

// Where staff is told is said, seen and taken back by REST as by GraphQL.
func TestStaffIsToldWhereRESTSays(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		set := func(path, room string) *answer {
			t.Helper()
			return h.send(t, h.Ada, http.MethodPut, "/api/v1"+path, vars{"externalId": room})
		}
		set("/desks/discord", "4711").refuses(404, "not_found")
		h.linked(t, "1")
		q := opaque.Encode(opaque.Queue, int64(h.Support.ID))
		set("/desks/discord", "4711").is(200).want("externalId", "4711").want("queueId", nil)
		set("/queues/"+q+"/desks/discord", "4712").is(200).want("externalId", "4712").want("queueId", q)
		set("/desks/discord", " ").refuses(400, "invalid").want("errors.0.pointer", "#/externalId")
		set("/queues/que_1/desks/discord", "4712").refuses(404, "not_found")
		h.get(t, h.Ada, "/desks").is(200).want("items.0.externalId", "4711").want("items.1.queueId", q)
		h.get(t, h.Sam, "/desks").refuses(403, "forbidden")
		h.delete(t, h.Ada, "/queues/"+q+"/desks/discord").is(204)
		h.delete(t, h.Ada, "/desks/discord").is(204)
		h.delete(t, h.Ada, "/desks/discord").is(204)
		h.get(t, h.Ada, "/desks").is(200).want("items", []any{})
	})
}
