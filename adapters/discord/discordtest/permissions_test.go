package discordtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

const (
	view = discordtest.PermViewChannel
	send = discordtest.PermSendMessages
)

func roleOverwrite(id discordtest.ID, allow, deny discordtest.Permission) discordtest.Overwrite {
	return discordtest.Overwrite{ID: id, Allow: allow, Deny: deny}
}

func memberOverwrite(m *discordtest.Member, allow, deny discordtest.Permission) discordtest.Overwrite {
	return discordtest.Overwrite{ID: m.ID(), Type: 1, Allow: allow, Deny: deny}
}

func TestOverwritesApplyInTheDocumentedOrder(t *testing.T) {
	w := newWorld(t)
	everyone := w.guild.ID()
	other := w.guild.Role("other")
	w.max.Gets(other)
	ch := w.guild.Text("ticket-1", nil,
		roleOverwrite(everyone, 0, view),
		roleOverwrite(w.support.ID(), view|send, 0),
		roleOverwrite(other.ID(), 0, send),
		memberOverwrite(w.ana, view, send))
	same(t, "viewers", strings.Join(ch.Viewers(), " "), "Ana Max Olga")
	if !ch.CanSend(w.max) {
		t.Fatal("a role's allow must win over another role's deny")
	}
	if !ch.SeenBy(w.ana) || ch.CanSend(w.ana) {
		t.Fatal("the member's own overwrite must win")
	}
	if ch.SeenBy(w.guild.Bot()) {
		t.Fatal("the bot has no overwrite, and sees it")
	}
	admin := w.guild.Member("Adm", w.guild.Role("admin", discordtest.PermAdministrator))
	if !ch.SeenBy(admin) || !ch.CanSend(w.guild.Owner()) {
		t.Fatal("administrators and the owner see all")
	}
}

func TestImplicitDenies(t *testing.T) {
	w := newWorld(t)
	hidden := w.guild.Text("hidden", nil, roleOverwrite(w.guild.ID(), send, view))
	same(t, "without view", hidden.Permissions(w.ana), 0)
	silent := w.guild.Text("silent", nil, roleOverwrite(w.guild.ID(), 0, send))
	if silent.Permissions(w.ana)&(discordtest.PermEmbedLinks|discordtest.PermAttachFiles|discordtest.PermMentionEveryone) != 0 {
		t.Fatal("without sending there is nothing to embed")
	}
	w.ana.IsTimedOut(w.clock.now().Add(time.Minute))
	if w.general.CanSend(w.ana) || !w.general.SeenBy(w.ana) {
		t.Fatal("a timed out member reads only")
	}
	w.clock.forward(2 * time.Minute)
	if !w.general.CanSend(w.ana) {
		t.Fatal("the timeout is over")
	}
	w.ana.Leaves()
	if w.general.SeenBy(w.ana) {
		t.Fatal("who left sees nothing")
	}
}

func TestTheBotIsHeldToItsPermissions(t *testing.T) {
	w := newWorld(t, view|discordtest.PermReadHistory)
	noError(t, w.guild.Owner().SetsOverwrite(w.general, roleOverwrite(w.guild.ID(), 0, send|discordtest.PermManageWebhooks)))
	base := "/channels/" + w.general.ID().String()
	w.say(w.general, object{"content": "x"}).refused(403, 50013)
	w.call("POST", base+"/typing", nil).refused(403, 50013)
	w.call("PATCH", base, object{"name": "x"}).refused(403, 50013)
	w.call("DELETE", base, nil).refused(403, 50013)
	w.call("PUT", base+"/permissions/"+w.ana.ID().String(), object{"type": 1}).refused(403, 50013)
	w.call("POST", base+"/webhooks", object{"name": "x"}).refused(403, 50013)
	w.call("GET", base+"/webhooks", nil).refused(403, 50013)
	w.call("POST", base+"/messages/bulk-delete", object{"messages": []string{"1", "2"}}).refused(403, 50013)
	guild := "/guilds/" + w.guild.ID().String()
	w.call("POST", guild+"/channels", object{"name": "x"}).refused(403, 50013)
	w.call("POST", guild+"/roles", object{"name": "x"}).refused(403, 50013)
	w.call("PUT", guild+"/members/"+w.ana.ID().String()+"/roles/"+w.support.ID().String(), nil).refused(403, 50013)
	hidden := w.guild.Text("hidden", nil, roleOverwrite(w.guild.ID(), 0, view))
	w.say(hidden, object{"content": "x"}).refused(403, 50001)
	w.call("GET", "/channels/"+hidden.ID().String(), nil).refused(403, 50001)
	w.call("GET", "/channels/1", nil).refused(404, 10003)
}

