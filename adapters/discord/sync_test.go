package discord_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord"
	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

var (
	toMessages = discordtest.On("POST", "/channels/*/messages")
	toChannels = discordtest.On("POST", "/guilds/*/channels")
)

func TestSyncDoesNothingTwice(t *testing.T) {
	d := newDesk(t)
	d.says("hello")
	d.sync()
	before, saves := len(d.discord.Requests()), d.saves
	d.sync()
	changed := 0
	for _, r := range d.discord.Requests()[before:] {
		if r.Method != "GET" {
			changed++
		}
	}
	if changed != 0 || d.saves != saves {
		t.Errorf("%d requests and %d records where nothing was to be done", changed, d.saves-saves)
	}
}

func TestHandleKeepsTheCursor(t *testing.T) {
	d := newDesk(t)
	claim := job.Claim{Key: job.Key{Consumer: discord.Consumer, Key: theTicket.String(), Workspace: theWorkspace}, Cursor: 7}
	out, err := d.adapter.Handle(t.Context(), claim)
	if err != nil || out.Cursor != 7 || !out.Again.IsZero() {
		t.Errorf("%+v %v", out, err)
	}
	claim.Key.Key = "nonsense"
	if _, err := d.adapter.Handle(t.Context(), claim); err == nil {
		t.Error("a key that is none is worked on")
	}
}

func TestSyncLeavesOtherChannelsTicketsAlone(t *testing.T) {
	d := newDesk(t)
	d.facts.Ticket.Channel = event.ChannelAPI
	d.sync()
	d.facts.Ticket.Channel, d.facts.Place = event.ChannelDiscord, ""
	d.sync()
	d.facts.Place = d.guild.ID().String()
	d.status(ticket.Closed)
	d.sync()
	if n := d.discord.Count(toChannels); n != 0 {
		t.Errorf("%d channels were made", n)
	}
}

func TestPostsKeepTheirOrder(t *testing.T) {
	d := newDesk(t)
	var want []string
	for i := range 7 {
		want = append(want, d.says(fmt.Sprintf("message %d", i)).Body)
	}
	d.sync()
	d.expect(want...)
}

func TestEqualMessagesAreTwo(t *testing.T) {
	for _, fault := range []discordtest.Fault{discordtest.FailAfter(502), discordtest.FailBefore(502)} {
		d := newDesk(t)
		d.says("ok")
		d.sync()
		d.says("ok")
		d.discord.Fail(toMessages, fault)
		d.retry()
		d.expect("ok", "ok")
	}
}

// Discord forgets nonces after minutes: only the channel itself tells then.
func TestAPostIsFoundLongAfterItsAnswerWasLost(t *testing.T) {
	d := newDesk(t)
	d.sync()
	d.says("the answer")
	d.discord.Fail(toMessages, discordtest.FailAfter(502))
	if _, err := d.adapter.Sync(t.Context(), theWorkspace, theTicket); err == nil {
		t.Fatal("a lost answer is taken for success")
	}
	d.forward(time.Hour)
	for i := range 130 { // more than a page of history behind it
		_, err := d.ana.Posts(d.place(), fmt.Sprintf("talk %d", i))
		must(t, err)
	}
	d.sync()
	n := 0
	for _, s := range d.reads() {
		if s == "the answer" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("it stands there %d times", n)
	}
}

// A crash between a request and its record, at every record there is.
func TestNothingIsDoubledWhereverARecordGetsLost(t *testing.T) {
	day := func(d *desk, step func()) {
		d.says(strings.Repeat("a long text ", 500))
		step()
		d.says("short")
		d.messages[0].Body, d.messages[0].Version = "changed", 2
		step()
		d.status(ticket.Resolved)
		step()
		d.status(ticket.Open)
		step()
		d.messages[1].DeletedAt = d.clock()
		step()
	}
	calm := newDesk(t)
	day(calm, func() { calm.sync() })
	want := calm.reads()
	for at := 1; at <= calm.saves; at++ {
		d := newDesk(t)
		d.forgetSave = at
		day(d, func() { d.retry() })
		if got := d.reads(); !slices.Equal(got, want) {
			t.Errorf("without record %d there stands %q, want %q", at, got, want)
		}
		if n := len(d.guild.Channels()); n != len(calm.guild.Channels()) {
			t.Errorf("without record %d there are %d channels", at, n)
		}
	}
	t.Logf("%d records", calm.saves)
}

func TestLongTextsGrowAndShrink(t *testing.T) {
	d := newDesk(t)
	m := d.says(strings.Repeat("word ", 1500))
	d.sync()
	if n := len(d.reads()); n != 2 {
		t.Errorf("%d parts", n)
	}
	m.Body, m.Version = strings.Repeat("word ", 2000), 2
	d.sync()
	if got := strings.Join(d.reads(), " "); strings.Count(got, "word") != 2000 {
		t.Errorf("%d words stand there", strings.Count(got, "word"))
	}
	m.Body, m.Version = "few", 3
	d.sync()
	d.expect("few")
	m.DeletedAt = d.clock()
	d.sync()
	d.expect()
}

func TestAPostThatSomebodyDeletedStaysAway(t *testing.T) {
	d := newDesk(t)
	m := d.says("hello")
	d.sync()
	must(t, d.guild.Owner().Deletes(d.place().Find("hello")))
	m.Body, m.Version = "hello again", 2
	d.sync()
	d.expect()
	m.DeletedAt = d.clock()
	d.sync()
}

