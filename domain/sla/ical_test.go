package sla_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/sla"
)

func calendarFile(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\r\nUID:x\r\n" + strings.ReplaceAll(e, "\n", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.String()
}

func told(all []sla.Holiday) string {
	var lines []string
	for _, h := range all {
		line := fmt.Sprintf("%s %s..%s", h.Name, h.From, h.To)
		if h.Yearly {
			line += " yearly"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestHolidaysOfACalendarFile(t *testing.T) {
	for name, x := range map[string]struct{ event, want string }{
		"one day":       {"SUMMARY:Day\nDTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226", "Day 2026-12-25..2026-12-25"},
		"without end":   {"SUMMARY:Day\nDTSTART;VALUE=DATE:20261225", "Day 2026-12-25..2026-12-25"},
		"several days":  {"SUMMARY:Break\nDTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20270102", "Break 2026-12-24..2027-01-01"},
		"by duration":   {"SUMMARY:Break\nDTSTART;VALUE=DATE:20261224\nDURATION:P1W", "Break 2026-12-24..2026-12-30"},
		"with times":    {"SUMMARY:Day\nDTSTART;TZID=\"Europe/Paris:x\":20261225T000000\nDTEND:20261225T235900", "Day 2026-12-25..2026-12-25"},
		"folded name":   {"SUMMARY:Saint Nich\n olas\\, day\nDTSTART:20261206", "Saint Nicholas, day 2026-12-06..2026-12-06"},
		"yearly":        {"SUMMARY:Day\nDTSTART;VALUE=DATE:20101225\nRRULE:FREQ=YEARLY", "Day 2010-12-25..2010-12-25 yearly"},
		"since long":    {"SUMMARY:Day\nDTSTART;VALUE=DATE:19001225\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", "Day 2000-12-25..2000-12-25 yearly"},
		"fourth Thu":    {"SUMMARY:Thanks\nDTSTART:20201126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "Thanks 2026-11-26..2026-11-26\nThanks 2027-11-25..2027-11-25"},
		"last Monday":   {"SUMMARY:Bank\nDTSTART:20200831\nRRULE:FREQ=YEARLY;BYMONTH=8;BYDAY=-1MO", "Bank 2026-08-31..2026-08-31\nBank 2027-08-30..2027-08-30"},
		"until":         {"SUMMARY:Day\nDTSTART:20240501\nRRULE:FREQ=YEARLY;UNTIL=20260601T000000Z", "Day 2026-05-01..2026-05-01"},
		"counted":       {"SUMMARY:Day\nDTSTART:20250501\nRRULE:FREQ=YEARLY;COUNT=2", "Day 2026-05-01..2026-05-01"},
		"with a gap":    {"SUMMARY:Day\nDTSTART:20250501\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20260501", "Day 2027-05-01..2027-05-01"},
		"alarm within":  {"SUMMARY:Day\nDTSTART:20261225\nBEGIN:VALARM\nSUMMARY:Ring\nDTSTART:20261224\nEND:VALARM", "Day 2026-12-25..2026-12-25"},
		"into the year": {"SUMMARY:Break\nDTSTART:20251224\nDTEND:20260103", "Break 2025-12-24..2026-01-02"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sla.ImportHolidays(calendarFile(x.event), sla.Years{From: 2026, To: 2027})
			if err != nil || told(got) != x.want {
				t.Errorf("got\n%s\n%v\nwant\n%s", told(got), err, x.want)
			}
		})
	}
}

func TestCalendarFileThatTellsNoHolidays(t *testing.T) {
	for name, x := range map[string]struct {
		file string
		want error
	}{
		"nothing":        {"", sla.ErrICalendar},
		"a page":         {"<html></html>", sla.ErrICalendar},
		"no events":      {calendarFile(), sla.ErrICalendarEmpty},
		"long ago":       {calendarFile("SUMMARY:Day\nDTSTART:20101225"), sla.ErrICalendarEmpty},
		"called off":     {calendarFile("SUMMARY:Day\nDTSTART:20261225\nSTATUS:CANCELLED"), sla.ErrICalendarEmpty},
		"no date":        {calendarFile("SUMMARY:Day\nDTSTART:tomorrow"), sla.ErrICalendarDate},
		"every week":     {calendarFile("SUMMARY:Day\nDTSTART:20261225\nRRULE:FREQ=WEEKLY"), sla.ErrRecurrence},
		"every Thursday": {calendarFile("SUMMARY:Day\nDTSTART:20261225\nRRULE:FREQ=YEARLY;BYDAY=TH"), sla.ErrRecurrence},
		"too long":       {strings.Repeat("x", sla.MaxICalendar+1), sla.ErrICalendarLong},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := sla.ImportHolidays(x.file, sla.Years{From: 2026, To: 2027}); !errors.Is(err, x.want) {
				t.Errorf("got %v, want %v", err, x.want)
			}
		})
	}
}

// A rule that is short to write must not be long to carry out.
func TestRuleThatRepeatsItselfIsReadAsItsDays(t *testing.T) {
	again := func(s string) string { return strings.TrimSuffix(strings.Repeat(s+",", 10000), ",") }
	many := "SUMMARY:Day\nDTSTART:19000101\nRRULE:FREQ=YEARLY;BYMONTH=" + again("1") + ";BYMONTHDAY=" + again("2,-30")
	got, err := sla.ImportHolidays(calendarFile(many), sla.Years{From: 2026, To: 2027})
	if want := "Day 2026-01-02..2026-01-02\nDay 2027-01-02..2027-01-02"; err != nil || told(got) != want {
		t.Errorf("got\n%s\n%v\nwant\n%s", told(got), err, want)
	}
	daily := "SUMMARY:Day\nDTSTART:19000101\nRRULE:FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20"
	if _, err := sla.ImportHolidays(calendarFile(daily), sla.Years{From: 2026, To: 2031}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("1200 holidays are not refused: %v", err)
	}
	counted := "SUMMARY:Day\nDTSTART:20250131\nRRULE:FREQ=YEARLY;BYMONTH=2,1;BYMONTHDAY=-1,31,30;COUNT=4"
	got, err = sla.ImportHolidays(calendarFile(counted), sla.Years{From: 2025, To: 2027})
	if want := "Day 2025-01-31..2025-01-31\nDay 2025-02-28..2025-02-28\nDay 2026-01-30..2026-01-30\nDay 2026-01-31..2026-01-31"; err != nil || told(got) != want {
		t.Errorf("got\n%s\n%v\nwant\n%s", told(got), err, want)
	}
	every := "SUMMARY:Day\nDTSTART:20230501\nRRULE:FREQ=YEARLY;INTERVAL=4"
	got, err = sla.ImportHolidays(calendarFile(every), sla.Years{From: 2026, To: 2031})
	if want := "Day 2027-05-01..2027-05-01\nDay 2031-05-01..2031-05-01"; err != nil || told(got) != want {
		t.Errorf("got\n%s\n%v\nwant\n%s", told(got), err, want)
	}
}

func FuzzImportHolidays(f *testing.F) {
	f.Add(calendarFile("SUMMARY:Day\nDTSTART:20261225\nDTEND:20261227\nRRULE:FREQ=YEARLY;COUNT=3\nEXDATE:20271225"))
	f.Add(calendarFile("SUMMARY:Day\nDTSTART:19000229\nRRULE:FREQ=YEARLY;BYMONTH=2,3;BYMONTHDAY=-1"))
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\n;:\nDTSTART:\nEND:\nEND:VEVENT")
	f.Fuzz(func(t *testing.T, file string) {
		all, err := sla.ImportHolidays(file, sla.Years{From: 2026, To: 2036})
		if err != nil && fault.CodeOf(err) != fault.Invalid {
			t.Fatalf("%v is no refusal", err)
		}
		s := office()
		s.Holidays = all
		if _, refused := s.Calendar(); err == nil && refused != nil && !errors.Is(refused, sla.ErrNeverOpen) {
			t.Fatalf("what was read cannot be kept: %v", refused)
		}
	})
}
