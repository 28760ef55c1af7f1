package main_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// owner is a call of the guild's owner through the API.
func (w *guildWorld) owner() access.Call {
	w.t.Helper()
	w.runs(w.guild.Owner(), w.guild.Channel("general"), "/ticket info", nil) // becomes known
	return w.as(w.guild.Owner())
}

// unlinks takes the link of a guild to the workspace away.
func (w *guildWorld) unlinks(c access.Call, guild *discordtest.Guild) {
	w.t.Helper()
	_, err := w.services.Workspaces.Unlink(w.ctx, c, 0, event.ChannelDiscord, guild.ID().String())
	ok(w.t, err)
}

// links links a guild to the workspace by a code that its owner types there.
func (w *guildWorld) links(c access.Call, guild *discordtest.Guild) {
	w.t.Helper()
	made, err := w.services.Workspaces.CreateLinkCode(w.ctx, c, event.ChannelDiscord)
	ok(w.t, err)
	contains(w.t, w.runs(guild.Owner(), guild.Channel("general"), "/setup link", discordtest.Args{"code": made.Code}), "Acme")
	w.until("the guild is linked", func() bool { return w.workspaceOf(guild) == c.Actor.Workspace })
	w.toldOf(c.Actor.Member, "changed workspace channel[api]→[discord] linkedBy[]→[discord:"+guild.Owner().ID().String()+"] links[]→[discord:"+guild.ID().String()+"]")
}

// workspaceOf gives the workspace that a guild is linked to; 0: none.
func (w *guildWorld) workspaceOf(guild *discordtest.Guild) id.Workspace {
	w.t.Helper()
	found, err := w.services.Workspaces.ByPlace(w.ctx, event.ChannelDiscord, guild.ID().String())
	if fault.CodeOf(err) == fault.NotFound {
		return 0
	}
	ok(w.t, err)
	return found.ID
}

// unlinkedFrom waits until a ticket's channel is the ticket's no more.
func (w *guildWorld) unlinkedFrom(v *ticket.View, ch *discordtest.Channel) {
	w.t.Helper()
	w.until("the ticket has left its channel", func() bool {
		lost := told[event.SurfaceLost](w, v.ID)
		return len(lost) == 1 && lost[0].Outcome == event.Unlinked && lost[0].Place == ch.ID().String() &&
			w.surfaceOf(v.ID).ExternalID != ch.ID().String()
	})
}

// A guild that is unlinked keeps its channels, in which nobody writes any more; the
// tickets go on, whole. No start links it again, but a code does.
func TestDiscordPartsWithAGuildThatIsUnlinked(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		w := newGuildWorldOn(t, url, 2*patience, nil)
		ch := w.opens(w.ana, "Help")
		v, owner := w.ticketIn(ch), w.owner()
		_, err := w.ana.Posts(ch, "Before")
		ok(t, err)
		w.unlinks(owner, w.guild)
		w.see(ch, "n’est plus relié")
		w.unlinkedFrom(v, ch)
		if !slices.Contains(w.talk(v.ID), "reply/requester: Before") || !ch.SeenBy(w.ana) || ch.CanSend(w.ana) || ch.CanSend(w.max) {
			t.Errorf("said: %q; in the channel writes Ana %t, Max %t", w.talk(v.ID), ch.CanSend(w.ana), ch.CanSend(w.max))
		}
		if s := w.surfaceOf(v.ID); s.State != channel.Unlinked || s.ExternalID != "" {
			t.Errorf("its place is %+v", s)
		}
		_, err = w.guild.Owner().Posts(ch, "Is that heard?")
		ok(t, err)
		contains(t, w.runs(w.ana, w.guild.Channel("general"), "/ticket info", nil), "qui utilise ce service")
		w.stop()
		w.start()
		w.until("the guild is announced", func() bool { return w.log.has("was unlinked from its workspace") })
		if all, err := w.services.Workspaces.All(w.ctx); err != nil || len(all) != 1 || w.workspaceOf(w.guild) != 0 || all[0].Channel != event.ChannelAPI {
			t.Fatalf("the workspaces are %+v, %v", all, err)
		}
		_, err = w.services.Tickets.Reply(w.ctx, owner, refOf(v), "Meanwhile.")
		ok(t, err)

		w.links(owner, w.guild)
		w.until("the ticket has a channel again", func() bool { return w.isQuiet(v) && w.surfaceOf(v.ID).ExternalID != "" })
		again := w.goesOnIn(v)
		w.see(again, "il continue donc ici")
		w.see(again, "Meanwhile.")
		_, err = w.ana.Posts(again, "Here I am")
		ok(t, err)
		w.until("it is heard", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: Here I am") })
		if said := w.talk(v.ID); slices.Contains(said, "reply/team: Is that heard?") || again.ID() == ch.ID() {
			t.Errorf("said: %q", said)
		}
	})
}

