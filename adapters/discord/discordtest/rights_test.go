package discordtest_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// allRights are those that are not an administrator's, who is asked nothing.
const allRights = discordtest.Permission(1<<53-1) &^ discordtest.PermAdministrator

// wants is a request that needs a right of the bot's. A path names the pattern's
// objects: {message} is somebody else's, and {user} Ana.
type wants struct {
	request string
	need    discordtest.Permission
	body    any
}

// files are what is sent with a message.
type files []string

// wanted has each request that needs more than to see the channel. What is made
// or deleted is not asked for by a later one.
func wanted() []wants {
	const (
		manage, roles, hooks = discordtest.PermManageChannels, discordtest.PermManageRoles, discordtest.PermManageWebhooks
		history, threads     = discordtest.PermReadHistory, discordtest.PermManageThreads
	)
	return []wants{
		{"POST /guilds/{guild}/channels", manage, object{"name": "new"}},
		{"PATCH /channels/{channel}", manage, object{"name": "renamed"}},
		{"PUT /channels/{channel}/permissions/{user}", roles, object{"type": 1}},
		{"DELETE /channels/{channel}/permissions/{user}", roles, nil},
		{"POST /channels/{channel}/messages", send, object{"content": "x"}},
		{"POST /channels/{channel}/messages", discordtest.PermEmbedLinks, object{"embeds": []object{{"title": "x"}}}},
		{"POST /channels/{channel}/messages", discordtest.PermAttachFiles, files{"log.txt"}},
		{"POST /channels/{thread}/messages", discordtest.PermSendInThreads, object{"content": "x"}},
		{"POST /channels/{channel}/typing", send, nil},
		{"GET /channels/{channel}/messages/{message}", history, nil},
		{"PUT /channels/{channel}/messages/{message}/reactions/👍/@me", discordtest.PermAddReactions, nil},
		{"GET /channels/{channel}/messages/{message}/reactions/👍", history, nil},
		{"DELETE /channels/{channel}/messages/{message}/reactions/👍/@me", history, nil},
		{"PUT /channels/{channel}/pins/{message}", discordtest.PermPinMessages, nil},
		{"DELETE /channels/{channel}/pins/{message}", discordtest.PermPinMessages, nil},
		{"PUT /channels/{channel}/messages/pins/{message}", discordtest.PermPinMessages, nil},
		{"DELETE /channels/{channel}/messages/pins/{message}", discordtest.PermPinMessages, nil},
		{"POST /channels/{channel}/threads", discordtest.PermCreatePublicThread, object{"name": "t", "type": 11}},
		{"POST /channels/{channel}/threads", discordtest.PermCreatePrivateThread, object{"name": "t", "type": 12}},
		{"POST /channels/{channel}/messages/{message}/threads", discordtest.PermCreatePublicThread, object{"name": "t"}},
		{"PATCH /channels/{thread}", threads, object{"locked": true}},
		{"PUT /channels/{thread}/thread-members/{user}", discordtest.PermSendInThreads, nil},
		{"DELETE /channels/{thread}/thread-members/{user}", threads, nil},
		{"GET /channels/{channel}/threads/archived/public", history, nil},
		{"GET /channels/{channel}/threads/archived/private", threads, nil},
		{"GET /channels/{channel}/users/@me/threads/archived/private", history, nil},
		{"POST /channels/{channel}/webhooks", hooks, object{"name": "hook"}},
		{"GET /channels/{channel}/webhooks", hooks, nil},
		{"GET /guilds/{guild}/webhooks", hooks, nil},
		{"GET /webhooks/{webhook}", hooks, nil},
		{"PATCH /webhooks/{webhook}", hooks, object{"name": "other"}},
		{"DELETE /webhooks/{webhook}", hooks, nil},
		{"DELETE /channels/{channel}/messages/{message}", discordtest.PermManageMessages, nil},
		{"POST /channels/{channel}/messages/bulk-delete", discordtest.PermManageMessages, object{"messages": []string{"{old}", "{older}"}}},
		{"DELETE /channels/{thread}", threads, nil},
		{"DELETE /channels/{spare}", manage, nil},
		{"POST /guilds/{guild}/roles", roles, object{"name": "new", "permissions": "0"}},
		{"PUT /guilds/{guild}/members/{user}/roles/{role}", roles, nil},
		{"DELETE /guilds/{guild}/members/{user}/roles/{role}", roles, nil},
		{"DELETE /guilds/{guild}/roles/{role}", roles, nil},
		{"PATCH /guilds/{guild}/members/{user}", discordtest.PermManageNicknames, object{"nick": "A."}},
		{"PATCH /guilds/{guild}/members/{user}", discordtest.PermModerateMembers, object{"communication_disabled_until": "2026-03-02T10:00:00Z"}},
		{"PUT /guilds/{guild}/bans/{banned}", discordtest.PermBanMembers, object{}},
		{"GET /guilds/{guild}/bans", discordtest.PermBanMembers, nil},
		{"GET /guilds/{guild}/bans/{banned}", discordtest.PermBanMembers, nil},
		{"DELETE /guilds/{guild}/bans/{banned}", discordtest.PermBanMembers, nil},
		{"DELETE /guilds/{guild}/members/{user}", discordtest.PermKickMembers, nil},
	}
}

