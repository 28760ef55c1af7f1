package render

import (
	"strconv"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Notice is what is said below the talk about how it ends: asked whether it is
// solved, told that it is closed. Nil where there is nothing to say.
func (s Speaker) Notice(f *channel.Facts) *wire.Post {
	id := int64(f.Ticket.ID)
	args := Args{"Mention": mention(f.Requester.ExternalID)}
	switch f.Ticket.Status {
	case ticket.Resolved:
		return &wire.Post{
			Content:         s.Say("discord.notice.resolved", args),
			Components:      []wire.Component{s.solved(id)},
			AllowedMentions: wire.Only(wire.ID(f.Requester.ExternalID)),
		}
	case ticket.Closed:
		text := s.Say("discord.notice.closed", nil)
		if at := f.RemovedAt(); !at.IsZero() && !f.Unstored.Lasting() {
			text += " " + s.Say("discord.notice.removal", Args{"When": "<t:" + strconv.FormatInt(at.Unix(), 10) + ":R>"})
		}
		return &wire.Post{
			Content:         text,
			Components:      []wire.Component{wire.Row(s.reopen(id))},
			AllowedMentions: wire.Nobody(),
		}
	default:
		return nil
	}
}

// TakenUp is what becomes of a notice when the work goes on.
func (s Speaker) TakenUp() wire.Post {
	return wire.Post{Content: s.Say("discord.notice.reopened", nil), AllowedMentions: wire.Nobody()}
}

// Resumed tells why the channel of a reopened ticket begins in the middle.
func (s Speaker) Resumed(t *ticket.Ticket) wire.Post {
	return wire.Post{Content: s.Say("discord.notice.resumed", Args{"Count": int(t.MessageCount)}), AllowedMentions: wire.Nobody()}
}

// Relinked tells why a channel in another guild begins in the middle of a ticket.
func (s Speaker) Relinked() wire.Post {
	return wire.Post{Content: s.Say("discord.notice.relinked", nil), AllowedMentions: wire.Nobody()}
}

// Unlinked is the last word in a place whose guild is not linked to the workspace any more.
func (s Speaker) Unlinked() wire.Post {
	return wire.Post{Content: s.Say("discord.notice.unlinked", nil), AllowedMentions: wire.Nobody()}
}

// DirectUnlinked is the last word in the direct messages about a ticket whose workspace
// has no guild any more.
func (s Speaker) DirectUnlinked(f *channel.Facts) wire.Post {
	return wire.Post{
		Content:         s.Say("discord.direct.unlinked", Args{"Number": f.Ticket.Number, "Workspace": f.Workspace.Name}),
		AllowedMentions: wire.Nobody(),
	}
}

// Rebuilt tells why a channel begins in the middle of a ticket.
func (s Speaker) Rebuilt() wire.Post {
	return wire.Post{Content: s.Say("discord.notice.rebuilt", nil), AllowedMentions: wire.Nobody()}
}
