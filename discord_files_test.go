package main_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// carried gives what the latest message of a ticket carries, as a member sees it.
func (w *guildWorld) carried(who *discordtest.Member, t id.Ticket) []*file.Attachment {
	w.t.Helper()
	pages, err := w.services.Tickets.Messages(w.ctx, w.system(), query.Query{}, lastPage(), t)
	ok(w.t, err)
	all := pages[t].Items
	found, err := w.services.Files.Of(w.ctx, w.as(who), all[len(all)-1].ID)
	ok(w.t, err)
	return found[all[len(all)-1].ID]
}

// content reads a file as a member opens it.
func (w *guildWorld) content(who *discordtest.Member, a *file.Attachment) string {
	w.t.Helper()
	_, r, err := w.services.Files.Open(w.ctx, w.as(who), a.ID)
	ok(w.t, err)
	defer r.Close()
	raw, err := io.ReadAll(r)
	ok(w.t, err)
	return string(raw)
}

// settledFiles waits until nothing of the latest message is being copied.
func (w *guildWorld) settledFiles(t id.Ticket, files int) []*file.Attachment {
	w.t.Helper()
	w.until("the files are copied", func() bool {
		of := w.carried(w.max, t)
		return len(of) == files && !slices.ContainsFunc(of, func(a *file.Attachment) bool { return a.State == file.Pending })
	})
	return w.carried(w.max, t)
}

func TestDiscordFilesAreKept(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	picture := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03\x08\x06\x00\x00\x00\xb9\xea\xde\x81"
	sent, err := w.ana.Posts(ch, "Voilà", discordtest.File("écran.png", []byte(picture)), discordtest.File("run.html", []byte("<script>")))
	ok(t, err)
	of := w.settledFiles(v.ID, 2)
	if of[0].ContentType != "image/png" || of[0].Width != 2 || of[0].Height != 3 || of[0].State != file.Stored {
		t.Errorf("the picture is %+v", of[0])
	}
	if of[1].ContentType != file.PlainText || w.content(w.ana, of[1]) != "<script>" || w.content(w.max, of[0]) != picture {
		t.Errorf("the page is %+v", of[1])
	}
	if talk := w.talk(v.ID); talk[len(talk)-1] != "reply/requester: Voilà" {
		t.Errorf("the text is %q", talk[len(talk)-1])
	}
	ok(t, w.ana.Deletes(sent))
	w.until("the message is deleted", func() bool { return strings.HasSuffix(strings.Join(w.talk(v.ID), "\n"), "(deleted)") })
	if len(w.carried(w.ana, v.ID)) != 0 || len(w.carried(w.max, v.ID)) != 2 {
		t.Error("the files of a deleted message are for the wrong people")
	}
}

func TestDiscordFilesNeedNoWords(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	for range 2 {
		_, err := w.ana.Posts(ch, "", discordtest.File("log.txt", []byte("same")))
		ok(t, err)
	}
	w.until("both were taken in", func() bool { return len(w.talk(v.ID)) == 4 })
	if of := w.settledFiles(v.ID, 1); w.content(w.ana, of[0]) != "same" {
		t.Errorf("the file is %+v", of[0])
	}
	w.until("it is stored once", func() bool { return len(w.bucket.Keys()) == 1 })
}

// What was attached while the program was away is copied when it is back.
func TestDiscordFilesOfAnOutageAreKept(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.quiet(v)
	w.stop()
	_, err := w.ana.Posts(ch, "look", discordtest.File("log.txt", []byte("of the night")))
	ok(t, err)
	w.start()
	w.until("it was taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: look") })
	if of := w.settledFiles(v.ID, 1); w.content(w.ana, of[0]) != "of the night" {
		t.Errorf("the file is %+v", of[0])
	}
}

func TestDiscordShowsTheFilesOfAnAgent(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	var with []file.Enclosure
	for i, content := range []string{"first", "second"} {
		a, err := w.services.Files.BeginUpload(w.ctx, w.as(w.max), fmt.Sprintf("guide \"%d\".txt", i+1))
		ok(t, err)
		_, err = w.services.Files.Upload(w.ctx, w.as(w.max), a.ID, strings.NewReader(content))
		ok(t, err)
		with = append(with, file.Enclosure{Upload: a.ID})
	}
	m, err := w.services.Tickets.Reply(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, "Read these.", with...)
	ok(t, err)
	shown := w.see(ch, "Read these.")
	if len(shown.Attachments) != 2 || shown.Attachments[0].Size != 5 || shown.Attachments[1].Size != 6 {
		t.Fatalf("the message carries %+v", shown.Attachments)
	}
	if got := w.download(shown.Attachments[1].URL); got != "second" {
		t.Errorf("the second file reads %q", got)
	}
	_, err = w.services.Tickets.EditMessage(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, m.ID, "Read both of these.")
	ok(t, err)
	if edited := w.see(ch, "Read both of these."); len(edited.Attachments) != 2 {
		t.Errorf("after the edit it carries %+v", edited.Attachments)
	}
	_, err = w.services.Tickets.Reply(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, "", w.upload("alone.txt", "x"))
	ok(t, err)
	if alone := w.see(ch, "📎 alone.txt"); len(alone.Attachments) != 1 {
		t.Errorf("a file alone carries %+v", alone.Attachments)
	}
	_, err = w.services.Tickets.AddNote(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, "", w.upload("secret.txt", "x"))
	ok(t, err)
	_, err = w.services.Tickets.Reply(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, "", w.upload("huge.bin", strings.Repeat("x", 10<<20+1)))
	ok(t, err)
	big := w.see(ch, "huge.bin")
	if len(big.Attachments) != 0 || count(ch, "secret.txt") != 0 {
		t.Errorf("it carries %+v", big.Attachments)
	}
	contains(t, big.Text(), "trop volumineux")
	_, err = w.services.Tickets.DeleteMessage(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, m.ID)
	ok(t, err)
	w.until("it is gone", func() bool { return count(ch, "Read both of these.") == 0 })
}

