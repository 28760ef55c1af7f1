package discordtest_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

func idOf(o object) discordtest.ID {
	id, _ := strconv.ParseUint(fmt.Sprint(o["id"]), 10, 64)
	return discordtest.ID(id)
}

func (w *world) threadOf(made answered) *discordtest.Channel {
	w.Helper()
	return w.srv.ChannelByID(idOf(made.object(201)))
}

func TestAPrivateThreadIsSeenByItsMembersOnly(t *testing.T) {
	w := newWorld(t)
	made := w.call("POST", "/channels/"+w.general.ID().String()+"/threads", object{"name": "ticket 1", "type": 12, "invitable": false})
	thread := w.threadOf(made)
	same(t, "the bot is in it", made.object(201)["member"].(object)["user_id"], any(w.srv.BotID().String()))
	same(t, "seen by Ana", thread.SeenBy(w.ana), false)
	members := "/channels/" + thread.ID().String() + "/thread-members/"
	w.call("PUT", members+w.ana.ID().String(), nil).want(204)
	same(t, "members", strings.Join(thread.ThreadMembers(), " "), "Ana")
	same(t, "seen by Ana", thread.SeenBy(w.ana), true)
	same(t, "seen by Max", thread.SeenBy(w.max), false)
	_, err := w.ana.Posts(thread, "hello "+w.max.Mention())
	noError(t, err)
	same(t, "a member who may not invite brings nobody", thread.SeenBy(w.max), false)
	w.say(thread, object{"content": "come " + w.max.Mention()}).want(200)
	same(t, "whom the owner mentions comes", thread.SeenBy(w.max), true)
	same(t, "member", w.call("GET", members+w.max.ID().String()+"?with_member=true", nil).object(200)["member"].(object)["nick"], any(nil))
	w.call("DELETE", members+w.ana.ID().String(), nil).want(204)
	same(t, "seen by Ana", thread.SeenBy(w.ana), false)
	w.call("GET", members+w.ana.ID().String(), nil).refused(404, 10007)
	same(t, "listed", len(w.call("GET", strings.TrimSuffix(members, "/")+"?with_member=true&limit=100", nil).list(200)), 2)
}

func TestWhoDoesNotSeeTheChannelCannotJoinItsThread(t *testing.T) {
	w := newWorld(t)
	hidden := w.guild.Text("staff", nil,
		discordtest.Overwrite{ID: w.guild.ID(), Deny: discordtest.PermViewChannel},
		discordtest.Overwrite{ID: w.srv.BotID(), Type: 1, Allow: discordtest.PermViewChannel})
	thread := w.threadOf(w.call("POST", "/channels/"+hidden.ID().String()+"/threads", object{"name": "t", "type": 12}))
	w.call("PUT", "/channels/"+thread.ID().String()+"/thread-members/"+w.ana.ID().String(), nil).refused(403, 50001)
	w.call("PUT", "/channels/"+thread.ID().String()+"/thread-members/1", nil).refused(404, 10007)
}

func TestLockedAndArchivedThreads(t *testing.T) {
	w := newWorld(t)
	mod := w.guild.Member("Mod", w.guild.Role("mods", discordtest.PermManageThreads))
	thread, err := w.ana.OpensThread(w.general, "question", discordtest.TypePublicThread)
	noError(t, err)
	same(t, "notice", w.general.Last().Content, "question")
	noError(t, mod.Locks(thread, true))
	_, err = w.ana.Posts(thread, "still here?")
	same(t, "Ana writes in a locked thread", errors.Is(err, discordtest.ErrNotAllowed), true)
	_, err = mod.Posts(thread, "it is locked")
	noError(t, err)
	w.guild.GiveBot(discordtest.BotPermissions &^ discordtest.PermManageThreads)
	w.say(thread, object{"content": "x"}).refused(400, 160005)
	noError(t, mod.Archives(thread))
	w.say(thread, object{"content": "x"}).refused(400, 50083)
	same(t, "Ana opens it again", errors.Is(w.ana.Unarchives(thread), discordtest.ErrNotAllowed), true)
	noError(t, mod.Locks(thread, false))
	w.say(thread, object{"content": "writing opens it"}).want(200)
	same(t, "archived", thread.Archived(), false)
	noError(t, w.ana.Archives(thread))
	same(t, "its owner archives it", thread.Archived(), true)
}

func TestASilentThreadArchivesItself(t *testing.T) {
	w := newWorld(t)
	thread := w.threadOf(w.call("POST", "/channels/"+w.general.ID().String()+"/threads",
		object{"name": "t", "type": 11, "auto_archive_duration": 60}))
	w.clock.forward(59 * time.Minute)
	_, err := w.ana.Posts(thread, "wait")
	noError(t, err)
	w.clock.forward(59 * time.Minute)
	same(t, "archived", thread.Archived(), false)
	w.clock.forward(time.Minute)
	same(t, "archived", thread.Archived(), true)
	archived := w.call("GET", "/channels/"+w.general.ID().String()+"/threads/archived/public?limit=2", nil).object(200)
	same(t, "listed", len(archived["threads"].([]any)), 1)
	same(t, "more", archived["has_more"], any(false))
}

