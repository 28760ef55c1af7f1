package main_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// talksTo has Ana open a ticket by direct message, and gives it with the channel
// where staff is.
func (w *guildWorld) talksTo(subject, answer string) (*discordtest.Channel, *ticket.View) {
	w.t.Helper()
	w.shows(category.InDM)
	w.asks(w.ana, subject, answer)
	ch := w.guild.Channel("1-" + strings.ToLower(subject))
	return ch, w.ticketIn(ch)
}

func TestDiscordTalksWithARequesterByDirectMessage(t *testing.T) {
	w := newGuildWorld(t, nil)
	staff, v := w.talksTo("Help", "message privé")
	dm := w.ana.DM()
	if staff.SeenBy(w.ana) || !staff.SeenBy(w.max) {
		t.Errorf("staff's channel is seen by %v", staff.Viewers())
	}
	w.see(dm, "Ticket n° 1 de Acme")
	w.see(dm, "Bonjour Ana")
	if n := count(dm, "It broke."); n != 1 {
		t.Errorf("what was written in the form stands there %d times", n)
	}
	written, err := w.ana.Posts(dm, "Are you there?")
	ok(t, err)
	w.see(staff, "Are you there?")
	answer, err := w.max.Posts(staff, "Always.")
	ok(t, err)
	w.see(dm, "Always.")
	_, err = w.max.Posts(staff, "Just ask.") // which changes nothing but the talk
	ok(t, err)
	w.see(dm, "Just ask.")
	ok(t, w.max.Edits(answer, "Nearly always."))
	w.see(dm, "Nearly always.")
	ok(t, w.ana.Edits(written, "Is somebody there?"))
	w.see(staff, "Is somebody there?")
	ok(t, w.ana.Deletes(written))
	w.until("it is taken away where staff is", func() bool { return count(staff, "Is somebody there?") == 0 })
	ok(t, w.max.Deletes(answer))
	w.until("it is taken away where the requester is", func() bool { return count(dm, "Nearly always.") == 0 })
	w.runs(w.max, staff, "/ticket resolve", nil)
	contains(t, w.clicks(w.ana, w.see(dm, "marquée comme résolue"), "Oui, c’est résolu"), "fermé")
	closed := w.see(dm, "n° 1 est fermé. S’il reste")
	_, err = w.ana.Posts(dm, "One more thing")
	ok(t, err)
	w.see(dm, "Ce ticket est fermé")
	contains(t, w.clicks(w.ana, closed, "Rouvrir"), "de nouveau ouvert")
	if n := len(told[event.MessageUndelivered](w, v.ID)); n != 0 {
		t.Errorf("%d messages were not delivered", n)
	}
	if got := w.talk(v.ID); count(staff, "Always.") > 1 || !strings.Contains(strings.Join(got, "\n"), "reply/staff: (deleted)") {
		t.Errorf("the talk is %q", got)
	}
}

func TestDiscordTellsStaffWhatWasNotDelivered(t *testing.T) {
	w := newGuildWorld(t, func(w *guildWorld) { w.ana.TakesDMs(false) })
	staff, v := w.talksTo("Help", "je ne peux pas vous écrire")
	_, err := w.max.Posts(staff, "Hello Ana")
	ok(t, err)
	w.see(staff, "Non remis : le membre n’accepte pas de messages privés. « Hello Ana »")
	w.until("the history says so", func() bool { return len(told[event.MessageUndelivered](w, v.ID)) == 2 }) // the greeting, too
	w.runs(w.max, staff, "/ticket claim", nil)
	w.quiet(v)
	if n := count(staff, "« Hello Ana »"); n != 1 {
		t.Errorf("staff is told %d times", n)
	}
	leg, err := w.services.Channels.Of(w.ctx, w.system(), v.ID, event.ChannelDM)
	ok(t, err)
	if leg.State != channel.Blocked || leg.Detail != "discord.blocked.direct" {
		t.Errorf("the direct messages are %+v", leg)
	}
	dm := w.ana.DM()
	w.ana.TakesDMs(true)
	_, err = w.ana.Posts(dm, "Now I do")
	ok(t, err)
	w.see(staff, "Now I do")
	w.see(dm, "Hello Ana")
	if n := count(dm, "Hello Ana"); n != 1 {
		t.Errorf("it was delivered %d times", n)
	}
}