func (w *guildWorld) upload(name, content string) file.Enclosure {
	w.t.Helper()
	a, err := w.services.Files.BeginUpload(w.ctx, w.as(w.max), name)
	ok(w.t, err)
	_, err = w.services.Files.Upload(w.ctx, w.as(w.max), a.ID, strings.NewReader(content))
	ok(w.t, err)
	return file.Enclosure{Upload: a.ID}
}

func (w *guildWorld) download(url string) string {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.ctx, http.MethodGet, url, nil)
	ok(w.t, err)
	res, err := http.DefaultClient.Do(r)
	ok(w.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	ok(w.t, err)
	return string(raw)
}

// A file that is gone before it could be copied is told to staff.
func TestDiscordFilesThatAreGoneAreWrittenDown(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.quiet(v)
	_, err := w.services.Tickets.Reply(w.ctx, w.arriving(w.ana), ticket.Ref{ID: v.ID}, "look", file.Enclosure{
		Name: "lost.txt", Source: fmt.Sprintf(`{"channel":%q,"message":"5","attachment":"6","url":"%s/attachments/1/2/lost.txt"}`, ch.ID(), w.discord.APIURL()),
	}, file.Enclosure{Name: "foreign.txt", Source: `{"url":"http://127.0.0.1:9/attachments/1/2/x"}`},
		file.Enclosure{Name: "large.bin", Size: file.MaxSize + 1, Source: "{}"})
	ok(t, err)
	of := w.settledFiles(v.ID, 3)
	for i, want := range []file.Failure{file.Gone, file.Unreachable, file.TooLarge} {
		if of[i].State != file.Failed || of[i].Failure != want {
			t.Errorf("%s is %s, %q, want %q", of[i].Name, of[i].State, of[i].Failure, want)
		}
	}
	for who, want := range map[*discordtest.Member]int{w.max: 3, w.ana: 0} {
		pages, err := w.services.Tickets.Timeline(w.ctx, w.as(who), query.Query{}, lastPage(), v.ID)
		ok(t, err)
		told := 0
		for _, e := range pages[v.ID].Items {
			if e.Data.Type() == event.TypeAttachmentFailed {
				told++
			}
		}
		if told != want {
			t.Errorf("%s is told of %d failures, want %d", who.Name(), told, want)
		}
	}
	if !w.log.has("could not be copied") {
		t.Error("the log does not tell")
	}
}

// arriving is a call of a member by Discord.
func (w *guildWorld) arriving(m *discordtest.Member) access.Call {
	w.t.Helper()
	c := w.as(m)
	c.Origin = event.Origin{Channel: event.ChannelDiscord, ExternalID: "99"}
	return c
}

// A link that has expired by the time the file is copied is asked for again.
func TestDiscordFilesAreCopiedByANewLink(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.quiet(v)
	general := w.guild.Channel("general")
	posted, err := w.ana.Posts(general, "", discordtest.File("log.txt", []byte("still there")), discordtest.File("other.txt", []byte("x")))
	ok(t, err)
	old := func(a discordtest.Attachment, message string) file.Enclosure {
		link, _, _ := strings.Cut(a.URL, "?")
		return file.Enclosure{Name: a.Filename, Source: fmt.Sprintf(`{"channel":%q,"message":%q,"attachment":%q,"url":"%s?ex=1&is=1&hm=0&"}`,
			general.ID(), message, a.ID, link)}
	}
	_, err = w.services.Tickets.Reply(w.ctx, w.arriving(w.ana), ticket.Ref{ID: v.ID}, "look",
		old(posted.Attachments[0], posted.ID.String()), old(posted.Attachments[1], "5"))
	ok(t, err)
	of := w.settledFiles(v.ID, 2)
	if of[0].State != file.Stored || w.content(w.ana, of[0]) != "still there" {
		t.Errorf("the file is %+v", of[0])
	}
	if of[1].Failure != file.Gone {
		t.Errorf("the file of a message that is gone is %+v", of[1])
	}
}
