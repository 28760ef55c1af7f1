package sla

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// ErrClock refuses what is no time of a day.
var ErrClock = fault.New(fault.Invalid, "fault.hours.clock")

// clock writes a minute of the day as 09:30.
func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// TimeOfDay writes a minute of the day, 0 to 1440, as 09:30; the end of the day is
// 24:00.
func TimeOfDay(minute int) string { return clock(minute) }

// ParseTimeOfDay reads a time of the day from 00:00 to 24:00, as minutes from
// midnight on. Codes: invalid.
func ParseTimeOfDay(s string) (int, error) {
	hour, minute, ok := strings.Cut(s, ":")
	h, errH := strconv.ParseUint(hour, 10, 8)
	m, errM := strconv.ParseUint(minute, 10, 8)
	if !ok || len(s) != len("00:00") || len(hour) != 2 || errH != nil || errM != nil || m > 59 || h*60+m > minutesInDay {
		return 0, ErrClock.With("Time", s)
	}
	return int(h*60 + m), nil
}
