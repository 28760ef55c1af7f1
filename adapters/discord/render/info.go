package render

import (
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// InTheWay is what keeps a ticket from its channel; the zero value: nothing.
type InTheWay struct {
	Key      string // of the text that says what
	Position int    // in the line of those that wait for a channel; 0: it is in none
}

// Info tells one person how a ticket stands; staff also what is staff's own,
// such as what is in the way of its channel. Who waits for one is no secret.
func (s Speaker) Info(reader access.Actor, v *ticket.View, c *category.Category, way InTheWay) wire.Post {
	assignee := s.Say("discord.card.nobody", nil)
	if v.AssigneeMember != nil {
		assignee = v.AssigneeMember.Name
	}
	name, _ := c.Name.Pick(s.Locale)
	e := wire.Embed{Title: Clip("#"+strconv.FormatInt(v.Number, 10)+" · "+v.Subject, maxTitle), Color: colour(v.Status)}
	add := func(label, value string) {
		if value != "" {
			e.Fields = append(e.Fields, wire.EmbedField{Name: label, Value: Clip(value, maxFieldValue), Inline: true})
		}
	}
	add(s.Say("discord.card.category", nil), name)
	add(s.Say("discord.card.status", nil), s.Status(v.Status))
	add(s.Say("discord.card.priority", nil), s.Priority(v.Priority))
	add(s.Say("discord.card.assignee", nil), assignee)
	if v.RequesterMember != nil {
		add(s.Say("discord.card.requester", nil), v.RequesterMember.Name)
	}
	add(s.Say("discord.card.turn", nil), s.turn(v.TurnFor(access.Allowed(reader, access.NoteSee, v.Scope(reader)))))
	if way.Position > 0 {
		add(s.Say("discord.card.position", nil), strconv.Itoa(way.Position))
	}
	if access.Allowed(reader, access.NoteSee, v.Scope(reader)) {
		if v.InQueue != nil {
			add(s.Say("discord.card.queue", nil), v.InQueue.Name)
		}
		add(s.Say("discord.card.tags", nil), strings.Join(v.Tags, ", "))
		add(s.Say("discord.card.promised", nil), s.promised(v.Ticket))
		add(s.Say("discord.card.snoozed", nil), s.snoozed(v.Ticket))
		if way.Key != "" {
			e.Description = "⚠️ " + s.Say(way.Key, nil)
		}
	}
	return wire.Post{Embeds: []wire.Embed{e}, AllowedMentions: wire.Nobody()}
}
