package main_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/channel"
)

// hidden takes a channel from the bot's eyes, or gives it back.
func (w *guildWorld) hidden(ch *discordtest.Channel, from bool) {
	w.t.Helper()
	const talk = discordtest.PermViewChannel | discordtest.PermSendMessages | discordtest.PermSendInThreads |
		discordtest.PermReadHistory | discordtest.PermEmbedLinks
	bot := discordtest.Overwrite{ID: w.guild.Bot().ID(), Type: 1, Allow: talk}
	if from {
		bot.Allow, bot.Deny = 0, discordtest.PermViewChannel
	}
	ok(w.t, w.guild.Owner().SetsOverwrite(ch, bot))
}

// asked gives how often Discord was asked about a channel.
func (w *guildWorld) asked(ch *discordtest.Channel) int {
	return w.discord.Count(discordtest.On("GET", "/channels/"+ch.ID().String()))
}

// However much waits for a room, and however often roles change, the room is asked about
// a few times: Discord stops a bot that is refused too often, in all guilds.
func TestDiscordAsksFewTimesAboutARoomThatItMayNotSee(t *testing.T) {
	w := newGuildWorld(t, nil)
	room, works := w.staffRoom("staff-room"), w.staffRoom("billing-room")
	contains(t, w.runs(w.guild.Owner(), room, "/setup staff", nil), "Staff is told")
	contains(t, w.runs(w.guild.Owner(), works, "/setup staff", discordtest.Args{"queue": "Billing"}), "Staff is told")
	w.alerts()
	const many, most = 12, 6
	for i := range many {
		w.opens(w.ana, fmt.Sprintf("Lamp %d.", i))
	}
	w.hidden(room, true)
	w.reported("staff_rooms", false)
	w.later(time.Hour + time.Second)
	w.waits()
	before := w.asked(room)
	for range 20 {
		w.guild.GiveBot(discordtest.BotPermissions)
	}
	w.guild.GiveBot(discordtest.BotPermissions &^ discordtest.PermManageThreads)
	w.reported("private_threads", false)
	w.until("it is looked again", func() bool { return w.asked(room) > before })
	w.waits()
	if n := w.asked(room) - before; n > most {
		t.Errorf("%d changes of roles had Discord asked %d times for %d alerts, want %d at most", 21, n, many, most)
	}
	w.hidden(room, false)
	for i := range many {
		w.see(room, fmt.Sprintf("Lamp %d.", i))
	}
	w.done()
	if n := len(room.Messages()); n != many {
		t.Errorf("%d messages stand in the room, want %d", n, many)
	}
}

// That staff is told in one room says nothing of another one, of which nothing is asked.
func TestDiscordLeavesARoomAloneWhenAnotherOneWorks(t *testing.T) {
	w := newGuildWorld(t, nil)
	room, billing := w.staffRoom("staff-room"), w.staffRoom("billing-room")
	contains(t, w.runs(w.guild.Owner(), room, "/setup staff", nil), "Staff is told")
	contains(t, w.runs(w.guild.Owner(), billing, "/setup staff", discordtest.Args{"queue": "Billing"}), "Staff is told")
	w.alerts()
	w.opens(w.ana, "Lamp")
	w.hidden(room, true)
	w.reported("staff_rooms", false)
	w.later(time.Hour + time.Second)
	w.waits()
	before := w.asked(room)
	for _, subject := range []string{"Chair", "Table"} {
		contains(t, w.runs(w.max, w.opens(w.ana, subject), "/ticket transfer", discordtest.Args{"queue": "Billing"}), "")
		w.later(time.Hour + time.Second)
		w.see(billing, subject)
		w.waits()
	}
	if n := w.asked(room) - before; n != 0 {
		t.Errorf("Discord was asked %d times about the room that does not work", n)
	}
	w.reported("staff_rooms", false)
}

