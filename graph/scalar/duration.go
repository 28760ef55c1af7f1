package scalar

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/duration"
)

// MarshalDuration writes a length of time.
func MarshalDuration(d time.Duration) graphql.Marshaler { return quoted(duration.Format(d)) }

// UnmarshalDuration reads a length of time. Codes: invalid.
func UnmarshalDuration(v any) (time.Duration, error) {
	s, ok := v.(string)
	if !ok {
		return 0, duration.ErrMalformed
	}
	return duration.Parse(s)
}
