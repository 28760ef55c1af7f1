package rest_test

import (
	"math"
	"testing"

	"github.com/ticketsys/ticketsys/domain/opaque"
)

// An administrator says what a category does by itself: when it closes tickets, whom it
// reminds and what it says. What is left out stays, null is never.
func TestACategoryDoesThingsByItself(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		path := "/categories/" + gid(opaque.Category, h.Help.ID)
		h.get(t, h.Ada, path).is(200).want("closeAfterResolutionSeconds", nil).want("staffReminder", nil).want("automaticReplies", []any{})
		reply := vars{"on": "pending", "afterSeconds": nil, "business": false, "texts": vars{"en": "We wait for you."}}
		late := vars{"on": "waiting", "afterSeconds": 3600, "business": true, "texts": vars{"en": "It takes {{waited}}."}}
		wish := vars{
			"closeAfterResolutionSeconds": 86400, "closeAfterSilenceSeconds": 604800, "silenceWarningSeconds": 7200,
			"staffReminder": vars{"afterSeconds": 900, "everySeconds": 1800, "most": 3, "business": true}, "requesterReminder": vars{"afterSeconds": 3600},
			"automaticReplies": []vars{{"on": "pending", "texts": vars{"en": "We wait for you."}}, late},
		}
		first := h.patch(t, h.Ada, path, wish, "Idempotency-Key", "once").is(200).want("version", 2).
			want("closeAfterResolutionSeconds", 86400).want("closeAfterSilenceSeconds", 604800).want("silenceWarningSeconds", 7200).
			want("staffReminder", vars{"afterSeconds": 900, "everySeconds": 1800, "most": 3, "business": true}).
			want("requesterReminder", vars{"afterSeconds": 3600, "everySeconds": nil, "most": 1, "business": false}).
			want("automaticReplies", []vars{reply, late})
		h.patch(t, h.Ada, path, wish, "Idempotency-Key", "once").is(200).want("version", 2)
		h.get(t, h.Ada, path, "If-None-Match", first.header.Get("ETag")).is(304)
		h.patch(t, h.Ada, path, vars{"position": 7}, "If-Match", first.header.Get("ETag")).is(200).want("closeAfterResolutionSeconds", 86400).want("staffReminder.most", 3).want("automaticReplies.1.on", "waiting")
		h.patch(t, h.Ada, path, vars{"staffReminder": nil}, "If-Match", first.header.Get("ETag")).refuses(412, "conflict").want("currentVersion", 3)
		h.patch(t, h.Ada, path, vars{"staffReminder": nil, "closeAfterResolutionSeconds": nil}).is(200).want("staffReminder", nil).want("closeAfterResolutionSeconds", nil).
			want("requesterReminder.afterSeconds", 3600).want("closeAfterSilenceSeconds", 604800)

		h.get(t, h.Chidi, path).is(200).want("requesterReminder.most", 1).want("automaticReplies", nil) // staff, and no administrator
		h.patch(t, h.Ada, path, vars{"staffReminder": vars{"afterSeconds": 900}, "automaticReplies": nil}).is(200).want("automaticReplies", []any{})
		h.get(t, h.Lea, path).is(200).want("staffReminder", nil).want("requesterReminder.afterSeconds", 3600)

		for _, wrong := range []struct {
			at string
			in vars
		}{
			{"#/closeAfterResolutionSeconds", vars{"closeAfterResolutionSeconds": 0}},
			{"#/closeAfterResolutionSeconds", vars{"closeAfterResolutionSeconds": 59}},
			{"#/closeAfterResolutionSeconds", vars{"closeAfterResolutionSeconds": int64(math.MaxInt64)}},
			{"#/closeAfterResolutionSeconds", vars{"closeAfterResolutionSeconds": int64(math.MinInt64)}},
			{"#/closeAfterSilenceSeconds", vars{"closeAfterSilenceSeconds": -1}},
			{"#/silenceWarningSeconds", vars{"silenceWarningSeconds": 3601}},
			{"#/silenceWarningSeconds", vars{"silenceWarningSeconds": nil}},
			{"#/staffReminder", vars{"staffReminder": vars{"afterSeconds": 899}}},
			{"#/staffReminder", vars{"staffReminder": vars{"afterSeconds": 900, "most": 2}}},
			{"#/requesterReminder", vars{"requesterReminder": vars{"afterSeconds": 900, "most": 0}}},
			{"#/requesterReminder", vars{"requesterReminder": vars{}}},
			{"#/automaticReplies", vars{"automaticReplies": []vars{{"on": "pending", "afterSeconds": 900, "texts": vars{"en": "x"}}}}},
			{"#/automaticReplies", vars{"automaticReplies": []vars{{"on": "closed", "texts": vars{"en": "{{waited}}"}}}}},
			{"#/automaticReplies", vars{"automaticReplies": []vars{{"on": "closed", "texts": vars{"en": "x"}}, {"on": "closed", "texts": vars{"en": "y"}}}}},
			{"#/automaticReplies/0/on", vars{"automaticReplies": []vars{{"on": "sometimes", "texts": vars{"en": "x"}}}}},
			{"#/automaticReplies/0/texts", vars{"automaticReplies": []vars{{"on": "closed"}}}},
			{"#/surfaceRemovedAfterSeconds", vars{"surfaceRemovedAfterSeconds": int64(math.MinInt64)}},
		} {
			h.patch(t, h.Ada, path, wrong.in).refuses(400, "invalid").want("errors.0.pointer", wrong.at)
		}
		h.patch(t, h.Chidi, path, wish).refuses(403, "forbidden")
		h.get(t, h.Ada, path).is(200).want("closeAfterSilenceSeconds", 604800).want("requesterReminder.afterSeconds", 3600)
		h.post(t, h.Ada, "/categories", vars{"names": vars{"en": "Slow"}, "queueId": gid(opaque.Queue, h.Support.ID), "closeAfterResolutionSeconds": 3600}).is(201).want("closeAfterResolutionSeconds", 3600)
		h.patch(t, h.Ada, "/me", vars{"locale": "fr"}).is(200)
		h.patch(t, h.Ada, path, vars{"closeAfterResolutionSeconds": 1}).refuses(400, "invalid").want("errors.0.detail", h.text(t, "fr", "fault.category.closing"))
	})
}

