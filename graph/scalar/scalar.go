package scalar

import (
	"io"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
)

// quoted is a string that needs no escaping.
type quoted string

// MarshalGQL writes the string as JSON.
func (q quoted) MarshalGQL(w io.Writer) {
	var room [64]byte
	b := append(append(append(room[:0], '"'), q...), '"')
	_, _ = w.Write(b)
}

// MarshalDateTime writes a moment; null for none.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return quoted(t.UTC().Format(opaque.Moment))
}

// The refusals of values.
var (
	errDateTime = fault.New(fault.Invalid, "fault.request.date_time")
	errDate     = fault.New(fault.Invalid, "fault.field.date")
	errNumber   = fault.New(fault.Invalid, "fault.request.number")
	errVersion  = fault.New(fault.Invalid, "fault.request.number").On("expectedVersion")
	errText     = fault.New(fault.Invalid, "fault.request.value")
)

// UnmarshalDateTime reads a moment in any time zone. Codes: invalid.
func UnmarshalDateTime(v any) (time.Time, error) {
	s, ok := v.(string)
	t, err := time.Parse(time.RFC3339Nano, s)
	if !ok || err != nil {
		return time.Time{}, errDateTime
	}
	return t.UTC(), nil
}

// MarshalCursor writes the place of a row; null for none.
func MarshalCursor(c page.Cursor) graphql.Marshaler {
	if c == nil {
		return graphql.Null
	}
	return quoted(EncodeCursor(c))
}

// UnmarshalCursor reads the place of a row; nil when it is null.
func UnmarshalCursor(v any) (page.Cursor, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		return DecodeCursor(v), nil
	default:
		return page.Cursor{}, nil
	}
}

// MarshalLocale writes a language tag.
func MarshalLocale(t locale.Tag) graphql.Marshaler { return graphql.MarshalString(string(t)) }

// UnmarshalLocale reads a language tag; services check it. Codes: invalid.
func UnmarshalLocale(v any) (locale.Tag, error) {
	s, err := text(v)
	return locale.Tag(s), err
}

// text reads a string; "" when it is null.
func text(v any) (string, error) {
	s, ok := v.(string)
	if !ok && v != nil {
		return "", errText
	}
	return s, nil
}

// MarshalURL writes an address; null for none.
func MarshalURL(s string) graphql.Marshaler {
	if s == "" {
		return graphql.Null
	}
	return graphql.MarshalString(s)
}

// UnmarshalURL reads an address. Codes: invalid.
func UnmarshalURL(v any) (string, error) { return text(v) }

// MarshalDate writes a day; null for none.
func MarshalDate(s string) graphql.Marshaler { return MarshalURL(s) }

// UnmarshalDate reads a day. Codes: invalid.
func UnmarshalDate(v any) (string, error) {
	s, err := text(v)
	if err != nil {
		return "", err
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", errDate.Because(err)
	}
	return s, nil
}

// MarshalInt writes a number.
func MarshalInt(n int) graphql.Marshaler { return graphql.MarshalInt(n) }

// UnmarshalInt reads a number; 0 when it is null. Codes: invalid.
func UnmarshalInt(v any) (int, error) {
	n, err := UnmarshalInt64(v)
	return int(n), err
}

// MarshalInt64 writes a number.
func MarshalInt64(n int64) graphql.Marshaler { return graphql.MarshalInt64(n) }

// UnmarshalInt64 reads a number within the bounds of the schema's Int, 32 bits;
// 0 when it is null. Codes: invalid.
func UnmarshalInt64(v any) (int64, error) {
	n, err := graphql.UnmarshalInt64(v)
	if err != nil || n != int64(int32(n)) {
		return 0, errNumber.Because(err)
	}
	return n, nil
}

// Version is an object's version as a caller saw it; 0: they did not say.
type Version int64

// MarshalVersion writes a version.
func MarshalVersion(v Version) graphql.Marshaler { return graphql.MarshalInt64(int64(v)) }

// UnmarshalVersion reads a version, which is at least 1; 0 when it is null. That
// is not said by 0, which would make a change of whatever there is. Codes: invalid.
func UnmarshalVersion(v any) (Version, error) {
	if v == nil {
		return 0, nil
	}
	n, err := UnmarshalInt64(v)
	if err != nil || n < 1 {
		return 0, errVersion.Because(err)
	}
	return Version(n), nil
}
