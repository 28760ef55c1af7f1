package rest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/opaque"
)

const calendarFile = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Christmas\r\nDTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

var calendarHeader = []string{"Content-Type", "text/calendar; charset=utf-8"}

// What is promised is kept policy by policy, in an order in which each can hold.
func TestPromisesAreMade(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.get(t, h.Chidi, "/sla-policies").is(200).want("items", []any{})
		all := vars{"name": "All", "promises": []vars{
			{"target": "resolution", "withinSeconds": 86400, "business": true},
			{"target": "first_reply", "withinSeconds": 3600, "steps": []vars{
				{"action": "raise", "priority": "urgent"}, {"beforeSeconds": 600, "action": "transfer", "queueId": gid(opaque.Queue, h.Billing.ID)}, {"beforeSeconds": 60, "action": "alert", "text": "Hurry."},
			}},
		}}
		made := h.post(t, h.Ada, "/sla-policies", all, "Idempotency-Key", "once").is(201).want("name", "All").want("position", 1).want("version", 1).
			want("match", vars{"categoryIds": []any{}, "queueIds": []any{}, "priorities": []any{}, "tags": []any{}}).want("pausedBy", []string{"on_hold", "pending"}).
			want("promises.0.target", "first_reply").want("promises.0.steps.0.queueId", gid(opaque.Queue, h.Billing.ID)).want("promises.0.steps.1.text", "Hurry.").
			want("promises.0.steps.2.priority", "urgent").want("promises.0.steps.2.queueId", nil).want("promises.1.business", true)
		path := "/sla-policies/" + made.text("id")
		if at := made.header.Get("Location"); at != "/api/v1"+path {
			t.Errorf("the policy is said to be at %q", at)
		}
		h.post(t, h.Ada, "/sla-policies", all, "Idempotency-Key", "once").is(201).want("id", made.text("id"))
		h.get(t, h.Chidi, path, "If-None-Match", h.get(t, h.Chidi, path).is(200).header.Get("ETag")).is(304)

		urgent := vars{"name": "Urgent", "match": vars{"priorities": []string{"urgent"}, "tags": []string{"vip"}}, "pausedBy": []string{}, "promises": []vars{{"target": "next_reply", "withinSeconds": 60}}}
		h.post(t, h.Ada, "/sla-policies", urgent).refuses(400, "invalid").want("errors.0.pointer", "#/match") // it could never match
		urgent["position"] = -1
		first := h.post(t, h.Ada, "/sla-policies", urgent).is(201).want("pausedBy", []any{}).text("id")
		h.get(t, h.Chidi, "/sla-policies").is(200).want("items.0.id", first).want("items.1.id", made.text("id"))
		h.patch(t, h.Ada, "/sla-policies/"+first, vars{"position": 9}).refuses(400, "invalid").want("errors.0.pointer", "#/match")
		h.patch(t, h.Ada, "/sla-policies/"+first, vars{"position": -5}).is(200).want("position", -5).want("match.tags", []string{"vip"})
		h.patch(t, h.Ada, "/sla-policies/"+first, vars{"match": nil}).refuses(400, "invalid").want("errors.0.pointer", "#/match")

		changed := h.patch(t, h.Ada, path, vars{"name": "Everything", "pausedBy": []string{"pending"}}, "If-Match", made.header.Get("ETag")).is(200).
			want("version", 2).want("pausedBy", []string{"pending"}).want("promises.1.withinSeconds", 86400)
		h.patch(t, h.Ada, path, vars{"name": "Other"}, "If-Match", made.header.Get("ETag")).refuses(412, "conflict").want("currentVersion", 2)
		h.delete(t, h.Ada, path, "If-Match", made.header.Get("ETag")).refuses(412, "conflict")
		for at, wrong := range map[string]vars{
			"#/name": {"name": nil}, "#/promises": {"promises": []any{}}, "#/promises/0/withinSeconds": {"promises": []vars{{"target": "resolution", "withinSeconds": 59}}},
			"#/promises/0/target": {"promises": []vars{{"target": "never", "withinSeconds": 60}}}, "#/match": {"match": vars{"priorities": []string{"x"}}},
			"#/pausedBy": {"pausedBy": []string{"new"}},
		} {
			h.patch(t, h.Ada, path, wrong).refuses(400, "invalid").want("errors.0.pointer", at)
		}
		h.patch(t, h.Ada, path, vars{"match": vars{"queueIds": []string{"que_zz"}}}).refuses(404, "not_found").want("errors.0.pointer", "#/match")
		h.patch(t, h.Ada, path, vars{"promises": []vars{{"target": "resolution", "withinSeconds": 60}, {"target": "resolution", "withinSeconds": 61}}}).refuses(400, "invalid").want("errors.0.pointer", "#/promises")
		h.patch(t, h.Sam, path, vars{"name": "Mine"}).refuses(403, "forbidden")
		h.get(t, h.Lea, path).refuses(403, "forbidden")
		h.delete(t, h.Ada, path, "If-Match", changed.header.Get("ETag")).is(204)
		h.delete(t, h.Ada, path).is(204)
		h.get(t, h.Chidi, path).refuses(404, "not_found")
		h.get(t, h.Ada, "/audit-entries?first=1").is(200).want("items.0.objectKind", "sla_policy").want("items.0.action", "removed")
	})
}

