package main_test

import (
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func TestDiscordCarriesATicketFromOpeningToItsEnd(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		fromOpeningToEnd(t, newGuildWorld(t, func(w *guildWorld) { w.url = url }))
	})
}

func fromOpeningToEnd(t *testing.T, w *guildWorld) {
	t.Helper()
	ch := w.opens(w.ana, "Connexion impossible")

	if got := ch.Viewers(); !slices.Equal(got, []string{"Ana", "Max", "Owner"}) {
		t.Errorf("the channel is seen by %v", got)
	}
	card := w.see(ch, "It broke.")
	contains(t, card.Text(), "Connexion impossible")
	contains(t, card.Text(), "Phone")
	contains(t, card.Text(), "Nouveau")
	if !slices.Equal(card.Pinged, []string{"Ana"}) {
		t.Errorf("the card pinged %v", card.Pinged)
	}
	w.see(ch, "Bonjour Ana, voici le ticket 1.")

	contains(t, w.clicks(w.max, card, "Prendre en charge"), "is yours now")
	w.see(ch, "Max")
	_, err := w.max.Posts(ch, "Have you tried another browser?")
	ok(t, err)
	asked, err := w.ana.Posts(ch, "Oui, sans succès")
	ok(t, err)
	v := w.ticketIn(ch)
	w.until("both were taken in", func() bool { return len(w.talk(v.ID)) == 4 })
	ok(t, w.ana.Edits(asked, "Oui, mais sans succès"))
	w.until("the edit was taken in", func() bool {
		return slices.Contains(w.talk(v.ID), "reply/requester: Oui, mais sans succès")
	})

	reply, err := w.services.Tickets.Reply(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, "We mended it.")
	ok(t, err)
	posted := w.see(ch, "We mended it.")
	if posted.Embeds[0].Author == nil || posted.Embeds[0].Author.Name != "Max" {
		t.Errorf("the reply does not stand under its author's name: %+v", posted.Embeds[0])
	}
	_, err = w.services.Tickets.EditMessage(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, reply.ID, "We mended it for good.")
	ok(t, err)
	w.see(ch, "We mended it for good.")

	contains(t, w.runs(w.max, ch, "/ticket resolve", nil), "is resolved")
	question := w.see(ch, "Est-ce réglé ?")
	if !slices.Equal(question.Pinged, []string{"Ana"}) {
		t.Errorf("the question pinged %v", question.Pinged)
	}
	contains(t, w.clicks(w.max, question, "Oui, c’est résolu"), "not allowed")
	contains(t, w.clicks(w.ana, question, "Oui, c’est résolu"), "Merci")
	closed := w.see(ch, "Ce ticket est fermé")
	w.until("the channel is read-only", func() bool { return !ch.CanSend(w.ana) && !ch.CanSend(w.max) })
	if !ch.SeenBy(w.ana) {
		t.Error("the requester can't read the closed ticket")
	}
	contains(t, w.clicks(w.ana, closed, "Rouvrir"), "de nouveau ouvert")
	w.see(ch, "Le ticket a été repris.")
	w.until("one can write again", func() bool { return ch.CanSend(w.ana) && ch.CanSend(w.max) })
	if n := count(ch, "It broke."); n != 1 {
		t.Errorf("%d cards stand in the channel", n)
	}
}

