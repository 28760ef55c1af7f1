package graph_test

import (
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

const calendarFile = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Christmas\r\nDTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

// opensOnMondays gives a queue business hours.
func (h *house) opensOnMondays(t *testing.T, q id.Queue) *sla.Hours {
	t.Helper()
	saved, err := h.services.SLA.ChangeHours(t.Context(), h.Call(t, h.Ada), sla.Hours{Queue: q}, func(s *sla.Schedule) error {
		s.Zone, s.Week = "Europe/Paris", []sla.Span{{Day: time.Monday, From: 9 * 60, To: 17 * 60}}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

const (
	hoursFields = `queue { name } timeZone always week { day from to } holidays { name from to yearly } version`
	saveHours   = `mutation($in: SaveBusinessHoursInput!) { saveBusinessHours(input: $in) { businessHours { ` + hoursFields + ` } userErrors { code field message currentVersion } } }`
)

func TestBusinessHoursAreConfigured(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.ask(t, h.Lea, `{ businessHours { nodes { id } } }`, nil).want("businessHours.nodes", []any{})
		week := []vars{{"day": "FRIDAY", "from": "22:00", "to": "06:00"}, {"day": "MONDAY", "from": "09:00", "to": "12:00"}}
		h.ask(t, h.Ada, saveHours, vars{"in": vars{"timeZone": "Europe/Paris", "week": week, "holidays": []vars{{"from": "2026-05-01", "yearly": true}}}}).
			want("saveBusinessHours.businessHours", vars{
				"queue": nil, "timeZone": "Europe/Paris", "always": false, "version": 1, "week": []vars{week[1], week[0]},
				"holidays": []vars{{"name": "", "from": "2026-05-01", "to": "2026-05-01", "yearly": true}},
			})
		support := gid(scalar.Queue, h.Support.ID)
		h.ask(t, h.Ada, saveHours, vars{"in": vars{"queueId": support, "timeZone": "Pacific/Auckland", "always": true}})
		all := h.ask(t, h.Lea, `{ businessHours { nodes { id `+hoursFields+` isOpen nextOpening } } }`, nil)
		all.want("businessHours.nodes.0.queue", nil)
		all.want("businessHours.nodes.1.queue.name", h.Support.Name)
		all.want("businessHours.nodes.1.isOpen", true)

		// What is left out stays; an old version is refused, and what is there is shown.
		h.ask(t, h.Ada, saveHours, vars{"in": vars{"week": week[:1], "expectedVersion": 1}}).
			want("saveBusinessHours.businessHours", vars{
				"queue": nil, "timeZone": "Europe/Paris", "always": false, "version": 2, "week": week[:1],
				"holidays": []vars{{"name": "", "from": "2026-05-01", "to": "2026-05-01", "yearly": true}},
			})
		stale := h.ask(t, h.Ada, saveHours, vars{"in": vars{"timeZone": "UTC", "expectedVersion": 1}})
		stale.want("saveBusinessHours.userErrors.0.code", "CONFLICT")
		stale.want("saveBusinessHours.userErrors.0.currentVersion", 2)
		stale.want("saveBusinessHours.businessHours.timeZone", "Europe/Paris")
		h.ask(t, h.Ada, `{ auditEntries(first: 1) { nodes { action objectKind objectId changes { field before after } } } }`, nil).
			want("auditEntries.nodes.0", vars{
				"action": "CHANGED", "objectKind": "BUSINESS_HOURS", "objectId": all.at("businessHours.nodes.0.id"), "changes": []vars{{
					"field": "week", "before": []string{"Monday 09:00-12:00", "Friday 22:00-06:00"}, "after": []string{"Friday 22:00-06:00"},
				}},
			})

		h.ask(t, h.Ada, `mutation($q: ID) { removeBusinessHours(input: {queueId: $q}) { userErrors { code } } }`, vars{"q": support}).
			want("removeBusinessHours.userErrors", []any{})
		h.ask(t, h.Ada, `{ businessHours { nodes { queue { id } } } }`, nil).want("businessHours.nodes", []vars{{"queue": nil}})
	})
}

func TestBusinessHoursThatCannotBeAreRefused(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		monday := vars{"day": "MONDAY", "from": "09:00", "to": "17:00"}
		for field, in := range map[string]vars{
			"timeZone": {"timeZone": "Europe/Atlantis", "always": true},
			"week":     {"timeZone": "UTC", "week": []vars{monday, monday}},
			"always":   {"timeZone": "UTC", "always": true, "week": []vars{monday}},
			"holidays": {"timeZone": "UTC", "week": []vars{monday}, "holidays": []vars{{"from": "2026-05-02", "to": "2026-05-01"}}},
			"queueId":  {"queueId": gid(scalar.Queue, id.Queue(12345)), "timeZone": "UTC", "always": true},
		} {
			a := h.ask(t, h.Ada, saveHours, vars{"in": in})
			a.want("saveBusinessHours.userErrors.0.field", []any{field})
			a.want("saveBusinessHours.businessHours", nil)
		}
		never := h.ask(t, h.Ada, saveHours, vars{"in": vars{"timeZone": "UTC"}})
		never.want("saveBusinessHours.userErrors.0.code", "INVALID")
		never.want("saveBusinessHours.userErrors.0.message", "These hours never open. Please add a time of the week that is not always a holiday.")
		h.ask(t, h.Ada, `{ businessHours { nodes { id } } }`, nil).want("businessHours.nodes", []any{})
	})
}

func TestHolidaysAreImported(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		const importing = `mutation($in: ImportHolidaysInput!) { importHolidays(input: $in) { businessHours { holidays { name from yearly } version } userErrors { code field } } }`
		h.ask(t, h.Ada, importing, vars{"in": vars{"iCalendar": calendarFile}}).want("importHolidays.userErrors", []vars{{"code": "NOT_FOUND", "field": []any{"queueId"}}})
		h.ask(t, h.Ada, saveHours, vars{"in": vars{
			"timeZone": "Europe/Paris", "week": []vars{{"day": "MONDAY", "from": "09:00", "to": "17:00"}}, "holidays": []vars{{"name": "Labour Day", "from": "2026-05-01"}},
		}})
		christmas := vars{"name": "Christmas", "from": "2026-12-25", "yearly": true}
		for range 2 {
			h.ask(t, h.Ada, importing, vars{"in": vars{"iCalendar": calendarFile}}).want("importHolidays.businessHours.holidays", []vars{
				{"name": "Labour Day", "from": "2026-05-01", "yearly": false}, christmas,
			})
		}
		h.ask(t, h.Ada, importing, vars{"in": vars{"iCalendar": calendarFile, "replace": true}}).want("importHolidays.businessHours.holidays", []vars{christmas})
		h.ask(t, h.Ada, importing, vars{"in": vars{"iCalendar": "hello"}}).want("importHolidays.userErrors", []vars{{"code": "INVALID", "field": []any{"iCalendar"}}})
	})
}