// Staff sees a ticket's clocks, and an administrator what another policy would do to them.
func TestClocksAreShown(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		policy := h.post(t, h.Ada, "/sla-policies", vars{"name": "All", "promises": []vars{{"target": "first_reply", "withinSeconds": 3600}, {"target": "resolution", "withinSeconds": 86400}}}).is(201).text("id")
		path := h.opens(t, h.Lea, "Oven")
		opened := h.Clock.Now()
		due := opened.Add(time.Hour).UTC().Format(opaque.Moment)
		h.get(t, h.Chidi, path).is(200).want("deadline", due)
		h.get(t, h.Lea, path).is(200).want("deadline", nil)
		h.get(t, h.Lea, path+"/sla-clocks").is(200).want("items", []any{}).want("deadline", nil)
		h.get(t, h.Dana, path+"/sla-clocks").refuses(404, "not_found")
		h.Clock.Advance(10 * time.Minute)
		h.get(t, h.Chidi, path+"/sla-clocks").is(200).want("deadline", due).want("closesAt", nil).want("items.0.target", "first_reply").want("items.0.state", "running").want("items.0.policyId", policy).
			want("items.0.usedSeconds", int(h.Clock.Now().Sub(opened)/time.Second)).want("items.0.withinSeconds", 3600).want("items.0.dueAt", due).want("items.0.breaches", 0).want("items.1.endedAt", nil)

		terms := vars{"match": vars{"priorities": []string{"urgent"}, "tags": []string{"vip"}}, "promises": []vars{{"target": "first_reply", "withinSeconds": 7200}}}
		h.post(t, h.Ada, path+"/sla-forecast", vars{"terms": terms}).is(200).want("matches", false).want("missed", []string{"priority", "tag"}).
			want("inForce.id", policy).want("clocks.0.withinSeconds", 7200).want("deadline", opened.Add(2*time.Hour).UTC().Format(opaque.Moment))
		h.post(t, h.Ada, path+"/sla-forecast", vars{"policyId": policy}).is(200).want("matches", true).want("missed", []any{}).want("deadline", due)
		h.post(t, h.Ada, path+"/sla-forecast", vars{"policyId": "sla_1"}).refuses(404, "not_found").want("errors.0.pointer", "#/policyId")
		h.post(t, h.Ada, path+"/sla-forecast", vars{}).refuses(400, "invalid").want("errors.0.pointer", "#/terms")
		h.post(t, h.Ada, path+"/sla-forecast", vars{"terms": vars{"promises": []any{}}}).refuses(400, "invalid")
		h.post(t, h.Sam, path+"/sla-forecast", vars{"terms": terms}).refuses(403, "forbidden")
		h.post(t, h.Chidi, path+"/messages", vars{"body": "So."}).is(201)
		h.get(t, h.Chidi, path+"/sla-clocks").is(200).want("items.0.state", "fulfilled").want("deadline", opened.Add(24*time.Hour).UTC().Format(opaque.Moment))
	})
}

func TestHolidaysComeFromAFile(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		path := "/business-hours/holidays"
		h.post(t, h.Ada, path, calendarFile, calendarHeader...).refuses(404, "not_found")
		first := h.patch(t, h.Ada, "/business-hours", vars{
			"timeZone": "Europe/Paris", "week": []vars{{"day": "monday", "from": "09:00", "to": "17:30"}}, "holidays": []vars{{"name": "Opening", "from": "2026-05-04"}},
		}).is(200)
		once := append([]string{"Idempotency-Key", "file", "If-Match", first.header.Get("ETag")}, calendarHeader...)
		for range 2 { // the second is the same wish
			h.post(t, h.Ada, path, calendarFile, once...).is(200).want("version", 2).want("holidays.0.name", "Opening").want("holidays.1.name", "Christmas").want("holidays.1.yearly", true)
		}
		h.post(t, h.Ada, path, strings.ReplaceAll(calendarFile, "25", "26"), once...).refuses(422, "key_reused")
		h.post(t, h.Ada, path, calendarFile, append([]string{"If-Match", `"1"`}, calendarHeader...)...).refuses(412, "conflict").want("currentVersion", 2)
		h.post(t, h.Ada, path+"?replace=true", calendarFile, calendarHeader...).is(200).want("holidays", []any{vars{"name": "Christmas", "from": "2026-12-25", "to": "2026-12-25", "yearly": true}})
		for _, wrong := range []string{"Christmas is on the 25th", "", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", strings.Repeat(calendarFile, 4000), strings.ReplaceAll(calendarFile, "Christmas", "No\xebl")} {
			h.post(t, h.Ada, path, wrong, calendarHeader...).refuses(400, "invalid")
		}
		h.post(t, h.Ada, path, vars{"iCalendar": calendarFile}).refuses(415, "unsupported_media_type")
		h.post(t, h.Ada, path, strings.Repeat("x", 2<<20), calendarHeader...).refuses(413, "body_too_large")
		h.post(t, h.Chidi, path, calendarFile, calendarHeader...).refuses(403, "forbidden")
		queue := "/queues/" + gid(opaque.Queue, h.Billing.ID) + "/business-hours"
		h.post(t, h.Ada, queue+"/holidays", calendarFile, calendarHeader...).refuses(404, "not_found")
		h.patch(t, h.Ada, queue, vars{"timeZone": "UTC", "week": []vars{{"day": "monday", "from": "09:00", "to": "17:30"}}}).is(200)
		h.post(t, h.Ada, queue+"/holidays", calendarFile, calendarHeader...).is(200).want("queueId", gid(opaque.Queue, h.Billing.ID)).want("holidays.0.from", "2026-12-25")
	})
}
