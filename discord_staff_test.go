package main_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// staffRoom is a channel that the team and the bot see alone.
func (w *guildWorld) staffRoom(name string) *discordtest.Channel {
	return w.guild.Text(name, nil, w.staffs()...)
}

// staffs lets the team and the bot see a channel alone.
func (w *guildWorld) staffs() []discordtest.Overwrite {
	const talk = discordtest.PermViewChannel | discordtest.PermSendMessages | discordtest.PermReadHistory | discordtest.PermEmbedLinks
	return []discordtest.Overwrite{
		{ID: w.guild.ID(), Deny: discordtest.PermViewChannel}, {ID: w.support.ID(), Allow: talk}, {ID: w.guild.Bot().ID(), Type: 1, Allow: talk},
	}
}

// alerts lets staff be alerted of tickets that are not answered within an hour.
func (w *guildWorld) alerts() {
	w.t.Helper()
	promises := sla.NewService(w.store.Hours(), w.store.Queues(), w.store.Categories(), w.store.IDs())
	_, err := promises.ChangePolicy(w.ctx, w.system(), sla.Policy{}, func(p *sla.Policy) {
		p.Name = "All"
		p.Promises = []sla.Promise{{Target: sla.FirstReply, Within: time.Hour, Steps: []sla.Step{{Action: sla.Alert, Text: "Somebody waits."}}}}
	})
	ok(w.t, err)
}

// Alerts are told where the team reads, and ping who has the ticket, or else the team.
func TestDiscordTellsStaffOfAlerts(t *testing.T) {
	w := newGuildWorld(t, nil)
	olga, general, room := w.guild.Owner(), w.guild.Channel("general"), w.staffRoom("staff-room")
	contains(t, w.runs(olga, general, "/setup staff", nil), "Everybody can read this channel")
	contains(t, w.runs(olga, room, "/setup staff", nil), "Staff is told")
	w.alerts()
	nobodys := w.opens(w.ana, "Nobody’s [oven]")
	w.later(time.Hour + time.Second)
	told := w.see(room, "Somebody waits.")
	if text := told.Text(); strings.Join(told.Pinged, " ") != "Max" || !strings.Contains(text, "Nobody’s") || !strings.Contains(text, nobodys.ID().String()) {
		t.Errorf("the alert pings %q and says %q", told.Pinged, text)
	}
	for _, m := range nobodys.Messages() {
		if strings.Contains(m.Text(), "Somebody waits.") {
			t.Errorf("the requester reads %q", m.Text())
		}
	}
	contains(t, w.runs(olga, room, "/setup staff", discordtest.Args{"state": "off"}), "not told")
	w.opens(w.ana, "Another")
	w.later(time.Hour + time.Second)
	w.done()
	if n := len(room.Messages()); n != 1 {
		t.Errorf("%d messages stand in the room, want 1", n)
	}
}

// done waits until staff was told of all.
func (w *guildWorld) done() {
	w.t.Helper()
	w.until("the work is done", func() bool {
		_, pending, err := w.store.NextDue(w.ctx, "discord-staff")
		return err == nil && !pending
	})
}

// waits waits until staff could not be told of something, which waits.
func (w *guildWorld) waits() {
	w.t.Helper()
	w.until("it waits", func() bool {
		due, pending, err := w.store.NextDue(w.ctx, "discord-staff")
		return err == nil && pending && time.Until(due) > 5*time.Minute
	})
}

// Staff's matters are told nowhere where others read: neither in a ticket's place, nor
// where everybody reads, though they cannot write.
func TestDiscordTellsStaffNothingWhereOthersRead(t *testing.T) {
	w := newGuildWorld(t, nil)
	olga, everybody := w.guild.Owner(), w.guild.ID()
	of := w.opens(w.ana, "Lamp")
	contains(t, w.runs(olga, of, "/setup staff", nil), "place of tickets")
	news := w.guild.Text("announcements", nil, discordtest.Overwrite{ID: everybody, Deny: discordtest.PermSendInThreads | discordtest.PermSendMessages})
	contains(t, w.runs(olga, news, "/setup staff", nil), "Everybody can read this channel")
	w.guild.GivesEveryone(discordtest.DefaultPermissions &^ discordtest.PermViewChannel)
	shown := w.guild.Text("shown", nil, discordtest.Overwrite{ID: everybody, Allow: discordtest.PermViewChannel})
	contains(t, w.runs(olga, shown, "/setup staff", nil), "Everybody can read this channel")
	contains(t, w.runs(olga, w.guild.Channel("general"), "/setup staff", nil), "Staff is told")
}