func TestWithoutReadHistoryThereIsNone(t *testing.T) {
	w := newWorld(t, discordtest.DefaultPermissions)
	m, err := w.ana.Posts(w.general, "x")
	noError(t, err)
	noError(t, w.guild.Owner().SetsOverwrite(w.general, roleOverwrite(w.guild.ID(), 0, discordtest.PermReadHistory)))
	same(t, "messages", len(w.call("GET", w.messagesPath(w.general), nil).list(200)), 0)
	w.say(w.general, object{"content": "x", "message_reference": object{"message_id": m.ID}}).refused(400, 160002)
}

func TestEmbedsNeedTheirPermission(t *testing.T) {
	w := newWorld(t, discordtest.DefaultPermissions)
	noError(t, w.guild.Owner().SetsOverwrite(w.general, roleOverwrite(w.guild.ID(), 0, discordtest.PermEmbedLinks)))
	w.say(w.general, object{"embeds": []object{{"title": "x"}}}).refused(403, 50013)
}

func TestTheBotGrantsOnlyBitsThatItHolds(t *testing.T) {
	w := newWorld(t)
	put := func(o discordtest.Overwrite) answered {
		path := "/channels/" + w.general.ID().String() + "/permissions/" + o.ID.String()
		return w.call("PUT", path, object{"type": o.Type, "allow": o.Allow, "deny": o.Deny})
	}
	put(memberOverwrite(w.ana, view|send, 0)).want(204)
	put(memberOverwrite(w.ana, discordtest.PermKickMembers, 0)).refused(403, 50013)
	put(memberOverwrite(w.ana, 0, discordtest.PermKickMembers)).refused(403, 50013)
	put(discordtest.Overwrite{ID: 42}).refused(404, 10009)
	put(discordtest.Overwrite{ID: w.ana.ID(), Type: 7}).formError("BASE_TYPE_REQUIRED", "type")
	same(t, "overwrites", len(w.general.Overwrites()), 1)
	noError(t, w.guild.Owner().SetsOverwrite(w.general, memberOverwrite(w.guild.Bot(), discordtest.PermManageRoles, 0)))
	put(memberOverwrite(w.ana, discordtest.PermKickMembers, 0)).want(204)
	path := "/channels/" + w.general.ID().String() + "/permissions/" + w.ana.ID().String()
	w.call("DELETE", path, nil).want(204)
	w.call("DELETE", path, nil).refused(404, 10009)
	same(t, "overwrites left", len(w.general.Overwrites()), 1)
}

func TestNewChannelsGrantOnlyWhatTheBotHolds(t *testing.T) {
	w := newWorld(t)
	create := func(o discordtest.Overwrite) answered {
		return w.call("POST", "/guilds/"+w.guild.ID().String()+"/channels",
			object{"name": "t", "permission_overwrites": []discordtest.Overwrite{o}})
	}
	create(memberOverwrite(w.ana, view|send, 0)).want(201)
	create(memberOverwrite(w.ana, discordtest.PermBanMembers, 0)).refused(403, 50013)
	create(memberOverwrite(w.ana, discordtest.PermManageRoles, 0)).refused(403, 50013)
	w.guild.GiveBot(discordtest.PermAdministrator)
	create(memberOverwrite(w.ana, discordtest.PermManageRoles, 0)).want(201)
}
