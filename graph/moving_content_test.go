package graph_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// movingContent are the messages and the events of tickets. What is heard of late
// comes to stand among them.
func (h *house) movingContent(t *testing.T) []moving {
	t.Helper()
	return []moving{
		h.movingTalk(t, moving{field: "messages", order: "OCCURRED_AT"}),
		h.movingTalk(t, moving{field: "timeline", order: "OCCURRED_AT", node: "... on Event { id }"}),
		h.movingTalk(t, moving{field: "timeline", order: "RECORDED_AT", node: "... on Event { id }"}),
	}
}

// movingTalk is a list of a ticket in which, at each turn, somebody says something
// now, and is heard of who said something long before.
func (h *house) movingTalk(t *testing.T, m moving) moving {
	t.Helper()
	tk, began := h.Opens(t, h.Lea, h.Help), h.Clock.Now()
	says := func(t *testing.T, at time.Time) string {
		t.Helper()
		var said id.Message
		h.Changes(t, h.Chidi, tk, func(c ticket.Cause, tk *ticket.Ticket) error {
			c.Origin.OccurredAt = at
			m, err := tk.Reply(c, ticket.FromStaff, "en", "Still there?")
			if err == nil {
				said = m.ID
			}
			return err
		})
		return gid(scalar.Message, said)
	}
	for range 10 {
		h.Clock.Advance(time.Minute)
		says(t, time.Time{})
	}
	m.who, m.of = h.Sam, fmt.Sprintf("ticket(id: %q)", ticketID(tk))
	m.move = func(t *testing.T, turn int) []string {
		t.Helper()
		late := says(t, began.Add(time.Duration(turn*137)*time.Second))
		now := says(t, time.Time{})
		if m.field == "messages" {
			return []string{late, now}
		}
		told, _ := h.page(t, m, "orderBy: {field: RECORDED_AT}, last: 2, before: $c", nil)
		return told
	}
	return m
}
