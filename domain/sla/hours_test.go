package sla_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/sla"
)

func TestScheduleThatCannotBeIsRefusedWithItsField(t *testing.T) {
	monday := sla.Span{Day: time.Monday, From: 9 * 60, To: 17 * 60}
	everyDay := sla.Holiday{From: sla.DateOf(2000, 1, 1), To: sla.DateOf(2000, 12, 31), Yearly: true}
	for name, x := range map[string]struct {
		schedule sla.Schedule
		want     error
		field    string
	}{
		"no zone":           {sla.Schedule{Week: []sla.Span{monday}}, sla.ErrZone, "timeZone"},
		"unknown zone":      {sla.Schedule{Zone: "Europe/Atlantis", Always: true}, sla.ErrZone, "timeZone"},
		"machine's zone":    {sla.Schedule{Zone: "Local", Always: true}, sla.ErrZone, "timeZone"},
		"a file's path":     {sla.Schedule{Zone: "../../etc/passwd", Always: true}, sla.ErrZone, "timeZone"},
		"no spans":          {sla.Schedule{Zone: "UTC"}, sla.ErrNeverOpen, "week"},
		"closed every day":  {sla.Schedule{Zone: "UTC", Week: []sla.Span{monday}, Holidays: []sla.Holiday{everyDay}}, sla.ErrNeverOpen, "holidays"},
		"always and spans":  {sla.Schedule{Zone: "UTC", Always: true, Week: []sla.Span{monday}}, sla.ErrAlways, "always"},
		"span of no length": {sla.Schedule{Zone: "UTC", Week: []sla.Span{{Day: time.Monday, From: 60, To: 60}}}, sla.ErrSpan, "week"},
		"no such day":       {sla.Schedule{Zone: "UTC", Week: []sla.Span{{Day: 7, From: 60, To: 90}}}, sla.ErrSpan, "week"},
		"after midnight":    {sla.Schedule{Zone: "UTC", Week: []sla.Span{{Day: 1, From: 1440, To: 90}}}, sla.ErrSpan, "week"},
		"overlap":           {sla.Schedule{Zone: "UTC", Week: []sla.Span{monday, {Day: time.Monday, From: 16 * 60, To: 20 * 60}}}, sla.ErrOverlap, "week"},
		"overlap by night": {sla.Schedule{Zone: "UTC", Week: []sla.Span{
			{Day: time.Saturday, From: 22 * 60, To: 6 * 60}, {Day: time.Sunday, From: 5 * 60, To: 8 * 60},
		}}, sla.ErrOverlap, "week"},
		"holiday that ends first": {sla.Schedule{
			Zone: "UTC", Week: []sla.Span{monday}, Holidays: []sla.Holiday{{From: 20000, To: 19999}},
		}, sla.ErrHoliday, "holidays"},
		"holiday of years": {sla.Schedule{
			Zone: "UTC", Week: []sla.Span{monday}, Holidays: []sla.Holiday{{From: 20000, To: 21000}},
		}, sla.ErrHolidayLong, "holidays"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := x.schedule.Calendar()
			f, ok := errors.AsType[*fault.Error](err)
			if !ok || !errors.Is(err, x.want) || f.Field != x.field {
				t.Errorf("got %v, want %v on %s", err, x.want, x.field)
			}
		})
	}
}

func TestSpansMayTouch(t *testing.T) {
	s := sla.Schedule{Zone: "Europe/Paris", Week: []sla.Span{
		{Day: time.Saturday, From: 22 * 60, To: 6 * 60}, {Day: time.Sunday, From: 6 * 60, To: 24 * 60},
	}}
	c, err := s.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 7, 4, 20, 0, 0, 0, time.UTC) // 22:00 in Paris
	if got := c.Between(from, from.Add(48*time.Hour)); got != 26*time.Hour {
		t.Errorf("worked %v, want 26h", got)
	}
}

func TestTimesOfDay(t *testing.T) {
	for text, want := range map[string]int{"00:00": 0, "09:30": 570, "23:59": 1439, "24:00": 1440} {
		if got, err := sla.ParseTimeOfDay(text); err != nil || got != want || sla.TimeOfDay(got) != text {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "9:30", "24:01", "12:60", "-1:00", "+1:00", "12.30", "12:30:00", "1２:00"} {
		if got, err := sla.ParseTimeOfDay(text); err == nil {
			t.Errorf("%q is no time of day, got %d", text, got)
		}
	}
}
