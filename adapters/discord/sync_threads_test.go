package discord_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// inThreads gives a desk whose tickets are private threads.
func inThreads(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.facts.Category.Surface = category.InThread
	d.facts.Staff = []channel.Staff{{Person: as(d.max, 22, access.RoleAgent), Queues: []id.Queue{5}, ByRole: true}}
	return d
}

func TestATicketInAThreadIsSeenByItsPeopleAlone(t *testing.T) {
	d := inThreads(t)
	zoe := d.guild.Member("Zoe")
	d.says("hello")
	d.sync()
	th := d.place()
	if th.Type() != discordtest.TypePrivateThread || th.Name() != "3-login" || th.Parent() == nil || th.Parent().Topic() != "[ts:threads]" {
		t.Fatalf("the place is %q of type %d", th.Name(), th.Type())
	}
	if !th.SeenBy(d.ana) || !th.SeenBy(d.max) || th.SeenBy(zoe) || !th.CanSend(d.ana) {
		t.Errorf("the thread is seen by %v", th.Viewers())
	}
	if hub := th.Parent(); !hub.SeenBy(zoe) || hub.CanSend(d.ana) {
		t.Error("the channel of threads is not one that everybody sees and nobody writes in")
	}
	d.expect("hello")
	requests := len(d.discord.Requests())
	d.sync()
	if n := len(d.discord.Requests()) - requests; n != 0 {
		t.Errorf("a run that has nothing to do asked Discord %d times", n)
	}
}

func TestTheThreadOfAClosedTicketIsShutUntilItGoesOn(t *testing.T) {
	d := inThreads(t)
	d.says("hello")
	d.sync()
	th := d.place()
	d.status(ticket.Closed)
	d.sync()
	if !th.Archived() || !th.Locked() || th.CanSend(d.ana) || !th.SeenBy(d.ana) {
		t.Errorf("archived %v, locked %v", th.Archived(), th.Locked())
	}
	d.messages[0].Body, d.messages[0].Version = "hello, mended", 2
	d.retry()
	if !th.Archived() || th.Find("hello, mended") == nil {
		t.Error("what stands in the shut thread did not change, or it stayed open")
	}
	d.status(ticket.Open)
	d.says("news")
	d.retry()
	if th.Archived() || th.Locked() || !th.CanSend(d.ana) || th.Find("news") == nil {
		t.Error("the reopened ticket's thread is not open")
	}
}

// Who came and went while the thread was shut is where they belong when it opens.
func TestAThreadOpensWithThoseWhoBelongThere(t *testing.T) {
	d := inThreads(t)
	zoe := d.guild.Member("Zoe")
	d.sync()
	th := d.place()
	d.status(ticket.Closed)
	d.sync()
	d.ana.Leaves()
	again := d.guild.Join(d.ana)
	if th.SeenBy(again) {
		t.Fatal("Discord keeps the place of who left")
	}
	d.mu.Lock()
	d.facts.Staff = nil
	d.facts.Participants, d.facts.Ticket.Participants = []channel.Person{as(zoe, 23, access.RoleRequester)}, []id.Member{23}
	d.mu.Unlock()
	d.retry()
	if !th.Archived() || th.SeenBy(zoe) {
		t.Error("the shut thread was opened for them")
	}
	d.status(ticket.Open)
	d.retry()
	if !th.SeenBy(again) || !th.SeenBy(zoe) || th.SeenBy(d.max) {
		t.Errorf("the thread is seen by %v", th.Viewers())
	}
}

// Discord archives what is quiet; the ticket goes on all the same.
func TestAThreadThatFellAsleepGoesOn(t *testing.T) {
	d := inThreads(t)
	d.sync()
	d.discord.Fail(func(r discordtest.Request) bool { return r.Method == "PATCH" && strings.Contains(r.Path, "/messages/") },
		discordtest.Refuse(400, 50083, "Thread is archived"))
	d.status(ticket.Open)
	d.retry()
	if d.surface.State != channel.Ready || d.place().Find("Open") == nil {
		t.Errorf("%+v", d.surface)
	}
}

func TestAThreadIsFoundWhenItsAnswerWasLost(t *testing.T) {
	d := inThreads(t)
	d.discord.Fail(discordtest.On("POST", "/channels/*/threads"), discordtest.FailAfter(502))
	d.retry()
	n := 0
	for _, ch := range d.guild.Channels() {
		if ch.Name() == "3-login" {
			n++
		}
	}
	if n != 1 || !d.place().SeenBy(d.ana) || d.surface.Kind != category.InThread {
		t.Errorf("%d threads; %+v", n, d.surface)
	}
}

