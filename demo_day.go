package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
)

// day is a support day in a community: its people on Discord, and the program
// as an API client sees it. The program may be stopped and started meanwhile.
type day struct {
	discord *discordtest.Server
	url     string
	token   func(ctx context.Context, role access.Role, member string) (string, error)

	guild                *discordtest.Guild
	lobby                *discordtest.Channel
	olga                 *discordtest.Member // owns the guild
	nadia, omar          *discordtest.Member // answer
	camille, sam, yuki   *discordtest.Member // ask, in French, English and Japanese
	panel                *discordtest.Message
	corrected, regretted *discordtest.Message
	tickets              map[string]int64 // number by who asked
}

// newDay makes the community; the bot is not in it yet.
func newDay(d *discordtest.Server, url string, token func(context.Context, access.Role, string) (string, error)) *day {
	g := d.Guild("Pixel Harbour", discordtest.WithOwner("Olga"))
	support := g.Role("Support")
	return &day{
		discord: d, url: url, token: token, guild: g, lobby: g.Text("lobby", nil), olga: g.Owner(),
		nadia:   g.Member("Nadia", support, discordtest.Locale("en-US")),
		omar:    g.Member("Omar", support, discordtest.Locale("fr")),
		camille: g.Member("Camille", discordtest.Locale("fr")),
		sam:     g.Member("Sam", discordtest.Locale("en-GB")),
		yuki:    g.Member("ユキ", discordtest.Locale("ja")),
		tickets: map[string]int64{},
	}
}

// step is something that happens on the day. Its do returns when that was seen
// to have happened, with the values of the sentence that says so.
type step struct {
	key string
	do  func(d *day, ctx context.Context) (map[string]any, error)
}

// supportDay is the whole day, in order.
func supportDay() []step {
	return slices.Concat(arrival(), camilleAsks(), camilleIsHelped(), samAsks(), yukiAsks())
}

// numbers gives the numbers of the day's tickets.
func (d *day) numbers() []int64 {
	var all []int64
	for _, n := range d.tickets {
		all = append(all, n)
	}
	slices.Sort(all)
	return all
}

// errNotSeen is wrapped by what was expected and did not happen.
var errNotSeen = errors.New("not seen")

func notSeen(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errNotSeen, fmt.Sprintf(format, args...))
}

// channelOf is where the ticket of that number shows.
func (d *day) channelOf(n int64) *discordtest.Channel {
	mark := fmt.Sprintf("%d-", n)
	for _, c := range d.guild.Channels() {
		if len(c.Name()) > len(mark) && c.Name()[:len(mark)] == mark {
			return c
		}
	}
	return nil
}

// until waits for a condition on Discord's side.
func (d *day) until(ctx context.Context, what string, holds func() bool) error {
	if err := d.discord.Until(ctx, holds); err != nil {
		return notSeen("%s (%v)", what, err)
	}
	return nil
}

// opens lets a member fill in the form of a category, and waits for the channel.
func (d *day) opens(ctx context.Context, who *discordtest.Member, in *discordtest.Interaction, subject, body string) (*discordtest.Channel, error) {
	answer := in.Submit(ctx, discordtest.Values{"subject": subject, "body": body})
	if err := answer.Wait(ctx); err != nil {
		return nil, fmt.Errorf("%s submits the form: %w", who.Name(), err)
	}
	n := int64(len(d.tickets) + 1)
	d.tickets[who.Name()] = n
	err := d.until(ctx, fmt.Sprintf("a channel of ticket %d for %s", n, who.Name()), func() bool {
		c := d.channelOf(n)
		return c != nil && c.SeenBy(who)
	})
	if err != nil {
		return nil, err
	}
	return d.channelOf(n), nil
}

// supportChoice is what the member picks among the categories that the command
// offers while they type: the first, which is Support.
func (d *day) supportChoice(ctx context.Context, who *discordtest.Member) string {
	in := who.Completes(ctx, d.lobby, "/ticket open", discordtest.Args{"category": ""}, "category")
	if err := in.Wait(ctx); err != nil || len(in.Choices()) == 0 {
		return ""
	}
	value, _ := in.Choices()[0].Value.(string)
	return value
}
