package render

import (
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// CapabilityKey is the key of a capability's name.
func CapabilityKey(key string) string {
	switch key {
	case "message_content":
		return "discord.capability.message_content"
	case "server_members":
		return "discord.capability.server_members"
	case "commands":
		return "discord.capability.commands"
	case "answering_role":
		return "discord.capability.answering_role"
	case "private_threads":
		return "discord.capability.private_threads"
	case "forum_posts":
		return "discord.capability.forum_posts"
	case "rich_messages":
		return "discord.capability.rich_messages"
	case "staff_rooms":
		return "discord.capability.staff_rooms"
	}
	return "discord.capability.private_channels"
}

// SurfaceKey is the key of a surface's name.
func SurfaceKey(s category.Surface) string {
	switch s {
	case category.InThread:
		return "discord.surface.thread"
	case category.InForum:
		return "discord.surface.forum"
	case category.InDM:
		return "discord.surface.dm"
	default:
		return "discord.surface.channel"
	}
}

// LossKey is the key of what a policy does.
func LossKey(p workspace.LossPolicy) string {
	if p == workspace.CloseIt {
		return "discord.loss.close"
	}
	return "discord.loss.rebuild"
}

// Report shows what the bot can do, and how to mend what it cannot; stuck counts
// the tickets that are held up.
func (s Speaker) Report(r *channel.Report, stuck int) wire.Post {
	var b strings.Builder
	for _, c := range r.Capabilities {
		if c.On {
			b.WriteString("✅ " + s.Say(CapabilityKey(c.Key), nil) + "\n")
			continue
		}
		b.WriteString("⚠️ **" + s.Say(CapabilityKey(c.Key), nil) + "**\n" + s.Say(c.Mend, nil) + "\n")
	}
	b.WriteString("\n" + s.Say("discord.setup.stuck", Args{"Count": stuck}))
	e := wire.Embed{Title: s.Say("discord.setup.status", nil), Description: Clip(b.String(), maxDescription), Color: 0x57F287}
	if len(r.Off()) > 0 {
		e.Color = 0xFEE75C
	}
	return wire.Post{Embeds: []wire.Embed{e}, AllowedMentions: wire.Nobody()}
}
