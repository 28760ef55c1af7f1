package discordtest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

func TestPeopleAreKickedAndBanned(t *testing.T) {
	w := newWorld(t)
	mod := w.guild.Member("Mod", w.guild.Role("mods", discordtest.PermKickMembers|discordtest.PermBanMembers))
	s := w.connect(everyIntent | discordtest.IntentGuildModeration)
	same(t, "Max kicks", errors.Is(w.max.Kicks(w.ana), discordtest.ErrNotAllowed), true)
	same(t, "the owner is kicked", errors.Is(mod.Kicks(w.guild.Owner()), discordtest.ErrNotAllowed), true)
	noError(t, mod.Kicks(w.ana))
	s.event("GUILD_MEMBER_REMOVE")
	w.guild.Join(w.ana)
	s.event("GUILD_MEMBER_ADD")
	noError(t, mod.Bans(w.ana, "spam"))
	s.event("GUILD_BAN_ADD")
	s.event("GUILD_MEMBER_REMOVE")
	w.guild.Join(w.ana)
	s.quiet()
	noError(t, mod.Pardons(w.ana))
	s.event("GUILD_BAN_REMOVE")
	w.guild.Join(w.ana)
	s.event("GUILD_MEMBER_ADD")
}

func TestTheBotModerates(t *testing.T) {
	guild := func(w *world) string { return "/guilds/" + w.guild.ID().String() }
	w := newWorld(t)
	bans, members := guild(w)+"/bans/"+w.ana.ID().String(), guild(w)+"/members/"+w.ana.ID().String()
	w.call("PUT", bans, object{}).refused(403, 50013)
	w.call("DELETE", members, nil).refused(403, 50013)
	w.call("PATCH", members, object{"nick": "A."}).refused(403, 50013)
	w.guild.GiveBot(discordtest.BotPermissions | discordtest.PermBanMembers | discordtest.PermKickMembers |
		discordtest.PermManageNicknames | discordtest.PermModerateMembers)
	w.call("PATCH", members, object{"nick": "A.", "roles": []discordtest.ID{w.support.ID()}}).want(200)
	same(t, "name", w.ana.Name(), "A.")
	same(t, "role", w.ana.Has(w.support), true)
	until := w.clock.now().Add(time.Hour).Format(time.RFC3339)
	w.call("PATCH", members, object{"communication_disabled_until": until}).want(200)
	same(t, "writes while timed out", w.general.CanSend(w.ana), false)
	w.call("PATCH", guild(w)+"/members/"+w.guild.Owner().ID().String(), object{"nick": "x"}).refused(403, 50013)
	w.call("GET", bans, nil).refused(404, 10026)
	w.call("PUT", bans, object{}).want(204)
	w.call("GET", bans, nil).want(200)
	same(t, "bans", len(w.call("GET", guild(w)+"/bans", nil).list(200)), 1)
	w.call("GET", members, nil).refused(404, 10007)
	w.call("DELETE", bans, nil).want(204)
	w.call("DELETE", guild(w)+"/members/"+w.max.ID().String(), nil).want(204)
	same(t, "kicked", w.general.SeenBy(w.max), false)
}
