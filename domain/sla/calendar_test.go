package sla_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/sla"
)

// zones are those whose clocks do something special: shift by half an hour, at
// midnight, in the south, not at all, by a day.
func zones() []string {
	return []string{
		"Europe/Paris", "America/Sao_Paulo", "Pacific/Auckland", "America/New_York", "America/Havana", "Asia/Beirut",
		"Africa/Cairo", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Chatham", "Africa/Casablanca",
		"America/Asuncion", "Antarctica/Troll", "UTC",
	}
}

// walker knows by the minute when a schedule is worked, from its words alone.
type walker struct {
	zone *time.Location
	sla.Schedule
}

func (w walker) open(t time.Time) bool {
	local := t.In(w.zone)
	year, month, day := local.Date()
	for _, h := range w.Holidays {
		for d := h.From; d <= h.To; d++ {
			y, m, dd := d.Civil()
			if m == month && dd == day && (h.Yearly || y == year) {
				return false
			}
		}
	}
	minute := local.Hour()*60 + local.Minute()
	for _, s := range w.Week {
		today, yesterday := local.Weekday() == s.Day, (local.Weekday()+6)%7 == s.Day
		switch {
		case s.From < s.To && today && minute >= s.From && minute < s.To,
			s.From > s.To && today && minute >= s.From,
			s.From > s.To && yesterday && minute < s.To:
			return true
		}
	}
	return false
}

func (w walker) between(from, to time.Time) (worked time.Duration) {
	for t := from; t.Before(to); t = t.Add(time.Minute) {
		if w.open(t) {
			worked += time.Minute
		}
	}
	return worked
}

// aSchedule makes any schedule that can be kept.
func aSchedule(t *rapid.T) sla.Schedule {
	s := sla.Schedule{Zone: rapid.SampledFrom(zones()).Draw(t, "zone")}
	for range rapid.IntRange(1, 12).Draw(t, "spans") {
		span := sla.Span{
			Day:  time.Weekday(rapid.IntRange(0, 6).Draw(t, "day")),
			From: rapid.IntRange(0, 1439).Draw(t, "from"), To: rapid.IntRange(1, 1440).Draw(t, "to"),
		}
		more := s
		more.Week = append(slices.Clone(s.Week), span)
		if _, err := more.Calendar(); err == nil {
			s = more
		}
	}
	if len(s.Week) == 0 {
		s.Week = []sla.Span{{Day: time.Monday, From: 9 * 60, To: 17 * 60}}
	}
	for range rapid.IntRange(0, 5).Draw(t, "holidays") {
		from := sla.Date(rapid.IntRange(15000, 20000).Draw(t, "holiday"))
		s.Holidays = append(s.Holidays, sla.Holiday{
			From: from, To: from + sla.Date(rapid.IntRange(0, 3).Draw(t, "days")), Yearly: rapid.Bool().Draw(t, "yearly"),
		})
	}
	return s
}

// aMoment is near a change of the zone's clocks as often as not.
func aMoment(t *rapid.T, zone *time.Location) time.Time {
	at := time.Unix(60*rapid.Int64Range(1100000000/60, 1900000000/60).Draw(t, "moment"), 0)
	if _, change := at.In(zone).ZoneBounds(); !change.IsZero() && rapid.Bool().Draw(t, "near") {
		at = change.Add(-time.Duration(rapid.IntRange(0, 3000).Draw(t, "before")) * time.Minute).Truncate(time.Minute)
	}
	return at.UTC()
}

func TestCalendarIsWhatWalkingByTheMinuteFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := aSchedule(t)
		c, err := s.Calendar()
		if err != nil {
			t.Fatal(err)
		}
		w := walker{c.Zone(), s}
		from := aMoment(t, w.zone)
		to := from.Add(time.Duration(rapid.IntRange(0, 12*24*60).Draw(t, "minutes")) * time.Minute)
		if got, want := c.Open(from), w.open(from); got != want {
			t.Fatalf("open at %v: %t, want %t", from.In(w.zone), got, want)
		}
		want := w.between(from, to)
		if got := c.Between(from, to); got != want {
			t.Fatalf("between %v and %v: %v, want %v", from.In(w.zone), to.In(w.zone), got, want)
		}
		opening := c.NextOpening(from)
		if !w.open(opening) || w.between(from, opening) != 0 {
			t.Fatalf("next opening of %v: %v", from.In(w.zone), opening.In(w.zone))
		}
		if want == 0 {
			return
		}
		reached := c.Add(from, want)
		if w.between(from, reached) != want || !w.open(reached.Add(-time.Minute)) || reached.After(to) {
			t.Fatalf("%v after %v: %v", want, from.In(w.zone), reached.In(w.zone))
		}
	})
}

