package main_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord"
	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// keeps says how long the channels of closed tickets stay: also a time so short
// that no administrator may choose it.
func (w *guildWorld) keeps(kept time.Duration) {
	w.t.Helper()
	all, err := w.services.Categories.List(w.ctx, w.system(), false)
	ok(w.t, err)
	for _, c := range all {
		c.Kept, c.Version = kept, 0
		ok(w.t, w.store.Categories().Save(w.ctx, c))
	}
}

// closes ends a ticket through the API.
func (w *guildWorld) closes(v *ticket.View) {
	w.t.Helper()
	_, err := w.services.Tickets.Resolve(w.ctx, w.as(w.max), refOf(v))
	ok(w.t, err)
	_, err = w.services.Tickets.Close(w.ctx, w.as(w.max), refOf(v))
	ok(w.t, err)
}

// there reports whether a channel still is.
func (w *guildWorld) there(ch *discordtest.Channel) bool {
	return slices.ContainsFunc(w.guild.Channels(), func(c *discordtest.Channel) bool { return c.ID() == ch.ID() })
}

// removed waits until a ticket's channel was removed, once.
func (w *guildWorld) removed(v *ticket.View, ch *discordtest.Channel) {
	w.t.Helper()
	w.until("the channel is gone, and known to be", func() bool {
		return !w.there(ch) && w.surfaceOf(v.ID).State == channel.Cleared
	})
	gone := told[event.SurfaceRemoved](w, v.ID)
	if len(gone) == 0 || gone[len(gone)-1].Place != ch.ID().String() || len(told[event.SurfaceLost](w, v.ID)) != 0 {
		w.t.Errorf("the history tells of removals %+v, losses %+v", gone, told[event.SurfaceLost](w, v.ID))
	}
}

func TestDiscordRemovesTheChannelOfAClosedTicket(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		w := newGuildWorldOn(t, url, 2*patience, nil)
		ch := w.opens(w.ana, "Help")
		v := w.ticketIn(ch)
		_, err := w.ana.Posts(ch, "Voilà", discordtest.File("log.txt", []byte("of the night")))
		ok(t, err)
		w.settledFiles(v.ID, 1)
		_, err = w.services.Tickets.Reply(w.ctx, w.as(w.max), refOf(v), "Thank you.")
		ok(t, err)
		w.see(ch, "Thank you.")
		w.closes(v)
		w.see(ch, "Ce salon sera supprimé <t:")
		w.until("it is due a day later", func() bool {
			due, waits, err := w.store.NextDue(w.ctx, discord.Consumer)
			return err == nil && waits && time.Until(due) > 23*time.Hour && time.Until(due) < 25*time.Hour
		})
		if !w.there(ch) {
			t.Fatal("the channel went at once")
		}
		w.keeps(time.Microsecond)
		w.removed(v, ch)
		if got := strings.Join(w.talk(v.ID), "\n"); !strings.Contains(got, "reply/requester: Voilà") || !strings.Contains(got, "reply/staff: Thank you.") {
			t.Errorf("the history is not whole: %q", got)
		}

		w.keeps(category.Forever)
		_, err = w.services.Tickets.Reopen(w.ctx, w.as(w.ana), refOf(v))
		ok(t, err)
		w.until("it has a channel again", func() bool { return w.surfaceOf(v.ID).State == channel.Ready })
		again := w.guild.Channel("1-help")
		w.see(again, "Ce ticket était fermé et son salon supprimé ; il continue ici. Les 4 messages")
		w.see(again, "Thank you.")
		if !again.SeenBy(w.ana) || !again.CanSend(w.ana) || again.SeenBy(w.zoe) {
			t.Errorf("the new channel is seen by %v", again.Viewers())
		}
		w.closes(v)
		w.quiet(v)
		if !w.there(again) || count(again, "sera supprimé") != 0 {
			t.Error("a channel that is kept for good is to be removed")
		}
	})
}

// What nobody heard of is stored first, whatever keeps the gateway from telling it.
func TestDiscordStoresAllBeforeItRemovesAChannel(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		w := newGuildWorldOn(t, url, 2*patience, nil)
		ch := w.opens(w.ana, "Help")
		v := w.ticketIn(ch)
		kept, err := w.ana.Posts(ch, "the first words")
		ok(t, err)
		taken, err := w.ana.Posts(ch, "a slip")
		ok(t, err)
		w.until("both were taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: a slip") })
		w.as(w.max)
		w.quiet(v)
		w.discord.ForgetSessions()
		back := w.discord.Outage()
		_, err = w.ana.Posts(ch, "the last words", discordtest.File("log.txt", []byte("of the night")))
		ok(t, err)
		ok(t, w.ana.Edits(kept, "the first words, corrected"))
		ok(t, w.ana.Deletes(taken))
		w.closes(v)
		w.quiet(v)
		_, err = w.guild.Owner().Posts(ch, "after the end", discordtest.File("end.txt", []byte("the end")))
		ok(t, err)
		w.keeps(time.Microsecond)
		w.removed(v, ch)
		back()
		talk := w.talk(v.ID)
		for _, want := range []string{"reply/requester: the last words", "reply/requester: the first words, corrected", "reply/requester: (deleted)", "note/staff: Owner: after the end"} {
			if !slices.Contains(talk, want) {
				t.Errorf("%q is not in %q", want, talk)
			}
		}
		if of := w.carried(w.max, v.ID); len(of) != 1 || of[0].State != file.Stored || w.content(w.max, of[0]) != "the end" {
			t.Errorf("the last message carries %+v", of)
		}
	})
}

