package discordtest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// epoch is Discord's, in milliseconds since 1970; a snowflake counts from it.
const epoch = 1420070400000

// ID is a snowflake. In JSON it is a string of digits; the zero ID is null.
type ID uint64

// String is the ID in decimal, as it stands in URLs and mentions.
func (id ID) String() string { return strconv.FormatUint(uint64(id), 10) }

// Time is the moment that the ID carries, to the millisecond.
func (id ID) Time() time.Time { return time.UnixMilli(int64(uint64(id)>>22) + epoch).UTC() }

// MarshalJSON writes a quoted number, or null for the zero ID.
func (id ID) MarshalJSON() ([]byte, error) {
	if id == 0 {
		return []byte("null"), nil
	}
	return strconv.AppendQuote(nil, id.String()), nil
}

// UnmarshalJSON reads a quoted or bare number; null and "" are the zero ID.
func (id *ID) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if text == "null" || text == "" {
		*id = 0
		return nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return fmt.Errorf("snowflake %q: %w", text, err)
	}
	*id = ID(n)
	return nil
}

func parseID(text string) ID {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0
	}
	return ID(n)
}

// newID is later than every ID before it, whatever the clock does.
func (s *Server) newID() ID {
	next := ID(uint64(s.now().UnixMilli()-epoch) << 22)
	if next <= s.lastID {
		next = s.lastID + 1
	}
	s.lastID = next
	return next
}

// stamp is a moment as Discord writes it; the zero stamp is null.
type stamp time.Time

func (t stamp) MarshalJSON() ([]byte, error) {
	if time.Time(t).IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(time.Time(t).UTC().Format("2006-01-02T15:04:05.000000+00:00"))
}

// text is a string that is null in JSON when it is empty.
type text string

func (t text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(t))
}