func TestWhatIsAddedHasPassed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, err := aSchedule(t).Calendar()
		if err != nil {
			t.Fatal(err)
		}
		from := aMoment(t, c.Zone()).Add(time.Duration(rapid.Int64Range(0, 59999999).Draw(t, "odd")) * time.Microsecond)
		d := time.Duration(rapid.Int64Range(1, 500*3600*1000000).Draw(t, "time")) * time.Microsecond
		to := c.Add(from, d)
		if got := c.Between(from, to); got != d {
			t.Fatalf("%v after %v is %v, where %v has passed", d, from, to, got)
		}
		if got := c.Between(from, to.Add(-time.Microsecond)); got != d-time.Microsecond {
			t.Fatalf("%v is not the first such moment", to)
		}
		half := d / 2 / 1000 * 1000
		if got := c.Add(c.Add(from, half), d-half); !got.Equal(to) {
			t.Fatalf("in two steps: %v, want %v", got, to)
		}
	})
}

func office() sla.Schedule {
	s := sla.Schedule{Zone: "Europe/Paris"}
	for day := time.Monday; day <= time.Friday; day++ {
		s.Week = append(s.Week, sla.Span{Day: day, From: 9 * 60, To: 12 * 60}, sla.Span{Day: day, From: 13 * 60, To: 18 * 60})
	}
	return s
}

func TestBusinessTimeOfAnOffice(t *testing.T) {
	s := office()
	christmas := sla.DateOf(2020, time.December, 25)
	s.Holidays = []sla.Holiday{{Name: "Christmas", From: christmas, To: christmas, Yearly: true}}
	c, err := s.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		moment, err := time.ParseInLocation("2006-01-02 15:04", s, c.Zone())
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	for _, x := range []struct {
		from string
		add  time.Duration
		want string
	}{
		{"2026-12-24 17:00", time.Hour, "2026-12-24 18:00"},     // the end of the day is in time
		{"2026-12-24 17:30", time.Hour, "2026-12-28 09:30"},     // over a holiday and a weekend
		{"2026-12-24 11:30", time.Hour, "2026-12-24 13:30"},     // over lunch
		{"2026-03-27 17:00", 2 * time.Hour, "2026-03-30 10:00"}, // over the night without an hour
		{"2026-10-24 10:00", 8 * time.Hour, "2026-10-26 18:00"}, // over the night with one more
	} {
		if got := c.Add(at(x.from), x.add); !got.Equal(at(x.want)) {
			t.Errorf("%v after %s: %v, want %s", x.add, x.from, got.In(c.Zone()), x.want)
		}
	}
	if got := c.NextOpening(at("2026-12-24 18:00")); !got.Equal(at("2026-12-28 09:00")) {
		t.Errorf("next opening: %v", got.In(c.Zone()))
	}
}

func TestAlwaysCountsAllTime(t *testing.T) {
	c := sla.Always()
	now := time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC)
	if !c.Open(now) || !c.Add(now, time.Hour).Equal(now.Add(time.Hour)) || c.Between(now, now.Add(time.Hour)) != time.Hour {
		t.Error("who works day and night has no hour that does not count")
	}
	if !c.Add(now, -time.Hour).Equal(now) || c.Between(now, now.Add(-time.Hour)) != 0 {
		t.Error("time ran backwards")
	}
}

func TestDistanceCostsNoMemory(t *testing.T) {
	c, err := office().Calendar()
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for _, days := range []int{1, 30, 250, 10000} {
		if n := testing.AllocsPerRun(100, func() { c.Add(from, time.Duration(days)*8*time.Hour) }); n != 0 {
			t.Errorf("%d business days away: %v allocations", days, n)
		}
	}
}

// BenchmarkDeadline is the figure of a deadline that is 30 business days away.
func BenchmarkDeadline(b *testing.B) {
	s := office()
	for i := range sla.Date(40) {
		s.Holidays = append(s.Holidays, sla.Holiday{From: 20500 + 9*i, To: 20500 + 9*i})
	}
	c, err := s.Calendar()
	if err != nil {
		b.Fatal(err)
	}
	from := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		c.Add(from, 30*8*time.Hour)
	}
}
