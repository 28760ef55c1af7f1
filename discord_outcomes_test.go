package main_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// told gives the data of a ticket's events of one type.
func told[T event.Data](w *guildWorld, t id.Ticket) []T {
	w.t.Helper()
	pages, err := w.services.Tickets.Timeline(w.ctx, w.system(), query.Query{}, page.Request{First: page.MaxSize}, t)
	ok(w.t, err)
	var all []T
	for _, e := range pages[t].Items {
		if d, is := e.Data.(T); is {
			all = append(all, d)
		}
	}
	return all
}

// surfaceOf gives what is recorded of a ticket's channel.
func (w *guildWorld) surfaceOf(t id.Ticket) *channel.Surface {
	w.t.Helper()
	s, err := w.services.Channels.Of(w.ctx, w.system(), t, event.ChannelDiscord)
	ok(w.t, err)
	return s
}

func TestDiscordWritesDownThatAChannelWasDeleted(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	ok(t, w.guild.Owner().DeletesChannel(ch))
	w.until("it has another channel", func() bool {
		s := w.surfaceOf(v.ID)
		return s.State == channel.Ready && s.ExternalID != ch.ID().String()
	})
	lost := told[event.SurfaceLost](w, v.ID)
	if len(lost) != 1 || lost[0].Outcome != "rebuild" || lost[0].Place != ch.ID().String() {
		t.Errorf("the history tells %+v", lost)
	}
}

func TestDiscordClosesATicketWhoseChannelWasDeletedIfTheWorkspaceSaysSo(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	_, err := w.services.Workspaces.SetLossPolicy(w.ctx, w.system(), 0, workspace.CloseIt)
	ok(t, err)
	_, err = w.ana.Posts(ch, "the last words")
	ok(t, err)
	w.until("it was taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: the last words") })
	ok(t, w.guild.Owner().DeletesChannel(ch))
	w.until("the ticket is closed", func() bool {
		now, err := w.services.Tickets.Get(w.ctx, w.system(), v.ID)
		return err == nil && now.Status == ticket.Closed
	})
	closed := told[event.TicketClosed](w, v.ID)
	if len(closed) != 1 || closed[0].Reason != ticket.ClosedByLoss || len(told[event.SurfaceLost](w, v.ID)) != 1 {
		t.Errorf("the history tells %+v", closed)
	}
	if !slices.Contains(w.talk(v.ID), "reply/requester: the last words") {
		t.Errorf("the history is not whole: %q", w.talk(v.ID))
	}
	_, err = w.services.Tickets.Reopen(w.ctx, w.as(w.ana), refOf(v))
	ok(t, err)
	w.until("the reopened ticket has a channel again", func() bool { return w.surfaceOf(v.ID).State == channel.Ready })
}

func TestDiscordTellsWhoLeftAndWhoIsBack(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.ana.Leaves()
	w.see(ch, "Ana a quitté le serveur")
	again := w.guild.Join(w.ana)
	w.see(ch, "Ana est de retour")
	w.until("they see their ticket", func() bool { return ch.SeenBy(again) })
	again.IsBanned()
	w.see(ch, "Ana a été banni")
	w.quiet(v)
	if left := told[event.PersonLeft](w, v.ID); len(left) != 2 || left[0].Banned || !left[1].Banned {
		t.Errorf("the history tells %+v", left)
	}
	if n := len(told[event.PersonReturned](w, v.ID)); n != 1 || count(ch, "Ana a quitté") != 1 {
		t.Errorf("told that they are back %d times, that they left %d times", n, count(ch, "Ana a quitté"))
	}
}

// What nobody heard of those who left and those who came back is found out.
func TestDiscordFindsWhoLeftWhileItWasAway(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		w := newGuildWorldOn(t, url, 2*patience, nil)
		ch := w.opens(w.ana, "Help")
		v := w.ticketIn(ch)
		w.runs(w.zoe, w.guild.Channel("general"), "/ticket info", nil) // becomes known
		_, err := w.services.Tickets.AddParticipant(w.ctx, w.as(w.max), refOf(v), w.as(w.zoe).Actor.Member)
		ok(t, err)
		w.quiet(v)
		w.stop()
		w.ana.Leaves()
		w.zoe.Leaves()
		w.start()
		w.see(ch, "Ana a quitté le serveur")
		w.see(ch, "Zoe a quitté le serveur")
		w.quiet(v)
		w.stop()
		again := w.guild.Join(w.ana)
		w.start()
		w.see(ch, "Ana est de retour")
		w.until("they see their ticket", func() bool { return ch.SeenBy(again) })
		if count(ch, "Ana a quitté") != 1 || count(ch, "Zoe a quitté") != 1 || count(ch, "est de retour") != 1 {
			t.Error("it is told several times, or of the wrong people")
		}
	})
}

func TestDiscordTakesARoleThatIsDeletedFromItsTeam(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.runs(w.max, ch, "/ticket info", nil)
	w.support.Delete()
	w.until("nobody is in the team any more", func() bool {
		m, err := w.services.Members.ByIdentity(w.ctx, w.system(), event.ChannelDiscord, w.max.ID().String())
		return err == nil && m.Role == access.RoleRequester
	})
	teams, err := w.services.Teams.List(w.ctx, w.system())
	ok(t, err)
	if len(teams[0].Roles) != 0 {
		t.Errorf("the team has the roles %v", teams[0].Roles)
	}
	w.until("it is logged how to mend it", func() bool { return w.log.has("use /setup team to name another one") })
	contains(t, w.runs(w.guild.Owner(), w.guild.Channel("general"), "/setup panel", nil), "No role answers tickets yet")
	w.quiet(v)
	if ch.SeenBy(w.max) {
		t.Error("who lost the role still sees the ticket")
	}
}

func TestDiscordWaitsForAGuildThatIsNotAvailable(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.quiet(v)
	w.guild.Fails()
	w.until("it is logged", func() bool { return w.log.has("a guild is not available") })
	w.stands(channel.Unavailable)
	_, err := w.services.Tickets.Reply(w.ctx, w.as(w.max), refOf(v), "written meanwhile")
	ok(t, err)
	w.guild.Recovers()
	w.see(ch, "written meanwhile")
	w.stands(channel.Connected)
	if n := count(ch, "written meanwhile"); n != 1 {
		t.Errorf("it stands there %d times", n)
	}
}

// A deletion is heard of while the channel is worked on.
func TestDiscordKeepsALossThatIsNotedWhileItWorks(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.quiet(v)
	posted := discordtest.On("POST", fmt.Sprintf("/channels/%s/messages", ch.ID())).And("the straw")
	done := false
	defer w.discord.OnRequest(func(r discordtest.Request) {
		if !posted(r) || r.Phase != discordtest.After || done {
			return
		}
		done = true
		if err := w.guild.Owner().DeletesChannel(ch); err != nil {
			t.Error(err)
		}
		w.until("the loss is noted", func() bool {
			return len(told[event.SurfaceLost](w, v.ID)) == 1 && w.surfaceOf(v.ID).State == channel.Gone
		})
	})()
	_, err := w.services.Tickets.Reply(w.ctx, w.as(w.max), refOf(v), "the straw")
	ok(t, err)
	w.until("it goes on in another channel", func() bool {
		for _, other := range w.guild.Channels() {
			if strings.HasPrefix(other.Name(), "1-help") && other.ID() != ch.ID() && count(other, "the straw") == 1 {
				return true
			}
		}
		return false
	})
}
