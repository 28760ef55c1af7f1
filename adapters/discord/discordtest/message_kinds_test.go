package discordtest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

func TestLinksToFilesExpireAndAreFreshInEachReading(t *testing.T) {
	w := newWorld(t)
	m, err := w.ana.Posts(w.general, "", discordtest.File("the log.txt", []byte("it broke")))
	noError(t, err)
	first := m.Attachments[0]
	same(t, "name", first.Filename, "the_log.txt")
	open := func(link string) int { return w.get(link[len(w.srv.APIURL()):]).status }
	same(t, "opened", open(first.URL), 200)
	same(t, "without a signature", open(first.URL[:len(first.URL)-8]), 404)
	w.clock.forward(24 * time.Hour)
	same(t, "a day later", open(first.URL), 404)
	fresh := w.call("GET", w.messagesPath(w.general)+"/"+m.ID.String(), nil).object(200)["attachments"].([]any)[0].(object)
	same(t, "title", fresh["title"], any("the log"))
	same(t, "a fresh link", open(fresh["url"].(string)), 200)
	noError(t, w.ana.Deletes(m))
	same(t, "after the message is deleted", open(fresh["url"].(string)), 404)
}

func TestForwardedMessagesAreCopies(t *testing.T) {
	w := newWorld(t)
	other := w.guild.Text("other", nil)
	m, err := w.ana.Posts(w.general, "look", discordtest.File("a.txt", []byte("file")), discordtest.Sticker("wave"))
	noError(t, err)
	s := w.connect(everyIntent)
	forward, err := w.max.Forwards(m, other)
	noError(t, err)
	noError(t, w.ana.Edits(m, "look again"))
	noError(t, w.ana.Deletes(m))
	same(t, "forwarded", forward.Now().Forwarded, "look")
	got := s.event("MESSAGE_CREATE").object(t)
	same(t, "kind of reference", got["message_reference"].(object)["type"], any(1.0))
	same(t, "content", got["content"], any(""))
	copied := w.call("GET", w.messagesPath(other), nil).list(200)[0]["message_snapshots"].([]any)[0].(object)["message"].(object)
	same(t, "text", copied["content"], any("look"))
	same(t, "sticker", copied["sticker_items"].([]any)[0].(object)["name"], any("wave"))
	link := copied["attachments"].([]any)[0].(object)["url"].(string)
	same(t, "file", w.get(link[len(w.srv.APIURL()):]).status, 200)
	if _, author := copied["author"]; author {
		t.Error("a snapshot tells its author")
	}
	body := object{"message_reference": object{"type": 1, "message_id": forward.ID, "channel_id": other.ID()}}
	w.say(w.general, body).want(200)
	body["message_reference"] = object{"type": 1, "message_id": "1", "channel_id": other.ID()}
	w.say(w.general, body).refused(404, 10008)
	hidden := w.guild.Text("hidden", nil, discordtest.Overwrite{ID: w.guild.ID(), Deny: discordtest.PermViewChannel})
	secret, err := w.guild.Owner().Posts(hidden, "secret")
	noError(t, err)
	_, err = w.ana.Forwards(secret, w.general)
	same(t, "what she does not see", errors.Is(err, discordtest.ErrNotAllowed), true)
}

func TestPolls(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent | discordtest.IntentGuildPolls)
	m, err := w.ana.Posts(w.general, "", discordtest.Poll("Tea?", "Yes", "No"))
	noError(t, err)
	s.event("MESSAGE_CREATE")
	noError(t, w.max.Votes(m, "No"))
	noError(t, w.max.Votes(m, "No"))
	same(t, "answer", s.event("MESSAGE_POLL_VOTE_ADD").object(t)["answer_id"], any(2.0))
	same(t, "another answer", errors.Is(w.max.Votes(m, "Perhaps"), discordtest.ErrNotAllowed), true)
	read := func() object { return w.call("GET", w.messagesPath(w.general), nil).list(200)[0]["poll"].(object) }
	same(t, "question", read()["question"].(object)["text"], any("Tea?"))
	same(t, "votes", read()["results"].(object)["answer_counts"].([]any)[0].(object)["count"], any(1.0))
	w.clock.forward(24 * time.Hour)
	same(t, "ended", read()["results"].(object)["is_finalized"], any(true))
	same(t, "too late", errors.Is(w.ana.Votes(m, "No"), discordtest.ErrNotAllowed), true)
	w.say(w.general, object{"poll": object{
		"question": object{"text": "Coffee?"}, "answers": []object{{"poll_media": object{"text": "Yes"}}}, "duration": 1,
	}}).want(200)
	same(t, "the bot asks", w.general.Last().Poll, "Coffee?")
}

func TestALinkIsUnfurledWithoutAnEdit(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	m, err := w.ana.Posts(w.general, "https://example.org")
	noError(t, err)
	s.event("MESSAGE_CREATE")
	w.srv.Unfurls(m, discordtest.Embed{Title: "Example", URL: "https://example.org"})
	update := s.event("MESSAGE_UPDATE").object(t)
	same(t, "edited", update["edited_timestamp"], any(nil))
	same(t, "preview", update["embeds"].([]any)[0].(object)["title"], any("Example"))
}

// TestWithoutTheIntentNothingOfAMessageIsTold posts everything that the message content intent is about.
func TestWithoutTheIntentNothingOfAMessageIsTold(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent &^ discordtest.IntentMessageContent)
	m, err := w.ana.Posts(w.general, "text", discordtest.File("a", []byte("x")), discordtest.Poll("Tea?", "Yes"))
	noError(t, err)
	got := s.event("MESSAGE_CREATE").object(t)
	_, poll := got["poll"]
	same(t, "empty", got["content"] == "" && len(got["attachments"].([]any)) == 0 && !poll, true)
	_, err = w.ana.Forwards(m, w.general)
	noError(t, err)
	inner := s.event("MESSAGE_CREATE").object(t)["message_snapshots"].([]any)[0].(object)["message"].(object)
	same(t, "forwarded", inner["content"], any(""))
}