// An account that was deleted takes nothing with it of where staff is.
func TestDiscordKeepsStaffsChannelWhenDirectMessagesAreGone(t *testing.T) {
	w := newGuildWorld(t, nil)
	staff, v := w.talksTo("Help", "message privé")
	w.see(w.ana.DM(), "Bonjour Ana")
	w.quiet(v)
	gone := discordtest.On("POST", "/channels/"+w.ana.DM().ID().String()+"/messages")
	defer w.discord.FailTimes(gone, discordtest.Refuse(404, 10003, "Unknown Channel"), 1000).Disarm()
	_, err := w.max.Posts(staff, "Hello Ana")
	ok(t, err)
	w.see(staff, "« Hello Ana »")
	w.quiet(v)
	if s := w.surfaceOf(v.ID); s.ExternalID != staff.ID().String() || len(told[event.SurfaceLost](w, v.ID)) != 0 {
		t.Errorf("staff's channel is taken for lost: %+v", s)
	}
}

func TestDiscordTakesInDirectMessagesThatWereMissed(t *testing.T) {
	w := newGuildWorld(t, nil)
	staff, v := w.talksTo("Help", "message privé")
	dm := w.ana.DM()
	w.see(dm, "Bonjour Ana")
	w.quiet(v)
	w.stop()
	_, err := w.ana.Posts(dm, "while you were away")
	ok(t, err)
	w.start()
	w.see(staff, "while you were away")
	_, err = w.ana.Posts(dm, "and now")
	ok(t, err)
	w.see(staff, "and now")
	if n := count(staff, "while you were away"); n != 1 {
		t.Errorf("it stands there %d times", n)
	}
}

// A requester's direct messages hold what belongs to all of their tickets, of
// whatever guilds: none gets what was said before it, or to another one.
func TestDiscordGivesATicketNothingThatWasSaidBeforeIt(t *testing.T) {
	w := newGuildWorld(t, nil)
	dm := w.ana.DM()
	w.shows(category.InDM)
	_, err := w.ana.Posts(dm, "is anybody there?")
	ok(t, err)
	w.see(dm, "no ticket here")
	staff, v := w.talksTo("Help", "message privé")
	w.see(dm, "Bonjour Ana")
	w.quiet(v)
	w.stop()
	_, err = w.ana.Posts(dm, "while you were away")
	ok(t, err)
	w.start()
	w.see(staff, "while you were away")
	if n := count(staff, "is anybody there?"); n != 0 {
		t.Errorf("what was said before the ticket stands there %d times", n)
	}
}

func TestDiscordTellsNoGuildWhatWasSaidToAnother(t *testing.T) {
	w := newGuildWorld(t, nil)
	first, v := w.talksTo("Help", "message privé")
	dm := w.ana.DM()
	said, err := w.ana.Posts(dm, "for the first guild alone")
	ok(t, err)
	w.see(first, "for the first guild alone")
	w.quiet(v)

	w.guild, w.workspaceCache = w.discord.Guild("Beta"), 0
	w.ana = w.guild.Join(w.ana)
	w.guild.AddBot()
	second, other := w.talksTo("Help", "message privé")
	w.see(dm, "de Beta")
	w.quiet(other)
	w.stop()
	w.start()
	again, err := json.Marshal(map[string]any{
		"id": said.ID.String(), "channel_id": dm.ID().String(), "content": "for the first guild alone",
		"author": map[string]any{"id": w.ana.ID().String(), "username": "ana"},
	})
	ok(t, err)
	for _, text := range []string{"for the second guild", "and more"} {
		_, err = w.ana.Posts(dm, text)
		ok(t, err)
		w.see(second, text)
		w.discord.SendRaw("MESSAGE_CREATE", again)
	}
	if n := count(second, "for the first guild alone"); n != 0 {
		t.Errorf("what was said to another guild stands there %d times", n)
	}
}

func TestDiscordTellsWhoHasNoTicketHowToOpenOne(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.runs(w.zoe, w.guild.Channel("general"), "/ticket open", discordtest.Args{"category": "nothing"})
	_, err := w.zoe.Posts(w.zoe.DM(), "hello?")
	ok(t, err)
	w.see(w.zoe.DM(), "You have no ticket here")
}

