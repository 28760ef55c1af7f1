package ticket

import (
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/domain/locale"
)

// momentForm is how the helpdesk writes a moment in what it says by itself, before
// the name of the zone, so that people can read it and channels can find it.
const momentForm = "2006-01-02 15:04 UTC-07:00"

var written = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC[+-]\d{2}:\d{2})( \([A-Za-z0-9_+/-]+\))?`)
})

// WriteMoment writes a moment, to the minute, by the clocks of its zone, which is
// named if it has a name.
func WriteMoment(t time.Time) string {
	text := t.Format(momentForm)
	if zone := t.Location().String(); zone != "" && zone != "UTC" {
		text += " (" + zone + ")"
	}
	return text
}

// ToldBy gives what the message says to who lives by the clocks of a zone: in what the
// helpdesk said by itself the moments are by these, if the zone is known. They are
// stored by the queue's, since a zone is nobody's business but their own and staff's.
func (m *Message) ToldBy(zone string) string {
	if m.Kind != System || zone == "" {
		return m.Body
	}
	clocks, known := locale.Zone(zone)
	if !known {
		return m.Body
	}
	return m.WithMoments(func(t time.Time) string { return WriteMoment(t.In(clocks)) })
}

// WithMoments gives what the helpdesk said by itself with each moment in it written as
// a channel writes it. What people said is left as it is.
func (m *Message) WithMoments(write func(time.Time) string) string {
	if m.Kind != System {
		return m.Body
	}
	return written().ReplaceAllStringFunc(m.Body, func(s string) string {
		moment, beside := s[:len(momentForm)], s[len(momentForm):]
		t, err := time.Parse(momentForm, moment)
		if err != nil {
			return s
		}
		if _, zone := locale.Zone(strings.Trim(beside, " ()")); zone {
			beside = "" // else it is the template's own
		}
		return write(t) + beside
	})
}
