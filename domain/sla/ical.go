package sla

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// MaxICalendar is the longest iCalendar file that is read, in bytes.
const MaxICalendar = 512 << 10

// The refusals of iCalendar files.
var (
	ErrICalendar      = fault.New(fault.Invalid, "fault.hours.icalendar")
	ErrICalendarLong  = fault.New(fault.Invalid, "fault.hours.icalendar_long")
	ErrICalendarDate  = fault.New(fault.Invalid, "fault.hours.icalendar_date")
	ErrICalendarEmpty = fault.New(fault.Invalid, "fault.hours.icalendar_empty")
	ErrRecurrence     = fault.New(fault.Invalid, "fault.hours.icalendar_rule")
)

// Years is from which year to which holidays are wanted.
type Years struct{ From, To int }

// ImportHolidays reads the events of an iCalendar file (RFC 5545) as holidays, with
// each day that an event touches. An event on the same day of every year becomes
// a yearly holiday; one that comes otherwise, or ends, becomes its days in the
// years that are wanted; days in other years are left out. What has no meaning for
// holidays is passed over. Codes: invalid (no iCalendar file, a date that is none,
// a recurrence that is not by the year, no holiday in those years, or more than
// MaxHolidays).
func ImportHolidays(file string, y Years) ([]Holiday, error) {
	if len(file) > MaxICalendar {
		return nil, ErrICalendarLong.With("Most", MaxICalendar)
	}
	lines := unfold(file)
	if !utf8.ValidString(file) || len(lines) == 0 || !strings.EqualFold(strings.TrimSpace(lines[0]), "BEGIN:VCALENDAR") {
		return nil, ErrICalendar
	}
	var all []Holiday
	for _, e := range events(lines) {
		found, err := e.holidays(y)
		if err != nil {
			return nil, err
		}
		if all = append(all, found...); len(all) > MaxHolidays {
			return nil, errTooMany.With("Most", MaxHolidays)
		}
	}
	if len(all) == 0 {
		return nil, ErrICalendarEmpty
	}
	return cleanHolidays(all)
}

// unfold gives the lines, each with those that go on after it.
func unfold(file string) []string {
	file = strings.TrimPrefix(file, "\ufeff")
	file = strings.ReplaceAll(strings.ReplaceAll(file, "\r\n", "\n"), "\r", "\n")
	file = strings.ReplaceAll(strings.ReplaceAll(file, "\n ", ""), "\n\t", "")
	return slices.DeleteFunc(strings.Split(file, "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
}

// icalEvent is what an event says of itself.
type icalEvent struct {
	name, start, end, duration, rule, status string
	except                                   []string
}

// events gives the events, without what is inside of them, such as alarms.
func events(lines []string) []icalEvent {
	var all []icalEvent
	var within []string
	for _, line := range lines {
		name, value, ok := property(line)
		switch {
		case !ok:
		case name == "BEGIN":
			within = append(within, strings.ToUpper(value))
			if within[len(within)-1] == "VEVENT" {
				all = append(all, icalEvent{})
			}
		case name == "END" && len(within) > 0:
			within = within[:len(within)-1]
		case len(all) > 0 && len(within) > 0 && within[len(within)-1] == "VEVENT":
			all[len(all)-1].take(name, value)
		}
	}
	return all
}

// property splits a line into a name, without its parameters, and a value.
// Colons in quoted parameters belong to these.
func property(line string) (name, value string, ok bool) {
	quoted := false
	for i, r := range line {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ':' && !quoted:
			name, _, _ = strings.Cut(line[:i], ";")
			return strings.ToUpper(strings.TrimSpace(name)), strings.TrimSpace(line[i+1:]), true
		}
	}
	return "", "", false
}

func (e *icalEvent) take(name, value string) {
	switch name {
	case "SUMMARY":
		e.name = unescaped(value)
	case "DTSTART":
		e.start = value
	case "DTEND":
		e.end = value
	case "DURATION":
		e.duration = value
	case "RRULE":
		e.rule = strings.ToUpper(value)
	case "STATUS":
		e.status = strings.ToUpper(value)
	case "EXDATE":
		e.except = append(e.except, strings.Split(value, ",")...)
	}
}

// unescaped gives a text on one line, no longer than a holiday's name may be.
func unescaped(s string) string {
	s = strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, " ", `\N`, " ", "\x00", "").Replace(s)
	s = strings.TrimSpace(strings.ToValidUTF8(s, "\ufffd"))
	if runes := []rune(s); len(runes) > MaxHolidayName {
		s = strings.TrimSpace(string(runes[:MaxHolidayName]))
	}
	return s
}

// icalDate reads a date, or the date of a moment. Its clock, if it has one, is
// given too.
func icalDate(s string) (d Date, clock string, err error) {
	date, clock, _ := strings.Cut(strings.TrimSpace(s), "T")
	t, err := time.Parse("20060102", date)
	if err != nil || t.Year() < 1900 || t.Year() > maxYear {
		return 0, "", ErrICalendarDate.With("Date", s)
	}
	return DateOf(t.Date()), clock, nil
}

// lasts gives the first and the last day.
func (e icalEvent) lasts() (from, to Date, err error) {
	from, _, err = icalDate(e.start)
	if err != nil {
		return 0, 0, err
	}
	if e.end == "" {
		return from, from + max(icalDays(e.duration)-1, 0), nil
	}
	to, clock, err := icalDate(e.end)
	if err != nil {
		return 0, 0, err
	}
	if strings.Trim(clock, "0Z") == "" {
		to-- // the end itself is no part of the event
	}
	return from, min(max(to, from), from+MaxHolidayDays-1), nil
}

// icalDays reads how many days a duration such as P3D or P1W has.
func icalDays(s string) Date {
	var n Date
	for _, r := range strings.TrimPrefix(s, "P") {
		switch {
		case r >= '0' && r <= '9' && n < MaxHolidayDays:
			n = n*10 + Date(r-'0')
		case r == 'W':
			return min(n*daysInWeek, MaxHolidayDays)
		case r == 'D':
			return min(n, MaxHolidayDays)
		default:
			return 0
		}
	}
	return 0
}

func (e icalEvent) holidays(y Years) ([]Holiday, error) {
	if e.status == "CANCELLED" || e.start == "" {
		return nil, nil
	}
	from, to, err := e.lasts()
	if err != nil {
		return nil, err
	}
	rule, err := parseRule(e.rule, from)
	if err != nil {
		return nil, err
	}
	if rule.endless() && len(e.except) == 0 {
		return []Holiday{everyYear(e.name, from, to)}, nil
	}
	except := map[Date]bool{}
	for _, s := range e.except {
		if d, _, err := icalDate(s); err == nil {
			except[d] = true
		}
	}
	var all []Holiday
	for _, d := range rule.days(from, y) {
		last := d + to - from
		begins, _, _ := d.Civil()
		ends, _, _ := last.Civil()
		if ends >= y.From && begins <= y.To && !except[d] {
			all = append(all, Holiday{Name: e.name, From: d, To: last})
		}
	}
	return all, nil
}

// everyYear gives a yearly holiday. One that began before days are counted is told
// in a year that has every day.
func everyYear(name string, from, to Date) Holiday {
	last := to - from
	if from < 0 {
		_, month, dayOfMonth := from.Civil()
		from = DateOf(2000, month, dayOfMonth)
	}
	return Holiday{Name: name, From: from, To: from + last, Yearly: true}
}
