package discord_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// crowd is a person of each kind that can be somebody to a ticket.
type crowd struct {
	*desk
	friend, other, boss, stranger *discordtest.Member
}

func newCrowd(t *testing.T) *crowd {
	d := newDesk(t)
	return &crowd{
		desk: d, friend: d.guild.Member("Friend"), other: d.guild.Member("Other"), boss: d.guild.Member("Boss"), stranger: d.guild.Member("Stranger"),
	}
}

func as(m *discordtest.Member, n id.Member, r access.Role) channel.Person {
	return channel.Person{Member: &member.Member{ID: n, Name: "x", Role: r}, ExternalID: m.ID().String()}
}

// change does one random thing to the ticket or to who works it.
func (c *crowd) change(t *rapid.T) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := &c.facts
	step := rapid.SampledFrom([]string{"status", "participant", "assignee", "team", "staff", "grant", "queue"}).Draw(t, "step")
	on := rapid.Bool().Draw(t, "on")
	switch step {
	case "status":
		f.Ticket.Status = rapid.SampledFrom(ticket.Statuses()).Draw(t, "status")
	case "participant":
		f.Ticket.Participants, f.Participants = nil, nil
		if on {
			f.Ticket.Participants = []id.Member{31}
			f.Participants = []channel.Person{as(c.friend, 31, access.RoleRequester)}
		}
	case "assignee":
		f.Ticket.Assignee, f.Assignee = 0, channel.Person{}
		if on {
			f.Ticket.Assignee, f.Assignee = 32, as(c.other, 32, access.RoleAgent)
		}
	case "team":
		f.Roles = nil
		if on {
			f.Roles = []string{c.role.ID().String()}
		}
	case "staff":
		f.Staff = nil
		if on {
			f.Staff = []channel.Staff{{Person: as(c.boss, 33, access.RoleSupervisor)}, {Person: as(c.other, 32, access.RoleAgent), Queues: []id.Queue{5}}}
		}
	case "grant":
		f.Grants = nil
		if on {
			f.Grants = []access.Grant{{
				Queue: 5, Role: rapid.SampledFrom([]access.Role{access.RoleRequester, access.RoleAgent}).Draw(t, "role"),
				Class: rapid.SampledFrom(access.Classes()).Draw(t, "class"), Effect: rapid.SampledFrom([]access.Effect{access.Allow, access.Deny}).Draw(t, "effect"),
			}}
		}
	case "queue":
		f.Ticket.Queue = rapid.SampledFrom([]id.Queue{5, 7}).Draw(t, "queue")
	}
	return fmt.Sprint(step, " ", on)
}

// rights is who sees the channel and who may write in it, "name:rw".
func (c *crowd) rights(t *rapid.T) []string {
	var list []string
	ch := c.place()
	for _, m := range []*discordtest.Member{c.ana, c.max, c.friend, c.other, c.boss, c.stranger} {
		line := m.Name() + ":"
		if ch.SeenBy(m) {
			line += "r"
		}
		if ch.SeenBy(m) && ch.CanSend(m) {
			line += "w"
		}
		list = append(list, line)
	}
	if !ch.CanSend(c.guild.Bot()) {
		t.Fatal("the bot shut itself out")
	}
	return list
}

// wanted is the same by the audience of the facts.
func (c *crowd) wanted() []string {
	sees, sends := map[string]bool{}, map[string]bool{}
	note := func(who string, v channel.Viewer) {
		sees[who] = true
		sends[who] = sends[who] || v.Send
	}
	people := map[string]*discordtest.Member{}
	for _, m := range []*discordtest.Member{c.ana, c.max, c.friend, c.other, c.boss, c.stranger} {
		people[m.ID().String()] = m
	}
	// What is said of a person goes before what is said of their roles, and that
	// before what is said of everyone.
	audience := c.facts.Audience()
	for _, v := range audience {
		switch {
		case v.Role && v.ExternalID == "":
			for _, m := range people {
				note(m.Name(), v)
			}
		case v.Role:
			delete(sends, c.max.Name())
			note(c.max.Name(), v)
		}
	}
	for _, v := range audience {
		if m := people[v.ExternalID]; m != nil && !v.Role {
			delete(sends, m.Name())
			note(m.Name(), v)
		}
	}
	var list []string
	for _, m := range []*discordtest.Member{c.ana, c.max, c.friend, c.other, c.boss, c.stranger} {
		line := m.Name() + ":"
		if sees[m.Name()] {
			line += "r"
		}
		if sends[m.Name()] {
			line += "w"
		}
		list = append(list, line)
	}
	return list
}

// Whatever happened to a ticket, and whichever of it was seen by a run, its
// channel ends with the rights of its state.
func TestRightsAreThoseOfTheStateAfterAnySequence(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := newCrowd(t)
		defer c.discord.Close()
		c.sync()
		var done []string
		for range rapid.IntRange(1, 8).Draw(rt, "changes") {
			done = append(done, c.change(rt))
			if rapid.Bool().Draw(rt, "a run sees it") {
				c.sync()
			}
		}
		c.retry()
		if got, want := c.rights(rt), c.wanted(); !slices.Equal(got, want) {
			rt.Fatalf("after %v: %v, want %v", done, got, want)
		}
	})
}

// Whatever Discord answers on the way, people end up seeing the same.
func TestPeopleSeeTheSameWhateverDiscordAnswered(t *testing.T) {
	day := func(d *desk, step func()) {
		d.says("first")
		step()
		d.says("second")
		step()
		d.says("second")
		d.messages[0].Body, d.messages[0].Version = "first, mended", 2
		d.status(ticket.Resolved)
		step()
		d.status(ticket.Closed)
		step()
		d.status(ticket.Open)
		d.messages[1].DeletedAt = d.clock()
		step()
	}
	calm := newDesk(t)
	day(calm, func() { calm.sync() })
	want := calm.reads()
	faults := map[string]discordtest.Fault{
		"500 before": discordtest.FailBefore(500), "502 after": discordtest.FailAfter(502),
		"cut before": discordtest.Drop(discordtest.Before), "cut after": discordtest.Drop(discordtest.After),
	}
	names := make([]string, 0, len(faults))
	for name := range faults {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(rt *rapid.T) {
		d := newDesk(t)
		defer d.discord.Close()
		var done []string
		day(d, func() {
			if name := rapid.SampledFrom(append([]string{""}, names...)).Draw(rt, "fault"); name != "" {
				method := rapid.SampledFrom([]string{"POST", "PATCH", "PUT", "DELETE", "GET"}).Draw(rt, "method")
				d.discord.Fail(func(r discordtest.Request) bool { return r.Method == method }, faults[name])
				done = append(done, name+" on "+method)
			}
			d.retry()
		})
		if got := d.reads(); !slices.Equal(got, want) {
			rt.Fatalf("after %v there stands %q, want %q", done, got, want)
		}
		places := 0
		for _, ch := range d.guild.Channels() {
			if strings.HasPrefix(ch.Name(), "3-") {
				places++
			}
		}
		if places != 1 {
			rt.Fatalf("after %v there are %d channels", done, places)
		}
	})
}