// free are the patterns of what the bot may do wherever it sees, or is.
func free() []string {
	return []string{
		"GET /channels/{channel}", "GET /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}", // of its own
		"GET /channels/{channel}/pins", "GET /channels/{channel}/messages/pins", "GET /channels/{channel}/thread-members", "GET /channels/{channel}/thread-members/{user}",
		"GET /guilds/{guild}", "GET /guilds/{guild}/channels", "GET /guilds/{guild}/roles", "GET /guilds/{guild}/members", "GET /guilds/{guild}/members/search",
		"GET /guilds/{guild}/members/{user}", "GET /guilds/{guild}/threads/active", "DELETE /users/@me/guilds/{guild}",
	}
}

// objects fill the names in paths and bodies.
func (w *world) objects() *strings.Replacer {
	w.Helper()
	post := func(text string) string {
		m, err := w.ana.Posts(w.general, text)
		noError(w.T, err)
		return m.ID.String()
	}
	thread, err := w.max.OpensThread(w.general, "talk", discordtest.TypePublicThread)
	noError(w.T, err)
	noError(w.T, w.ana.JoinsThread(thread))
	noError(w.T, w.ana.LeavesThread(thread))
	hook := w.call("POST", "/channels/"+w.general.ID().String()+"/webhooks", object{"name": "hook"}).object(200)["id"].(string)
	w.ana.Gets(w.guild.Role("guests", view))
	low := w.guild.Role("low")
	return strings.NewReplacer(
		"{guild}", w.guild.ID().String(), "{channel}", w.general.ID().String(), "{thread}", thread.ID().String(), "{spare}", w.guild.Text("spare", nil).ID().String(),
		"{message}", post("hello"), "{old}", post("old"), "{older}", post("older"), "{user}", w.ana.ID().String(),
		"{banned}", w.guild.Member("Eve").ID().String(), "{role}", low.ID().String(), "{webhook}", hook, "👍", "%F0%9F%91%8D",
	)
}

func filled(names *strings.Replacer, body any) any {
	fields, ok := body.(object)
	if !ok {
		return body
	}
	out := object{}
	for key, value := range fields {
		if list, ok := value.([]string); ok {
			list = slices.Clone(list)
			for i := range list {
				list[i] = names.Replace(list[i])
			}
			value = list
		}
		out[key] = value
	}
	return out
}

// asks sends a request, files as a form.
func (w *world) asks(method, path string, body any) answered {
	w.Helper()
	if names, ok := body.(files); ok {
		return w.upload(path, `{"content":"x"}`, names...)
	}
	return w.call(method, path, body)
}

// TestEveryRouteWantsItsRight asks for everything with all rights but the one that
// it needs, and then with that, too. No route is left out.
func TestEveryRouteWantsItsRight(t *testing.T) {
	w := newWorld(t, allRights)
	names := w.objects()
	w.guild.GivesEveryone(0)
	asked := map[string]bool{}
	for _, row := range wanted() {
		method, path, _ := strings.Cut(row.request, " ")
		asked[generic(row.request)] = true
		w.guild.GiveBot(allRights &^ row.need)
		w.asks(method, names.Replace(path), filled(names, row.body)).refused(403, 50013)
		w.guild.GiveBot(allRights)
		if got := w.asks(method, names.Replace(path), filled(names, row.body)); got.status >= 300 {
			t.Errorf("%s with all rights: %d %s", row.request, got.status, got.raw)
		}
	}
	for _, pattern := range free() {
		asked[generic(pattern)] = true
	}
	for _, pattern := range w.srv.Patterns() {
		ofPlace := strings.Contains(pattern, "/channels/{channel}") || strings.Contains(pattern, "/guilds/{guild}") || strings.Contains(pattern, "/webhooks/{webhook}")
		if ofPlace && !strings.Contains(pattern, "{token}") && !strings.Contains(pattern, "/commands") && !asked[generic(pattern)] {
			t.Errorf("nobody asked for %s", pattern)
		}
	}
}

var segment = regexp.MustCompile(`\{\w+\}|👍`)

// generic is a request without the names of its objects.
func generic(request string) string { return segment.ReplaceAllString(request, "*") }

// TestAHiddenChannelIsHiddenOnEveryRoute asks for everything of a channel that the
// bot does not see.
func TestAHiddenChannelIsHiddenOnEveryRoute(t *testing.T) {
	w := newWorld(t, allRights)
	names := w.objects()
	noError(t, w.guild.Owner().SetsOverwrite(w.general, memberOverwrite(w.guild.Bot(), 0, view)))
	count := 0
	for _, pattern := range w.srv.Patterns() {
		method, path, _ := strings.Cut(pattern, " ")
		if !strings.HasPrefix(path, "/channels/{channel}") {
			continue
		}
		count++
		path = strings.NewReplacer("{emoji}", "👍", "{overwrite}", "{user}").Replace(path)
		got := w.call(method, names.Replace(path), object{})
		if got.status != 403 || !strings.Contains(string(got.raw), fmt.Sprint(50001)) {
			t.Errorf("%s: %d %s", pattern, got.status, got.raw)
		}
	}
	if count < 20 {
		t.Errorf("%d routes of a channel were found", count)
	}
}