// In a channel that is opened to everybody after it was named nothing is told until only
// staff reads it again.
func TestDiscordTellsStaffNothingWhereOthersReadByNow(t *testing.T) {
	w := newGuildWorld(t, nil)
	olga, room := w.guild.Owner(), w.staffRoom("staff-room")
	contains(t, w.runs(olga, room, "/setup staff", nil), "Staff is told")
	w.alerts()
	w.opens(w.ana, "Lamp")
	ok(t, olga.SetsOverwrite(room, discordtest.Overwrite{ID: w.guild.ID(), Allow: discordtest.PermViewChannel}))
	w.later(time.Hour + time.Second)
	w.waits()
	if n := len(room.Messages()); n != 0 {
		t.Errorf("everybody reads %d messages of staff", n)
	}
	w.reported("staff_rooms", false)
	ok(t, olga.SetsOverwrite(room, discordtest.Overwrite{ID: w.guild.ID(), Deny: discordtest.PermViewChannel}))
	w.see(room, "Lamp")
	w.done()
	w.reported("staff_rooms", true)
}

// digests lets the tickets of the first category come in digests; what it gives says on
// which day of the week, and whether they ping, and gives when the next one is due.
func (w *guildWorld) digests() (plan func(day time.Weekday, calls bool) time.Time) {
	w.t.Helper()
	cats, err := w.services.Categories.List(w.ctx, w.system(), false)
	ok(w.t, err)
	calm := *cats[0]
	calm.Intent = category.NonUrgent
	_, err = w.services.Categories.Save(w.ctx, w.system(), calm)
	ok(w.t, err)
	return func(day time.Weekday, calls bool) time.Time {
		w.t.Helper()
		p, err := w.services.Digests.Change(w.ctx, w.system(), digest.Plan{Queue: calm.Queue}, func(s *digest.Schedule) {
			*s = digest.Schedule{Zone: "UTC", Moments: []digest.Moment{{Day: day, Minute: 540}}, Calls: calls}
		})
		ok(w.t, err)
		return p.DueAt
	}
}

// What is not urgent pings nobody and comes in a digest, in the room of its queue.
func TestDiscordTellsStaffOfDigests(t *testing.T) {
	w := newGuildWorld(t, nil)
	olga, room, billing := w.guild.Owner(), w.staffRoom("staff-room"), w.staffRoom("billing-room")
	contains(t, w.runs(olga, room, "/setup staff", nil), "Staff is told")
	contains(t, w.runs(olga, billing, "/setup staff", discordtest.Args{"queue": "Billing"}), "Staff is told")
	plan := w.digests()
	first, second := w.opens(w.ana, "Lamp"), w.opens(w.ana, "Chair")
	due := plan(time.Monday, false)
	ok(t, w.services.Digests.Tick(w.ctx, due))
	ok(t, w.services.Digests.Tick(w.ctx, due.AddDate(0, 0, 1)))
	told := w.see(room, "2 tickets ")
	if text := told.Text(); len(told.Pinged) != 0 || !strings.Contains(text, first.ID().String()) || !strings.Contains(text, second.ID().String()) {
		t.Errorf("the digest pings %q and says %q", told.Pinged, text)
	}
	contains(t, w.runs(w.max, first, "/ticket resolve", nil), "")
	ok(t, w.services.Digests.Tick(w.ctx, plan(time.Tuesday, true).AddDate(0, 0, 7)))
	if told := w.see(room, "1 ticket attend dans Support"); strings.Join(told.Pinged, " ") != "Max" {
		t.Errorf("a digest that is to ping the team pings %q", told.Pinged)
	}
	if n := len(room.Messages()) + len(billing.Messages()); n != 2 {
		t.Errorf("%d digests stand in the rooms, want 2", n)
	}
}

// What staff was told already is not told again because its words would be others now.
func TestDiscordTellsStaffOnceThoughItsWordsChange(t *testing.T) {
	w := newGuildWorld(t, nil)
	room := w.staffRoom("staff-room")
	contains(t, w.runs(w.guild.Owner(), room, "/setup staff", nil), "Staff is told")
	w.alerts()
	w.opens(w.ana, "Chair")
	c := w.as(w.ana)
	c.Now, c.Origin = c.Now.Add(-2*time.Hour), event.Origin{Channel: event.ChannelDiscord, ExternalID: "interaction:1"}
	all, err := w.services.Categories.List(w.ctx, c, false)
	ok(t, err)
	v, err := w.services.Tickets.Open(w.ctx, c, ticket.OpenInput{
		Category: all[0].ID, Answers: category.Texts(map[string]string{"subject": "Lamp", "body": "It broke."}),
	})
	ok(t, err)
	path := "/channels/" + room.ID().String() + "/messages"
	lost := w.discord.Fail(discordtest.On("POST", path), discordtest.Drop(discordtest.After))
	looks := w.discord.FailTimes(discordtest.On("GET", path), discordtest.FailBefore(500), 1000)
	w.later(0)
	w.until("it is tried again", func() bool { return lost.Hits() == 1 && looks.Hits() > 0 })
	_, err = w.services.Tickets.Claim(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID})
	ok(t, err)
	looks.Disarm()
	w.done()
	if n := w.discord.Count(discordtest.On("POST", path)); n != 1 {
		t.Errorf("it was posted %d times", n)
	}
	w.see(room, "Somebody waits.")
}

