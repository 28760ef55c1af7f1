package main_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

const mebibyte = 1 << 20

// sends has Max reply with a file of that size, and gives the message in which it stands.
func (w *guildWorld) sends(v *ticket.View, ch *discordtest.Channel, name string, size int) (*ticket.Message, *discordtest.Message) {
	w.t.Helper()
	m := w.answers(v, "Here is "+name, w.upload(name, strings.Repeat("x", size)))
	return m, w.see(ch, "Here is "+name)
}

func TestABoostedGuildTakesLargerFiles(t *testing.T) {
	w := newGuildWorld(t, func(w *guildWorld) { w.guild.Boosts(2) })
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	if _, shown := w.sends(v, ch, "a.bin", 11*mebibyte); len(shown.Attachments) != 1 || shown.Attachments[0].Size != 11*mebibyte {
		t.Errorf("11 MiB at the second level: it carries %+v", shown.Attachments)
	}
	m, shown := w.sends(v, ch, "b.bin", 50*mebibyte+1)
	if len(shown.Attachments) != 0 {
		t.Errorf("51 MiB at the second level: it carries %+v", shown.Attachments)
	}
	contains(t, shown.Text(), "b.bin")
	contains(t, shown.Text(), "51")
	contains(t, shown.Text(), "trop volumineux")
	w.guild.Boosts(3)
	for n := 0; len(shown.Attachments) == 0 && n < 100; n++ { // until it is heard of
		words := "Here it is, try " + strconv.Itoa(n) + "."
		_, err := w.services.Tickets.EditMessage(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, m.ID, words)
		ok(t, err)
		shown = w.see(ch, words)
	}
	if len(shown.Attachments) != 1 || shown.Attachments[0].Size != 50*mebibyte+1 || strings.Contains(shown.Text(), "trop volumineux") {
		t.Errorf("51 MiB at the third level: it carries %+v and says %q", shown.Attachments, shown.Text())
	}
}

// The first level of boosts is for something else than files.
func TestTheFirstLevelOfBoostsTakesNoLargerFiles(t *testing.T) {
	w := newGuildWorld(t, func(w *guildWorld) { w.guild.Boosts(1) })
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	if _, shown := w.sends(v, ch, "a.bin", 10*mebibyte); len(shown.Attachments) != 1 {
		t.Errorf("10 MiB at the first level: it carries %+v", shown.Attachments)
	}
	_, shown := w.sends(v, ch, "b.bin", 10*mebibyte+1)
	if len(shown.Attachments) != 0 {
		t.Errorf("more than 10 MiB at the first level: it carries %+v", shown.Attachments)
	}
	contains(t, shown.Text(), "b.bin")
	contains(t, shown.Text(), "trop volumineux")
}

// Boosts run out, and nothing is heard of it: the file is not taken any more, and the
// message comes without it.
func TestAFileIsNamedWhenBoostsRanOutUnheard(t *testing.T) {
	w := newGuildWorld(t, func(w *guildWorld) { w.guild.Boosts(2) })
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	if _, shown := w.sends(v, ch, "a.bin", 11*mebibyte); len(shown.Attachments) != 1 {
		t.Errorf("11 MiB at the second level: it carries %+v", shown.Attachments)
	}
	unheard := w.discord.FailEvent("GUILD_UPDATE", discordtest.Lost())
	w.guild.Boosts(0)
	_, shown := w.sends(v, ch, "b.bin", 11*mebibyte)
	if unheard.Hits() != 1 {
		t.Errorf("the end of the boosts was heard of")
	}
	if len(shown.Attachments) != 0 || count(ch, "Here is b.bin") != 1 {
		t.Errorf("it stands there %d times and carries %+v", count(ch, "Here is b.bin"), shown.Attachments)
	}
	contains(t, shown.Text(), "📎 b.bin")
	if !w.log.has("Discord does not take the files of a message") {
		t.Error("the operator is not told that files were left out")
	}
	w.answers(v, "And now?") // what comes behind is not held up
	w.see(ch, "And now?")
}

// Direct messages are in no guild, whatever that takes.
func TestDirectMessagesTakeNoLargerFilesThanAnywhere(t *testing.T) {
	w := newGuildWorld(t, func(w *guildWorld) { w.guild.Boosts(3) })
	_, v := w.talksTo("Help", "message privé")
	w.answers(v, "Here is a.bin", w.upload("a.bin", strings.Repeat("x", 11*mebibyte)))
	if shown := w.see(w.ana.DM(), "Here is a.bin"); len(shown.Attachments) != 0 {
		t.Errorf("the direct message carries %+v", shown.Attachments)
	}
}
