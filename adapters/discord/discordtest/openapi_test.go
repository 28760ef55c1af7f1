package discordtest_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/discord/discordtest/openapi"
)

// TestDiscordsDescriptionIsThere says when all other tests judge nothing.
func TestDiscordsDescriptionIsThere(t *testing.T) {
	_, err := openapi.Find()
	if errors.Is(err, openapi.ErrAbsent) {
		t.Skip(err)
	}
	noError(t, err)
}

func TestATestFailsOnARequestThatDoesNotConform(t *testing.T) {
	if _, err := openapi.Find(); errors.Is(err, openapi.ErrAbsent) {
		t.Skip(err)
	}
	w := newWorld(t)
	wrong := &verdicts{T: t}
	srv := discordtest.StartFor(wrong, discordtest.Options{Now: w.clock.now})
	guild := srv.Guild("Other")
	guild.AddBot()
	w.srv = srv
	w.say(guild.Channel("general"), object{"content": "x", "colour": "red"}).want(200)
	w.say(guild.Channel("general"), object{"content": "x"}).want(200)
	same(t, "told", fmt.Sprint(wrong.told), fmt.Sprintf(
		"[POST /channels/%s/messages: the request is not as Discord describes it:\n\t.colour is not described]", guild.Channel("general").ID()))
}

// verdicts is a test that writes down what it would fail of.
type verdicts struct {
	*testing.T
	told []string
}

func (v *verdicts) Errorf(format string, args ...any) {
	v.told = append(v.told, fmt.Sprintf(format, args...))
}

// TestAnswersAreAsDescribed asks every kind of thing; the world's judge reads the answers.
func TestAnswersAreAsDescribed(t *testing.T) {
	w := newWorld(t)
	w.asksOfChannels()
	w.asksOfTheGuild()
}

func (w *world) asksOfChannels() {
	w.Helper()
	m, err := w.ana.Posts(w.general, "x "+w.max.Mention(), discordtest.File("a.txt", []byte("x")))
	noError(w.T, err)
	noError(w.T, w.max.Reacts(m, "👍"))
	channel := "/channels/" + w.general.ID().String()
	w.call("PUT", channel+"/pins/"+m.ID.String(), nil).want(204)
	hook := w.call("POST", channel+"/webhooks", object{"name": "relay"})
	made := hook.object(200)
	execute := fmt.Sprintf("/webhooks/%s/%s?wait=true", made["id"], made["token"])
	category := w.guild.Category("Tickets")
	for _, got := range []answered{
		w.call("POST", execute, object{"content": "x"}),
		w.call("POST", channel+"/threads", object{"name": "t", "type": 11}),
		w.call("GET", channel, nil),
		w.call("GET", "/channels/"+category.ID().String(), nil),
		w.call("POST", "/users/@me/channels", object{"recipient_id": w.ana.ID()}),
		w.call("GET", channel+"/messages/"+m.ID.String(), nil),
		w.call("GET", channel+"/messages", nil),
		w.call("GET", channel+"/messages/pins", nil),
		w.call("GET", channel+"/pins", nil),
		w.say(w.general, object{
			"content": "r", "embeds": []object{{"title": "x"}}, "message_reference": object{"message_id": m.ID},
		}),
	} {
		same(w.T, "answered", got.status/100, 2)
	}
}

func (w *world) asksOfTheGuild() {
	w.Helper()
	w.register()
	guild := "/guilds/" + w.guild.ID().String()
	for _, got := range []answered{
		w.call("GET", guild, nil),
		w.call("GET", guild+"/roles", nil),
		w.call("GET", guild+"/channels", nil),
		w.call("GET", guild+"/members?limit=10", nil),
		w.call("GET", guild+"/members/"+w.ana.ID().String(), nil),
		w.call("GET", guild+"/threads/active", nil),
		w.call("GET", "/users/@me", nil),
		w.call("GET", "/users/"+w.ana.ID().String(), nil),
		w.call("GET", "/users/@me/guilds", nil),
		w.call("GET", "/applications/@me", nil),
		w.call("GET", "/gateway/bot", nil),
		w.call("GET", w.commandsPath(), nil),
	} {
		same(w.T, "answered", got.status/100, 2)
	}
}
