package main_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord"
	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
)

func TestDiscordTakesADuplicateOnce(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.runs(w.ana, w.guild.Channel("general"), "/ticket info", nil)
	w.discord.DuplicateNext("INTERACTION_CREATE")
	ch := w.opens(w.ana, "Help")
	w.discord.DuplicateNext("INTERACTION_CREATE")
	w.discord.DuplicateNext("MESSAGE_CREATE")
	_, err := w.ana.Posts(ch, "only once")
	ok(t, err)
	w.runs(w.max, ch, "/ticket claim", nil)
	_, err = w.ana.Posts(ch, "the last")
	ok(t, err)
	v := w.ticketIn(ch)
	w.until("all was taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: the last") })
	if talk := w.talk(v.ID); len(talk) != 4 {
		t.Errorf("the talk is %q", talk)
	}
	if _, err := w.services.Tickets.ByNumber(w.ctx, w.system(), 2); err == nil {
		t.Error("a second ticket was opened")
	}
}

func TestDiscordTakesInWhatIsWrittenBeforeTheChannelIsRecorded(t *testing.T) {
	w := newGuildWorld(t, nil)
	made := discordtest.On("POST", "/guilds/*/channels").And("1-help")
	var wrote string
	defer w.discord.OnRequest(func(r discordtest.Request) {
		if made(r) && r.Phase == discordtest.After && wrote == "" {
			wrote = "I was quick"
			if _, err := w.ana.Posts(w.guild.Channel("1-help"), wrote); err != nil {
				t.Error(err)
			}
		}
	})()
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.until("it was taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: I was quick") })
}

func TestDiscordRefusesUsesThatMakeNoSense(t *testing.T) {
	w := newGuildWorld(t, nil)
	general := w.guild.Channel("general")
	contains(t, w.runs(w.max, general, "/ticket claim", nil), "not the channel of a ticket")
	contains(t, w.runs(w.guild.Owner(), general, "/setup team", discordtest.Args{"role": w.guild.Role("x")}), "now answers tickets")
	ch := w.opens(w.ana, "Help")
	contains(t, w.runs(w.guild.Owner(), ch, "/ticket transfer", discordtest.Args{"queue": "nowhere"}), "queue does not exist")
	contains(t, w.runs(w.guild.Owner(), ch, "/ticket assign", discordtest.Args{"member": w.ana}), "not an agent")
	contains(t, w.runs(w.guild.Owner(), ch, "/ticket add", discordtest.Args{"member": w.guild.Bot()}), "member does not exist")
	contains(t, w.runs(w.guild.Owner(), ch, "/ticket add", discordtest.Args{"member": w.ana}), "opened the ticket")
	contains(t, w.runs(w.guild.Owner(), ch, "/ticket confirm", nil), "not allowed")
	contains(t, w.runs(w.guild.Owner(), ch, "/ticket open", discordtest.Args{"category": "nothing"}), "category does not exist")
}

// forged sends an interaction that no client would, and gives the answer.
func (w *guildWorld) forged(kind int, data string) string {
	w.t.Helper()
	before := len(w.discord.Requests())
	w.discord.SendRaw("INTERACTION_CREATE", json.RawMessage(fmt.Sprintf(`{
		"id":"%d","application_id":%q,"token":"forged","type":%d,"guild_id":%q,"channel_id":%q,"locale":"en-US","data":%s,
		"member":{"user":{"id":%q,"username":"ana"},"roles":[],"permissions":"0"}}`,
		time.Now().UnixNano(), w.discord.ApplicationID().String(), kind, w.guild.ID().String(), w.guild.Channel("general").ID().String(),
		data, w.ana.ID().String())))
	var answer string
	w.until("it is answered", func() bool {
		for _, r := range w.discord.Requests()[before:] {
			if strings.HasSuffix(r.Path, "/forged/callback") {
				answer = string(r.Body)
			}
		}
		return answer != ""
	})
	return answer
}

func TestDiscordAnswersWhatWasForged(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	for _, data := range []string{
		`{"custom_id":"nonsense"}`, `{"custom_id":"ts1:form:1"}`, `{"custom_id":"ts1:choose:0","values":[]}`,
		`{"custom_id":"ts1:choose:0","values":["nonsense"]}`,
	} {
		contains(t, w.forged(3, data), "no longer in use")
	}
	contains(t, w.forged(3, `{"custom_id":"ts1:open:999"}`), "category does not exist")
	contains(t, w.forged(3, fmt.Sprintf(`{"custom_id":"ts1:claim:%d"}`, v.ID)), "ticket does not exist")
	contains(t, w.forged(5, `{"custom_id":"ts1:claim:1"}`), "no longer in use")
	contains(t, w.forged(5, `{"custom_id":"ts1:form:999"}`), "category does not exist")
	contains(t, w.forged(2, `{"name":"unknown"}`), "no longer in use")
	contains(t, w.forged(4, `{"name":"unknown"}`), `"choices":[]`)
	contains(t, w.forged(77, `{}`), "no longer in use")
	contains(t, w.forged(2, `{"name":"setup","options":[{"type":1,"name":"team","options":[{"type":8,"name":"role","value":"5"}]}]}`), "cannot stand for the team")
	contains(t, w.forged(2, `{"name":"setup","options":[{"type":1,"name":"panel"}]}`), "not allowed")
}

