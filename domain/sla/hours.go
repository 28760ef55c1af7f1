package sla

import (
	"cmp"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// Limits of business hours.
const (
	MaxSpans       = 70 // ten a day
	MaxHolidays    = 500
	MaxHolidayDays = 366 // that one holiday lasts
	MaxHolidayName = 80  // characters
)

const (
	minutesInDay = 24 * 60
	daysInWeek   = 7
	daysInYear   = 365 // without 29 February
)

// Span is a time of the week in which is worked, in minutes of the local day from
// midnight on. One whose end is not after its beginning goes on into the next day.
type Span struct {
	Day  time.Weekday `json:"day"`
	From int          `json:"from"` // 0 to 1439
	To   int          `json:"to"`   // 1 to 1440; not From
}

// Holiday is some days on which nobody works, from their first to their last
// minute.
type Holiday struct {
	Name   string `json:"name"`
	From   Date   `json:"from"`
	To     Date   `json:"to"`               // the last day
	Yearly bool   `json:"yearly,omitempty"` // on the same days of every year
}

// Schedule says when is worked, by the clocks of a zone. In the hour that a zone
// skips in spring nobody works, in the one that it repeats in autumn both times
// are worked.
type Schedule struct {
	Zone     string    `json:"zone"`             // IANA name, e.g. "Europe/Paris"
	Always   bool      `json:"always,omitempty"` // day and night; no spans, no holidays
	Week     []Span    `json:"week,omitempty"`
	Holidays []Holiday `json:"holidays,omitempty"`
}

// The refusals of schedules.
var (
	ErrZone        = fault.New(fault.Invalid, "fault.hours.zone")
	ErrNeverOpen   = fault.New(fault.Invalid, "fault.hours.never_open")
	ErrAlways      = fault.New(fault.Invalid, "fault.hours.always")
	ErrSpan        = fault.New(fault.Invalid, "fault.hours.span")
	ErrOverlap     = fault.New(fault.Invalid, "fault.hours.overlap")
	ErrHoliday     = fault.New(fault.Invalid, "fault.hours.holiday")
	ErrHolidayLong = fault.New(fault.Invalid, "fault.hours.holiday_long")
	errTooMany     = fault.New(fault.Invalid, "fault.text.too_many")
)

func (s Schedule) location() (*time.Location, error) {
	zone, known := locale.Zone(s.Zone)
	if !known {
		return nil, ErrZone.With("Zone", s.Zone).On("timeZone")
	}
	return zone, nil
}

// cleaned gives the schedule as it is kept, or why it cannot be. Codes: invalid.
func (s Schedule) cleaned() (Schedule, error) {
	if _, err := s.location(); err != nil {
		return s, err
	}
	if s.Always {
		if len(s.Week)+len(s.Holidays) > 0 {
			return s, ErrAlways.On("always")
		}
		return s, nil
	}
	var err error
	if s.Week, err = cleanWeek(s.Week); err != nil {
		return s, err
	}
	if s.Holidays, err = cleanHolidays(s.Holidays); err != nil {
		return s, err
	}
	if s.closedAllYear() {
		return s, ErrNeverOpen.On("holidays")
	}
	return s, nil
}

func cleanWeek(week []Span) ([]Span, error) {
	switch {
	case len(week) == 0:
		return nil, ErrNeverOpen.On("week")
	case len(week) > MaxSpans:
		return nil, errTooMany.With("Most", MaxSpans).On("week")
	}
	for _, w := range week {
		if w.Day < time.Sunday || w.Day > time.Saturday || w.From < 0 || w.From >= minutesInDay ||
			w.To <= 0 || w.To > minutesInDay || w.From == w.To {
			return nil, ErrSpan.With("From", clock(w.From)).With("To", clock(w.To)).On("week")
		}
	}
	if a, b, ok := overlapping(week); ok {
		return nil, ErrOverlap.With("First", a.String()).With("Second", b.String()).On("week")
	}
	week = slices.Clone(week)
	slices.SortFunc(week, func(a, b Span) int {
		return cmp.Or(cmp.Compare(fromMonday(a.Day), fromMonday(b.Day)), cmp.Compare(a.From, b.From))
	})
	return week, nil
}

// fromMonday puts the days in the order of a working week.
func fromMonday(d time.Weekday) int { return (int(d) + daysInWeek - 1) % daysInWeek }

// overlapping finds two spans that share a minute.
func overlapping(week []Span) (a, b Span, found bool) {
	for i, a := range week {
		for _, b := range week[i+1:] {
			for _, x := range a.pieces() {
				for _, y := range b.pieces() {
					if x.day == y.day && x.from < y.to && y.from < x.to {
						return a, b, true
					}
				}
			}
		}
	}
	return a, b, false
}

// dayPiece is the part of a span that lies in one day, in minutes.
type dayPiece struct {
	day      time.Weekday
	from, to int
}

func (w Span) pieces() []dayPiece {
	if w.To > w.From {
		return []dayPiece{{w.Day, w.From, w.To}}
	}
	next := (w.Day + 1) % daysInWeek
	return []dayPiece{{w.Day, w.From, minutesInDay}, {next, 0, w.To}}
}

// String gives e.g. "Monday 09:00-17:00", for refusals.
func (w Span) String() string { return w.Day.String() + " " + clock(w.From) + "-" + clock(w.To) }

func cleanHolidays(holidays []Holiday) ([]Holiday, error) {
	if len(holidays) > MaxHolidays {
		return nil, errTooMany.With("Most", MaxHolidays).On("holidays")
	}
	cleaned := make([]Holiday, len(holidays))
	for i, h := range holidays {
		name, err := locale.Clean(h.Name, "holidays", 0, MaxHolidayName)
		if err != nil {
			return nil, err
		}
		switch {
		case h.To < h.From:
			return nil, ErrHoliday.With("From", h.From.String()).With("To", h.To.String()).On("holidays")
		case h.To-h.From >= MaxHolidayDays:
			return nil, ErrHolidayLong.With("From", h.From.String()).With("Most", MaxHolidayDays).On("holidays")
		}
		h.Name = name
		cleaned[i] = h
	}
	slices.SortStableFunc(cleaned, func(a, b Holiday) int { return cmp.Compare(a.From, b.From) })
	return slices.Compact(cleaned), nil
}

// closedAllYear tells whether every day is a holiday every year: then no spans
// help. Whatever days are left fall on each day of the week sooner or later.
func (s Schedule) closedAllYear() bool {
	days := s.yearly()
	leap := slices.Contains(days, yearDay(2000, time.February, 29))
	return len(days) >= daysInYear+1 || len(days) == daysInYear && !leap
}

// yearly lists the days that are holidays every year, in their order.
func (s Schedule) yearly() []int {
	var days []int
	for _, h := range s.Holidays {
		if !h.Yearly {
			continue
		}
		for d := h.From; d <= h.To; d++ {
			days = append(days, yearDay(d.Civil()))
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// dated lists the days that are holidays once, in their order.
func (s Schedule) dated() []Date {
	var days []Date
	for _, h := range s.Holidays {
		for d := h.From; !h.Yearly && d <= h.To; d++ {
			days = append(days, d)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// yearDay names a day of any year by a number that rises through the year.
func yearDay(_ int, m time.Month, day int) int { return int(m)*32 + day }

// String gives e.g. "2026-12-24/2026-12-26 yearly", for the record of changes.
func (h Holiday) String() string {
	s := h.From.String()
	if h.To != h.From {
		s += "/" + h.To.String()
	}
	if h.Yearly {
		s += " yearly"
	}
	return s
}