func TestArchivedPrivateThreadsAreListed(t *testing.T) {
	w := newWorld(t)
	for n := range 3 {
		thread := w.threadOf(w.call("POST", "/channels/"+w.general.ID().String()+"/threads", object{"name": fmt.Sprint(n), "type": 12}))
		w.clock.forward(time.Second)
		w.call("PATCH", "/channels/"+thread.ID().String(), object{"archived": true, "locked": true}).want(200)
	}
	const all, own = "/threads/archived/private", "/users/@me/threads/archived/private"
	names := func(path string) (string, object) {
		var out []string
		got := w.call("GET", "/channels/"+w.general.ID().String()+path, nil).object(200)
		for _, one := range got["threads"].([]any) {
			out = append(out, one.(object)["name"].(string))
		}
		return strings.Join(out, " "), got
	}
	first, page := names(all + "?limit=2")
	same(t, "first page", first, "2 1")
	same(t, "more", page["has_more"], any(true))
	before := page["threads"].([]any)[1].(object)["thread_metadata"].(object)["archive_timestamp"].(string)
	second, _ := names(all + "?before=" + strings.ReplaceAll(before, "+", "%2B"))
	same(t, "second page", second, "0")
	mine, _ := names(own)
	same(t, "the bot's own", mine, "2 1 0")
	w.guild.GiveBot(discordtest.BotPermissions &^ discordtest.PermManageThreads)
	w.call("GET", "/channels/"+w.general.ID().String()+all, nil).refused(403, 50013)
}

func TestAGuildHoldsAThousandActiveThreads(t *testing.T) {
	w := newWorld(t)
	for range 1000 {
		_, err := w.ana.OpensThread(w.general, "t", discordtest.TypePublicThread)
		noError(t, err)
	}
	path := "/channels/" + w.general.ID().String() + "/threads"
	w.call("POST", path, object{"name": "t", "type": 11}).refused(400, 160006)
	noError(t, w.guild.Owner().Archives(w.general.Threads()[0]))
	w.call("POST", path, object{"name": "t", "type": 11}).want(201)
	w.call("PATCH", "/channels/"+w.general.Threads()[0].ID().String(), object{"archived": false}).refused(400, 160006)
}

func TestForumPosts(t *testing.T) {
	w := newWorld(t)
	forum := w.guild.Forum("ideas", nil, "planned", "declined")
	tag := w.call("GET", "/channels/"+forum.ID().String(), nil).object(200)["available_tags"].([]any)[0].(object)["id"]
	path := "/channels/" + forum.ID().String()
	w.say(forum, object{"content": "x"}).refused(400, 50008)
	w.call("POST", path+"/threads", object{"name": "no message"}).refused(400, 50035)
	made := w.call("POST", path+"/threads", object{
		"name": "Dark mode", "applied_tags": []any{tag}, "message": object{"content": "Please", "allowed_mentions": object{"parse": []string{}}},
	})
	first := made.object(201)["message"].(object)
	same(t, "the first message has the post's ID", first["id"], made.object(201)["id"])
	post := w.threadOf(made)
	same(t, "tags", strings.Join(post.Tags(), " "), "planned")
	w.call("PATCH", "/channels/"+post.ID().String(), object{"applied_tags": []string{"1"}}).refused(404, 10087)
	w.call("PATCH", "/channels/"+post.ID().String(), object{"applied_tags": []string{}}).want(200)
	same(t, "tags", len(post.Tags()), 0)
	w.call("PATCH", path, object{"flags": 16, "available_tags": []object{{"id": tag, "name": "later"}, {"name": "new"}}}).want(200)
	same(t, "offered", strings.Join(forum.Tags(), " "), "later new")
	_, err := w.ana.OpensPost(forum, "Light mode", "Please", nil)
	same(t, "a tag is needed", err != nil, true)
	s := w.connect(everyIntent)
	idea, err := w.ana.OpensPost(forum, "Light mode", "Please", []string{"new"})
	noError(t, err)
	created := s.event("THREAD_CREATE").object(t)
	same(t, "newly created", created["newly_created"], any(true))
	same(t, "message", s.event("MESSAGE_CREATE").object(t)["id"], created["id"])
	same(t, "posts", len(forum.Threads()), 2)
	same(t, "text", idea.Last().Content, "Please")
}

func TestAThreadOfAMessageBeginsWithIt(t *testing.T) {
	w := newWorld(t)
	m, err := w.ana.Posts(w.general, "a question")
	noError(t, err)
	thread := w.threadOf(w.call("POST", w.messagesPath(w.general)+"/"+m.ID.String()+"/threads", object{"name": "answer"}))
	same(t, "ID", thread.ID(), m.ID)
	same(t, "starter", thread.Messages()[0].ReplyTo, m.ID)
	w.call("POST", w.messagesPath(w.general)+"/"+m.ID.String()+"/threads", object{"name": "again"}).refused(400, 160004)
}

func TestABotThatGainsSightHearsOfTheThreads(t *testing.T) {
	w := newWorld(t)
	staff := w.guild.Text("staff", nil, discordtest.Overwrite{ID: w.guild.ID(), Deny: discordtest.PermViewChannel})
	_, err := w.guild.Owner().OpensThread(staff, "secret", discordtest.TypePublicThread)
	noError(t, err)
	s := w.connect(everyIntent)
	noError(t, w.guild.Owner().SetsOverwrite(staff, discordtest.Overwrite{ID: w.srv.BotID(), Type: 1, Allow: discordtest.PermViewChannel}))
	s.event("CHANNEL_UPDATE")
	sync := s.event("THREAD_LIST_SYNC").object(t)
	same(t, "thread", sync["threads"].([]any)[0].(object)["name"], any("secret"))
}
