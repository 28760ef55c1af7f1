package rest_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// breaches breaks a promise in Support, and lets it be known.
func (h *house) breaches(t *testing.T) {
	t.Helper()
	book := sla.NewBook(1, nil, []*sla.Policy{{ID: 7, Rules: sla.Rules{Promises: []sla.Promise{{Target: sla.FirstReply, Within: time.Minute}}}}})
	h.Changes(t, h.Sam, h.Opens(t, h.Lea, h.Help), func(c ticket.Cause, tk *ticket.Ticket) error {
		tk.Keep(c, book)
		c.Now = c.Now.Add(2 * time.Minute)
		return tk.Elapse(c, book, nil)
	})
	if err := h.services.SLA.Follow(t.Context(), h.Clock.Now()); err != nil {
		t.Fatal(err)
	}
}

// What became of promises is told by policy, queue and target, for a time and a choice of them.
func TestWhatBecameOfPromisesIsReported(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.post(t, h.Ada, "/sla-policies", vars{"name": "VIP", "match": vars{"tags": []string{"vip"}}, "promises": []vars{{"target": "resolution", "withinSeconds": 60}}}).is(201)
		h.breaches(t)
		queue, policy := gid(opaque.Queue, h.Support.ID), opaque.Encode(opaque.Policy, 7)
		report := func(add string) string {
			from, to := h.Clock.Now().AddDate(0, 0, -30), h.Clock.Now().AddDate(0, 0, 1)
			return "/sla-report?from=" + url.QueryEscape(from.Format(time.RFC3339)) + "&to=" + url.QueryEscape(to.Format(time.RFC3339)) + add
		}
		a := h.get(t, h.Chidi, report("")).is(200).want("items", []vars{{
			"policyId": policy, "queueId": queue, "target": "first_reply", "promises": 1, "kept": 0, "breached": 1, "late": 0,
			"running": 0, "paused": 0, "cancelled": 0, "pausedSeconds": 0, "complianceRate": 0,
		}})
		h.get(t, h.Chidi, report(""), "If-None-Match", a.header.Get("ETag")).is(304)
		h.get(t, h.Sam, report("&policy="+policy+"&queue="+queue+"&target=first_reply")).is(200).want("items.0.breached", 1)
		for _, other := range []string{"&policy=sla_1", "&queue=" + gid(opaque.Queue, h.Billing.ID), "&target=resolution", "&queue=que_zz"} {
			h.get(t, h.Sam, report(other)).is(200).want("items", []any{})
		}
		h.get(t, h.Dana, report("")).is(200).want("items", []any{}) // of queues that are open to them
		h.get(t, h.Lea, report("")).refuses(403, "forbidden")
		for query, at := range map[string]string{
			"": "from", "?from=2026-01-01T00:00:00Z": "to", "?from=2026-01-01T00:00:00Z&to=soon": "to", "?from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z": "to",
			"?from=2026-01-01T00:00:00Z&to=2028-01-01T00:00:00Z": "to", "?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&target=never": "target",
		} {
			h.get(t, h.Sam, "/sla-report"+query).refuses(400, "invalid").want("errors.0.parameter", at)
		}
	})
}
