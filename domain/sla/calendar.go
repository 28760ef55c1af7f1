package sla

import (
	"math"
	"slices"
	"time"
)

// Calendar measures business time. It never changes, and may be used by many at
// once. Its times are exact to the microsecond, and UTC.
//
// Between two changes of its zone's offset, the clocks of the zone run as all
// clocks do: time is measured there by counting, day by day, and by weeks where no
// holiday is near.
type Calendar struct {
	always bool
	zone   *time.Location
	days   [daysInWeek][]stretch // of a day without holiday, in its order, from midnight on
	week   int64                 // business time of a week without holiday
	dated  []Date                // closed once; sorted
	yearly []int                 // closed every year; sorted
}

// stretch is a time from a moment up to another, in microseconds.
type stretch struct{ from, to int64 }

const (
	hour    = int64(60*60) * 1e6
	day     = int64(daySeconds) * 1e6
	forever = math.MaxInt64 / 4
)

// Always is the calendar of those who work day and night.
func Always() *Calendar { return &Calendar{always: true, zone: time.UTC} }

// Calendar makes the schedule's calendar. Codes: invalid.
func (s Schedule) Calendar() (*Calendar, error) {
	s, err := s.cleaned()
	if err != nil {
		return nil, err
	}
	zone, err := s.location()
	if err != nil {
		return nil, err
	}
	c := &Calendar{always: s.Always, zone: zone, dated: s.dated(), yearly: s.yearly()}
	for _, w := range s.Week {
		for _, p := range w.pieces() {
			piece := stretch{int64(p.from) * 60e6, int64(p.to) * 60e6}
			c.days[p.day] = append(c.days[p.day], piece)
			c.week += piece.to - piece.from
		}
	}
	for _, pieces := range c.days {
		slices.SortFunc(pieces, func(a, b stretch) int { return int(a.from/60e6 - b.from/60e6) })
	}
	return c, nil
}

// Zone gives the zone whose clocks count.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Open reports whether is worked at t.
func (c *Calendar) Open(t time.Time) bool {
	return c.NextOpening(t).Equal(t.Truncate(time.Microsecond))
}

// NextOpening gives the first moment from t on at which is worked.
func (c *Calendar) NextOpening(t time.Time) time.Time {
	return c.Add(t, time.Microsecond).Add(-time.Microsecond)
}

// Add gives the first moment at which d of business time has passed since t; t
// itself if d is not positive.
func (c *Calendar) Add(t time.Time, d time.Duration) time.Time {
	at, left := t.UnixMicro(), d.Microseconds()
	if c.always || left <= 0 {
		return time.UnixMicro(at + max(left, 0)).UTC()
	}
	for {
		offset, end := c.offset(at)
		wall, rest := c.spend(stretch{at + offset, end + offset}, left)
		if rest == 0 {
			return time.UnixMicro(wall - offset).UTC()
		}
		at, left = end, rest
	}
}

// Between gives the business time from one moment to another; none if the other
// is not later.
func (c *Calendar) Between(from, to time.Time) time.Duration {
	at, until := from.UnixMicro(), to.UnixMicro()
	if until <= at {
		return 0
	}
	if c.always {
		return time.Duration(until-at) * time.Microsecond
	}
	left := int64(forever)
	for at < until {
		offset, end := c.offset(at)
		end = min(end, until)
		_, left = c.spend(stretch{at + offset, end + offset}, left)
		at = end
	}
	return time.Duration(forever-left) * time.Microsecond
}

// offset gives what the zone's clocks show more than UTC's at a moment, and until
// when, at least. On the last day of a leap year that lies beyond a zone's table,
// the standard library ends the time of an offset before the moment itself.
func (c *Calendar) offset(at int64) (offset, until int64) {
	t := time.UnixMicro(at).In(c.zone)
	_, seconds := t.Zone()
	until = forever
	if _, end := t.ZoneBounds(); !end.IsZero() {
		until = end.UnixMicro()
	}
	if until <= at {
		until = at + hour
	}
	return int64(seconds) * 1e6, until
}

// spend uses up business time in a stretch of the zone's clocks. It gives the
// moment at which nothing is left, or the end of the stretch and what is left then.
func (c *Calendar) spend(s stretch, left int64) (moment, rest int64) {
	today := floorDiv(s.from, day)
	for midnight := today * day; midnight < s.to; midnight = today * day {
		if s.from <= midnight {
			weeks := c.freeWeeks(stretch{midnight, s.to}, left)
			left, today = left-weeks*c.week, today+weeks*daysInWeek
			if weeks > 0 {
				continue
			}
		}
		for _, p := range c.on(today) {
			from, to := max(s.from, midnight+p.from), min(s.to, midnight+p.to)
			switch {
			case from >= to:
			case left <= to-from:
				return from + left, 0
			default:
				left -= to - from
			}
		}
		today++
	}
	return s.to, left
}

// on gives the times of a day in which is worked.
func (c *Calendar) on(today int64) []stretch {
	if c.nextHoliday(today) == today {
		return nil
	}
	return c.days[((today+4)%daysInWeek+daysInWeek)%daysInWeek] // 1970 began on a Thursday
}

// freeWeeks gives how many whole weeks from midnight on lie within the stretch,
// have no holiday, and leave something of what is left.
func (c *Calendar) freeWeeks(s stretch, left int64) int64 {
	if left <= c.week {
		return 0
	}
	most := min((left-1)/c.week, (s.to-s.from)/(daysInWeek*day))
	if most <= 0 {
		return 0
	}
	today := s.from / day
	return min(most, (c.nextHoliday(today)-today)/daysInWeek)
}

// nextHoliday gives the first holiday from a day on.
func (c *Calendar) nextHoliday(today int64) int64 {
	next := int64(forever / day)
	if i, _ := slices.BinarySearch(c.dated, Date(today)); i < len(c.dated) {
		next = int64(c.dated[i])
	}
	if len(c.yearly) == 0 {
		return next
	}
	return min(next, c.nextYearly(Date(today)))
}

// nextYearly looks through this year and those that come, since a 29 February is
// not in each.
func (c *Calendar) nextYearly(today Date) int64 {
	year, month, dayOfMonth := today.Civil()
	i, _ := slices.BinarySearch(c.yearly, yearDay(year, month, dayOfMonth))
	for {
		for ; i < len(c.yearly); i++ {
			d := DateOf(year, time.Month(c.yearly[i]/32), c.yearly[i]%32)
			if _, m, _ := d.Civil(); int(m) == c.yearly[i]/32 {
				return int64(d)
			}
		}
		i, year = 0, year+1
	}
}