func TestDiscordOffersOnlyWhatIsInUse(t *testing.T) {
	w := newGuildWorld(t, nil)
	general := w.guild.Channel("general")
	w.runs(w.guild.Owner(), general, "/setup panel", nil)
	panel := w.see(general, "Choisissez de quoi il s’agit")
	c := w.system()
	all, err := w.services.Categories.List(w.ctx, c, false)
	ok(t, err)
	for i, cat := range all {
		cat.Archived = true
		_, err := w.services.Categories.Save(w.ctx, c, *cat)
		ok(t, err)
		if i == 0 {
			contains(t, w.clicks(w.zoe, panel, "Assistance"), "no longer in use")
			in := w.zoe.Runs(w.ctx, general, "/ticket open", nil)
			ok(t, in.Wait(w.ctx))
			if in.Modal() == nil {
				t.Error("the only category is not shown at once")
			}
		}
	}
	contains(t, w.runs(w.zoe, general, "/ticket open", nil), "nothing to choose from")
	contains(t, w.runs(w.guild.Owner(), general, "/setup panel", nil), "nothing to choose from")
}

func TestDiscordDoesWithoutARoleThatIsGone(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.runs(w.ana, w.guild.Channel("general"), "/ticket info", nil)
	w.support.Delete()
	ch := w.opens(w.ana, "Help")
	if !ch.SeenBy(w.ana) || ch.SeenBy(w.zoe) {
		t.Errorf("the channel is seen by %v", ch.Viewers())
	}
	w.see(ch, "Bonjour Ana")
}

func TestDiscordTakesBulkDeletions(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	one, err := w.ana.Posts(ch, "one")
	ok(t, err)
	two, err := w.ana.Posts(ch, "two")
	ok(t, err)
	w.until("both were taken in", func() bool { return len(w.talk(v.ID)) == 4 })
	w.discord.SendRaw("MESSAGE_DELETE_BULK", json.RawMessage(fmt.Sprintf(`{"ids":[%q,%q,"1"],"channel_id":%q,"guild_id":%q}`,
		one.ID.String(), two.ID.String(), ch.ID().String(), w.guild.ID().String())))
	w.until("both are deleted", func() bool {
		return strings.Count(strings.Join(w.talk(v.ID), "\n"), "(deleted)") == 2
	})
}

func TestDiscordSaysWhatItMayNotSee(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.quiet(v)
	w.guild.KickBot()
	_, err := w.services.Tickets.Claim(w.ctx, w.as(w.max), refOf(v))
	ok(t, err)
	w.until("it is recorded what stands in the way", func() bool {
		s, err := w.services.Channels.Of(w.ctx, w.system(), v.ID, event.ChannelDiscord)
		return err == nil && s.State == channel.Blocked && s.Detail == "discord.blocked.access"
	})
	contains(t, w.log.text.String(), "The bot cannot see the channel")
	w.guild.AddBot()
	ok(t, w.guild.Owner().SetsOverwrite(ch, discordtest.Overwrite{ID: w.guild.Bot().ID(), Type: 1, Allow: discordtest.PermViewChannel | discordtest.PermSendMessages | discordtest.PermReadHistory | discordtest.PermEmbedLinks}))
	w.see(ch, "Max")
}

func TestDiscordPanelNeedsAChannelThatTheBotMayUse(t *testing.T) {
	w := newGuildWorld(t, nil)
	hidden := w.guild.Text("hidden", nil, discordtest.Overwrite{ID: w.guild.ID(), Deny: discordtest.PermViewChannel})
	contains(t, w.runs(w.guild.Owner(), hidden, "/setup panel", nil), "may not write in this channel")
}

func TestDiscordGatewayIsTakenOver(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	other, err := discord.New(w.config("two"))
	ok(t, err)
	ctx, cancel := contextOf(w)
	done := make(chan error, 1)
	go func() { done <- other.Run(ctx) }()
	w.until("the lease is taken away", func() bool {
		ok(t, w.store.Release(w.ctx, "discord.gateway", "one"))
		ok(t, w.store.Release(w.ctx, "discord.gateway", "two"))
		now := time.Now()
		taken, err := w.store.Acquire(w.ctx, "discord.gateway", "nobody", now, now.Add(4*time.Second))
		ok(t, err)
		return taken
	})
	w.until("somebody holds the gateway again", func() bool { return w.log.has("lease for the gateway was lost") && w.discord.Connected() >= 1 })
	_, err = w.ana.Posts(ch, "who is there?")
	ok(t, err)
	w.until("it was taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: who is there?") })
	cancel()
	ok(t, <-done)
}