func TestDiscordDeletionsGoBothWays(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	mine, err := w.ana.Posts(ch, "oops, my password")
	ok(t, err)
	w.until("it was taken in", func() bool { return len(w.talk(v.ID)) == 3 })
	ok(t, w.ana.Deletes(mine))
	w.until("it was deleted", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: (deleted)") })

	said, err := w.services.Tickets.Reply(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, "A wrong answer")
	ok(t, err)
	w.see(ch, "A wrong answer")
	_, err = w.services.Tickets.DeleteMessage(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, said.ID)
	ok(t, err)
	w.until("it is gone", func() bool { return ch.Find("A wrong answer") == nil })

	_, err = w.services.Tickets.Reply(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, "Another answer")
	ok(t, err)
	ok(t, w.guild.Owner().Deletes(w.see(ch, "Another answer")))
	w.until("it was deleted here as well", func() bool { return slices.Contains(w.talk(v.ID), "reply/staff: (deleted)") })
}

func TestDiscordRightsFollowTheTicket(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	contains(t, w.runs(w.max, ch, "/ticket add", discordtest.Args{"member": w.zoe}), "take part")
	w.until("the participant sees the channel", func() bool { return ch.SeenBy(w.zoe) && ch.CanSend(w.zoe) })
	contains(t, w.runs(w.max, ch, "/ticket remove", discordtest.Args{"member": w.zoe}), "no longer take part")
	w.until("they don't any more", func() bool { return !ch.SeenBy(w.zoe) })
	contains(t, w.runs(w.ana, ch, "/ticket claim", nil), "pas le droit")
	contains(t, w.runs(w.ana, ch, "/ticket note", discordtest.Args{"text": "psst"}), "pas le droit")
}

func TestDiscordCommandsWorkTheTicket(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	for _, step := range []struct {
		command string
		args    discordtest.Args
		answer  string
	}{
		{"/ticket assign", discordtest.Args{"member": w.max}, "assigned"},
		{"/ticket unassign", nil, "whole team"},
		{"/ticket priority", discordtest.Args{"level": "urgent"}, "priority"},
		{"/ticket tag add", discordtest.Args{"word": "login"}, "tag was added"},
		{"/ticket pending", nil, "waits"},
		{"/ticket hold", nil, "on hold"},
		{"/ticket reopen", nil, "open again"},
		{"/ticket snooze", discordtest.Args{"for": "soon"}, "such as 30m"},
		{"/ticket snooze", discordtest.Args{"for": "2h"}, "snoozed"},
		{"/ticket info", nil, "Snoozed until"},
		{"/ticket wake", nil, "not snoozed any more"},
		{"/ticket note", discordtest.Args{"text": "A known bug"}, "Only staff"},
		{"/ticket transfer", discordtest.Args{"queue": "billing"}, "moved"},
		{"/ticket info", nil, "login"},
		{"/ticket tag remove", discordtest.Args{"word": "login"}, "removed"},
		{"/ticket close", nil, "has to be resolved first"},
		{"/ticket resolve", nil, "resolved"},
		{"/ticket close", nil, "closed"},
	} {
		contains(t, w.runs(w.max, ch, step.command, step.args), step.answer)
	}
	after := w.ticketIn(ch)
	if after.Status != ticket.Closed || after.Queue == v.Queue || after.Priority != "urgent" || len(after.Tags) != 0 {
		t.Errorf("the ticket is %+v", after.Ticket)
	}
	w.see(ch, "Urgente")
}

func TestDiscordPanelAndChoiceLeadToTheForm(t *testing.T) {
	w := newGuildWorld(t, nil)
	general := w.guild.Channel("general")
	answer := w.runs(w.guild.Owner(), general, "/setup panel", nil)
	contains(t, answer, "was guessed from names of roles")
	panel := w.see(general, "Choisissez de quoi il s’agit")
	in := w.ana.Clicks(w.ctx, panel, "Idées")
	ok(t, in.Wait(w.ctx))
	in = in.Submit(w.ctx, discordtest.Values{"subject": "Un thème sombre", "body": "S’il vous plaît"})
	_, err := in.WaitFor(w.ctx, "<#")
	ok(t, err)

	in = w.zoe.Runs(w.ctx, general, "/ticket open", nil)
	ok(t, in.Wait(w.ctx))
	in = w.zoe.Selects(w.ctx, in.Reply(), "Choose a category", "Support")
	ok(t, in.Wait(w.ctx))
	if in.Modal() == nil || in.Modal().Title != "Support" {
		t.Errorf("the choice led to %+v", in.Modal())
	}
	in = w.zoe.Completes(w.ctx, general, "/ticket open", discordtest.Args{"category": "id"}, "category")
	ok(t, in.Wait(w.ctx))
	if c := in.Choices(); len(c) != 1 || c[0].Name != "Ideas" {
		t.Errorf("offered were %+v", c)
	}
}

func TestDiscordSetupNamesTheTeam(t *testing.T) {
	w := newGuildWorld(t, nil)
	crew := w.guild.Role("Crew")
	kim := w.guild.Member("Kim", crew)
	ch := w.opens(w.ana, "Help")
	if ch.SeenBy(kim) {
		t.Error("the crew sees a ticket before it is the team")
	}
	contains(t, w.runs(w.guild.Owner(), w.guild.Channel("general"), "/setup team", discordtest.Args{"role": crew}), "now answers tickets")
	w.until("the new team sees the ticket, the guessed one doesn't", func() bool { return ch.SeenBy(kim) && !ch.SeenBy(w.max) })
	contains(t, w.runs(kim, ch, "/ticket claim", nil), "is yours now")
}

func TestDiscordTellsAMemberWhyTheirMessageIsNotTaken(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	said := len(w.talk(v.ID))
	ok(t, w.guild.Owner().SetsOverwrite(ch, discordtest.Overwrite{
		ID: w.zoe.ID(), Type: 1, Allow: discordtest.PermViewChannel | discordtest.PermSendMessages,
	}))
	_, err := w.zoe.Posts(ch, "Let me in")
	ok(t, err)
	w.see(ch, "Ce ticket n’existe pas, ou vous ne pouvez pas le voir.")
	_, err = w.zoe.Posts(ch, "Please")
	ok(t, err)
	_, err = w.ana.Posts(ch, "Who is that?")
	ok(t, err)
	w.until("the requester's is taken in", func() bool { return len(w.talk(v.ID)) == said+1 })
	if n := count(ch, "Ce ticket n’existe pas"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

func TestDiscordRebuildsAChannelThatWasDeleted(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	ok(t, w.guild.Owner().DeletesChannel(ch))
	var again *discordtest.Channel
	w.until("another channel is there", func() bool {
		again = w.guild.Channel(ch.Name())
		return again != nil && again.Exists() && again.ID() != ch.ID()
	})
	w.see(again, "Le salon de ce ticket a été supprimé")
	w.see(again, "It broke.")
	_, err := w.ana.Posts(again, "Still here")
	ok(t, err)
	w.until("it goes on there", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: Still here") })
}

func TestDiscordLeavesADeletedChannelOfAClosedTicketAlone(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.runs(w.max, ch, "/ticket resolve", nil)
	w.runs(w.max, ch, "/ticket close", nil)
	w.see(ch, "Ce ticket est fermé")
	ok(t, w.guild.Owner().DeletesChannel(ch))
	w.until("the loss is recorded", func() bool {
		s, err := w.services.Channels.Of(w.ctx, w.system(), v.ID, event.ChannelDiscord)
		return err == nil && s.State == channel.Gone
	})
	_, err := w.adapter.Sync(w.ctx, w.workspaceCache, v.ID)
	ok(t, err)
	if w.guild.Channel(ch.Name()) != nil {
		t.Error("a closed ticket got a channel again")
	}
}
