package rest

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// AllHours are the business hours of a workspace.
type AllHours struct {
	Items []Hours `json:"items" nullable:"false" doc:"The workspace's, which come first, and those of the queues that have their own. Where there are none, is worked day and night."`
}

// Hours say when is worked.
type Hours struct {
	ID       string    `json:"id" doc:"Identifies the business hours."`
	QueueID  *string   `json:"queueId" doc:"Whose they are; null: the workspace's, for every queue that has none."`
	TimeZone string    `json:"timeZone" doc:"The IANA time zone, e.g. Europe/Paris."`
	Always   bool      `json:"always" doc:"Whether is worked day and night, every day."`
	Week     []Span    `json:"week" nullable:"false" doc:"The times of the week, from Monday on."`
	Holidays []Holiday `json:"holidays" nullable:"false" doc:"The days on which nobody works, whole."`
	Version  int64     `json:"version" doc:"Rises each time that they are saved; for If-Match."`
}

// Span is a time of the week in which is worked.
type Span struct {
	Day  string `json:"day" enum:"monday,tuesday,wednesday,thursday,friday,saturday,sunday" doc:"The day on which it begins."`
	From string `json:"from" doc:"From when on, 00:00 to 23:59."`
	To   string `json:"to" doc:"Until when, 00:01 to 24:00. When it is not later than from, until then on the next day."`
}

// Holiday is days on which nobody works.
type Holiday struct {
	Name   string  `json:"name,omitempty" doc:"What it is called, at most 80 characters."`
	From   string  `json:"from" doc:"The first day, e.g. 2026-12-25."`
	To     *string `json:"to,omitempty" nullable:"true" doc:"The last day; without it, the first. At most 366 days."`
	Yearly bool    `json:"yearly,omitempty" doc:"Whether it is on the same days of every year."`
}

// The inputs of business hours.
type (
	// HoursChange is what is to be different about the workspace's hours.
	HoursChange struct {
		Expecting

		Body HoursParts
	}
	// QueueHoursChange is what is to be different about a queue's.
	QueueHoursChange struct {
		QueuePath
		Expecting

		Body HoursParts
	}
	// HoursParts is when is to be worked. What is left out stays as it is; new hours
	// need a time zone, and a week or always. Null empties.
	HoursParts struct {
		TimeZone Field[string]    `json:"timeZone,omitzero" doc:"An IANA time zone, e.g. Europe/Paris."`
		Always   Field[bool]      `json:"always,omitzero" doc:"Whether is worked day and night; then there is neither a week nor a holiday."`
		Week     Field[[]Span]    `json:"week,omitzero" doc:"The times of the week, at most 70; they may touch, but not overlap."`
		Holidays Field[[]Holiday] `json:"holidays,omitzero" doc:"All holidays, at most 500."`
	}
)

// apply changes what is given. Codes: invalid.
func (p HoursParts) apply(s *sla.Schedule) error {
	p.TimeZone.to(&s.Zone)
	p.Always.to(&s.Always)
	if p.Week.Set {
		s.Week = nil
		for _, w := range p.Week.Value {
			span, err := w.span()
			if err != nil {
				return sla.OnField(err, "week")
			}
			s.Week = append(s.Week, span)
		}
	}
	if p.Holidays.Set {
		s.Holidays = nil
		for _, h := range p.Holidays.Value {
			holiday, err := h.holiday()
			if err != nil {
				return sla.OnField(err, "holidays")
			}
			s.Holidays = append(s.Holidays, holiday)
		}
	}
	return nil
}

func (w Span) span() (s sla.Span, err error) {
	s.Day = weekday(w.Day)
	if s.From, err = sla.ParseTimeOfDay(w.From); err == nil {
		s.To, err = sla.ParseTimeOfDay(w.To)
	}
	return s, err
}

// weekday reads a day of the week, of which the description has all.
func weekday(name string) time.Weekday {
	day := time.Sunday
	for !strings.EqualFold(day.String(), name) && day < time.Saturday {
		day++
	}
	return day
}

func (h Holiday) holiday() (d sla.Holiday, err error) {
	d.Name, d.Yearly = h.Name, h.Yearly
	if d.From, err = sla.ParseDate(h.From); err != nil {
		return d, err
	}
	d.To = d.From
	if h.To != nil {
		d.To, err = sla.ParseDate(*h.To)
	}
	return d, err
}

