package wire

import (
	"encoding/json"
	"strconv"
	"time"
)

// ID is a snowflake in decimal, "" for none. It is read from a string or a
// number.
type ID string

// discordEpoch is the first moment of snowflakes, in milliseconds since 1970.
const discordEpoch = 1420070400000

// UnmarshalJSON reads a string, a number or null. It never fails: what an ID
// stands in is worth more. Anything else is an ID that is not valid.
func (i *ID) UnmarshalJSON(raw []byte) error {
	if plain(raw) {
		*i = ID(raw[1 : len(raw)-1])
		return nil
	}
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, (*string)(i))
	}
	*i = "?"
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		*i = ID(n)
	}
	return nil
}

// plain reports whether it is nothing but digits in quotes, as nearly every ID of
// an event is, of which there may be hundreds in one.
func plain(raw []byte) bool {
	if len(raw) < 3 || raw[0] != '"' || raw[len(raw)-1] != '"' {
		return false
	}
	for _, c := range raw[1 : len(raw)-1] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// sound reports whether it is a snowflake or none.
func (i ID) sound() bool { return i == "" || i.Valid() }

// Time is the moment at which Discord gave the ID, in UTC; zero if it is no
// snowflake.
func (i ID) Time() time.Time {
	n, err := strconv.ParseUint(string(i), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + discordEpoch).UTC()
}

// FirstAt is the least ID that Discord gives at a moment; "" for a moment before
// there was Discord.
func FirstAt(t time.Time) ID {
	since := t.UnixMilli() - discordEpoch
	if since <= 0 {
		return ""
	}
	return ID(strconv.FormatInt(since<<22, 10))
}

// Valid reports whether it is a snowflake.
func (i ID) Valid() bool {
	n, err := strconv.ParseUint(string(i), 10, 64)
	return err == nil && n > 0
}

// Before is the ID just before i, to which all from i on are newer; i itself if it is no
// snowflake.
func (i ID) Before() ID {
	n, err := strconv.ParseUint(string(i), 10, 64)
	if err != nil || n == 0 {
		return i
	}
	return ID(strconv.FormatUint(n-1, 10))
}

// Next is the ID just after i, to which all up to i are older; i itself if it is
// no snowflake.
func (i ID) Next() ID {
	n, err := strconv.ParseUint(string(i), 10, 64)
	if err != nil {
		return i
	}
	return ID(strconv.FormatUint(n+1, 10))
}

// Newer reports whether i was given after other.
func (i ID) Newer(other ID) bool {
	if len(i) != len(other) {
		return len(i) > len(other)
	}
	return i > other
}
