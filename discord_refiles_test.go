package main_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// names are what files are called.
func names(files []*file.Attachment) []string {
	all := make([]string, len(files))
	for i, a := range files {
		all[i] = a.Name
	}
	return all
}

// with is what a message of the imitated Discord shows to carry.
func with(m *discordtest.Message) string {
	var all []string
	for _, a := range m.Attachments {
		all = append(all, a.Filename)
	}
	return strings.Join(all, " ")
}

// versions gives what the latest message of a ticket carried in each of its
// versions, as somebody finds it.
func (w *guildWorld) versions(who *discordtest.Member, t id.Ticket) map[int64][]string {
	w.t.Helper()
	all := w.messages(t)
	last := all[len(all)-1].ID
	ever, err := w.services.Files.Ever(w.ctx, w.as(who), last)
	ok(w.t, err)
	texts, err := w.services.Tickets.Versions(w.ctx, w.as(who), last)
	ok(w.t, err)
	found := map[int64][]string{}
	for _, v := range texts[last] {
		found[v.Number] = names(slices.DeleteFunc(slices.Clone(ever[last]), func(a *file.Attachment) bool { return !a.In(v.Number) }))
	}
	return found
}

func (w *guildWorld) wantVersions(t id.Ticket, want map[int64][]string) {
	w.t.Helper()
	if got := w.versions(w.max, t); !maps.EqualFunc(got, want, slices.Equal[[]string]) {
		w.t.Errorf("to staff the versions carry %v, want %v", got, want)
	}
	if got := w.versions(w.ana, t); len(got) != 0 {
		w.t.Errorf("the requester finds versions with %v", got)
	}
}

// What an author takes away from a message is offered no more, and stays where the
// earlier text does.
func TestDiscordFollowsTheFilesOfAMessage(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		w := newGuildWorldOn(t, url, 2*patience, nil)
		ch := w.opens(w.ana, "Help")
		v := w.ticketIn(ch)
		m, err := w.ana.Posts(ch, "look", discordtest.File("face.png", []byte("private")), discordtest.File("log.txt", []byte("the log")))
		ok(t, err)
		face := w.settledFiles(v.ID, 2)[0]
		ok(t, w.ana.TakesAway(m, "face.png"))
		w.until("it is taken away", func() bool { return slices.Equal(names(w.carried(w.ana, v.ID)), []string{"log.txt"}) })
		w.wantVersions(v.ID, map[int64][]string{1: {"face.png", "log.txt"}, 2: {"log.txt"}})
		if _, _, err := w.services.Files.Open(w.ctx, w.as(w.ana), face.ID); err == nil {
			t.Error("the requester opens what was taken away")
		}
		if got := w.content(w.max, face); got != "private" {
			t.Errorf("staff reads %q", got)
		}
		ok(t, w.ana.Edits(m, "look at both", discordtest.File("more.txt", []byte("more"))))
		w.until("another one came", func() bool { return len(w.carried(w.ana, v.ID)) == 2 })
		of := w.settledFiles(v.ID, 2)
		if of[1].Name != "more.txt" || w.content(w.ana, of[1]) != "more" {
			t.Errorf("the new file is %+v", of[1])
		}
		w.wantVersions(v.ID, map[int64][]string{1: {"face.png", "log.txt"}, 2: {"log.txt"}, 3: {"log.txt", "more.txt"}})
		edits := told[event.MessageEdited](w, v.ID)
		if len(edits) != 2 || edits[0].FilesRemoved != 1 || edits[1].FilesAdded != 1 {
			t.Errorf("the history tells of %+v", edits)
		}
	})
}

