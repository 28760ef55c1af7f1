package sqlstore_test

import (
	"fmt"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// bell is what reminds somebody whose turn it is, read every minute.
type bell struct {
	used, taken int
	reached     []int // in which minute each reminder was due
}

// rings tells who is reminded at a minute, if the program runs then.
func (j *judge) rings(m int) {
	for turn, b := range j.bells {
		r := remindings[turn]
		for len(b.reached) < r.most && b.used >= r.after+len(b.reached)*r.every {
			b.reached = append(b.reached, m)
		}
		due := len(b.reached)
		if j.down[m] || due == b.taken {
			continue
		}
		for ; b.taken < due-1; b.taken++ {
			j.expect(m, "%s overtaken", turn)
		}
		if m-b.reached[due-1] > catchUp {
			b.used, b.reached = r.after+(due-1)*r.every-catchUp, b.reached[:due-1]
			continue
		}
		b.taken = due
		j.expect(m, "%s reminded", turn)
	}
}

// expects tells who waits for whom after what was done.
func (j *judge) expects(replied bool) {
	over := j.status == ticket.Resolved || j.status == ticket.Closed
	for _, turn := range []ticket.Turn{ticket.StaffsTurn, ticket.RequestersTurn} {
		switch {
		case over || j.turn != turn:
			delete(j.bells, turn)
		case j.bells[turn] == nil || turn == ticket.RequestersTurn && replied:
			j.bells[turn] = &bell{}
		}
	}
}

// reminders takes up who was reminded in a minute, and gives what was said then.
func (j *judge) reminders(m int, batch []event.Envelope) map[id.Message]bool {
	said := map[id.Message]bool{}
	for _, e := range batch {
		if d, ok := e.Data.(event.Reminded); ok {
			said[d.Message] = true
			j.got = append(j.got, fmt.Sprintf("%06d %s %s", m, d.Turn, map[bool]string{false: "reminded", true: "overtaken"}[d.Overtaken]))
		}
	}
	return said
}
