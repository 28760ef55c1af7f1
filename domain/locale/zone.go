package locale

import (
	"strings"
	"time"
)

// Zone finds a time zone by its IANA name, such as "Europe/Paris". What would mean
// the machine's own zone is none.
func Zone(name string) (*time.Location, bool) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || strings.EqualFold(name, "local") {
		return nil, false
	}
	return zone, true
}