func TestNoticeIsOneForEachEnd(t *testing.T) {
	d := newDesk(t)
	d.sync()
	asks, closed, again := "<@"+d.ana.ID().String()+"> your request was marked as resolved. Is it solved?",
		"This ticket is closed. Nobody can write here any more; if something is still open, reopen it.", "The ticket was taken up again."
	d.status(ticket.Resolved)
	d.sync()
	d.expect(asks)
	d.status(ticket.Closed)
	d.sync()
	d.expect(closed)
	d.status(ticket.Open)
	d.sync()
	d.expect(again)
	d.sync()
	d.status(ticket.Resolved)
	d.sync()
	d.expect(again, asks)
	must(t, d.guild.Owner().Deletes(d.place().Find("Is it solved?")))
	d.status(ticket.Closed)
	d.sync()
	d.expect(again, closed)
	if p := d.place().Find("closed").Pinged; len(p) != 0 {
		t.Errorf("%v were pinged", p)
	}
}

func TestCardFollowsTheTicket(t *testing.T) {
	d := newDesk(t)
	d.messages = []*ticket.Message{{ID: 1, Body: strings.Repeat("asked ", 1200), Version: 1, Channel: event.ChannelDiscord, ExternalID: "interaction:1"}}
	d.sync()
	all := d.place().Messages()
	if len(all) != 2 || !strings.Contains(all[0].Text(), "New") {
		t.Fatalf("%d messages", len(all))
	}
	d.status(ticket.Pending)
	d.messages[0].Body = "asked briefly"
	d.sync()
	all = d.place().Messages()
	if len(all) != 1 || !strings.Contains(all[0].Text(), "Waiting for the member") || !strings.Contains(all[0].Text(), "asked briefly") {
		t.Errorf("%d messages: %s", len(all), all[0].Text())
	}
	must(t, d.guild.Owner().Deletes(all[0]))
	d.status(ticket.Open)
	d.forward(time.Second)
	d.sync()
	if got := d.place().Messages(); len(got) != 1 || got[0].ID == all[0].ID {
		t.Errorf("%d cards", len(got))
	}
}

func TestACardOfWhichAPartIsLostBecomesWhole(t *testing.T) {
	d := newDesk(t)
	d.messages = []*ticket.Message{{ID: 1, Body: strings.Repeat("asked ", 1200), Version: 1, Channel: event.ChannelDiscord, ExternalID: "interaction:1"}}
	d.sync()
	texts := func() (list []string) {
		for _, m := range d.place().Messages() {
			list = append(list, m.Text())
		}
		return list
	}
	whole := texts()
	first, second := d.place().Messages()[0], d.place().Messages()[1]
	must(t, d.guild.Owner().Deletes(first))
	d.surface.CardID = second.ID.String()
	d.sync()
	if got := texts(); !slices.Equal(got, whole) {
		t.Errorf("there stands %q, want %q", got, whole)
	}
}

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
	full := d.discord.FailTimes(toChannels, discordtest.Refuse(400, 30013, "Maximum number of server channels reached (500)"), 2)
	out := d.sync()
	if d.surface.State != channel.Blocked || d.surface.Detail != "discord.blocked.full" || out.Again.Sub(d.clock()) < time.Minute {
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

func TestLimitsAreWaitedFor(t *testing.T) {
	d := newDesk(t)
	d.sync()
	d.says("hello")
	d.discord.Fail(toMessages, discordtest.RateLimited(discordtest.ScopeGlobal, 30*time.Second))
	if out := d.sync(); out.Again.Sub(d.clock()) < 29*time.Second {
		t.Errorf("it is tried again in %v", out.Again.Sub(d.clock()))
	}
	if d.surface.Intent.Step != "" {
		t.Errorf("what was refused stays intended: %+v", d.surface.Intent)
	}
}

func TestAFailureIsForTheCallerToTryAgain(t *testing.T) {
	d := newDesk(t)
	d.discord.Fail(discordtest.Any, discordtest.FailBefore(500))
	if _, err := d.adapter.Sync(t.Context(), theWorkspace, theTicket); err == nil {
		t.Error("a failure is taken for success")
	}
	d.discord.Fail(discordtest.Any, discordtest.Unauthorized())
	if _, err := d.adapter.Sync(t.Context(), theWorkspace, theTicket); err == nil {
		t.Error("a refused token is taken for success")
	}
	d.sync()
}

func TestWhoIsNotThereNeedsNoRights(t *testing.T) {
	d := newDesk(t)
	d.facts.Roles = append(d.facts.Roles, "123456789012345678")
	d.facts.Participants = []channel.Person{{Member: d.facts.Requester.Member, ExternalID: "223456789012345678"}}
	d.sync()
	if ch := d.place(); !ch.SeenBy(d.ana) || !ch.SeenBy(d.max) {
		t.Errorf("the channel is seen by %v", ch.Viewers())
	}
}

func TestEverySendSaysWhomItMayPing(t *testing.T) {
	d := newDesk(t)
	d.says("@everyone <@" + d.max.ID().String() + "> hello")
	d.sync()
	d.status(ticket.Resolved)
	d.sync()
	for _, r := range d.discord.Requests() {
		if toMessages(r) && !strings.Contains(string(r.Body), `"allowed_mentions":{"parse":[]`) {
			t.Errorf("%s", r.Body)
		}
	}
	for _, m := range d.place().Messages() {
		if slices.Contains(m.Pinged, "Max") {
			t.Errorf("%q pinged somebody", m.Text())
		}
	}
}
