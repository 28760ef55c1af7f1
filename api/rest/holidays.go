package rest

import (
	"context"
	"mime"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// calendarMedia is the type of iCalendar files.
const calendarMedia = "text/calendar"

// The inputs of holidays that come from a file.
type (
	// HolidayFile is an iCalendar file for the workspace's hours.
	HolidayFile struct {
		Expecting

		Replace bool   `query:"replace" doc:"Whether the holidays that are there go."`
		RawBody []byte `contentType:"text/calendar"`
	}
	// QueueHolidayFile is one for a queue's.
	QueueHolidayFile struct {
		QueuePath
		HolidayFile
	}
)

// aboutHolidays says which days are taken from a file.
const aboutHolidays = "The body is the file, at most 512 KiB. Each day that an event touches is a holiday. Events on the same day of every " +
	"year become yearly holidays; others by the year are taken for this year and the next five. Administrators only."

// takes tells whether the operation's input is of the type, and not JSON.
func (e *exchange) takes(media string) bool {
	return e.op.RequestBody != nil && e.op.RequestBody.Content[media] != nil
}

// holidays registers how they come from iCalendar files.
func (s *server) holidays() {
	change(s, operation{
		id: "importHolidays", path: "/business-hours/holidays", tag: tagHouse, summary: "Add the holidays of an iCalendar file", codes: configured,
		about: "To the workspace's business hours, which must be there. " + aboutHolidays,
	}, func(ctx context.Context, c access.Call, in *HolidayFile, version int64) (string, error) {
		return s.importHolidays(ctx, c, sla.Hours{Version: version}, in)
	}, func(ctx context.Context, c access.Call, _ *HolidayFile, _ string) (shown[Hours], error) {
		return s.hoursOf(ctx, c, 0)
	})
	change(s, operation{
		id: "importQueueHolidays", path: "/queues/{queueId}/business-hours/holidays", tag: tagHouse, summary: "Add the holidays of an iCalendar file in a queue", codes: configured,
		about: "To the queue's own business hours, which must be there. " + aboutHolidays,
	}, func(ctx context.Context, c access.Call, in *QueueHolidayFile, version int64) (string, error) {
		return s.importHolidays(ctx, c, sla.Hours{Queue: in.id(), Version: version}, &in.HolidayFile)
	}, func(ctx context.Context, c access.Call, in *QueueHolidayFile, _ string) (shown[Hours], error) {
		return s.hoursOf(ctx, c, in.id())
	})
}

func (s *server) importHolidays(ctx context.Context, c access.Call, which sla.Hours, file *HolidayFile) (string, error) {
	if media, _, err := mime.ParseMediaType(exchangeOf(ctx).r.Header.Get("Content-Type")); err != nil || media != calendarMedia {
		return "", errMedia
	}
	// The bytes go back to where they came from when the request is over.
	saved, err := saved(opaque.Hours, func() (*sla.Hours, error) {
		return s.SLA.ImportHolidays(ctx, c, which, string(file.RawBody), file.Replace)
	}, func(h *sla.Hours) id.Hours { return h.ID })
	if f, ok := refusedIn(err, "iCalendar"); ok {
		return "", f
	}
	return saved, err
}

// refusedIn gives a refusal of the file itself, as one of the whole body.
func refusedIn(err error, field string) (*fault.Error, bool) {
	for _, f := range refusalsOf(err) {
		if f.Field == field {
			return f.On(""), true
		}
	}
	return nil, false
}
