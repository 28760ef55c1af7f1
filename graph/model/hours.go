package model

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// BusinessHours is when is worked, of a list.
type BusinessHours struct {
	*sla.Hours

	rows *load.Rows
}

// NewBusinessHours makes hours of a list by themselves, nil of nil.
func NewBusinessHours(rows *load.Rows, h *sla.Hours) *BusinessHours {
	if h == nil {
		return nil
	}
	rows.Queues.Want(h.Queue)
	return &BusinessHours{Hours: h, rows: rows}
}

// Queue gives whose they are.
func (h *BusinessHours) Queue(ctx context.Context) (*queue.Queue, error) {
	return h.rows.Queues.Get(ctx, h.Hours.Queue)
}

// TimeZone gives the zone's name.
func (h *BusinessHours) TimeZone() string { return h.Zone }

// Week gives the times of the week.
func (h *BusinessHours) Week() []*BusinessSpan {
	made := make([]*BusinessSpan, len(h.Hours.Week))
	for i, w := range h.Hours.Week {
		made[i] = &BusinessSpan{Day: w.Day, From: sla.TimeOfDay(w.From), To: sla.TimeOfDay(w.To)}
	}
	return made
}

// Holidays gives the days on which nobody works.
func (h *BusinessHours) Holidays() []*Holiday {
	made := make([]*Holiday, len(h.Hours.Holidays))
	for i, d := range h.Hours.Holidays {
		made[i] = &Holiday{Name: d.Name, From: d.From.String(), To: d.To.String(), Yearly: d.Yearly}
	}
	return made
}

// IsOpen reports whether is worked now.
func (h *BusinessHours) IsOpen() (bool, error) {
	c, err := h.Calendar()
	if err != nil {
		return false, err
	}
	return c.Open(h.rows.Call.Now), nil
}

// NextOpening gives the first moment from now on at which is worked.
func (h *BusinessHours) NextOpening() (time.Time, error) {
	c, err := h.Calendar()
	if err != nil {
		return time.Time{}, err
	}
	return c.NextOpening(h.rows.Call.Now), nil
}

// BusinessSpan is a time of the week.
type BusinessSpan struct {
	Day      time.Weekday
	From, To string
}

// BusinessSpanInput is a time of the week.
type BusinessSpanInput BusinessSpan

// Holiday is days on which nobody works.
type Holiday struct {
	Name, From, To string
	Yearly         bool
}

// HolidayInput is days on which nobody works.
type HolidayInput struct {
	Name   string
	From   string
	To     graphql.Omittable[*string]
	Yearly bool
}

// HoursInput names hours by their queue.
type HoursInput struct {
	Keyed
	Expecting

	QueueID id.Queue
}

// Which gives the hours for the service.
func (in HoursInput) Which() sla.Hours { return sla.Hours{Queue: in.QueueID, Version: in.Expected()} }

// SaveBusinessHoursInput is hours to save.
type SaveBusinessHoursInput struct {
	HoursInput

	TimeZone graphql.Omittable[*string]
	Always   graphql.Omittable[*bool]
	Week     graphql.Omittable[[]BusinessSpanInput]
	Holidays graphql.Omittable[[]HolidayInput]
}

// Apply changes what is given. Codes: invalid.
func (in SaveBusinessHoursInput) Apply(s *sla.Schedule) error {
	presentedTo(in.TimeZone, &s.Zone)
	presentedTo(in.Always, &s.Always)
	if week, set := in.Week.ValueOK(); set {
		s.Week = nil
		for _, w := range week {
			span, err := w.span()
			if err != nil {
				return err
			}
			s.Week = append(s.Week, span)
		}
	}
	if holidays, set := in.Holidays.ValueOK(); set {
		s.Holidays = nil
		for _, h := range holidays {
			holiday, err := h.holiday()
			if err != nil {
				return err
			}
			s.Holidays = append(s.Holidays, holiday)
		}
	}
	return nil
}

func (in BusinessSpanInput) span() (s sla.Span, err error) {
	s.Day = in.Day
	if s.From, err = sla.ParseTimeOfDay(in.From); err == nil {
		s.To, err = sla.ParseTimeOfDay(in.To)
	}
	return s, sla.OnField(err, "week")
}

func (in HolidayInput) holiday() (h sla.Holiday, err error) {
	h.Name, h.Yearly = in.Name, in.Yearly
	if h.From, err = sla.ParseDate(in.From); err != nil {
		return h, sla.OnField(err, "holidays")
	}
	h.To = h.From
	if last := presented(in.To); last != nil && *last != "" {
		h.To, err = sla.ParseDate(*last)
	}
	return h, sla.OnField(err, "holidays")
}

// RemoveBusinessHoursInput is hours to take away.
type RemoveBusinessHoursInput struct{ HoursInput }

// ImportHolidaysInput is a file of holidays.
type ImportHolidaysInput struct {
	HoursInput

	ICalendar string
	Replace   bool
}

// BusinessHours gives the hours as they are now.
func (p *Payload) BusinessHours(ctx context.Context) (*BusinessHours, error) {
	return object[BusinessHours](ctx, p, scalar.Hours)
}