func (w *guildWorld) goesOnIn(v *ticket.View) *discordtest.Channel {
	w.t.Helper()
	place := w.surfaceOf(v.ID).ExternalID
	for _, g := range w.discord.Guilds() {
		for _, ch := range g.Channels() {
			if ch.ID().String() == place {
				return ch
			}
		}
	}
	w.t.Fatalf("there is no channel %q", place)
	return nil
}

// A helpdesk that moves to another guild is told to leave the one that it has first;
// then its tickets go on there, with the staff of there.
func TestDiscordMovesToAnotherGuild(t *testing.T) {
	w := newGuildWorldOn(t, sqlstoretest.SQLite(t), 2*patience, nil)
	ch := w.opens(w.ana, "Help")
	v, owner := w.ticketIn(ch), w.owner()
	second := w.discord.Guild("Second", discordtest.WithLocale("fr"))
	second.Join(w.ana)
	mia := second.Member("Mia", second.Role("Support"))
	second.AddBot()
	w.until("it has a workspace of its own", func() bool { return w.workspaceOf(second) != 0 })
	made, err := w.services.Workspaces.CreateLinkCode(w.ctx, owner, event.ChannelDiscord)
	ok(t, err)
	code := discordtest.Args{"code": made.Code}
	contains(t, w.runs(second.Owner(), second.Channel("general"), "/setup link", code), "already linked to another server")
	w.runs(w.max, ch, "/ticket claim", nil)
	w.quiet(v)
	if w.surfaceOf(v.ID).ExternalID != ch.ID().String() || len(told[event.SurfaceLost](w, v.ID)) != 0 || w.roleOf(w.max) != "agent" || w.workspaceOf(second) == owner.Actor.Workspace {
		t.Errorf("what was refused changed something: %+v", w.surfaceOf(v.ID))
	}

	w.unlinks(owner, w.guild)
	contains(t, w.runs(second.Owner(), second.Channel("general"), "/setup link", code), "Acme")
	w.unlinkedFrom(v, ch)
	w.until("the ticket has a channel again", func() bool { return w.isQuiet(v) && w.surfaceOf(v.ID).ExternalID != "" })
	there := w.goesOnIn(v)
	w.see(there, "il continue donc ici")
	w.until("staff of there works it", func() bool { return w.roleOf(mia) == "agent" && there.SeenBy(mia) })
	if !slices.ContainsFunc(second.Channels(), func(c *discordtest.Channel) bool { return c.ID() == there.ID() }) || w.roleOf(w.max) != "requester" {
		t.Errorf("the ticket goes on in %s, and Max is %s", there.Name(), w.roleOf(w.max))
	}
	contains(t, w.runs(mia, there, "/ticket claim", nil), "is yours now")
}

// Where the bot may do nothing any more, the ticket leaves all the same.
func TestDiscordPartsWithAGuildThatSentTheBotAway(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v, owner := w.ticketIn(ch), w.owner()
	w.guild.KickBot()
	w.unlinks(owner, w.guild)
	w.unlinkedFrom(v, ch)
	now, err := w.services.Tickets.Get(w.ctx, w.system(), v.ID)
	ok(t, err)
	if now.Status == ticket.Closed || w.surfaceOf(v.ID).State != channel.Unlinked {
		t.Errorf("the ticket is %s, its place %+v", now.Status, w.surfaceOf(v.ID))
	}
}

// A thread in which nobody wrote for long closes by itself; who writes there later
// would open it again, and must see that nobody reads it any more.
func TestDiscordPartsWithAThreadThatClosedByItself(t *testing.T) {
	w := newGuildWorldOn(t, sqlstoretest.SQLite(t), 2*patience, nil)
	w.shows(category.InThread)
	ch := w.opens(w.ana, "Help")
	v, owner := w.ticketIn(ch), w.owner()
	w.quiet(v)
	ok(t, w.guild.Owner().Archives(ch))
	w.unlinks(owner, w.guild)
	w.unlinkedFrom(v, ch)
	w.see(ch, "n’est plus relié")
	if _, err := w.ana.Posts(ch, "Is that heard?"); err == nil {
		t.Error("she can still write there")
	}
}

