package rest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/opaque"
)

// The caller's language and time zone are chosen together or each by itself; what is
// left out stays, and null takes the zone back. The zone is for oneself and for staff.
func TestTheCallerChoosesTheirLanguageAndTimeZone(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		both := h.patch(t, h.Lea, "/me", vars{"locale": "ja", "timeZone": "Asia/Tokyo"}).is(200).want("locale", "ja").want("timeZone", "Asia/Tokyo").want("version", 2)
		h.patch(t, h.Lea, "/me", vars{"locale": "fr"}, "If-Match", both.header.Get("ETag")).is(200).want("timeZone", "Asia/Tokyo").want("version", 3)
		h.patch(t, h.Lea, "/me", vars{"timeZone": "UTC"}, "If-Match", both.header.Get("ETag")).refuses(412, "conflict").want("currentVersion", 3)
		h.patch(t, h.Lea, "/me", vars{}).is(200).want("locale", "fr").want("timeZone", "Asia/Tokyo").want("version", 3)
		for _, zone := range []string{"Middle/Earth", "localtime"} {
			h.patch(t, h.Lea, "/me", vars{"locale": "de", "timeZone": zone}).refuses(400, "invalid").want("errors.0.pointer", "#/timeZone")
		}
		h.get(t, h.Lea, "/me").is(200).want("locale", "fr").want("timeZone", "Asia/Tokyo")
		h.get(t, h.Chidi, "/members/"+memberID(h.Lea)).is(200).want("timeZone", "Asia/Tokyo")
		if all := h.get(t, h.Chidi, "/members?first=100").is(200); strings.Count(all.body, "Asia/Tokyo") != 1 {
			t.Errorf("staff's list of members is %s", all.body)
		}
		h.get(t, h.Bob, "/members/"+memberID(h.Lea)).refuses(403, "forbidden")
		h.patch(t, h.Lea, "/me", vars{"timeZone": nil}).is(200).want("timeZone", nil).want("locale", "fr").want("version", 4)
	})
}

// Each reads the moments that the helpdesk tells by their own clocks, and nobody learns
// from them by which clocks another lives.
func TestMomentsAreReadByTheCallersClocks(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.patch(t, h.Ada, "/queues/"+gid(opaque.Queue, h.Help.Queue)+"/business-hours", vars{"timeZone": "Europe/Paris", "week": []vars{{"day": "monday", "from": "09:00", "to": "17:00"}}}).is(200)
		help := *h.Help
		help.Replies = []category.AutomaticReply{{On: category.OutsideHours, Texts: locale.Of("en", "Back {{next_opening}}.")}}
		if err := h.Categories.Save(t.Context(), &help); err != nil {
			t.Fatal(err)
		}
		h.patch(t, h.Lea, "/me", vars{"timeZone": "Asia/Tokyo"}).is(200)
		path := h.opens(t, h.Lea, "Oven") // on a Friday
		h.post(t, h.Chidi, path+"/participants", vars{"memberId": memberID(h.Bob)}).is(200)
		if day := h.Clock.Now().Weekday(); day != time.Friday {
			t.Fatalf("it is %v", day)
		}
		tokyo, paris := "Back 2026-01-05 17:00 UTC+09:00 (Asia/Tokyo).", "Back 2026-01-05 09:00 UTC+01:00 (Europe/Paris)."
		h.get(t, h.Lea, path).is(200).want("lastMessage.body", tokyo)
		h.get(t, h.Bob, path).is(200).want("lastMessage.body", paris)
		if all := h.get(t, h.Lea, path+"/messages").is(200); !strings.Contains(all.body, tokyo) {
			t.Errorf("who opened it reads %s", all.body)
		}
		if all := h.get(t, h.Bob, path+"/messages").is(200); !strings.Contains(all.body, paris) || strings.Contains(all.body, "Tokyo") {
			t.Errorf("who takes part reads %s", all.body)
		}
	})
}
