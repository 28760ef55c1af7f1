package ticket

import (
	"strconv"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// pause is within which time the helpdesk says nothing of its own twice in a ticket.
const pause = time.Minute

// fresh is how long after it was written a message is told that nobody works: whoever is
// heard of later has long seen that, or was answered meanwhile.
const fresh = 10 * time.Minute

// respond lets the helpdesk answer by itself the change that is under way, as the
// ticket's category says. What it says is no reason to say more.
func (t *Ticket) respond(c Cause, b *sla.Book, say Words) {
	cat := b.Category(t.Category)
	if cat == nil || len(cat.Replies) == 0 {
		return
	}
	opens := t.closedUntil(c, b)
	if t.Status == Resolved || t.Status == Closed || c.Now.Sub(c.moment()) > fresh {
		opens = time.Time{}
	}
	for _, on := range t.occasions() {
		switch r := cat.Reply(on); {
		case r == nil:
		case on != category.OutsideHours:
			t.speak(c, cat, r, t.values(say, nil))
			return
		case !opens.IsZero() && !t.ToldUntil.Equal(stored(opens)):
			if t.speak(c, cat, r, t.values(say, map[string]any{category.VarNextOpening: opens})) {
				t.ToldUntil = stored(opens)
			}
			return
		}
	}
}

// closedUntil gives when is worked in the ticket's queue next; zero: now, or never.
func (t *Ticket) closedUntil(c Cause, b *sla.Book) time.Time {
	hours := b.Calendar(t.Queue)
	if hours.Open(c.Now) {
		return time.Time{}
	}
	return hours.NextOpening(c.Now).In(hours.Zone())
}

// occasions gives what may be answered of the change that is under way, the first
// first. On opening the greeting answers.
func (t *Ticket) occasions() []category.Occasion {
	var all []category.Occasion
	for _, m := range t.changes.Messages {
		if m.Kind == Reply && m.Side == FromRequester {
			all = append(all, category.OutsideHours)
			break
		}
	}
	for _, e := range t.changes.Events[t.changes.settled:] {
		switch d := e.Data.(type) {
		case event.TicketOpened:
			return nil
		case event.StatusChanged:
			on := map[Status]category.Occasion{Pending: category.OnPending, OnHold: category.OnHold}[Status(d.To)]
			if on != "" {
				all = append(all, on)
			}
		case event.TicketResolved:
			all = append(all, category.OnResolved)
		case event.TicketReopened:
			all = append(all, category.OnReopened)
		case event.TicketClosed:
			all = append(all, category.OnClosed)
		}
	}
	return all
}

// excuse tells the requester that staff lets them wait.
func (t *Ticket) excuse(c Cause, waiting sla.Clock, b *sla.Book, say Words) {
	cat := b.Category(t.Category)
	if r := cat.Reply(category.OnWaiting); r != nil {
		t.speak(c, cat, r, t.values(say, map[string]any{category.VarWaited: c.Now.Sub(waiting.Begun)}))
	}
}

// speak says something by itself, unless the helpdesk did so a moment ago or when the
// ticket was opened.
func (t *Ticket) speak(c Cause, cat *category.Category, r *category.AutomaticReply, values category.Values) bool {
	if c.Now.Sub(t.SpokeAt) < pause || c.Now.Sub(t.OpenedAt) < pause {
		return false
	}
	text, tag := cat.Answer(r, t.Locale, values)
	if text == "" {
		return false
	}
	own := t.own(c, sla.Change{At: c.Now})
	t.post(own, Message{Kind: System, Side: FromSystem, Body: text, Locale: tag, Template: "category.reply." + string(r.On)})
	t.SpokeAt = stored(c.Now)
	return true
}

// values gives what is known of the ticket to fill templates with, and more, as each
// kind of value is written in a language.
func (t *Ticket) values(say Words, more map[string]any) category.Values {
	return func(tag locale.Tag) map[string]string {
		all := map[string]string{category.VarSubject: plainly(t.Subject), category.VarNumber: NumberMark}
		if t.Number != 0 {
			all[category.VarNumber] = formatNumber(t.Number)
		}
		for name, v := range more {
			switch v := v.(type) {
			case string:
				all[name] = plainly(v)
			case time.Time:
				if !v.IsZero() {
					all[name] = WriteMoment(v)
				}
			case time.Duration:
				if v > 0 && say != nil {
					all[name] = length(say, tag, v)
				}
			}
		}
		return all
	}
}

// plainly keeps what people wrote from becoming a link with another name in what the
// helpdesk says.
func plainly(text string) string { return strings.ReplaceAll(text, "](", "]\u200b(") }

// length writes a length of time as people say it: rounded up to five minutes, from
// two hours on to hours, from two days on to days. For a language of which nothing is
// known it is written by the signs that all know, rather than in another one.
func length(say Words, tag locale.Tag, d time.Duration) string {
	const day, five = 24 * time.Hour, 5 * time.Minute
	unit, key, sign := five, "helpdesk.length.minutes", "min"
	switch {
	case d > 2*day:
		unit, key, sign = day, "helpdesk.length.days", "d"
	case d > 2*time.Hour:
		unit, key, sign = time.Hour, "helpdesk.length.hours", "h"
	}
	count := int((d + unit - 1) / unit)
	if unit == five {
		count *= 5
	}
	text, in := say(tag, key, map[string]any{"Count": count})
	if in.Base() != tag.Base() {
		return strconv.Itoa(count) + "\u00a0" + sign
	}
	return text
}
