package sqlstore

import (
	"fmt"
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

// unpacking is a row of packed columns.
type unpacking struct{ row scanner }

// Scan implements scanner.
func (u unpacking) Scan(into ...any) error {
	var text string
	if err := u.row.Scan(&text); err != nil {
		return err
	}
	for i, field := range into {
		value := text
		if i < len(into)-1 {
			var more bool
			if value, text, more = strings.Cut(text, unitSeparator); !more {
				return fmt.Errorf("a row has %d columns, not %d", i+1, len(into))
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
