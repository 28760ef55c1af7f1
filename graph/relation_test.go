package graph_test

import "testing"

// What a ticket is related to is the same there as by itself, whichever way it
// was read.
func TestRelatedObjectsAreShownAsByThemselves(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		fill(t, h, 2)
		s := everythingBy(20)
		for field, kind := range map[string]string{"requester": "Member", "assignee": "Member", "queue": "Queue", "category": "Category", "lastMessage": "Message"} {
			whole := s.of(t, s.Types["Ticket"].Fields.ForName(field).Type, "Ticket")
			tickets := h.ask(t, h.Sam, `{ tickets { nodes { `+field+` `+whole+` } } }`, nil).at("tickets.nodes").([]any)
			for _, tk := range tickets {
				related := tk.(map[string]any)[field].(map[string]any)
				h.ask(t, h.Sam, `query($id: ID!) { node(id: $id) { ... on `+kind+` `+whole+` } }`, vars{"id": related["id"]}).want("node", related)
			}
		}
	})
}
