// Package digest gathers what is not urgent. Tickets of categories that ping nobody
// wait, and the teams of a queue are told of all that wait there at hours which are
// set for it, in one digest.
package digest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
)

const (
	// MaxMoments is how often a week a queue's digest comes at most: ten times a day.
	MaxMoments   = 70
	minutesInDay = 24 * 60
	daysInWeek   = 7
)

// Moment is a moment of each week, by the clocks of a plan's zone.
type Moment struct {
	Day    time.Weekday `json:"day"`
	Minute int          `json:"minute"` // of the day, 0 to 1439
}

// String gives the moment as people write it.
func (m Moment) String() string {
	return fmt.Sprintf("%s %02d:%02d", strings.ToLower(m.Day.String()[:3]), m.Minute/60, m.Minute%60)
}

// Schedule says when a queue's digests come. What falls into the hour that the
// clocks skip in spring comes at the same distance after it, what falls into the one
// that they repeat in autumn comes once.
type Schedule struct {
	Zone    string   `json:"zone"` // IANA name, e.g. "Europe/Paris"
	Moments []Moment `json:"moments"`
	Calls   bool     `json:"calls,omitempty"` // the queue's teams are pinged, where the digest is shown
}

// Plan is the schedule of a queue.
type Plan struct {
	Schedule

	Workspace id.Workspace
	Queue     id.Queue
	DueAt     time.Time // when the next digest is to come
	Version   int64     // rises each time that it is saved
}

// The refusals of this package.
var (
	ErrNoPlan  = fault.New(fault.NotFound, "fault.digest.not_found")
	ErrUnknown = fault.New(fault.NotFound, "fault.digest.unknown")
	ErrZone    = fault.New(fault.Invalid, "fault.hours.zone")
	ErrMoments = fault.New(fault.Invalid, "fault.digest.moments")
)

// cleaned gives the schedule as it is kept, or why it cannot be. Codes: invalid.
func (s Schedule) cleaned() (Schedule, error) {
	if _, known := locale.Zone(s.Zone); !known {
		return s, ErrZone.With("Zone", s.Zone).On("timeZone")
	}
	s.Moments = slices.Clone(s.Moments)
	slices.SortFunc(s.Moments, func(a, b Moment) int {
		return cmp.Or(cmp.Compare((a.Day+6)%daysInWeek, (b.Day+6)%daysInWeek), cmp.Compare(a.Minute, b.Minute))
	})
	s.Moments = slices.Compact(s.Moments)
	wrong := func(m Moment) bool {
		return m.Day < time.Sunday || m.Day > time.Saturday || m.Minute < 0 || m.Minute >= minutesInDay
	}
	if len(s.Moments) == 0 || len(s.Moments) > MaxMoments || slices.ContainsFunc(s.Moments, wrong) {
		return s, ErrMoments.With("Most", MaxMoments).On("moments")
	}
	return s, nil
}

// Next gives the first of the schedule's moments after t; zero: there is none.
func (s Schedule) Next(t time.Time) time.Time {
	zone, known := locale.Zone(s.Zone)
	if !known {
		return time.Time{}
	}
	local := t.In(zone)
	var first time.Time
	for day := -1; day <= daysInWeek+1; day++ {
		noon := time.Date(local.Year(), local.Month(), local.Day()+day, 12, 0, 0, 0, zone)
		for _, m := range s.Moments {
			if m.Day != noon.Weekday() {
				continue
			}
			at := clocks(noon, m.Minute)
			if at.After(t) && (first.IsZero() || at.Before(first)) {
				first = at
			}
		}
	}
	return first
}

// longest is more than what a zone's clocks skip or repeat.
const longest = 3 * time.Hour

// clocks gives the moment at which a zone's clocks show the minute of noon's day: the
// first, if they show it twice, and as late after the gap, if they skip it.
func clocks(noon time.Time, minute int) time.Time {
	y, m, d := noon.Date()
	shown := time.Date(y, m, d, 0, minute, 0, 0, time.UTC)
	t := time.Date(y, m, d, 0, minute, 0, 0, noon.Location())
	_, now := t.Zone()
	_, before := t.Add(-longest).Zone()
	first := shown.Add(-time.Duration(before) * time.Second).In(t.Location())
	skipped := t.Format(time.DateTime) != shown.Format(time.DateTime)
	if skipped || before > now && first.Format(time.DateTime) == shown.Format(time.DateTime) {
		return first
	}
	return t
}
