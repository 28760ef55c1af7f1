package ticket

import (
	"regexp"
	"sync"
	"time"
)

// momentForm is how the helpdesk writes a moment in what it says by itself, so that
// people can read it and channels can find it.
const momentForm = "2006-01-02 15:04 UTC-07:00"

var written = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC[+-]\d{2}:\d{2}`)
})

// WriteMoment writes a moment, to the minute, by the clocks of its zone.
func WriteMoment(t time.Time) string { return t.Format(momentForm) }

// WithMoments gives what the helpdesk said by itself with each moment in it written as
// a channel writes it. What people said is left as it is.
func (m *Message) WithMoments(write func(time.Time) string) string {
	if m.Kind != System {
		return m.Body
	}
	return written().ReplaceAllStringFunc(m.Body, func(s string) string {
		t, err := time.Parse(momentForm, s)
		if err != nil {
			return s
		}
		return write(t)
	})
}
