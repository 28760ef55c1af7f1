package jobs

import "time"

const (
	shortestCeiling = time.Second
	longestCeiling  = 5 * time.Minute
)

// Backoff is a random part of a ceiling that doubles with each failure, from
// one second to five minutes. attempt counts from 1; random is in [0, 1).
func Backoff(attempt int, random float64) time.Duration {
	return jitter(shortestCeiling, longestCeiling, attempt, random)
}

// databaseBackoff is the wait after the database itself failed.
func databaseBackoff(attempt int, random float64) time.Duration {
	return jitter(200*time.Millisecond, 10*time.Second, attempt, random)
}

func jitter(first, longest time.Duration, attempt int, random float64) time.Duration {
	ceiling := first
	for i := 1; i < attempt && ceiling < longest; i++ {
		ceiling *= 2
	}
	return time.Duration(random * float64(min(ceiling, longest)))
}
