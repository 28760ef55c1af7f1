package rest_test

import (
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// digested lets digests of Support come, and makes one.
func (h *house) digested(t *testing.T, tickets ...id.Ticket) *digest.Digest {
	t.Helper()
	p := &digest.Plan{
		Workspace: h.Workspace.ID, Queue: h.Support.ID, DueAt: h.Clock.Now(),
		Schedule: digest.Schedule{Zone: "UTC", Moments: []digest.Moment{{Day: time.Monday, Minute: 9 * 60}}},
	}
	if err := h.store.Digests().SavePlan(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	d := &digest.Digest{ID: id.Digest(h.IDs()), Workspace: h.Workspace.ID, Queue: p.Queue, At: p.DueAt, Tickets: tickets, Count: len(tickets)}
	if made, err := h.store.Digests().Take(t.Context(), p, p.DueAt, d); err != nil || !made {
		t.Fatal(made, err)
	}
	return d
}

// gathers makes the digests that are due at a time.
func (h *house) gathers(t *testing.T, now time.Time) {
	t.Helper()
	if err := h.services.Digests.Tick(t.Context(), now); err != nil {
		t.Fatal(err)
	}
}

// What is not urgent waits for the hours that are set for its queue; those are changed
// part by part and taken back.
func TestDigestsAreSetUpAndRead(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		calm := *h.Help
		calm.Intent = category.NonUrgent
		if err := h.Categories.Save(t.Context(), &calm); err != nil {
			t.Fatal(err)
		}
		queue := gid(opaque.Queue, h.Support.ID)
		path := "/queues/" + queue + "/digest-plan"
		h.get(t, h.Chidi, path).refuses(404, "not_found")
		h.patch(t, h.Ada, path, vars{"timeZone": "Europe/Paris"}).refuses(400, "invalid").want("errors.0.pointer", "#/moments")
		wish := vars{"timeZone": "Europe/Paris", "moments": []vars{{"day": "friday", "time": "16:30"}, {"day": "monday", "time": "09:00"}}}
		first := h.patch(t, h.Ada, path, wish, "Idempotency-Key", "plan").is(200).want("queueId", queue).want("version", 1).want("pings", false).
			want("moments", []vars{{"day": "monday", "time": "09:00"}, {"day": "friday", "time": "16:30"}})
		h.patch(t, h.Ada, path, wish, "Idempotency-Key", "plan").is(200).want("version", 1)
		h.patch(t, h.Ada, path, vars{"pings": true}, "Idempotency-Key", "plan").refuses(422, "key_reused")
		h.get(t, h.Chidi, path, "If-None-Match", first.header.Get("ETag")).is(304)
		h.patch(t, h.Ada, path, vars{"pings": true}, "If-Match", first.header.Get("ETag")).is(200).want("pings", true).want("timeZone", "Europe/Paris").want("moments.1.time", "16:30")
		h.patch(t, h.Ada, path, vars{"pings": false}, "If-Match", first.header.Get("ETag")).refuses(412, "conflict").want("currentVersion", 2)
		h.delete(t, h.Ada, path, "If-Match", first.header.Get("ETag")).refuses(412, "conflict")
		for at, wrong := range map[string]vars{
			"#/timeZone": {"timeZone": "Mars"}, "#/moments": {"moments": []vars{{"day": "monday", "time": "24:00"}}}, "#/moments/0/day": {"moments": []vars{{"day": "never", "time": "09:00"}}},
			"#/pings": {"pings": nil}, "#/other": {"other": 1},
		} {
			h.patch(t, h.Ada, path, wrong).refuses(400, "invalid").want("errors.0.pointer", at)
		}
		h.patch(t, h.Ada, "/queues/que_zz/digest-plan", wish).refuses(404, "not_found").want("errors.0.parameter", "queueId")
		h.patch(t, h.Sam, path, wish).refuses(403, "forbidden")
		h.get(t, h.Lea, path).refuses(403, "forbidden")

		one, two := h.Opens(t, h.Lea, h.Help), h.Opens(t, h.Bob, h.Help)
		for range 2 { // the second time nothing new is due
			h.gathers(t, h.Clock.Now().AddDate(0, 0, 7))
		}
		h.gathers(t, h.Clock.Now().AddDate(0, 0, 14))
		digests := h.get(t, h.Chidi, "/queues/"+queue+"/digests?count=true").is(200).want("totalCount", 2).want("items.0.ticketCount", 2).want("items.0.queueId", queue).
			want("items.0.ticketIds", []string{ticketID(one), ticketID(two)})
		latest := digests.text("items.0.id")
		page := h.get(t, h.Chidi, "/queues/"+queue+"/digests?first=1").is(200).want("page.hasNext", true).want("items.0.id", latest)
		if page.header.Get("Link") == "" {
			t.Error("the next page has no link")
		}
		h.get(t, h.Chidi, "/queues/"+queue+"/digests?first=1&after="+page.text("page.endCursor")).is(200).want("page.hasNext", false)
		h.get(t, h.Chidi, "/queues/"+queue+"/digests?first=1&orderBy=madeAt").is(200).want("page.hasNext", true)
		h.get(t, h.Chidi, `/queues/`+queue+`/digests?where={"madeAt":{"gte":"2100-01-01T00:00:00Z"}}`).is(200).want("items", []any{})
		h.get(t, h.Chidi, "/digests/"+latest).is(200).want("madeAt", digests.at("items.0.madeAt")).want("ticketIds.0", ticketID(one))
		h.get(t, h.Chidi, "/digests/dig_zz").refuses(404, "not_found")
		h.get(t, h.Lea, "/digests/"+latest).refuses(404, "not_found")
		h.Changes(t, h.Sam, two, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Transfer(c, h.Billing.ID) })
		h.get(t, h.Chidi, "/digests/"+latest).is(200).want("ticketIds", []string{ticketID(one)}) // the other one is not theirs to see any more

		h.delete(t, h.Ada, path).is(204)
		h.delete(t, h.Ada, path).is(204)
		h.get(t, h.Chidi, path).refuses(404, "not_found")
		h.get(t, h.Ada, "/audit-entries?first=1").is(200).want("items.0.objectKind", "digest_plan").want("items.0.action", "removed")
	})
}