func showHours(h *sla.Hours) Hours {
	return Hours{
		ID: external(opaque.Hours, h.ID), QueueID: externalOrNone(opaque.Queue, h.Queue), TimeZone: h.Zone, Always: h.Always, Version: h.Version,
		Week: each(h.Week, func(w sla.Span) Span {
			return Span{strings.ToLower(w.Day.String()), sla.TimeOfDay(w.From), sla.TimeOfDay(w.To)}
		}),
		Holidays: each(h.Holidays, func(d sla.Holiday) Holiday {
			last := d.To.String()
			return Holiday{d.Name, d.From.String(), &last, d.Yearly}
		}),
	}
}

// hoursOf finds the hours of a queue, or of the workspace.
func (s *server) hoursOf(ctx context.Context, c access.Call, q id.Queue) (shown[Hours], error) {
	all, err := s.SLA.Hours(ctx, c)
	if err != nil {
		return shown[Hours]{}, err
	}
	for _, h := range all {
		if h.Queue == q {
			body := showHours(h)
			return shown[Hours]{&body, h.Version}, nil
		}
	}
	return shown[Hours]{}, sla.ErrNoHours
}

// hours registers when is worked.
func (s *server) hours() {
	fetch(s, operation{
		id: "listBusinessHours", path: "/business-hours", tag: tagHouse, summary: "List when is worked", codes: []fault.Code{fault.Forbidden},
	}, func(ctx context.Context, c access.Call, _ *struct{ Conditional }) (shown[AllHours], error) {
		all, err := s.SLA.Hours(ctx, c)
		return shown[AllHours]{body: &AllHours{Items: each(all, showHours)}}, err
	})
	change(s, operation{
		id: "changeBusinessHours", method: http.MethodPatch, path: "/business-hours", tag: tagHouse, summary: "Say when is worked in the workspace", codes: configured,
		about: "In every queue that has no business hours of its own. Administrators only.",
	}, func(ctx context.Context, c access.Call, in *HoursChange, version int64) (string, error) {
		return s.changeHours(ctx, c, sla.Hours{Version: version}, in.Body)
	}, func(ctx context.Context, c access.Call, _ *HoursChange, _ string) (shown[Hours], error) {
		return s.hoursOf(ctx, c, 0)
	})
	change(s, operation{
		id: "changeQueueBusinessHours", method: http.MethodPatch, path: "/queues/{queueId}/business-hours", tag: tagHouse, summary: "Say when is worked in a queue",
		about: "Administrators only.", codes: configured,
	}, func(ctx context.Context, c access.Call, in *QueueHoursChange, version int64) (string, error) {
		return s.changeHours(ctx, c, sla.Hours{Queue: in.id(), Version: version}, in.Body)
	}, func(ctx context.Context, c access.Call, in *QueueHoursChange, _ string) (shown[Hours], error) {
		return s.hoursOf(ctx, c, in.id())
	})
	change[Expecting, Hours](s, operation{
		id: "removeBusinessHours", method: http.MethodDelete, path: "/business-hours", tag: tagHouse, summary: "Work day and night in the workspace",
		about: "Where there are no hours, that is no error. Administrators only.", codes: configured,
	}, func(ctx context.Context, c access.Call, _ *Expecting, version int64) (string, error) {
		return "", s.SLA.RemoveHours(ctx, c, sla.Hours{Version: version})
	}, nil)
	change[queueHours, Hours](s, operation{
		id: "removeQueueBusinessHours", method: http.MethodDelete, path: "/queues/{queueId}/business-hours", tag: tagHouse, summary: "Let the workspace's hours hold in a queue",
		about: "Where it has no hours of its own, that is no error. Administrators only.", codes: configured,
	}, func(ctx context.Context, c access.Call, in *queueHours, version int64) (string, error) {
		return "", s.SLA.RemoveHours(ctx, c, sla.Hours{Queue: in.id(), Version: version})
	}, nil)
}

// queueHours names a queue's hours.
type queueHours struct {
	QueuePath
	Expecting
}

func (s *server) changeHours(ctx context.Context, c access.Call, which sla.Hours, parts HoursParts) (string, error) {
	return saved(opaque.Hours, func() (*sla.Hours, error) { return s.SLA.ChangeHours(ctx, c, which, parts.apply) }, func(h *sla.Hours) id.Hours { return h.ID })
}