// Where the bot may not write it does not try on and on: what is to be done is told, and
// when it is done, staff is told once of what waited, and of what comes then. Of what was
// done meanwhile nobody is alerted any more.
func TestDiscordSaysThatStaffCannotBeTold(t *testing.T) {
	w := newGuildWorld(t, nil)
	olga, room := w.guild.Owner(), w.staffRoom("staff-room")
	contains(t, w.runs(olga, room, "/setup staff", nil), "Staff is told")
	w.alerts()
	w.opens(w.ana, "Lamp")
	solved := w.opens(w.ana, "Table")
	const lacks = discordtest.PermViewChannel | discordtest.PermReadHistory | discordtest.PermEmbedLinks
	bot := discordtest.Overwrite{ID: w.guild.Bot().ID(), Type: 1, Allow: lacks, Deny: discordtest.PermSendMessages}
	ok(t, olga.SetsOverwrite(room, bot))
	w.reported("staff_rooms", false)
	w.later(time.Hour + time.Second)
	w.waits()
	path := "/channels/" + room.ID().String() + "/messages"
	if n := w.discord.Count(discordtest.On("", path)); n != 0 {
		t.Errorf("it was tried %d times", n)
	}
	contains(t, w.runs(w.max, solved, "/ticket resolve", nil), "")
	contains(t, w.runs(olga, w.guild.Channel("general"), "/setup status", nil), "Where staff is told")
	contains(t, w.runs(olga, room, "/setup staff", nil), "Where staff is told")
	bot.Allow, bot.Deny = bot.Allow|discordtest.PermSendMessages, 0
	ok(t, olga.SetsOverwrite(room, bot))
	w.reported("staff_rooms", true)
	w.see(room, "Lamp")
	w.opens(w.ana, "Chair")
	w.later(time.Hour + time.Second)
	w.see(room, "Chair")
	w.done()
	if n := len(room.Messages()); n != 2 {
		t.Errorf("%d alerts stand in the room, want those of the lamp and of the chair", n)
	}
}

// What waits is told where staff is told from now on.
func TestDiscordTellsStaffInAnotherRoomWhatWaits(t *testing.T) {
	w := newGuildWorld(t, nil)
	olga, room, other := w.guild.Owner(), w.staffRoom("staff-room"), w.staffRoom("other-room")
	contains(t, w.runs(olga, room, "/setup staff", nil), "Staff is told")
	w.alerts()
	w.opens(w.ana, "Lamp")
	ok(t, olga.DeletesChannel(room))
	w.later(time.Hour + time.Second)
	w.waits()
	contains(t, w.runs(olga, other, "/setup staff", nil), "Staff is told")
	w.see(other, "Lamp")
	w.done()
	w.reported("staff_rooms", true)
}

// A room that the API named is judged like any other, a moment later; one that is not in
// the workspace's guild is told nothing.
func TestDiscordTellsStaffWhereTheAPISays(t *testing.T) {
	w := newGuildWorld(t, nil)
	room := w.staffRoom("staff-room")
	elsewhere := w.discord.Guild("Other").Text("others", nil)
	sets := func(room string) {
		t.Helper()
		ok(t, w.services.Channels.SetDesk(w.ctx, w.system(), channel.Desk{Channel: event.ChannelDiscord, ExternalID: room}))
	}
	forum, group := w.guild.Forum("forum", nil), w.guild.Category("group", w.staffs()...)
	for _, o := range w.staffs() {
		ok(t, w.guild.Owner().SetsOverwrite(forum, o))
	}
	for _, wrong := range []string{forum.ID().String(), group.ID().String(), w.guild.Channel("general").ID().String(), "1", "no room", elsewhere.ID().String()} {
		sets(room.ID().String())
		w.reported("staff_rooms", true)
		sets(wrong)
		w.reported("staff_rooms", false)
	}
	w.alerts()
	w.opens(w.ana, "Lamp")
	w.later(time.Hour + time.Second)
	w.waits()
	sets(room.ID().String())
	w.see(room, "Lamp")
	w.done()
	if n := len(elsewhere.Messages()); n != 0 {
		t.Errorf("another guild reads %d messages of staff", n)
	}
}

// A refusal that nobody could foresee lets it wait as well, and is reported. Once
// something else can be told there, what waits can.
func TestDiscordTellsStaffAgainWhatWasRefused(t *testing.T) {
	w := newGuildWorld(t, nil)
	room := w.staffRoom("staff-room")
	contains(t, w.runs(w.guild.Owner(), room, "/setup staff", nil), "Staff is told")
	w.alerts()
	w.opens(w.ana, "Lamp")
	post := discordtest.On("POST", "/channels/"+room.ID().String()+"/messages")
	w.discord.Fail(post, discordtest.Refuse(403, 50013, "Missing Permissions"))
	w.later(time.Hour + time.Second)
	w.waits()
	w.reported("staff_rooms", false)
	if n := w.discord.Count(post); n != 1 {
		t.Errorf("it was tried %d times", n)
	}
	w.opens(w.ana, "Chair")
	w.later(time.Hour + time.Second)
	w.see(room, "Chair")
	w.see(room, "Lamp")
	w.done()
	w.reported("staff_rooms", true)
}
