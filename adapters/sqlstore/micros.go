package sqlstore

import "time"

// Micros is how a moment is stored: microseconds since 1970 in UTC; 0 for the
// zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Moment is the time of stored microseconds in UTC; the zero time for 0.
func Moment(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}
