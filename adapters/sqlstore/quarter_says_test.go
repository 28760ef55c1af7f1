package sqlstore_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// greets is how tickets are greeted.
const greets = "Hello.{{#waiting_time}} It takes {{waiting_time}}.{{/waiting_time}}"

// quarterReplies say something on each occasion.
func quarterReplies() []category.AutomaticReply {
	var all []category.AutomaticReply
	for _, on := range category.Occasions() {
		r := category.AutomaticReply{On: on, Texts: locale.Of("en", "It is "+string(on)+".")}
		switch on {
		case category.OutsideHours:
			r.Texts = locale.Of("en", "Back {{next_opening}}.")
		case category.OnWaiting:
			r.Texts = locale.Of("en", "You wait for {{waited}}.")
			r.After, r.Business = time.Duration(excusing.after)*time.Minute, excusing.business
		case category.OnPending, category.OnHold, category.OnResolved, category.OnReopened, category.OnClosed:
		}
		all = append(all, r)
	}
	return all
}

// says expects that the helpdesk says something at a minute.
func (j *judge) says(m int, template, body string) {
	j.spoke = m
	j.expect(m, "said %s: %s", template, body)
}

// answers expects what is said on an occasion, unless something was said in the minute.
func (j *judge) answers(m int, on category.Occasion) {
	if j.spoke != m && j.opened != m {
		j.says(m, "category.reply."+string(on), "It is "+string(on)+".")
	}
}

// responds tells what the helpdesk answers to what somebody did in a minute.
func (j *judge) responds(m int, asked bool, on []category.Occasion) {
	if j.opened == m {
		j.welcomes(m)
		return
	}
	over := j.status == ticket.Resolved || j.status == ticket.Closed
	if back := j.opensAgain(m); asked && !over && back != m && back != j.told {
		if j.spoke != m {
			j.told = back
			j.says(m, "category.reply.outside_hours", j.back(back))
		}
		return
	}
	for _, one := range on {
		if one != "" {
			j.answers(m, one)
			return
		}
	}
}

// opensAgain gives the first minute from one on in which is worked.
func (j *judge) opensAgain(m int) int {
	for !j.open[m] {
		m++
	}
	return m
}

func (j *judge) back(m int) string {
	zone, err := time.LoadLocation(zones[slices.Index(j.queues, j.queue)])
	j.check(err)
	return "Back " + ticket.WriteMoment(j.start.Add(time.Duration(m)*time.Minute).In(zone)) + "."
}

// welcomes tells what is said when the ticket is opened. How long a first reply usually
// takes was found out at some minute of the hour.
func (j *judge) welcomes(m int) {
	if back := j.opensAgain(m); back != m {
		j.told = back
		j.expect(m, "said category.reply.outside_hours: %s", j.back(back))
		return
	}
	texts := j.usuals(m)
	greeting := texts[0]
	for _, line := range j.got {
		for _, text := range texts {
			if line == fmt.Sprintf("%06d said category.greeting: %s", m, text) {
				greeting = text
			}
		}
	}
	if greeting != "Hello." {
		j.kinds["usual"]++
	}
	j.expect(m, "said category.greeting: %s", greeting)
}

// lasts writes a length of time.
func lasts(minutes int) string {
	unit, name, count := 5, "minutes", 5
	switch {
	case minutes > 2*dayMinutes:
		unit, name, count = dayMinutes, "days", 1
	case minutes > 2*hourMinutes:
		unit, name, count = hourMinutes, "hours", 1
	}
	whole := 0
	for whole*unit < minutes {
		whole++
	}
	return fmt.Sprintf("helpdesk.length.%smap[Count:%d]", name, whole*count)
}

// tale is what of a ticket tells how long first replies take.
type tale struct {
	opened, replied int // never: it was not
	local           time.Time
	queues          []sojourn
}

// sojourn is where a ticket is from a minute on.
type sojourn struct {
	from  int
	queue id.Queue
}

// tales tells of all tickets, by the clocks of where they are opened.
func (q *quarter) tales(histories map[id.Ticket][]event.Envelope) []tale {
	zone, err := time.LoadLocation(zones[0])
	q.check(err)
	var all []tale
	for _, events := range histories {
		t := tale{opened: q.minute(events[0].RecordedAt), replied: never, local: events[0].RecordedAt.In(zone)}
		for _, e := range events {
			m := q.minute(e.RecordedAt)
			switch d := e.Data.(type) {
			case event.TicketOpened:
				t.queues = append(t.queues, sojourn{m, d.Queue})
			case event.TicketTransferred:
				t.queues = append(t.queues, sojourn{m, d.To})
			case event.MessagePosted:
				if e.Actor == q.sam.Member {
					t.replied = min(t.replied, m)
				}
			}
		}
		all = append(all, t)
	}
	return all
}

// usuals gives what greetings may say of how long first replies take, by what was known
// in one of the minutes of the hour.
func (j *judge) usuals(m int) []string {
	zone, err := time.LoadLocation(zones[0])
	j.check(err)
	local := j.start.Add(time.Duration(m) * time.Minute).In(zone)
	var alike []tale
	for _, t := range j.tales {
		if days := midnight(local).Sub(midnight(t.local)) / (24 * time.Hour); days >= 1 && days <= 28 && t.local.Hour() == local.Hour() {
			alike = append(alike, t)
		}
	}
	var texts []string
	for at := m; at >= m-m%hourMinutes-1; at-- {
		if text := "Hello." + takes(at, alike, j.queue); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// midnight gives a local date where days are all as long.
func midnight(local time.Time) time.Time {
	y, m, d := local.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// takes tells within which time four of five were answered, of twenty at least.
func takes(at int, alike []tale, queue id.Queue) string {
	var waits []int
	for _, t := range alike {
		where := id.Queue(0)
		for _, s := range t.queues {
			if s.from <= at {
				where = s.queue
			}
		}
		if t.replied <= at && where == queue {
			waits = append(waits, t.replied-t.opened)
		}
	}
	slices.Sort(waits)
	for i, w := range waits {
		if len(waits) >= 20 && 5*(i+1) >= 4*len(waits) {
			return " It takes " + lasts(w) + "."
		}
	}
	return ""
}

// said gives all that was said in tickets.
func (q *quarter) said(tickets []id.Ticket) map[id.Message]*ticket.Message {
	const most = 100
	all, everything := map[id.Message]*ticket.Message{}, ticket.Visibility{See: q.desk.Everything(), Notes: q.desk.Everything()}
	for some := range slices.Chunk(tickets, most) {
		found, err := q.store.Tickets().Messages(q.Context(), everything, query.Query{}, page.Window{Limit: most}, some...)
		q.check(err)
		for _, p := range found {
			for _, m := range p.Items {
				all[m.ID] = m
			}
		}
	}
	return all
}
