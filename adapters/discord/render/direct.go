package render

import (
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// DirectCard shows the requester in their direct messages what their ticket is
// and how it stands. What they write below goes to it.
func (s Speaker) DirectCard(f *channel.Facts, opening *ticket.Message) []wire.Post {
	posts := s.Card(f, opening)
	posts[0].Content = s.Say("discord.direct.hint", Args{"Number": f.Ticket.Number, "Workspace": f.Workspace.Name})
	posts[0].AllowedMentions = wire.Nobody()
	if t := f.Ticket; t.Status != ticket.Resolved && t.Status != ticket.Closed {
		done := wire.Button(wire.Success, CustomID(VerbResolve, int64(t.ID)), s.Say("discord.button.resolve", nil))
		posts[0].Components = []wire.Component{wire.Row(done)}
	}
	return posts
}

// DirectNotice is Notice for the requester's direct messages, where they can
// write as ever.
func (s Speaker) DirectNotice(f *channel.Facts) *wire.Post {
	p := s.Notice(f)
	if p != nil && f.Ticket.Status == ticket.Closed {
		p.Content = s.Say("discord.direct.closed", Args{"Number": f.Ticket.Number})
	}
	return p
}

// Undelivered tells staff that something did not reach the requester; it stands
// below what did not, if that was written in the same channel.
func (s Speaker) Undelivered(m *ticket.Message, written wire.ID) wire.Post {
	p := wire.Post{
		Content: "⚠️ " + s.Say("discord.direct.undelivered", Args{"Text": Clip(m.Body, maxQuote)}), AllowedMentions: wire.Nobody(),
	}
	if written != "" {
		p.Reference = &wire.Reference{MessageID: written}
	}
	return p
}

// maxQuote is how much of a text is quoted, in characters.
const maxQuote = 80

// Moved tells why a channel begins in the middle of a ticket that was public.
func (s Speaker) Moved() wire.Post {
	return wire.Post{Content: s.Say("discord.notice.moved", nil), AllowedMentions: wire.Nobody()}
}

// Withdrawn is the last word in a public post whose ticket goes on in private.
func (s Speaker) Withdrawn() wire.Post {
	return wire.Post{Content: s.Say("discord.notice.withdrawn", nil), AllowedMentions: wire.Nobody()}
}
