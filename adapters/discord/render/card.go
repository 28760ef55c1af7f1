package render

import (
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

const (
	maxTitle       = 256
	maxFieldValue  = 256 // Discord takes 1024; four of these leave room for the rest
	maxDescription = 4000
)

// Card shows what a ticket is and how it stands, in its requester's language.
// What they asked in the form stands in it, since it does not stand in the
// channel otherwise; opening is that message, nil if there is none. What does
// not fit follows in further messages.
func (s Speaker) Card(f *channel.Facts, opening *ticket.Message) []wire.Post {
	parts := Split(asked(f.Ticket, opening), maxDescription)
	posts := make([]wire.Post, 0, len(parts))
	for _, part := range parts {
		posts = append(posts, wire.Post{Embeds: []wire.Embed{{Description: part}}, AllowedMentions: wire.Nobody()})
	}
	posts[0] = wire.Post{
		Content:         mention(f.Requester.ExternalID),
		Embeds:          []wire.Embed{s.status(f, parts[0])},
		Components:      s.buttons(f.Ticket),
		AllowedMentions: wire.Only(wire.ID(f.Requester.ExternalID)),
	}
	if f.Quiet() {
		posts[0].AllowedMentions = wire.Nobody()
	}
	return posts
}

func mention(user string) string {
	if user == "" {
		return ""
	}
	return "<@" + user + ">"
}

// asked puts the first message and the answers of the form together.
func asked(t *ticket.Ticket, opening *ticket.Message) string {
	var parts []string
	if opening != nil && opening.Body != "" {
		parts = append(parts, opening.Body)
	}
	for _, a := range t.Answers {
		if a.Internal {
			continue // the requester reads the card
		}
		parts = append(parts, "**"+a.Label+"**\n"+a.Value)
	}
	return strings.Join(parts, "\n\n")
}

func (s Speaker) status(f *channel.Facts, asked string) wire.Embed {
	t := f.Ticket
	assignee := s.Say("discord.card.nobody", nil)
	if f.Assignee.Member != nil {
		assignee = f.Assignee.Member.Name
	}
	category, _ := f.Category.Name.Pick(s.Locale)
	field := func(name, value string) wire.EmbedField {
		return wire.EmbedField{Name: name, Value: Clip(value, maxFieldValue), Inline: true}
	}
	fields := []wire.EmbedField{
		field(s.Say("discord.card.category", nil), category),
		field(s.Say("discord.card.status", nil), s.Status(t.Status)),
		field(s.Say("discord.card.priority", nil), s.Priority(t.Priority)),
		field(s.Say("discord.card.assignee", nil), assignee),
	}
	if by := replyBy(t); by != "" {
		fields = append(fields, field(s.Say("discord.card.reply_by", nil), by))
	}
	return wire.Embed{
		Title:       Clip("#"+strconv.FormatInt(t.Number, 10)+" · "+t.Subject, maxTitle),
		Description: asked,
		Color:       colour(t.Status),
		Fields:      fields,
	}
}

func colour(v ticket.Status) int {
	switch v {
	case ticket.New:
		return 0x5865F2
	case ticket.Open:
		return 0x57F287
	case ticket.Pending, ticket.OnHold:
		return 0xFEE75C
	default:
		return 0x99AAB5
	}
}

// buttons are what can be done with the ticket now.
func (s Speaker) buttons(t *ticket.Ticket) []wire.Component {
	id := int64(t.ID)
	if t.Status == ticket.Resolved {
		return []wire.Component{s.solved(id)}
	}
	if t.Status == ticket.Closed {
		return []wire.Component{wire.Row(s.reopen(id))}
	}
	resolve := wire.Button(wire.Success, CustomID(VerbResolve, id), s.Say("discord.button.resolve", nil))
	if t.Assignee != 0 {
		return []wire.Component{wire.Row(resolve)}
	}
	claim := wire.Button(wire.Primary, CustomID(VerbClaim, id), s.Say("discord.button.claim", nil))
	return []wire.Component{wire.Row(claim, resolve)}
}

func (s Speaker) solved(id int64) wire.Component {
	return wire.Row(
		wire.Button(wire.Success, CustomID(VerbConfirm, id), s.Say("discord.button.confirm", nil)),
		wire.Button(wire.Danger, CustomID(VerbReopen, id), s.Say("discord.button.not_solved", nil)),
	)
}

func (s Speaker) reopen(id int64) wire.Component {
	return wire.Button(wire.Secondary, CustomID(VerbReopen, id), s.Say("discord.button.reopen", nil))
}
