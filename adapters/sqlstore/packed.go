package sqlstore

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// SQLite's driver asks for the name and the type of each column whenever a
// query runs, which takes longer than the one row of a wide table. Where it
// matters, the columns travel as one text.

// unitSeparator stands between packed columns. Only the last may contain it.
const unitSeparator = "\x1f"

// pack and packEnd stand around columns, never NULL, that are to be one. It has
// a short name, which the driver copies for each row.
const (
	pack    = `concat_ws(char(31), `
	packEnd = `) AS packed`
)

// unpacking is a row whose first column is so many that were packed.
type unpacking struct {
	row    scanner
	packed int
}

// everyColumn is of a row that is packed as a whole.
const everyColumn = math.MaxInt

// Scan implements scanner.
func (u unpacking) Scan(into ...any) error {
	packed := min(u.packed, len(into))
	var text string
	columns := append(make([]any, 0, 1+len(into)-packed), &text)
	if err := u.row.Scan(append(columns, into[packed:]...)...); err != nil {
		return err
	}
	for i, field := range into[:packed] {
		value := text
		if i < packed-1 {
			var more bool
			if value, text, more = strings.Cut(text, unitSeparator); !more {
				return fmt.Errorf("a row has %d packed columns, not %d", i+1, packed)
			}
		}
		if err := unpack(value, field); err != nil {
			return err
		}
	}
	return nil
}

func unpack(value string, into any) (err error) {
	switch field := into.(type) {
	case *string:
		*field = value
	case *int64:
		*field, err = strconv.ParseInt(value, 10, 64)
	case *int:
		*field, err = strconv.Atoi(value)
	case *bool:
		*field = value == "1"
	default:
		err = fmt.Errorf("a packed column can't become a %T", into)
	}
	return err
}
