package sla

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// yearRule is a recurrence by the year. The zero rule is none: the day itself.
type yearRule struct {
	every   int // years; 0: once
	count   int // 0: without end
	until   Date
	months  []time.Month
	dates   []int // of the month; negative ones from its end
	weekday time.Weekday
	nth     int // of that weekday in the month; negative ones from its end; 0: by date
}

// endless tells whether the rule is the same day of every year.
func (r yearRule) endless() bool {
	return r.every == 1 && r.count == 0 && r.until == 0 && r.nth == 0 && len(r.months) <= 1 &&
		(len(r.dates) == 0 || len(r.dates) == 1 && r.dates[0] > 0)
}

// parseRule reads a recurrence of something that begins on a day.
func parseRule(s string, from Date) (yearRule, error) {
	if s == "" {
		return yearRule{}, nil
	}
	_, month, dayOfMonth := from.Civil()
	r, yearly := yearRule{every: 1}, false
	for part := range strings.SplitSeq(s, ";") {
		name, value, _ := strings.Cut(part, "=")
		if name == "FREQ" {
			yearly = value == "YEARLY"
		} else if !r.take(name, value) {
			return yearRule{}, ErrRecurrence.With("Rule", s)
		}
	}
	if !yearly {
		return yearRule{}, ErrRecurrence.With("Rule", s)
	}
	r.months, r.dates = unique(r.months), unique(r.dates)
	if len(r.months) == 0 {
		r.months = []time.Month{month}
	}
	if len(r.dates) == 0 {
		r.dates = []int{dayOfMonth}
	}
	// A rule that names another day than the first event's would move it.
	if r.endless() && (r.months[0] != month || r.dates[0] != dayOfMonth) {
		return yearRule{}, ErrRecurrence.With("Rule", s)
	}
	return r, nil
}

// unique sorts a list that a rule may repeat at will, and so bounds it.
func unique[T cmp.Ordered](list []T) []T {
	slices.Sort(list)
	return slices.Compact(list)
}

// take reads a part of the rule, if it is understood.
func (r *yearRule) take(name, value string) bool {
	var err error
	switch name {
	case "INTERVAL":
		r.every, err = strconv.Atoi(value)
		return err == nil && r.every > 0 && r.every <= 100
	case "COUNT":
		r.count, err = strconv.Atoi(value)
		return err == nil && r.count > 0
	case "UNTIL":
		r.until, _, err = icalDate(value)
		return err == nil
	case "BYMONTH":
		return numbers(value, 1, 12, func(n int) { r.months = append(r.months, time.Month(n)) })
	case "BYMONTHDAY":
		return numbers(value, -31, 31, func(n int) { r.dates = append(r.dates, n) })
	case "BYDAY":
		return r.takeWeekday(value)
	case "WKST", "":
		return true
	default:
		return false
	}
}

func numbers(list string, least, most int, add func(int)) bool {
	for s := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < least || n > most || n == 0 {
			return false
		}
		add(n)
	}
	return true
}

// takeWeekday reads e.g. 4TH or -1MO: one weekday, by its place in the month.
func (r *yearRule) takeWeekday(value string) bool {
	if len(value) < 3 {
		return false
	}
	nth, err := strconv.Atoi(value[:len(value)-2])
	i := strings.Index("SUMOTUWETHFRSA", value[len(value)-2:])
	if err != nil || nth == 0 || nth < -5 || nth > 5 || i < 0 || i%2 != 0 {
		return false
	}
	r.nth, r.weekday = nth, time.Weekday(i/2)
	return true
}

// days gives the days on which the rule begins something that may touch the years
// that are wanted, in their order.
func (r yearRule) days(from Date, y Years) []Date {
	if r.every == 0 {
		return []Date{from}
	}
	year, _, _ := from.Civil()
	earliest := y.From - 1 // something may go on into the first year
	if r.count == 0 && year < earliest {
		year += (earliest - year + r.every - 1) / r.every * r.every
	}
	var all []Date
	for counted := 0; year <= y.To; year += r.every {
		for _, month := range r.months {
			for _, d := range r.inMonth(year, month) {
				switch {
				case d < from:
					continue
				case r.until != 0 && d > r.until, r.count != 0 && counted == r.count:
					return all
				}
				counted++
				if year >= earliest {
					all = append(all, d)
				}
			}
		}
	}
	return all
}

// inMonth gives the days of one month.
func (r yearRule) inMonth(year int, month time.Month) []Date {
	first, next := DateOf(year, month, 1), DateOf(year, month+1, 1)
	if r.nth != 0 {
		return r.nthIn(first, next)
	}
	var all []Date
	for _, n := range r.dates {
		d := first + Date(n) - 1
		if n < 0 {
			d = next + Date(n)
		}
		if d >= first && d < next {
			all = append(all, d)
		}
	}
	return unique(all) // the last day may be the 31st, too
}

func (r yearRule) nthIn(first, next Date) []Date {
	var of []Date
	for d := first; d < next; d++ {
		if weekday := time.Weekday((int(d)%daysInWeek + daysInWeek + 4) % daysInWeek); weekday == r.weekday {
			of = append(of, d)
		}
	}
	i := r.nth - 1
	if r.nth < 0 {
		i = len(of) + r.nth
	}
	if i < 0 || i >= len(of) {
		return nil
	}
	return of[i : i+1]
}
