package main_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/id"
)

// heard waits until the history has what was written.
func (w *guildWorld) heard(t id.Ticket, text string) {
	w.t.Helper()
	w.until("the history has "+text, func() bool {
		return slices.ContainsFunc(w.talk(t), func(line string) bool { return line == "reply/requester: "+text || line == "reply/staff: "+text })
	})
}

// begins has Ana open a ticket and write in it, so that nothing is missing there.
func (w *guildWorld) begins() (*discordtest.Channel, id.Ticket) {
	w.t.Helper()
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	_, err := w.ana.Posts(ch, "before")
	ok(w.t, err)
	w.heard(v.ID, "before")
	w.until("nothing is missing", func() bool { return w.surfaceOf(v.ID).SeenID == ch.Last().ID.String() })
	return ch, v.ID
}

// No session begins where the bot comes back to a guild: what was said
// meanwhile is read all the same.
func TestDiscordReadsWhatWasSaidWhileItWasSentAway(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch, v := w.begins()
	w.guild.KickBot()
	w.until("it is logged", func() bool { return w.log.has("the bot was removed from a guild") })
	_, err := w.ana.Posts(ch, "meanwhile")
	ok(t, err)
	w.guild.AddBot()
	w.heard(v, "meanwhile")
}

func TestDiscordReadsWhatWasSaidWhileAGuildWasNotAvailable(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch, v := w.begins()
	w.guild.Fails()
	w.until("it is logged", func() bool { return w.log.has("a guild is not available") })
	_, err := w.ana.Posts(ch, "meanwhile")
	ok(t, err)
	w.guild.Recovers()
	w.heard(v, "meanwhile")
}

func TestDiscordReadsWhatWasSaidWhileAChannelWasOutOfItsSight(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch, v := w.begins()
	is := slices.IndexFunc(ch.Overwrites(), func(o discordtest.Overwrite) bool { return o.ID == w.guild.Bot().ID() })
	was := ch.Overwrites()[is]
	blind := was
	blind.Allow, blind.Deny = 0, discordtest.PermViewChannel
	ok(t, w.guild.Owner().SetsOverwrite(ch, blind))
	_, err := w.ana.Posts(ch, "meanwhile")
	ok(t, err)
	ok(t, w.guild.Owner().SetsOverwrite(ch, was))
	w.heard(v, "meanwhile")
}

// Discord answers late, and the requester writes at once.
func TestDiscordReadsAChannelThatWasRecordedLate(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.shows(category.InChannel)
	w.discord.Fail(discordtest.On("POST", "/guilds/*/channels").And("[ts:"), discordtest.Late(2500*time.Millisecond))
	in := w.ana.Runs(w.ctx, w.guild.Channel("general"), "/ticket open", discordtest.Args{"category": "Support"})
	ok(t, in.Wait(w.ctx))
	in.Submit(w.ctx, discordtest.Values{"subject": "Help", "body": "It broke.", "device": "Phone"})
	var ch *discordtest.Channel
	w.until("the channel is made", func() bool {
		ch = w.guild.Channel("1-help")
		return ch != nil
	})
	_, err := w.ana.Posts(ch, "at once")
	ok(t, err)
	w.see(ch, "It broke.")
	w.heard(w.ticketIn(ch).ID, "at once")
}
