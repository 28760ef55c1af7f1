package main_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// longTalk is more than two pages of a channel's history.
const longTalk = 230

// However far back it stands and however much was missed, what changed is found.
func TestDiscordRecallsALongTalk(t *testing.T) {
	w := newGuildWorldOn(t, sqlstoretest.SQLite(t), 3*patience, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	var posted []*discordtest.Message
	var want []string
	writes := func(when string) {
		for n := range longTalk {
			text := fmt.Sprintf("%s %03d", when, n)
			m, err := w.ana.Posts(ch, text)
			ok(t, err)
			posted, want = append(posted, m), append(want, text)
		}
	}
	holds := func() bool { return slices.Equal(w.spoken(v), want) }
	writes("before")
	w.until("all was taken in", holds)
	w.stop()
	writes("meanwhile")
	for _, n := range []int{0, 99, 100, 131, longTalk - 1, longTalk + 7} {
		want[n] = fmt.Sprintf("corrected %d", n)
		ok(t, w.ana.Edits(posted[n], want[n]))
	}
	for _, n := range []int{1, 130, longTalk - 2} {
		want[n] = ""
		ok(t, w.ana.Deletes(posted[n]))
	}
	w.start()
	w.until("what changed meanwhile is known", holds)
	if got := w.spoken(v); !slices.Equal(got, want) {
		t.Errorf("%d messages, want %d", len(got), len(want))
	}
}

// spoken gives what the requester wrote in the channel, "" for what they deleted.
func (w *guildWorld) spoken(v *ticket.View) []string {
	var all []string
	for _, m := range w.messages(v.ID)[1:] { // the first is the form's
		if m.Side == ticket.FromRequester {
			all = append(all, m.Body)
		}
	}
	return all
}

// Somebody may delete the bot's own messages, too.
func TestDiscordFindsItsOwnMessagesDeletedMeanwhile(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.runs(w.max, ch, "/ticket claim", nil)
	_, err := w.services.Tickets.Reply(w.ctx, w.as(w.max), refOf(v), "from elsewhere")
	ok(t, err)
	answer := w.see(ch, "from elsewhere")
	w.quiet(v)
	card := ch.Find("It broke.")
	w.stop()
	ok(t, w.guild.Owner().Deletes(answer))
	ok(t, w.guild.Owner().Deletes(card))
	w.start()
	w.until("the answer is known to be gone", func() bool { return slices.Contains(w.talk(v.ID), "reply/staff: (deleted)") })
	w.until("another card is there", func() bool { return ch.Find("It broke.") != nil })
	w.quiet(v)
	if n := count(ch, "from elsewhere"); n != 0 {
		t.Errorf("what was deleted stands there %d times", n)
	}
}

// What was edited before anybody heard of it has no first text.
func TestDiscordSaysThatATextWasNotSeen(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.stop()
	m, err := w.ana.Posts(ch, "the first text")
	ok(t, err)
	ok(t, w.ana.Edits(m, "the second text"))
	w.start()
	w.until("it was taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: the second text") })
	all := w.messages(v.ID)
	last := all[len(all)-1]
	found, err := w.services.Tickets.Versions(w.ctx, w.system(), last.ID)
	ok(t, err)
	if versions := found[last.ID]; len(versions) != 1 || versions[0].Number != 2 || versions[0].Body != "the second text" {
		t.Errorf("the texts are %+v", versions)
	}
	if last.EditedAt.Before(last.OccurredAt) || time.Since(last.EditedAt) > time.Minute || last.Version != 2 {
		t.Errorf("version %d, written %v, edited %v", last.Version, last.OccurredAt, last.EditedAt)
	}
	ok(t, w.ana.Edits(m, "the third text"))
	w.until("a later edit is heard of", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: the third text") })
}
