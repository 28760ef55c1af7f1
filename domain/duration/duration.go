// Package duration writes lengths of time as ISO 8601 has them, e.g. PT36H.
package duration

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// ErrMalformed refuses what is no length of time.
var ErrMalformed = fault.New(fault.Invalid, "fault.duration.malformed")

// Format writes a duration in hours, minutes and seconds: a day is not always 24
// hours long.
func Format(d time.Duration) string {
	if d == 0 {
		return "PT0S"
	}
	var b strings.Builder
	if d < 0 {
		b.WriteByte('-')
	}
	b.WriteString("PT")
	rest := d
	for _, unit := range []struct {
		length time.Duration
		letter byte
	}{{time.Hour, 'H'}, {time.Minute, 'M'}} {
		if n := rest / unit.length; n != 0 {
			b.WriteString(strconv.FormatUint(magnitude(n), 10))
			b.WriteByte(unit.letter)
		}
		rest %= unit.length
	}
	if rest != 0 {
		whole, part := magnitude(rest/time.Second), magnitude(rest%time.Second)
		b.WriteString(strconv.FormatUint(whole, 10))
		if part != 0 {
			b.WriteString(strings.TrimRight("."+strconv.FormatUint(uint64(time.Second)+part, 10)[1:], "0"))
		}
		b.WriteByte('S')
	}
	return b.String()
}

// magnitude also takes the least number, which has no opposite.
func magnitude(d time.Duration) uint64 {
	if d < 0 {
		return uint64(-(d + 1)) + 1
	}
	return uint64(d)
}

var form = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(-)?P(?:(\d{1,9})W|(?:(\d{1,9})D)?(T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,](\d{1,9}))?S)?)?)$`)
})

// Parse reads a duration, in which a day is 24 hours. Years and months, which have
// no length of their own, are refused. Codes: invalid.
func Parse(s string) (time.Duration, error) {
	m := form().FindStringSubmatch(s)
	if m == nil || strings.HasSuffix(s, "P") || strings.HasSuffix(s, "T") {
		return 0, ErrMalformed
	}
	sum := 0.0
	var d time.Duration
	for i, unit := range map[int]time.Duration{2: 7 * 24 * time.Hour, 3: 24 * time.Hour, 5: time.Hour, 6: time.Minute, 7: time.Second} {
		n, _ := strconv.ParseInt("0"+m[i], 10, 64) // at most nine digits
		sum += float64(n) * float64(unit)
		d += time.Duration(n) * unit
	}
	if sum > math.MaxInt64/2 {
		return 0, ErrMalformed
	}
	part, _ := strconv.ParseInt((m[8] + "000000000")[:9], 10, 64)
	d += time.Duration(part)
	if m[1] != "" {
		d = -d
	}
	return d, nil
}
