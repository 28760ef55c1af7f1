package main_test

import (
	"encoding/json"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
)

// rank gives the role that the helpdesk knows of somebody, "" if it does not know them.
func (w *guildWorld) rank(m *discordtest.Member) access.Role {
	found, err := w.services.Members.ByIdentity(w.ctx, w.system(), event.ChannelDiscord, m.ID().String())
	if err != nil {
		return ""
	}
	return found.Role
}

func TestDiscordLearnsWhoIsNoStaffAnyMore(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.meet()
	w.zoe.Gets(w.support)
	w.until("both are agents", func() bool { return w.rank(w.max) == access.RoleAgent && w.rank(w.zoe) == access.RoleAgent })
	w.stop()
	w.max.Leaves()
	w.zoe.Loses(w.support)
	w.ana.Gets(w.support)
	w.start()
	w.until("who left and who lost the role are none, who got it is one", func() bool {
		return w.rank(w.max) == access.RoleRequester && w.rank(w.zoe) == access.RoleRequester && w.rank(w.ana) == access.RoleAgent
	})
}

// What could not be read of a guild is asked for.
func TestDiscordReadsAGuildAnewAfterWhatItCouldNotRead(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.meet()
	w.until("the team is known", func() bool { return w.rank(w.max) == access.RoleAgent })
	asked := discordtest.On("GET", "/guilds/*/members")
	before := w.discord.Count(asked)
	w.discord.SendRaw("GUILD_MEMBER_UPDATE", json.RawMessage(`{"guild_id":"`+w.guild.ID().String()+`","user":7}`))
	w.until("its members are read", func() bool { return w.discord.Count(asked) > before })
}