// The rights in a thread are its channel's: when that is mended, what waits is told in the
// thread, also by a process that never saw it.
func TestDiscordTellsStaffInAThreadOnceItsChannelIsMended(t *testing.T) {
	w := newGuildWorld(t, nil)
	olga, room := w.guild.Owner(), w.staffRoom("staff-room")
	w.hidden(room, false)
	thread, err := olga.OpensThread(room, "alerts", discordtest.TypePublicThread)
	ok(t, err)
	contains(t, w.runs(olga, thread, "/setup staff", nil), "Staff is told")
	w.reported("staff_rooms", true)
	w.alerts()
	told := func(subject string, meanwhile func()) {
		t.Helper()
		w.opens(w.ana, subject)
		w.hidden(room, true)
		w.reported("staff_rooms", false)
		w.later(time.Hour + time.Second)
		w.waits()
		meanwhile()
		w.hidden(room, false)
		w.see(thread, subject)
		w.done()
	}
	told("Lamp", func() {})
	told("Chair", func() {
		w.stop()
		before := w.asked(thread)
		w.start()
		w.until("it is looked", func() bool { return w.asked(thread) > before })
		w.waits()
	})
}

// Of the digests that wait the last one is told, which says what the others did; none is,
// if nothing waits any more.
func TestDiscordTellsStaffOfTheLastDigestThatWaits(t *testing.T) {
	w := newGuildWorld(t, nil)
	room := w.staffRoom("staff-room")
	contains(t, w.runs(w.guild.Owner(), room, "/setup staff", nil), "Staff is told")
	plan := w.digests()
	lamp := w.opens(w.ana, "Lamp")
	refused := func(weeks ...int) {
		t.Helper()
		w.hidden(room, true)
		w.reported("staff_rooms", false)
		for _, n := range weeks {
			ok(t, w.services.Digests.Tick(w.ctx, plan(time.Weekday(n), true).AddDate(0, 0, 7*n)))
			w.waits()
		}
	}
	mended := func(want int) {
		t.Helper()
		w.hidden(room, false)
		w.reported("staff_rooms", true)
		w.done()
		if n := len(room.Messages()); n != want {
			t.Errorf("%d digests stand in the room, want %d", n, want)
		}
	}
	refused(0, 1)
	chair := w.opens(w.ana, "Chair")
	refused(2)
	mended(1)
	w.see(room, "Chair")
	refused(3)
	for _, ch := range []*discordtest.Channel{lamp, chair} {
		contains(t, w.runs(w.max, ch, "/ticket resolve", nil), "")
	}
	mended(1)
}

// What waits when staff is told nowhere any more is told where it is to be told next; what
// comes meanwhile is not.
func TestDiscordTellsStaffWhatWaitedWhileItHadNoRoom(t *testing.T) {
	w := newGuildWorld(t, nil)
	olga, room, other := w.guild.Owner(), w.staffRoom("staff-room"), w.staffRoom("other-room")
	contains(t, w.runs(olga, room, "/setup staff", nil), "Staff is told")
	w.reported("staff_rooms", true)
	w.alerts()
	w.opens(w.ana, "Lamp")
	w.hidden(room, true)
	w.reported("staff_rooms", false)
	w.later(time.Hour + time.Second)
	w.waits()
	off := discordtest.Args{"state": "off"}
	contains(t, w.runs(olga, other, "/setup staff", off), "not told")
	w.until("nothing is reported", func() bool {
		all, err := w.services.Channels.Reports(w.ctx, w.system())
		return err == nil && !slices.ContainsFunc(all[0].Capabilities, func(c channel.Capability) bool { return c.Key == "staff_rooms" })
	})
	w.opens(w.ana, "Chair")
	w.later(time.Hour + time.Second)
	w.waits()
	contains(t, w.runs(olga, other, "/setup staff", discordtest.Args{"queue": "Billing"}), "Staff is told")
	w.reported("staff_rooms", true)
	w.waits()
	contains(t, w.runs(olga, other, "/setup staff", nil), "Staff is told")
	w.see(other, "Lamp")
	w.done()
	if n := len(other.Messages()); n != 1 {
		t.Errorf("%d alerts stand in the room, want that of the lamp", n)
	}
}