func TestDiscordApologisesForAnInteractionThatCannotBeRead(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.runs(w.ana, w.guild.Channel("general"), "/ticket info", nil)
	contains(t, w.forged(2, `"no object at all"`), "Something went wrong on our side")
	contains(t, w.runs(w.ana, w.guild.Channel("general"), "/ticket info", nil), "ticket")
}

func TestDiscordServesEachGuildByItself(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	other := w.discord.Guild("Other", discordtest.WithLocale("en-US"))
	staff := other.Role("Staff")
	eve := other.Member("Eve", staff)
	other.AddBot()
	in := eve.Runs(w.ctx, other.Channel("general"), "/ticket open", discordtest.Args{"category": "Support"})
	ok(t, in.Wait(w.ctx))
	in = in.Submit(w.ctx, discordtest.Values{"subject": "Other matters", "body": "It broke, too."})
	_, err := in.WaitFor(w.ctx, "<#")
	ok(t, err)
	theirs := other.Channel("1-other-matters")
	if theirs == nil || theirs.SeenBy(w.max) || ch.SeenBy(eve) {
		t.Errorf("the guilds' tickets are mixed: %v", theirs)
	}
	first, err := w.services.Workspaces.ByPlace(w.ctx, event.ChannelDiscord, w.guild.ID().String())
	ok(t, err)
	second, err := w.services.Workspaces.ByPlace(w.ctx, event.ChannelDiscord, other.ID().String())
	ok(t, err)
	if first.ID == second.ID || first.Slug != "discord-"+w.guild.ID().String() || second.Slug != "discord-"+other.ID().String() {
		t.Errorf("the workspaces are %q and %q", first.Slug, second.Slug)
	}
}

func TestDiscordGoesOnWithAChannelWhenItMay(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.quiet(v)
	w.guild.GiveBot(discordtest.DefaultPermissions)
	contains(t, w.runs(w.max, ch, "/ticket add", discordtest.Args{"member": w.zoe}), "take part")
	w.until("it is recorded what stands in the way", func() bool {
		s, err := w.services.Channels.Of(w.ctx, w.system(), v.ID, event.ChannelDiscord)
		return err == nil && s.State == channel.Blocked && s.ExternalID != "" && s.Detail == "discord.blocked.permission"
	})
	_, err := w.ana.Posts(ch, "Is somebody there?")
	ok(t, err)
	contains(t, w.runs(w.max, ch, "/ticket info", nil), "The bot lacks a permission")
	if strings.Contains(w.runs(w.ana, ch, "/ticket info", nil), "permission") {
		t.Error("the requester is told what staff has to mend")
	}
	w.until("what is written is taken in meanwhile", func() bool {
		return slices.Contains(w.talk(v.ID), "reply/requester: Is somebody there?")
	})
	w.guild.GiveBot(discordtest.BotPermissions)
	w.until("the participant sees the channel", func() bool { return ch.SeenBy(w.zoe) })
	w.quiet(v)
}

func TestDiscordReadsAHistoryAgainWhenItMay(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.quiet(v)
	w.stop()
	_, err := w.ana.Posts(ch, "while you were away")
	ok(t, err)
	limit := w.discord.Fail(discordtest.On("GET", "/channels/*/messages"), discordtest.RateLimited(discordtest.ScopeUser, time.Second))
	w.start()
	w.until("it was taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: while you were away") })
	if limit.Hits() != 1 {
		t.Errorf("the limit was met %d times", limit.Hits())
	}
}

func TestDiscordSaysThatNobodyAnswers(t *testing.T) {
	w := newGuildWorld(t, func(w *guildWorld) { w.support.Delete() })
	answer := w.runs(w.guild.Owner(), w.guild.Channel("general"), "/setup panel", nil)
	contains(t, answer, "No role answers tickets yet")
	crew := w.guild.Role("Crew")
	contains(t, w.runs(w.guild.Owner(), w.guild.Channel("general"), "/setup team", discordtest.Args{"role": crew}), "now answers")
	contains(t, w.runs(w.guild.Owner(), w.guild.Channel("general"), "/setup panel", nil), "answers tickets: "+crew.Mention())
}

// A restart finds the commands as they are and leaves them so.
func TestDiscordRegistersCommandsOnce(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.runs(w.ana, w.guild.Channel("general"), "/ticket info", nil)
	w.stop()
	w.start()
	w.until("it asked for the commands", func() bool {
		return w.discord.Count(discordtest.On("GET", "/applications/*/commands")) == 2
	})
	w.runs(w.ana, w.guild.Channel("general"), "/ticket info", nil)
	if n := w.discord.Count(discordtest.On("PUT", "/applications/*/commands")); n != 1 {
		t.Errorf("the commands were registered %d times", n)
	}
	contains(t, w.runs(w.ana, w.guild.Channel("general"), "/ticket infos", nil), "salon")
}
