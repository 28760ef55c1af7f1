package discordtest_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

func TestGuildRolesAndMembersOverREST(t *testing.T) {
	w := newWorld(t)
	base := "/guilds/" + w.guild.ID().String()
	g := w.call("GET", base+"?with_counts=true", nil).object(200)
	same(t, "owner", g["owner_id"], any(w.guild.Owner().ID().String()))
	same(t, "count", g["approximate_member_count"], any(4.0))
	same(t, "roles", len(w.call("GET", base+"/roles", nil).list(200)), 3)
	same(t, "members", len(w.call("GET", base+"/members?limit=1000", nil).list(200)), 4)
	same(t, "page", len(w.call("GET", base+"/members?limit=2&after=0", nil).list(200)), 2)
	found := w.call("GET", base+"/members/search?query=an&limit=10", nil).list(200)
	same(t, "found", found[0]["user"].(object)["global_name"], any("Ana"))
	one := base + "/members/" + w.ana.ID().String()
	w.call("GET", one, nil).want(200)
	w.call("PUT", one+"/roles/"+w.support.ID().String(), nil).want(204)
	if !w.ana.Has(w.support) {
		t.Fatal("the role was not given")
	}
	w.call("DELETE", one+"/roles/"+w.support.ID().String(), nil).want(204)
	if w.ana.Has(w.support) {
		t.Fatal("the role was not taken")
	}
	w.call("PUT", one+"/roles/42", nil).refused(404, 10011)
	w.ana.Leaves()
	w.call("GET", one, nil).refused(404, 10007)
	w.call("GET", base+"/members/42", nil).refused(404, 10013)
	w.call("GET", "/guilds/42", nil).refused(404, 10004)
}

func TestListingMembersNeedsThePrivilegedIntent(t *testing.T) {
	w := worldWith(t, discordtest.Options{RefuseIntents: discordtest.IntentGuildMembers})
	w.call("GET", "/guilds/"+w.guild.ID().String()+"/members", nil).refused(403, 50001)
}

func TestRoleHierarchy(t *testing.T) {
	w := newWorld(t)
	base := "/guilds/" + w.guild.ID().String() + "/roles"
	made := w.call("POST", base, object{"name": "helper", "permissions": "1024", "mentionable": true}).object(200)
	same(t, "name", made["name"], any("helper"))
	w.call("POST", base, object{"name": "x", "permissions": "8"}).refused(403, 50013)
	w.call("DELETE", base+"/"+made["id"].(string), nil).want(204)
	w.call("DELETE", base+"/"+made["id"].(string), nil).refused(404, 10011)
	var own string
	for _, r := range w.call("GET", base, nil).list(200) {
		if r["managed"] == true {
			own = r["id"].(string)
		}
	}
	w.call("DELETE", base+"/"+own, nil).refused(403, 50013)
}

func TestTheBotLeaves(t *testing.T) {
	w := newWorld(t)
	w.call("DELETE", "/users/@me/guilds/"+w.guild.ID().String(), nil).want(204)
	w.call("GET", "/guilds/"+w.guild.ID().String(), nil).refused(404, 10004)
	if w.srv.GuildByID(w.guild.ID()) == nil || w.srv.GuildByID(1) != nil {
		t.Fatal("the guild is there for its people")
	}
}

func TestWhatPeopleMayNotDo(t *testing.T) {
	w := newWorld(t)
	m, err := w.max.Posts(w.general, "mine")
	noError(t, err)
	hidden := w.guild.Text("hidden", nil, roleOverwrite(w.guild.ID(), 0, view))
	_, posted := w.ana.Posts(hidden, "x")
	_, empty := w.ana.Posts(w.general, " ")
	for what, err := range map[string]error{
		"post in a hidden channel": posted,
		"post nothing":             empty,
		"edit another's message":   w.ana.Edits(m, "x"),
		"delete another's message": w.ana.Deletes(m),
		"delete a channel":         w.ana.DeletesChannel(w.general),
		"rename a channel":         w.ana.RenamesChannel(w.general, "x"),
		"set an overwrite":         w.ana.SetsOverwrite(w.general, discordtest.Overwrite{}),
	} {
		if err == nil {
			t.Errorf("a person could %s", what)
		}
	}
	noError(t, w.guild.Owner().Deletes(m))
}