// While nobody listened, files come and go, too.
func TestDiscordFindsFilesThatCameAndWentMeanwhile(t *testing.T) {
	w := newGuildWorldOn(t, sqlstoretest.SQLite(t), 2*patience, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	m, err := w.ana.Posts(ch, "look", discordtest.File("a.txt", []byte("a")), discordtest.File("b.txt", []byte("b")))
	ok(t, err)
	w.settledFiles(v.ID, 2)
	w.as(w.max)
	w.quiet(v)
	w.stop()
	ok(t, w.ana.TakesAway(m, "a.txt"))
	ok(t, w.ana.Edits(m, "look", discordtest.File("c.txt", []byte("c"))))
	w.start()
	w.until("it is known", func() bool { return slices.Equal(names(w.carried(w.ana, v.ID)), []string{"b.txt", "c.txt"}) })
	w.settledFiles(v.ID, 2)
	w.wantVersions(v.ID, map[int64][]string{1: {"a.txt", "b.txt"}, 2: {"b.txt", "c.txt"}})
}

// Where a message is shown by the bot, it carries the files that it has by now: in
// staff's channel what the requester sends by direct message, and the other way round.
func TestDiscordShowsTheFilesThatAMessageHasByNow(t *testing.T) {
	w := newGuildWorldOn(t, sqlstoretest.SQLite(t), 2*patience, nil)
	staff, v := w.talksTo("Help", "message privé")
	dm := w.ana.DM()
	w.see(dm, "Bonjour Ana")
	shows := func(ch *discordtest.Channel, words, files string) {
		t.Helper()
		w.until(words+" carries "+files, func() bool {
			m := ch.Find(words)
			return m != nil && with(m) == files && !strings.Contains(m.Text(), "📎")
		})
		if n := count(ch, words); n != 1 {
			t.Errorf("%q stands there %d times", words, n)
		}
	}
	asked, err := w.ana.Posts(dm, "look", discordtest.File("a.txt", []byte("a")), discordtest.File("b.txt", []byte("b")))
	ok(t, err)
	shows(staff, "look", "a.txt b.txt")
	if got := w.download(staff.Find("look").Attachments[1].URL); got != "b" {
		t.Errorf("staff reads %q", got)
	}
	answered, err := w.max.Posts(staff, "read", discordtest.File("c.txt", []byte("c")), discordtest.File("d.txt", []byte("d")))
	ok(t, err)
	shows(dm, "read", "c.txt d.txt")
	ok(t, w.ana.TakesAway(asked, "a.txt"))
	shows(staff, "look", "b.txt")
	ok(t, w.max.TakesAway(answered, "d.txt"))
	shows(dm, "read", "c.txt")
	ok(t, w.max.TakesAway(answered, "c.txt"))
	shows(dm, "read", "")
	ok(t, w.max.Edits(answered, "read this instead", discordtest.File("e.txt", []byte("e"))))
	shows(dm, "read this instead", "e.txt")
	w.until("all is written down", func() bool { return len(w.surfaceOf(v.ID).Intent.Step) == 0 })
	w.quiet(v)

	w.stop() // and while nobody listens
	ok(t, w.ana.Edits(asked, "look here", discordtest.File("f.txt", []byte("f"))))
	ok(t, w.ana.TakesAway(asked, "b.txt"))
	w.start()
	shows(staff, "look here", "f.txt")
}

// What Discord keeps from the bot is not gone: without the intent of messages'
// contents an edit comes empty.
func TestDiscordTakesNoFileForGoneThatItMayNotSee(t *testing.T) {
	w := newGuildWorld(t, unprivileged)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.runs(w.max, ch, "/ticket claim", nil)
	m, err := w.ana.Posts(ch, w.guild.Bot().Mention()+" look", discordtest.File("a.txt", []byte("a")))
	ok(t, err)
	w.settledFiles(v.ID, 1)
	ok(t, w.ana.Edits(m, "no mention any more"))
	_, err = w.ana.Posts(ch, w.guild.Bot().Mention()+" and now?")
	ok(t, err)
	w.until("what came next is known", func() bool { return strings.Contains(strings.Join(w.talk(v.ID), "\n"), "and now?") })
	for _, said := range w.messages(v.ID) {
		if said.Side == ticket.FromRequester && said.Version != 1 {
			t.Errorf("%q is version %d", said.Body, said.Version)
		}
	}
}