func TestAFullGuildHasThreads(t *testing.T) {
	d := newDesk(t)
	for len(d.guild.Channels()) < 500 {
		d.guild.Text("talk", nil)
	}
	d.sync()
	th := d.place()
	if th.Type() != discordtest.TypePrivateThread || d.surface.Kind != category.InThread || !th.SeenBy(d.ana) {
		t.Fatalf("the place is of type %d: %+v", th.Type(), d.surface)
	}
	if th.Parent().Name() != "general" && th.Parent().Name() != "talk" {
		t.Errorf("the thread is in %q", th.Parent().Name())
	}
}

func TestWhoFindsNoThreadWaitsInLine(t *testing.T) {
	d := inThreads(t)
	full := d.discord.FailTimes(discordtest.On("POST", "/channels/*/threads"), discordtest.Refuse(400, 160006, "Maximum number of active threads reached"), 9)
	out := d.sync()
	if d.surface.State != channel.Waiting || d.surface.Detail != "discord.waiting.threads" || d.surface.Kind != category.InThread || out.Again.IsZero() {
		t.Fatalf("%+v again %v", d.surface, out.Again)
	}
	d.line = []id.Ticket{7} // somebody is ahead now
	full.Disarm()
	d.sync()
	if d.surface.State != channel.Waiting {
		t.Fatalf("it overtook who waits longer: %+v", d.surface)
	}
	d.line = nil
	d.sync()
	if d.surface.State != channel.Ready || d.surface.Detail != "" || d.surface.Refusals != 0 {
		t.Fatalf("%+v", d.surface)
	}
}

func TestWhoGetsAPlaceLetsTheNextHaveALook(t *testing.T) {
	d := inThreads(t)
	d.discord.Fail(discordtest.On("POST", "/channels/*/threads"), discordtest.Refuse(400, 160006, "Maximum number of active threads reached"))
	d.sync()
	d.discord.OnRequest(func(r discordtest.Request) {
		if r.Method == "POST" && r.Phase == discordtest.After && strings.HasSuffix(r.Path, "/threads") {
			d.mu.Lock()
			d.line = []id.Ticket{20} // comes behind
			d.mu.Unlock()
		}
	})
	d.sync()
	if d.wished != 1 {
		t.Errorf("the next was woken %d times", d.wished)
	}
}

func TestALossIsToldEvenAfterAWait(t *testing.T) {
	d := inThreads(t)
	d.sync()
	must(t, d.guild.Owner().DeletesChannel(d.place()))
	d.says("goes on")
	d.sync()
	full := d.discord.FailTimes(discordtest.On("POST", "/channels/*/threads"), discordtest.Refuse(400, 160006, "Maximum number of active threads reached"), 9)
	d.sync()
	full.Disarm()
	d.retry()
	if got := d.reads(); len(got) != 2 || !strings.HasPrefix(got[0], "The channel of this ticket was deleted") {
		t.Errorf("there stands %q", got)
	}
}

// company is who should be in the thread, as rights gives it.
func (c *crowd) company() []string {
	in := map[string]channel.Viewer{}
	for _, v := range c.facts.Company() {
		in[v.ExternalID] = v
	}
	var list []string
	for _, m := range []*discordtest.Member{c.ana, c.max, c.friend, c.other, c.boss, c.stranger} {
		line := m.Name() + ":"
		if v, ok := in[m.ID().String()]; ok {
			line += "r"
			if v.Send {
				line += "w"
			}
		}
		list = append(list, line)
	}
	return list
}

// The same as for channels, where membership takes the place of rights.
func TestMembersOfAThreadAreThoseOfTheStateAfterAnySequence(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := newCrowd(t)
		defer c.discord.Close()
		c.facts.Category.Surface = category.InThread
		c.sync()
		var done []string
		for range rapid.IntRange(1, 8).Draw(rt, "changes") {
			done = append(done, c.change(rt))
			if rapid.Bool().Draw(rt, "a run sees it") {
				c.retry()
			}
		}
		if c.facts.Ticket.Status == ticket.Closed {
			c.status(ticket.Open) // a shut thread lets nobody in or out
		}
		c.retry()
		if got, want := c.rights(rt), c.company(); !slices.Equal(got, want) {
			rt.Fatalf("after %v: %v, want %v", done, got, want)
		}
	})
}
