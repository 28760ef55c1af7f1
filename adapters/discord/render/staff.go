package render

import (
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// mostWaiting is how many tickets a digest lists.
const mostWaiting = 12

// Waiting is a ticket that waits, and where it is shown; "": nowhere.
type Waiting struct {
	Ticket *ticket.Ticket
	URL    string
}

// Digest is what waits in a queue.
type Digest struct {
	Queue   string
	Count   int
	Tickets []Waiting
	Roles   []string // that are pinged
}

// Alert tells staff of an alert in a ticket. Who has the ticket is pinged, or else the
// queue's teams, and nobody where nothing is urgent.
func (s Speaker) Alert(f *channel.Facts, a event.AlertRaised, url string) wire.Post {
	key := "discord.staff.due"
	if a.Breached {
		key = "discord.staff.breached"
	}
	e := wire.Embed{
		Title:       Clip("⚠️ "+titled(f.Ticket), maxTitle),
		Description: s.Say(key, Args{"Target": s.target(sla.Target(a.Target)), "When": when(a.DueAt)}) + "\n" + Clip(a.Text, maxFieldValue) + linked(url),
	}
	called := channel.Called{}
	switch {
	case f.Quiet():
	case f.Assignee.ExternalID != "":
		called.People = []string{f.Assignee.ExternalID}
	default:
		called.Roles = f.Roles
	}
	return Calling([]wire.Post{{Embeds: []wire.Embed{e}, AllowedMentions: wire.Nobody()}}, called)[0]
}

// Digest tells staff what waits.
func (s Speaker) Digest(d Digest) wire.Post {
	lines := make([]string, 0, mostWaiting+1)
	for i, w := range d.Tickets {
		if i == mostWaiting {
			break
		}
		line := "**" + Clip(titled(w.Ticket), maxTitle/2) + "** · " + when(w.Ticket.ActivityAt)
		lines = append(lines, line+linked(w.URL))
	}
	if left := d.Count - len(lines); left > 0 {
		lines = append(lines, s.Say("discord.staff.more", Args{"Count": left}))
	}
	e := wire.Embed{
		Title: Clip(s.Say("discord.staff.digest", Args{"Count": d.Count, "Queue": d.Queue}), maxTitle), Description: strings.Join(lines, "\n"),
	}
	return Calling([]wire.Post{{Embeds: []wire.Embed{e}, AllowedMentions: wire.Nobody()}}, channel.Called{Roles: d.Roles})[0]
}

func titled(t *ticket.Ticket) string {
	return "#" + strconv.FormatInt(t.Number, 10) + " · " + escapeText(t.Subject)
}

func linked(url string) string {
	if url == "" {
		return ""
	}
	return " · [↗](" + url + ")"
}