// suggests has Ana suggest something, and gives the post.
func (w *guildWorld) suggests() (*discordtest.Channel, *category.Category) {
	w.t.Helper()
	w.shows(category.InChannel) // waits until the workspace is there
	all, err := w.services.Categories.List(w.ctx, w.system(), false)
	ok(w.t, err)
	ideas := all[slices.IndexFunc(all, func(c *category.Category) bool { return c.Intent == category.Suggestion })]
	ideas.Surface, ideas.Description = "", locale.Text{"en": "What could be better"}
	ideas, err = w.services.Categories.Save(w.ctx, w.system(), *ideas)
	ok(w.t, err)
	in := w.ana.Runs(w.ctx, w.guild.Channel("general"), "/ticket open", discordtest.Args{"category": "Ideas"})
	ok(w.t, in.Wait(w.ctx))
	in = in.Submit(w.ctx, discordtest.Values{"subject": "Dark mode", "body": "My eyes!"})
	_, err = in.WaitFor(w.ctx, "<#")
	ok(w.t, err)
	return w.guild.Channel("1-dark-mode"), ideas
}

func TestDiscordDiscussesASuggestionInPublic(t *testing.T) {
	w := newGuildWorld(t, nil)
	post, ideas := w.suggests()
	v := w.ticketIn(post)
	if post.Type() != discordtest.TypePublicThread || post.Parent().Type() != discordtest.TypeForum || post.Parent().Name() != "idées" {
		t.Errorf("it is of type %d in %q", post.Type(), post.Parent().Name())
	}
	if !post.SeenBy(w.zoe) || !post.CanSend(w.zoe) || post.Parent().CanSend(w.zoe) {
		t.Error("not everybody can discuss it, or everybody can post beside it")
	}
	if n := count(post, "My eyes!"); n != 1 {
		t.Errorf("the card stands there %d times", n)
	}
	_, err := w.zoe.Posts(post, "Me too!")
	ok(t, err)
	w.until("it was taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: Me too!") })
	w.runs(w.guild.Owner(), post, "/ticket resolve", nil)
	w.runs(w.guild.Owner(), post, "/ticket close", nil)
	w.until("the post is shut", func() bool { return post.Archived() && post.Locked() })

	// What an admin takes out of the public goes on in private.
	_, err = w.services.Tickets.Reopen(w.ctx, w.as(w.ana), refOf(v))
	ok(t, err)
	w.until("the post is open", func() bool { return !post.Archived() })
	ok(t, w.services.Queues.SetGrant(w.ctx, w.system(), &access.Grant{
		Category: ideas.ID, Role: access.RoleRequester, Class: access.ClassSee, Effect: access.Deny,
	}))
	w.until("it goes on in a private channel", func() bool {
		s := w.surfaceOf(v.ID)
		return s.Kind == category.InChannel && s.State == channel.Ready && s.ExternalID != post.ID().String()
	})
	w.see(post, "La suite se passe en privé")
	if !post.Archived() || !post.Locked() {
		t.Error("the post goes on in public")
	}
	private := w.guild.Channel("1-dark-mode")
	w.see(private, "Ce ticket était public")
	if private.SeenBy(w.zoe) || !private.SeenBy(w.ana) {
		t.Errorf("the private channel is seen by %v", private.Viewers())
	}
}

func TestDiscordDiscussesInThreadsWhereThereAreNoForums(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.discord.Fail(discordtest.On("POST", "/guilds/*/channels").And("[ts:forum:"), discordtest.Refuse(400, 50024, "Cannot execute action on this channel type"))
	post, _ := w.suggests()
	if post.Parent().Type() != discordtest.TypeText || post.Type() != discordtest.TypePublicThread || !post.CanSend(w.zoe) {
		t.Errorf("it is of type %d in one of type %d", post.Type(), post.Parent().Type())
	}
	w.see(post, "My eyes!")
}

func TestDiscordFindsAPostWhoseAnswerWasLost(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.discord.Fail(discordtest.On("POST", "/channels/*/threads"), discordtest.FailAfter(502))
	post, _ := w.suggests()
	w.quiet(w.ticketIn(post))
	n := 0
	for _, ch := range w.guild.Channels() {
		if ch.Name() == "1-dark-mode" {
			n++
		}
	}
	if n != 1 || count(post, "My eyes!") != 1 {
		t.Errorf("%d posts, %d cards", n, count(post, "My eyes!"))
	}
}
