package sla

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// Date is a day of the calendar, wherever it is: the number of days since
// 1970-01-01.
type Date int32

// dateForm is how a date is written.
const dateForm = "2006-01-02"

// maxYear bounds the years that hours are told for.
const maxYear = 2200

// DateOf gives the day of a year. A day that the month does not have gives one of
// the next.
func DateOf(year int, month time.Month, day int) Date {
	return Date(floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), daySeconds))
}

// ParseDate reads a date as 2026-12-25. Codes: invalid.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateForm, s)
	if err != nil || t.Year() < 1970 || t.Year() > maxYear {
		return 0, fault.New(fault.Invalid, "fault.hours.date").With("Date", s)
	}
	return DateOf(t.Date()), nil
}

// Civil gives the year, month and day.
func (d Date) Civil() (int, time.Month, int) {
	return time.Unix(int64(d)*daySeconds, 0).UTC().Date()
}

// String gives the form that ParseDate reads.
func (d Date) String() string { return time.Unix(int64(d)*daySeconds, 0).UTC().Format(dateForm) }

// MarshalText implements encoding.TextMarshaler.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

const daySeconds = 24 * 60 * 60

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