// Without a silence that closes tickets there is nothing to warn of: the warning goes with
// the silence, and none is taken without one.
func TestAWarningGoesWithTheSilence(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		path := "/categories/" + gid(opaque.Category, h.Help.ID)
		warned := func(seconds any) vars { return vars{"silenceWarningSeconds": seconds} }
		both := func(silence, warning any) vars {
			return vars{"closeAfterSilenceSeconds": silence, "silenceWarningSeconds": warning}
		}
		for _, wrong := range []vars{
			warned(3600), warned(3601), warned(-5), warned(0), both(nil, 7200), both(nil, -5),
			{"names": vars{"en": "New"}, "queueId": gid(opaque.Queue, h.Support.ID), "silenceWarningSeconds": 7200},
		} {
			answers := []*answer{h.patch(t, h.Ada, path, wrong)}
			if wrong["queueId"] != nil {
				answers = append(answers, h.post(t, h.Ada, "/categories", wrong))
			}
			for _, a := range answers {
				a.refuses(400, "invalid").want("errors.0.pointer", "#/silenceWarningSeconds")
			}
		}
		h.patch(t, h.Ada, path, warned(nil)).is(200).want("silenceWarningSeconds", nil)
		h.patch(t, h.Ada, path, both(604800, 7200)).is(200).want("silenceWarningSeconds", 7200)
		h.patch(t, h.Ada, path, warned(-5)).refuses(400, "invalid").want("errors.0.pointer", "#/silenceWarningSeconds")
		h.patch(t, h.Ada, path, both(nil, 7200)).refuses(400, "invalid").want("errors.0.pointer", "#/silenceWarningSeconds")
		h.patch(t, h.Ada, path, vars{"closeAfterSilenceSeconds": nil}).is(200).want("closeAfterSilenceSeconds", nil).want("silenceWarningSeconds", nil)
		h.patch(t, h.Ada, path, vars{"closeAfterSilenceSeconds": 604800}).refuses(400, "invalid").want("errors.0.pointer", "#/silenceWarningSeconds") // the old one is forgotten
	})
}

// text gives a text of the catalogue.
func (h *house) text(t *testing.T, language, key string) string {
	t.Helper()
	return h.services.Catalogue.Text(language, key, nil)
}
