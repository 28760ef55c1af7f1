package discord_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func TestRightsChangeWithoutTouchingWhatIsRight(t *testing.T) {
	d := newDesk(t)
	d.sync()
	ch := d.place()
	if !ch.SeenBy(d.max) || !ch.CanSend(d.ana) {
		t.Errorf("the channel is seen by %v", ch.Viewers())
	}
	d.status(ticket.Resolved)
	d.sync()
	puts := d.discord.Count(discordtest.On("PUT", "/channels/**"))
	d.status(ticket.Closed)
	d.sync()
	if ch.CanSend(d.ana) || ch.CanSend(d.max) || !ch.SeenBy(d.ana) {
		t.Error("the closed ticket's channel is not read-only")
	}
	if n := d.discord.Count(discordtest.On("PUT", "/channels/**")) - puts; n != 2 {
		t.Errorf("%d overwrites were set", n)
	}
	d.facts.Roles = nil
	d.sync()
	if ch.SeenBy(d.max) {
		t.Error("a role that is no team's any more sees the channel")
	}
}

func TestANameThatMayNotChangeYetHoldsUpNothing(t *testing.T) {
	d := newDesk(t)
	d.sync()
	d.facts.Ticket.Subject = "Second name"
	d.sync()
	d.facts.Ticket.Subject = "Third name"
	d.sync()
	d.facts.Ticket.Subject = "Fourth name"
	d.status(ticket.Closed)
	d.says("news")
	out := d.sync()
	if wait := out.Again.Sub(d.clock()); wait <= time.Minute || wait > 10*time.Minute {
		t.Errorf("it is tried again in %v", wait)
	}
	ch := d.place()
	if ch.CanSend(d.ana) || ch.Find("news") == nil || ch.Name() != "3-third-name" {
		t.Errorf("%q: rights or messages waited for the name", ch.Name())
	}
	d.facts.Ticket.Subject = "Fifth name"
	d.forward(out.Again.Sub(d.clock()))
	if out := d.sync(); !out.Again.IsZero() || ch.Name() != "3-fifth-name" {
		t.Errorf("%q, again %v", ch.Name(), out.Again)
	}
}

func TestALostChannelIsBuiltAgain(t *testing.T) {
	d := newDesk(t)
	d.says("said before")
	d.sync()
	first := d.place()
	must(t, d.guild.Owner().DeletesChannel(first))
	d.says("said after")
	d.sync()
	if d.surface.State != channel.Gone || d.surface.ExternalID != "" {
		t.Errorf("the loss is recorded as %+v", d.surface)
	}
	d.forward(time.Second)
	d.discord.Fail(toMessages, discordtest.FailAfter(502)) // of the marker
	d.retry()
	got := d.reads()
	if len(got) != 3 || !strings.HasPrefix(got[0], "The channel of this ticket was deleted") || got[2] != "said after" {
		t.Errorf("there stands %q", got)
	}
	if d.surface.State != channel.Ready {
		t.Errorf("%+v", d.surface)
	}
}

func TestAFullGuildIsWaitedFor(t *testing.T) {
	d := newDesk(t)
	hidden := discordtest.Overwrite{ID: d.guild.ID(), Deny: discordtest.PermViewChannel}
	must(t, d.guild.Owner().SetsOverwrite(d.guild.Channel("general"), hidden)) // so that no thread can be made there
	full := d.discord.FailTimes(toChannels, discordtest.Refuse(400, 30013, "Maximum number of server channels reached (500)"), 2)
	out := d.sync()
	if d.surface.State != channel.Waiting || d.surface.Detail != "discord.waiting.channels" || out.Again.Sub(d.clock()) < time.Minute {
		t.Errorf("%+v again %v", d.surface, out.Again)
	}
	full.Disarm()
	d.sync()
	if d.surface.State != channel.Ready || d.surface.Detail != "" {
		t.Errorf("%+v", d.surface)
	}
}

// Whatever the bot lacks, no channel is made that others can look into.
func TestNoChannelIsMadeThatWouldStandOpen(t *testing.T) {
	const all = discordtest.BotPermissions
	for name, lacks := range map[string]discordtest.Permission{
		"View Channel": discordtest.PermViewChannel, "Manage Channels": discordtest.PermManageChannels,
		"Manage Roles": discordtest.PermManageRoles, "Send Messages": discordtest.PermSendMessages,
	} {
		d := newDesk(t)
		d.guild.GivesEveryone(discordtest.DefaultPermissions &^ lacks)
		d.guild.GiveBot(all &^ lacks)
		out := d.sync()
		if d.surface.State != channel.Blocked || d.surface.Detail != "discord.blocked.permission" || out.Again.IsZero() {
			t.Errorf("without %s: %+v", name, d.surface)
		}
		if n := d.discord.Count(toChannels); n != 0 {
			t.Errorf("without %s %d channels were made", name, n)
		}
		d.guild.GiveBot(all)
		d.sync()
		if ch := d.place(); !ch.SeenBy(d.ana) || ch.SeenBy(d.guild.Member("Zoe")) {
			t.Errorf("after %s was given the channel is seen by %v", name, ch.Viewers())
		}
	}
}

func TestRightsAreNotChangedByHalves(t *testing.T) {
	d := newDesk(t)
	d.sync()
	d.guild.GiveBot(discordtest.DefaultPermissions)
	d.facts.Roles = nil
	d.forward(time.Minute)
	before := len(d.discord.Requests())
	d.sync()
	for _, r := range d.discord.Requests()[before:] {
		if r.Method != "GET" {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
	if d.surface.State != channel.Blocked || d.place().SeenBy(d.guild.Member("Zoe")) {
		t.Errorf("%+v", d.surface)
	}
}
