package main_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/event"
)

// roleOf gives the member's role in the helpdesk, "" of strangers.
func (w *guildWorld) roleOf(m *discordtest.Member) string {
	found, err := w.services.Members.ByIdentity(w.ctx, w.system(), event.ChannelDiscord, m.ID().String())
	if err != nil {
		return ""
	}
	return string(found.Role)
}

func TestDiscordFollowsWhoIsNoAdministratorAnyMore(t *testing.T) {
	for name, lower := range map[string]func(w *guildWorld, boss *discordtest.Role){
		"the role is taken":     func(w *guildWorld, boss *discordtest.Role) { w.zoe.Loses(boss) },
		"the role is deleted":   func(_ *guildWorld, boss *discordtest.Role) { boss.Delete() },
		"taken during a gap":    func(w *guildWorld, boss *discordtest.Role) { w.stop(); w.zoe.Loses(boss); w.start() },
		"the member has left":   func(w *guildWorld, _ *discordtest.Role) { w.zoe.Leaves() },
		"deleted during a gap":  func(w *guildWorld, boss *discordtest.Role) { w.stop(); boss.Delete(); w.start() },
		"gone when it is again": func(w *guildWorld, _ *discordtest.Role) { w.stop(); w.zoe.Leaves(); w.start() },
	} {
		t.Run(name, func(t *testing.T) {
			w := newGuildWorld(t, nil)
			boss := w.guild.Role("Boss", discordtest.PermManageGuild)
			ch := w.opens(w.ana, "Help")
			w.zoe.Gets(boss)
			w.runs(w.zoe, w.guild.Channel("general"), "/ticket info", nil)
			w.until("an administrator is one here, too", func() bool { return w.roleOf(w.zoe) == "admin" })
			w.runs(w.max, ch, "/ticket claim", nil)
			w.until("and sees tickets", func() bool { return ch.SeenBy(w.zoe) })
			w.runs(w.guild.Owner(), w.guild.Channel("general"), "/ticket info", nil)
			lower(w, boss)
			w.until("they are none any more", func() bool { return w.roleOf(w.zoe) == "requester" })
			w.until("and see no tickets", func() bool { return !ch.SeenBy(w.zoe) })
			if got := w.roleOf(w.guild.Owner()); got != "admin" {
				t.Errorf("the owner is %s", got)
			}
		})
	}
}
