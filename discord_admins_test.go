package main_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/team"
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

func TestDiscordBindsARoleToTheTeamThatIsNamed(t *testing.T) {
	w := newGuildWorld(t, nil)
	general, owner := w.guild.Channel("general"), w.guild.Owner()
	w.runs(owner, general, "/ticket info", nil)
	_, err := w.services.Teams.Save(w.ctx, w.system(), team.Team{Name: "Second line"})
	ok(t, err)
	experts := w.guild.Role("Experts")
	in := owner.Completes(w.ctx, general, "/setup team", discordtest.Args{"role": experts, "team": "sec"}, "team")
	ok(t, in.Wait(w.ctx))
	if offered := in.Choices(); len(offered) != 1 || offered[0].Name != "Second line" {
		t.Errorf("offered were %v", offered)
	}
	answer := w.runs(owner, general, "/setup team", discordtest.Args{"role": experts, "team": "second line"})
	contains(t, answer, "as the team “Second line”")
	contains(t, w.runs(owner, general, "/setup team", discordtest.Args{"role": experts, "team": "third line"}), "team does not exist")
	teams, err := w.services.Teams.List(w.ctx, w.system())
	ok(t, err)
	for _, found := range teams {
		bound := len(found.Roles) == 1 && found.Roles[0].ExternalID == experts.ID().String()
		if bound != (found.Name == "Second line") {
			t.Errorf("the team %s has the roles %v", found.Name, found.Roles)
		}
	}
}
