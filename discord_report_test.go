package main_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/channel"
)

// reported waits until the report says of a capability whether it is on.
func (w *guildWorld) reported(key string, on bool) {
	w.t.Helper()
	w.until("it is reported of "+key, func() bool {
		all, err := w.services.Channels.Reports(w.ctx, w.system())
		if err != nil || len(all) != 1 {
			return false
		}
		return slices.ContainsFunc(all[0].Capabilities, func(c channel.Capability) bool { return c.Key == key && c.On == on })
	})
}

// stands waits until the report says how the bot stands in the guild.
func (w *guildWorld) stands(state channel.Connection) {
	w.t.Helper()
	w.until("the bot is reported as "+string(state), func() bool {
		all, err := w.services.Channels.Reports(w.ctx, w.system())
		return err == nil && len(all) == 1 && all[0].State == state
	})
}

func TestDiscordReportsWhatWorksAndHowToMendTheRest(t *testing.T) {
	w := newGuildWorld(t, nil)
	general, olga := w.guild.Channel("general"), w.guild.Owner()
	text := w.runs(olga, general, "/setup status", nil)
	if strings.Contains(text, "⚠️") || strings.Count(text, "✅") != 8 {
		t.Errorf("not all is well: %q", text)
	}
	contains(t, text, "0 tickets are held up")
	w.reported("commands", true)
	w.guild.GiveBot(discordtest.BotPermissions &^ discordtest.PermManageThreads)
	w.reported("private_threads", false)
	contains(t, w.runs(olga, general, "/setup status", nil), "Manage Threads")
	w.until("it is logged", func() bool { return w.log.has("Create Private Threads") })
	w.guild.GiveBot(discordtest.BotPermissions)
	w.reported("private_threads", true)
	w.support.Delete()
	w.reported("answering_role", false)
	w.guild.KickBot()
	w.stands(channel.Removed)
	w.guild.AddBot()
	w.stands(channel.Connected)
}

func TestDiscordSetupChoosesPlacesAndWhatBecomesOfLostOnes(t *testing.T) {
	w := newGuildWorld(t, nil)
	general, olga := w.guild.Channel("general"), w.guild.Owner()
	contains(t, w.runs(olga, general, "/setup category", discordtest.Args{"category": "Support", "place": "thread"}), "get a private thread")
	w.asks(w.ana, "Help", "<#")
	if n := len(w.threads()); n != 1 {
		t.Errorf("%d threads", n)
	}
	contains(t, w.runs(olga, general, "/setup category", discordtest.Args{"category": "none", "place": "thread"}), "category does not exist")
	contains(t, w.runs(olga, general, "/setup lost", discordtest.Args{"outcome": "close"}), "it is closed")
	w.told(olga, `changed category surface[channel]→[thread]`, `changed workspace onSurfaceLost[rebuild]→[close]`)
	ok(t, olga.DeletesChannel(w.threads()[0]))
	w.until("the ticket is closed", func() bool {
		v, err := w.services.Tickets.ByNumber(w.ctx, w.system(), 1)
		return err == nil && v.Status == "closed"
	})
}