// A file that is nowhere else keeps the channel, and staff is told why.
func TestDiscordKeepsAChannelWhoseFilesAreNotStored(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	m, err := w.services.Tickets.Reply(w.ctx, w.arriving(w.ana), refOf(v), "look",
		file.Enclosure{Name: "foreign.txt", Source: `{"url":"http://127.0.0.1:9/attachments/1/2/x"}`})
	ok(t, err)
	w.settledFiles(v.ID, 1)
	w.closes(v)
	w.keeps(time.Microsecond)
	w.until("it is said why the channel stays", func() bool {
		s := w.surfaceOf(v.ID)
		return s.State == channel.Ready && s.Detail == "discord.kept.files"
	})
	if !w.there(ch) {
		t.Fatal("the channel went with what was in it")
	}
	_, err = w.services.Tickets.DeleteMessage(w.ctx, w.as(w.max), refOf(v), m.ID)
	ok(t, err)
	w.removed(v, ch)
}

// Whatever comes between, the channel goes once and nobody takes it for lost.
func TestDiscordRemovesAChannelOnce(t *testing.T) {
	deletes := func(ch *discordtest.Channel) discordtest.Match {
		return discordtest.On("DELETE", "/channels/"+ch.ID().String())
	}
	for name, strike := range map[string]func(*guildWorld, *discordtest.Channel){
		"the answer is lost": func(w *guildWorld, ch *discordtest.Channel) {
			w.discord.Fail(deletes(ch), discordtest.FailAfter(502))
		},
		"it is refused for a moment": func(w *guildWorld, ch *discordtest.Channel) {
			w.discord.Fail(deletes(ch), discordtest.FailBefore(503))
		},
		"somebody else is faster": func(w *guildWorld, ch *discordtest.Channel) {
			w.discord.Fail(deletes(ch), discordtest.Refuse(404, 10003, "Unknown Channel"))
			w.t.Cleanup(w.discord.OnRequest(func(r discordtest.Request) {
				if deletes(ch)(r) && r.Phase == discordtest.Before {
					_ = w.guild.Owner().DeletesChannel(ch) // it is gone already the second time
				}
			}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newGuildWorld(t, nil)
			ch := w.opens(w.ana, "Help")
			v := w.ticketIn(ch)
			strike(w, ch)
			w.closes(v)
			w.keeps(time.Microsecond)
			w.removed(v, ch)
			if n := len(told[event.SurfaceRemoved](w, v.ID)); n != 1 {
				t.Errorf("the history tells %d removals", n)
			}
		})
	}
}

// A program that ends between the removal and its record finds out.
func TestDiscordKnowsAfterARestartThatItRemovedAChannel(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		w := newGuildWorldOn(t, url, 2*patience, nil)
		ch := w.opens(w.ana, "Help")
		v := w.ticketIn(ch)
		disarm := w.discord.OnRequest(func(r discordtest.Request) {
			if discordtest.On("DELETE", "/channels/"+ch.ID().String())(r) && r.Phase == discordtest.After {
				w.halt()
			}
		})
		w.closes(v)
		w.keeps(time.Microsecond)
		w.until("the channel is gone", func() bool { return !w.there(ch) })
		w.stop()
		disarm()
		w.start()
		w.removed(v, ch)
	})
}

// A ticket that is reopened while its channel goes gets another one.
func TestDiscordGivesAReopenedTicketAChannelWhileTheOldOneGoes(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	done := false
	w.as(w.ana)
	defer w.discord.OnRequest(func(r discordtest.Request) {
		if !discordtest.On("DELETE", "/channels/"+ch.ID().String())(r) || done {
			return
		}
		done = true
		if _, err := w.services.Tickets.Reopen(w.ctx, w.as(w.ana), refOf(v)); err != nil {
			t.Error(err)
		}
	})()
	w.closes(v)
	w.keeps(time.Microsecond)
	w.until("it goes on in another channel", func() bool {
		s := w.surfaceOf(v.ID)
		return !w.there(ch) && s.State == channel.Ready && s.ExternalID != ch.ID().String()
	})
	w.see(w.guild.Channel("1-help"), "il continue ici")
	if len(told[event.SurfaceLost](w, v.ID)) != 0 {
		t.Error("the channel is taken for lost")
	}
}

func TestDiscordRemovesThreadsAndStaffsChannelsToo(t *testing.T) {
	t.Run("a thread", func(t *testing.T) {
		w := newGuildWorld(t, nil)
		w.shows(category.InThread)
		w.asks(w.ana, "Help", "<#")
		th := w.threads()[0]
		v := w.ticketIn(th)
		w.closes(v)
		w.until("it is shut", func() bool { return th.Archived() })
		w.keeps(time.Microsecond)
		w.removed(v, th)
	})
	t.Run("the channel of staff", func(t *testing.T) {
		w := newGuildWorld(t, nil)
		staff, v := w.talksTo("Help", "message privé")
		w.see(w.ana.DM(), "Bonjour Ana")
		w.closes(v)
		closed := w.see(w.ana.DM(), "n° 1 est fermé")
		w.keeps(time.Microsecond)
		w.removed(v, staff)
		w.keeps(category.Forever)
		contains(t, w.clicks(w.ana, closed, "Rouvrir"), "de nouveau ouvert")
		w.until("staff has a channel again", func() bool { return w.surfaceOf(v.ID).State == channel.Ready })
		again := w.guild.Channel("1-help")
		w.see(again, "il continue ici")
		_, err := w.ana.Posts(w.ana.DM(), "one more thing")
		ok(t, err)
		w.see(again, "one more thing")
	})
}
