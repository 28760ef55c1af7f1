package rest_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/domain/opaque"
)

// When is worked is said for the workspace and for a queue, part by part, and taken back.
func TestBusinessHoursAreKept(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.get(t, h.Lea, "/business-hours").is(200).want("items", []any{})
		h.patch(t, h.Ada, "/business-hours", vars{"timeZone": "Europe/Paris"}).refuses(400, "invalid").want("errors.0.pointer", "#/week")
		first := h.patch(t, h.Ada, "/business-hours", vars{
			"timeZone": "Europe/Paris", "week": []vars{{"day": "friday", "from": "22:00", "to": "02:00"}, {"day": "monday", "from": "09:00", "to": "17:30"}},
			"holidays": []vars{{"name": "Noël", "from": "2026-12-25", "yearly": true}},
		}).is(200).want("queueId", nil).want("week.0.day", "monday").want("week.1.to", "02:00").want("holidays.0.to", "2026-12-25").want("version", 1)
		h.patch(t, h.Ada, "/business-hours", vars{"holidays": nil}, "If-Match", first.header.Get("ETag")).is(200).want("holidays", []any{}).want("week.0.from", "09:00")
		h.patch(t, h.Ada, "/business-hours", vars{"timeZone": "UTC"}, "If-Match", first.header.Get("ETag")).refuses(412, "conflict").want("currentVersion", 2)
		for name, wrong := range map[string]vars{
			"timeZone": {"timeZone": "Mars"}, "week": {"week": []vars{{"day": "monday", "from": "9", "to": "10:00"}}}, "holidays": {"holidays": []vars{{"from": "25/12"}}},
		} {
			h.patch(t, h.Ada, "/business-hours", wrong).refuses(400, "invalid").want("errors.0.pointer", "#/"+name)
		}
		queue := "/queues/" + gid(opaque.Queue, h.Billing.ID) + "/business-hours"
		h.patch(t, h.Ada, queue, vars{"timeZone": "UTC", "always": true}).is(200).want("queueId", gid(opaque.Queue, h.Billing.ID)).want("always", true)
		h.patch(t, h.Ada, "/queues/que_zz/business-hours", vars{"timeZone": "UTC", "always": true}).refuses(404, "not_found")
		h.get(t, h.Lea, "/business-hours").is(200).want("items.0.timeZone", "Europe/Paris").want("items.1.timeZone", "UTC")
		h.patch(t, h.Chidi, queue, vars{"always": true}).refuses(403, "forbidden")
		h.delete(t, h.Ada, queue).is(204)
		h.delete(t, h.Ada, "/business-hours").is(204)
		h.get(t, h.Lea, "/business-hours").is(200).want("items", []any{})
	})
}
