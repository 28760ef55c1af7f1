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
