package model

import "time"

// RateLimit is what an operation costs, and what may be spent.
type RateLimit struct {
	Cost             int
	Limit, Remaining *int // nil: nothing is limited
	ResetAt          *time.Time
}
