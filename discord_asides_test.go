package main_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// wishes has a ticket's channel looked after, as when its time came.
func (w *guildWorld) wishes(v *ticket.View) {
	w.t.Helper()
	ok(w.t, w.services.Channels.Wish(w.ctx, w.system(), v.ID, event.ChannelDiscord))
}

// stays waits until a closed ticket's channel is kept, and staff can read why.
func (w *guildWorld) stays(v *ticket.View, ch *discordtest.Channel, why string) {
	w.t.Helper()
	w.until("it is said why the channel stays", func() bool {
		s := w.surfaceOf(v.ID)
		return s.State == channel.Ready && s.Detail == why && s.Intent.Step == ""
	})
	if !w.there(ch) {
		w.t.Fatal("the channel went with what was in it")
	}
}

// Whatever stops a removal, the next attempt stores what was written meanwhile.
func TestDiscordReadsAChannelAnewAtEachAttemptToRemoveIt(t *testing.T) {
	for name, c := range map[string]struct {
		answer discordtest.Fault
		then   func(*guildWorld, *ticket.View)
	}{
		"it is refused for a moment": {discordtest.FailBefore(503), func(*guildWorld, *ticket.View) {}},
		"a permission is missing": {discordtest.Refuse(403, 50013, "Missing Permissions"), func(w *guildWorld, v *ticket.View) {
			w.until("it waits for somebody", func() bool { return w.surfaceOf(v.ID).State == channel.Blocked })
			w.wishes(v)
		}},
		"the program ends": {discordtest.FailBefore(503), func(w *guildWorld, _ *ticket.View) {
			w.stop()
			w.start()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			sqlstoretest.EachURL(t, func(t *testing.T, url string) {
				w := newGuildWorldOn(t, url, 2*patience, nil)
				ch := w.opens(w.ana, "Help")
				v := w.ticketIn(ch)
				w.as(w.max)
				deletes := discordtest.On("DELETE", "/channels/"+ch.ID().String())
				w.discord.Fail(deletes, c.answer)
				tried := make(chan struct{})
				stop := w.discord.OnRequest(func(r discordtest.Request) {
					if !deletes(r) || r.Phase != discordtest.Before {
						return
					}
					select {
					case <-tried: // the second attempt
					default:
						if _, err := w.guild.Owner().Posts(ch, "wait a moment", discordtest.File("end.txt", []byte("the end"))); err != nil {
							t.Error(err)
						}
						if name == "the program ends" {
							w.halt()
						}
						close(tried)
					}
				})
				defer stop()
				w.closes(v)
				w.keeps(time.Microsecond)
				w.until("it was tried", func() bool {
					select {
					case <-tried:
						return true
					default:
						return false
					}
				})
				c.then(w, v)
				w.removed(v, ch)
				if talk := w.talk(v.ID); !slices.Contains(talk, "note/staff: Owner: wait a moment") {
					t.Errorf("what was written between two attempts is not in %q", talk)
				}
				if of := w.carried(w.max, v.ID); len(of) != 1 || of[0].State != file.Stored || w.content(w.max, of[0]) != "the end" {
					t.Errorf("its file is %+v", of)
				}
			})
		})
	}
}

// A thread that an administrator opened goes into no ticket: its channel stays.
func TestDiscordKeepsAClosedChannelWithThreads(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		w := newGuildWorldOn(t, url, 2*patience, nil)
		ch := w.opens(w.ana, "Help")
		v := w.ticketIn(ch)
		w.as(w.max)
		var threads []*discordtest.Channel
		for _, kind := range []int{discordtest.TypePublicThread, discordtest.TypePrivateThread} {
			for _, m := range []*discordtest.Member{w.ana, w.max} {
				if _, err := m.OpensThread(ch, "aside", kind); !errors.Is(err, discordtest.ErrNotAllowed) {
					t.Errorf("%s opens a thread of type %d: %v", m.Name(), kind, err)
				}
			}
			for _, archived := range []bool{false, true} {
				th, err := w.guild.Owner().OpensThread(ch, "aside", kind)
				ok(t, err)
				_, err = w.guild.Owner().Posts(th, "said aside")
				ok(t, err)
				if archived {
					ok(t, w.guild.Owner().Archives(th))
				}
				threads = append(threads, th)
			}
		}
		w.closes(v)
		w.see(ch, "Ce salon sera supprimé <t:")
		w.keeps(time.Microsecond)
		w.wishes(v)
		for _, th := range threads {
			w.stays(v, ch, "discord.kept.threads")
			lists := w.discord.Count(discordtest.On("GET", "/channels/"+ch.ID().String()+"/threads/archived/private"))
			w.until("nobody is told a time any more", func() bool { return count(ch, "sera supprimé") == 0 })
			w.wishes(v)
			w.until("it was looked at again", func() bool {
				return w.discord.Count(discordtest.On("GET", "/channels/"+ch.ID().String()+"/threads/archived/private")) > lists
			})
			w.quiet(v)
			if !w.there(ch) {
				t.Fatal("the channel went with a thread in it")
			}
			ok(t, w.guild.Owner().DeletesChannel(th))
		}
		w.removed(v, ch)
	})
}

// Private threads are not shown to who may not manage threads.
func TestDiscordKeepsAClosedChannelWhoseThreadsAreHiddenFromTheBot(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.guild.GiveBot(discordtest.BotPermissions &^ discordtest.PermManageThreads)
	w.closes(v)
	w.keeps(time.Microsecond)
	w.stays(v, ch, "discord.kept.hidden")
	w.guild.GiveBot(discordtest.BotPermissions)
	w.removed(v, ch)
}
