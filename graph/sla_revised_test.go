package graph_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// eachStoreByItsClock is eachStore with stores that go by the house's clock.
func eachStoreByItsClock(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	counter, clock := &sqlstoretest.Counter{}, &atomic.Pointer[tickettest.Clock]{}
	own := func(o *sqlstore.Options) {
		clock.Store(tickettest.NewClock())
		o.OnStatement, o.Now = counter.Count, func() time.Time { return clock.Load().Now() }
	}
	sqlstoretest.EachWith(t, own, func(t *testing.T, s *sqlstore.Store) {
		h := build(t, s, counter)
		clock.Store(h.Clock)
		body(t, h)
	})
}

// A changed policy reaches open tickets a moment later. What it does at a breach is
// done though an answer comes in between, in one ticket or in many, or it reaches them
// first.
func TestStepsOfAChangedPolicyAreTakenThoughAnAnswerComesBeforeItReachesTheTicket(t *testing.T) {
	eachStoreByItsClock(t, func(t *testing.T, h *house) {
		h.keeps(t, h.Help)
		saved := h.ask(t, h.Ada, savePolicy, vars{"in": vars{"name": "All", "promises": []vars{{"target": "FIRST_REPLY", "within": "PT1H"}}}})
		open := func() string {
			return h.ask(t, h.Lea, `mutation($c: ID!) { openTicket(input: {categoryId: $c, subject: "Oven"}) { ticket { id } } }`,
				vars{"c": gid(scalar.Category, h.Help.ID)}).at("openTicket.ticket.id").(string)
		}
		answered, closed, left := open(), open(), open()
		h.Clock.Advance(40 * time.Minute)
		steps := []vars{{"action": "ALERT", "text": "late"}, {"action": "ADD_NOTE", "text": "Too late."}}
		h.ask(t, h.Ada, savePolicy, vars{"in": vars{"id": saved.at("saveSlaPolicy.slaPolicy.id"), "promises": []vars{
			{"target": "FIRST_REPLY", "within": "PT30M", "steps": steps},
		}}}).want("saveSlaPolicy.userErrors", []any{})
		h.Clock.Advance(time.Minute)
		h.ask(t, h.Sam, replyOnce, vars{"in": vars{"ticketId": answered, "body": "Hello"}})
		h.ask(t, h.Sam, bulk("bulkSetTicketStatus"), vars{"in": vars{"tickets": []vars{{"id": closed}}, "status": "RESOLVED"}})
		if _, err := h.services.Tickets.Reconsider(t.Context(), access.Call{Actor: access.System(h.Workspace.ID), Now: h.Clock.Tick()}, job.Claim{}); err != nil {
			t.Fatal(err)
		}
		h.tick(t, time.Minute)
		h.tick(t, time.Minute)
		const broken = "FIRST_REPLY ACTIVATED\nFIRST_REPLY RESCHEDULED\nFIRST_REPLY BREACHED\nalert late true\nnote Too late."
		for name, c := range map[string]struct{ ticket, ends string }{
			"answered": {answered, "\nFIRST_REPLY FULFILLED"}, "resolved with others": {closed, "\nFIRST_REPLY CANCELLED"}, "left": {left, ""},
		} {
			if got, want := h.moves(t, c.ticket), broken+c.ends; got != want {
				t.Errorf("the ticket that is %s went\n%s\nwant\n%s", name, got, want)
			}
		}
	})
}