// Who does not manage the guild can't link it, whatever code they have; nor is a
// guild taken from a workspace that has tickets.
func TestDiscordLinksOnlyForWhoManagesTheGuild(t *testing.T) {
	w := newTwins(t)
	c := w.owner()
	made, err := w.services.Workspaces.CreateLinkCode(w.ctx, c, event.ChannelDiscord)
	ok(t, err)
	second := w.discord.Guild("Second", discordtest.WithLocale("en-US"))
	second.AddBot()
	w.until("it has a workspace of its own", func() bool { return w.workspaceOf(second) != 0 })
	theirs := w.workspaceOf(second)
	in := second.Member("Eve", second.Role("Staff")).Runs(w.ctx, second.Channel("general"), "/ticket open", discordtest.Args{"category": "Support"})
	ok(t, in.Wait(w.ctx))
	_, err = in.Submit(w.ctx, discordtest.Values{"subject": "Theirs", "body": "It broke."}).WaitFor(w.ctx, "<#")
	ok(t, err)
	contains(t, w.runs(second.Owner(), second.Channel("general"), "/setup link", discordtest.Args{"code": made.Code}), "already linked to another helpdesk")
	contains(t, w.runs(second.Owner(), second.Channel("general"), "/setup link", discordtest.Args{"code": "0000-0000-0000-0000"}), "This code is not valid")
	forbidden := w.catalogue.Text("en", access.ErrForbidden.Key, nil)
	contains(t, w.forges(w.zoe, w.guild.Channel("general"), operation{command: "/setup link", args: discordtest.Args{"code": made.Code}}), forbidden)
	w.unlinks(c, w.guild)
	contains(t, w.forges(w.zoe, w.guild.Channel("general"), operation{command: "/setup link", args: discordtest.Args{"code": made.Code}}), forbidden)
	if w.workspaceOf(second) != theirs || w.workspaceOf(w.guild) != 0 {
		t.Error("a guild was taken")
	}
	contains(t, w.runs(w.guild.Owner(), w.guild.Channel("general"), "/setup link", discordtest.Args{"code": made.Code}), "Acme")
	_, err = w.services.Workspaces.LinkByCode(w.ctx, time.Now(), access.Actor{}, workspace.Place{Channel: event.ChannelDiscord, ExternalID: second.ID().String()}, "7", made.Code)
	if fault.CodeOf(err) != fault.NotFound {
		t.Errorf("the code works twice: %v", err)
	}
}

// What was changed and deleted while nobody listened is taken in with the last look at
// a channel that is given up.
func TestDiscordTakesInWhatWasChangedUnheardBeforeAGuildIsUnlinked(t *testing.T) {
	w := newGuildWorldOn(t, sqlstoretest.SQLite(t), 2*patience, nil)
	ch := w.opens(w.ana, "Help")
	v, owner := w.ticketIn(ch), w.owner()
	changed, err := w.ana.Posts(ch, "First try")
	ok(t, err)
	deleted, err := w.ana.Posts(ch, "A secret")
	ok(t, err)
	w.until("both were taken in", func() bool { return slices.Equal(w.spoken(v), []string{"First try", "A secret"}) })
	w.quiet(v)
	back := w.discord.Outage()
	ok(t, w.ana.Edits(changed, "Second try"))
	ok(t, w.ana.Deletes(deleted))
	w.unlinks(owner, w.guild)
	w.unlinkedFrom(v, ch)
	w.discord.ForgetSessions() // what was missed is not told later
	back()
	if got := w.spoken(v); !slices.Equal(got, []string{"Second try", ""}) {
		t.Errorf("the history has %q", got)
	}
}

// Who talks with staff in direct messages is told once that nobody reads on, and goes
// on there when the helpdesk comes back.
func TestDiscordTellsWhoTalksInDirectMessagesThatTheGuildIsUnlinked(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		w := newGuildWorldOn(t, url, 2*patience, nil)
		staff, v := w.talksTo("Help", "message privé")
		dm, owner := w.ana.DM(), w.owner()
		w.see(dm, "Bonjour Ana")
		first, err := w.ana.Posts(dm, "Before")
		ok(t, err)
		w.see(staff, "Before")
		w.quiet(v)
		back := w.discord.Outage()
		ok(t, w.ana.Edits(first, "Before, corrected"))
		_, err = w.ana.Posts(dm, "Unheard")
		ok(t, err)
		w.unlinks(owner, w.guild)
		w.see(dm, "le support a quitté Discord")
		w.unlinkedFrom(v, staff)
		w.discord.ForgetSessions()
		back()
		w.until("the bot is there again", func() bool { return w.discord.Connected() > 0 })
		if talk := w.talk(v.ID); !slices.Contains(talk, "reply/requester: Before, corrected") || !slices.Contains(talk, "reply/requester: Unheard") {
			t.Errorf("what was written until then: %q", talk)
		}
		_, err = w.ana.Posts(dm, "Is that heard?")
		ok(t, err)
		w.see(dm, "You have no ticket here")
		_, err = w.services.Tickets.Reply(w.ctx, owner, refOf(v), "Meanwhile.")
		ok(t, err)
		if count(dm, "le support a quitté Discord") != 1 || count(dm, "Meanwhile.") != 0 || slices.Contains(w.talk(v.ID), "reply/requester: Is that heard?") {
			t.Errorf("the direct messages go on in one way; the talk is %q", w.talk(v.ID))
		}
		w.links(owner, w.guild)
		w.see(dm, "Meanwhile.")
		_, err = w.ana.Posts(dm, "There you are")
		ok(t, err)
		w.until("she is heard again", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: There you are") })
		if n := count(dm, "Before, corrected"); n != 1 {
			t.Errorf("what she wrote herself stands there %d times", n)
		}
	})
}
