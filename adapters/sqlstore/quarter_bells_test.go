package sqlstore_test

import (
	"fmt"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// bell is what reminds somebody whose turn it is, read every minute.
type bell struct {
	reminding

	turn    ticket.Turn
	excuses bool // staff, to the requester
	on      bool // it is their turn
	begun   int  // since when
	taken   int
	stretch
	reached []int // in which minute each reminder was due
}

// rings tells who is reminded at a minute, if the program runs then.
func (j *judge) rings(m int) {
	for _, b := range j.bells {
		if !b.on {
			continue
		}
		for len(b.reached) < b.most && b.used >= b.after+len(b.reached)*b.every {
			b.reached = append(b.reached, m)
		}
		due := len(b.reached)
		if j.down[m] || due == b.taken {
			continue
		}
		for ; b.taken < due-1; b.taken++ {
			j.expect(m, "%s overtaken", b.turn)
		}
		if m-b.reached[due-1] > catchUp {
			b.used, b.reached = b.after+(due-1)*b.every-catchUp, b.reached[:due-1]
			b.banks(m)
			continue
		}
		switch {
		case j.spoke != m:
			b.taken = due
			j.reminds(m, b)
		case j.warned == m: // who was warned needs no reminder
			b.taken = due
			j.expect(m, "%s overtaken", b.turn)
		default: // not twice within a minute
			b.used, b.reached = b.after+(due-1)*b.every-1, b.reached[:due-1]
			b.banks(m)
			j.kinds["put off"]++
		}
	}
}

// reminds tells what is said to whose turn it is, or to who waits for them.
func (j *judge) reminds(m int, b *bell) {
	switch {
	case b.excuses:
		j.says(m, "category.reply.waiting", "You wait for "+lasts(m-b.begun)+".")
		return
	case b.turn == ticket.StaffsTurn:
		j.says(m, ticket.StaffReminder, ticket.StaffReminder+"map[]")
	default:
		j.says(m, ticket.RequesterReminder, ticket.RequesterReminder+"map[]")
	}
	j.expect(m, "%s reminded", b.turn)
}

// expects tells who waits for whom after what was done.
func (j *judge) expects(m int, replied bool) {
	over := j.status == ticket.Resolved || j.status == ticket.Closed
	for _, b := range j.bells {
		switch {
		case over || j.turn != b.turn:
			b.on = false
		case !b.on || b.turn == ticket.RequestersTurn && replied:
			*b = bell{reminding: b.reminding, turn: b.turn, excuses: b.excuses, on: true, begun: m, stretch: stretch{since: m}}
		}
	}
}

// reminders takes up who was reminded in a minute.
func (j *judge) reminders(m int, batch []event.Envelope) {
	for _, e := range batch {
		if d, ok := e.Data.(event.Reminded); ok {
			j.got = append(j.got, fmt.Sprintf("%06d %s %s", m, d.Turn, map[bool]string{false: "reminded", true: "overtaken"}[d.Overtaken]))
		}
	}
}
