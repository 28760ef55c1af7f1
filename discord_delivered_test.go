package main_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// answers has an agent reply through the API, with files.
func (w *guildWorld) answers(v *ticket.View, words string, with ...file.Enclosure) *ticket.Message {
	w.t.Helper()
	m, err := w.services.Tickets.Reply(w.ctx, w.as(w.max), refOf(v), words, with...)
	ok(w.t, err)
	return m
}

// showsFiles checks that a channel shows a message once, with a file that reads as it should.
func (w *guildWorld) showsFiles(ch *discordtest.Channel, words, files, content string) {
	w.t.Helper()
	m := w.see(ch, words)
	if n := count(ch, words); n != 1 || with(m) != files {
		w.t.Fatalf("%q stands there %d times and carries %q, want %q", words, n, with(m), files)
	}
	if got := w.download(m.Attachments[0].URL); got != content {
		w.t.Errorf("the file of %q reads %q", words, got)
	}
}

func TestDiscordGetsTheFilesOfAnAgentByDirectMessage(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		w := newGuildWorldOn(t, url, 2*patience, nil)
		staff, v := w.talksTo("Help", "message privé")
		dm := w.ana.DM()
		w.see(dm, "Bonjour Ana")
		w.answers(v, "Read this.", w.upload("guide.txt", "page one"))
		w.showsFiles(dm, "Read this.", "guide.txt", "page one")
		w.showsFiles(staff, "Read this.", "guide.txt", "page one")
		_, err := w.services.Tickets.AddNote(w.ctx, w.as(w.max), refOf(v), "among us", w.upload("secret.txt", "x"))
		ok(t, err)
		w.answers(v, "", w.upload("alone.txt", "by itself"))
		w.showsFiles(dm, "📎 alone.txt", "alone.txt", "by itself")
		if count(dm, "secret.txt")+count(staff, "secret.txt") != 0 {
			t.Error("a note's file is shown")
		}
	})
}

func TestDiscordGetsTheFilesOfAnAgentInAPublicPost(t *testing.T) {
	w := newGuildWorld(t, nil)
	post, _ := w.suggests()
	v := w.ticketIn(post)
	m := w.answers(v, "How it could look.", w.upload("sketch.txt", "dark"))
	w.showsFiles(post, "How it could look.", "sketch.txt", "dark")
	_, err := w.services.Tickets.EditMessage(w.ctx, w.as(w.max), refOf(v), m.ID, "How it would look.")
	ok(t, err)
	w.showsFiles(post, "How it would look.", "sketch.txt", "dark")
}

// Whatever becomes of the request that carries a file, it stands there once. A request
// without an answer is left out: it is waited for longer than a test lasts, and then
// is like one whose connection was lost.
func TestDiscordGetsTheFilesOfAnAgentOnce(t *testing.T) {
	posts := discordtest.On(http.MethodPost, "/channels/*/messages")
	for _, kind := range discordtest.FaultKinds() {
		if kind.Gateway || kind.Name == "401" || strings.HasPrefix(kind.Name, "time-out") {
			continue
		}
		t.Run(kind.Name, func(t *testing.T) {
			w := newGuildWorld(t, nil)
			ch := w.opens(w.ana, "Help")
			v := w.ticketIn(ch)
			w.quiet(v)
			struck := kind.Arm(w.discord, discordtest.Point{Request: posts})
			w.answers(v, "Read this.", w.upload("guide.txt", "page one"), w.upload("more.txt", "page two"))
			w.until("the fault struck", func() bool { return struck.Hits() > 0 })
			w.see(ch, "Read this.")
			w.quiet(v)
			w.showsFiles(ch, "Read this.", "guide.txt more.txt", "page one")
		})
	}
}

// The helpdesk ends when Discord has the file, before that is written down, and when
// it has not.
func TestDiscordGetsTheFilesOfAnAgentOnceThoughTheHelpdeskEnds(t *testing.T) {
	for name, phase := range map[string]discordtest.Phase{"before": discordtest.Before, "after": discordtest.After} {
		t.Run(name, func(t *testing.T) {
			w := newGuildWorld(t, nil)
			ch := w.opens(w.ana, "Help")
			v := w.ticketIn(ch)
			w.quiet(v)
			enclosed := w.upload("guide.txt", "page one")
			var once atomic.Bool
			ended := make(chan struct{})
			w.discord.OnRequest(func(r discordtest.Request) {
				if r.Method == http.MethodPost && strings.HasSuffix(r.Path, "/messages") && r.Phase == phase && once.CompareAndSwap(false, true) {
					w.halt()
					close(ended)
				}
			})
			w.answers(v, "Read this.", enclosed)
			w.until("it was being sent", func() bool { return closed(ended) })
			w.stop()
			w.start()
			w.see(ch, "Read this.")
			w.quiet(v)
			w.showsFiles(ch, "Read this.", "guide.txt", "page one")
		})
	}
}

// A server that takes less than Discord says gets the words, and the names of the
// files, which stay where the helpdesk has them.
func TestDiscordNamesFilesThatItDoesNotTake(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.quiet(v)
	carries := func(r discordtest.Request) bool {
		return strings.HasPrefix(r.Path, "/channels/") && strings.Contains(string(r.Body), "guide.txt") && strings.Contains(string(r.Body), "form-data")
	}
	refused := w.discord.FailTimes(carries, discordtest.Refuse(http.StatusRequestEntityTooLarge, 40005, "Request entity too large"), 1000)
	m := w.answers(v, "Read this.", w.upload("guide.txt", "page one"))
	shown := w.see(ch, "Read this.")
	contains(t, shown.Text(), "guide.txt n’a pas pu être envoyé")
	w.quiet(v)
	_, err := w.services.Tickets.EditMessage(w.ctx, w.as(w.max), refOf(v), m.ID, "Please read this.")
	ok(t, err)
	contains(t, w.see(ch, "Please read this.").Text(), "guide.txt n’a pas pu être envoyé")
	w.quiet(v)
	refused.Disarm()
	_, err = w.services.Tickets.EditMessage(w.ctx, w.as(w.max), refOf(v), m.ID, "Read it, please.")
	ok(t, err)
	w.showsFiles(ch, "Read it, please.", "guide.txt", "page one")
	if strings.Contains(w.see(ch, "Read it, please.").Text(), "pas pu") {
		t.Error("what is there is still said to be missing")
	}
}
