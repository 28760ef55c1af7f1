package render

import (
	"strconv"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// when tells a moment so that each reader sees how far it is, by their own clock.
func when(t time.Time) string { return "<t:" + strconv.FormatInt(t.Unix(), 10) + ":R>" }

// exactly tells a moment by each reader's own clock.
func exactly(t time.Time) string { return "<t:" + strconv.FormatInt(t.Unix(), 10) + ":F>" }

// Length names a length of time, to the minute.
func (s Speaker) Length(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= day && d%day == 0:
		return s.Say("helpdesk.length.days", Args{"Count": int(d / day)})
	case d >= time.Hour && d%time.Hour == 0:
		return s.Say("helpdesk.length.hours", Args{"Count": int(d / time.Hour)})
	default:
		return s.Say("helpdesk.length.minutes", Args{"Count": int(d / time.Minute)})
	}
}

// snoozed tells until when staff put the ticket off; "" if it did not.
func (s Speaker) snoozed(t *ticket.Ticket) string {
	switch {
	case !t.Snoozed:
		return ""
	case t.SnoozedUntil.IsZero():
		return s.Say("discord.snoozed.reply", nil)
	default:
		return when(t.SnoozedUntil)
	}
}

// replyBy tells the requester until when their new ticket is answered; "" if
// nothing is promised, or the promise is broken already.
func replyBy(t *ticket.Ticket) string {
	for _, c := range t.Clocks {
		if c.Target == sla.FirstReply && c.State == sla.Running && c.Breached.IsZero() {
			return when(c.Due)
		}
	}
	return ""
}

// turn names whose turn it is.
func (s Speaker) turn(t ticket.Turn) string {
	switch t {
	case ticket.StaffsTurn:
		return s.Say("discord.turn.staff", nil)
	case ticket.RequestersTurn:
		return s.Say("discord.turn.requester", nil)
	case ticket.NobodysTurn:
		return s.Say("discord.turn.nobody", nil)
	}
	return ""
}

func (s Speaker) target(t sla.Target) string {
	switch t {
	case sla.FirstReply:
		return s.Say("discord.sla.first_reply", nil)
	case sla.NextReply:
		return s.Say("discord.sla.next_reply", nil)
	default:
		return s.Say("discord.sla.resolution", nil)
	}
}

// promised tells staff of each clock that is active, and of each promise that was
// broken.
func (s Speaker) promised(t *ticket.Ticket) string {
	var lines []string
	for _, c := range t.Promises() {
		line := s.target(c.Target) + " "
		switch {
		case !c.Breached.IsZero():
			line = "⚠️ " + line + s.Say("discord.sla.breached", Args{"When": when(c.Breached)})
		case c.State == sla.Running:
			line += when(c.Due)
		case c.State == sla.Paused:
			line += s.Say("discord.sla.paused", nil)
		default:
			continue
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
