package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

const (
	ackMembers = 200
	ackAgents  = 20
	ackRate    = 200 // interactions a second
	ackFor     = 12 * time.Second
)

// BenchmarkInteractions lets 200 members use commands, buttons and forms, 200
// times a second whether or not the program keeps up, and reports how long it
// takes from the event until the acknowledgement has arrived. Of twenty, nine ask
// about their ticket, five ask for a form, three get one by a button of the panel,
// two agents claim a ticket by the button of its card, and one sends the form, by
// which a ticket is opened and gets its channel. All of the program runs, and the
// imitated Discord in the same process. None may be lost, refused or late.
func BenchmarkInteractions(b *testing.B) {
	eachStore(b, func(b *testing.B, databaseURL string) {
		for b.Loop() {
			crowd := newCrowd(b, databaseURL)
			took := crowd.acts()
			b.ReportMetric(took[len(took)/2].Seconds()*1000, "ms-p50")
			b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "ms-p99")
			b.ReportMetric(took[len(took)-1].Seconds()*1000, "ms-max")
			b.ReportMetric(float64(len(took)), "interactions")
		}
	})
}

// crowd is many members who use the bot at once.
type crowd struct {
	*benchGuild
	lobby  *discordtest.Channel
	panel  *discordtest.Message
	agents []*discordtest.Member

	mu    sync.Mutex
	acked map[string]time.Time // by interaction: when the answer arrived
	asked map[string]time.Time // when it was sent
	uses  []*discordtest.Interaction
	forms []*discordtest.Interaction // that can be sent
}

func newCrowd(b *testing.B, databaseURL string) *crowd {
	b.Helper()
	c := &crowd{benchGuild: newBenchGuild(b, databaseURL, ackMembers, ackMembers), acked: map[string]time.Time{}, asked: map[string]time.Time{}}
	c.lobby = c.guild.Channel("general")
	role := c.guild.Roles()[0]
	for i := range ackAgents {
		c.agents = append(c.agents, c.guild.Member(fmt.Sprintf("Agent %d", i), role))
	}
	c.runsWhole()
	soon(b, "there are commands", func() bool { return len(c.guild.Commands()) > 0 })
	soon(b, "every ticket's channel is as it should be", func() bool {
		return c.number(`SELECT COUNT(*) FROM surfaces WHERE card_id <> ''`) == ackMembers && c.idle()
	})
	ctx, cancel := context.WithTimeout(b.Context(), 10*time.Second)
	defer cancel()
	c.check(c.guild.Owner().Runs(ctx, c.lobby, "/setup panel", nil).Wait(ctx))
	c.panel = c.lobby.Last()
	return c
}

// acts lets all of it happen, and gives how long each acknowledgement took.
func (c *crowd) acts() []time.Duration {
	defer c.discord.OnRequest(c.hears)()
	var acting sync.WaitGroup
	step := time.NewTicker(time.Second / ackRate)
	defer step.Stop()
	for i := range ackRate * int(ackFor/time.Second) {
		<-step.C
		acting.Go(func() { c.act(i) })
	}
	acting.Wait()
	soon(c.b, "all are answered", func() bool {
		return !slices.ContainsFunc(c.uses, func(in *discordtest.Interaction) bool { return !in.Acknowledged() && !in.Late() })
	})
	return c.times()
}

// hears notes when an answer arrives.
func (c *crowd) hears(r discordtest.Request) {
	parts := strings.Split(r.Path, "/")
	if r.Phase == discordtest.Before && len(parts) == 5 && parts[1] == "interactions" {
		c.mu.Lock()
		defer c.mu.Unlock()
		if _, again := c.acked[parts[2]]; !again {
			c.acked[parts[2]] = time.Now()
		}
	}
}

// act is one member's use of the bot.
func (c *crowd) act(i int) {
	at := time.Now()
	use, form := c.use(i)
	if use == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked[use.ID().String()] = at
	c.uses = append(c.uses, use)
	if form {
		c.forms = append(c.forms, use)
	}
}

func (c *crowd) use(i int) (use *discordtest.Interaction, form bool) {
	ctx, member := c.b.Context(), c.people[i%ackMembers]
	switch i % 20 {
	case 0, 2, 4, 6, 8, 10, 12, 14, 16:
		return member.Runs(ctx, c.channels[i%ackMembers], "/ticket info", nil), false
	case 1, 5, 9, 13, 17:
		return member.Runs(ctx, c.lobby, "/ticket open", discordtest.Args{"category": "Support"}), true
	case 3, 7, 11:
		return member.Clicks(ctx, c.panel, "Support"), false
	case 19:
		return c.sends(ctx), false
	default:
		return c.claims(ctx, i), false
	}
}

// claims has an agent take a ticket; each is offered once.
func (c *crowd) claims(ctx context.Context, i int) *discordtest.Interaction {
	turn := i/20*2 + i%20/18
	ch := c.channels[turn%len(c.channels)]
	if turn >= len(c.channels) {
		return c.agents[turn%ackAgents].Runs(ctx, ch, "/ticket info", nil)
	}
	return c.agents[turn%ackAgents].Clicks(ctx, ch.Messages()[0], "Claim")
}

// sends has the form sent that was shown first; nil while there is none.
func (c *crowd) sends(ctx context.Context) *discordtest.Interaction {
	c.mu.Lock()
	if len(c.forms) < 3 {
		c.mu.Unlock()
		return nil
	}
	form := c.forms[0]
	c.forms = c.forms[1:]
	c.mu.Unlock()
	return form.Submit(ctx, discordtest.Values{"subject": "It burns", "body": benchBody})
}

// times fails unless everybody was answered.
func (c *crowd) times() []time.Duration {
	var all []time.Duration
	for _, use := range c.uses {
		c.check(use.Err())
		id := use.ID().String()
		answered, ok := c.acked[id]
		if !ok || !use.Acknowledged() {
			c.b.Fatalf("an interaction is lost, of %d", len(c.uses))
		}
		all = append(all, answered.Sub(c.asked[id]))
	}
	slices.Sort(all)
	return all
}
