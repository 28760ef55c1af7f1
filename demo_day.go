package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
)

// day is a support day in a community: its people on Discord, and the program
// as an API client sees it. The program may be stopped and started meanwhile.
type day struct {
	discord *discordtest.Server
	url     string
	http    *http.Client
	token   func(ctx context.Context, role access.Role, member string) (string, error)
	// unanswered decides what to do when the program did not answer somebody:
	// nil to go on, once it is there again. Without it the day ends.
	unanswered func(ctx context.Context, err error) error

	guild                *discordtest.Guild
	lobby                *discordtest.Channel
	olga                 *discordtest.Member   // owns the guild
	nadia, omar          *discordtest.Member   // answer
	camille, sam, yuki   *discordtest.Member   // ask, in French, English and Japanese
	others               []*discordtest.Member // of a story that this is the day of
	panel                *discordtest.Message
	corrected, regretted *discordtest.Message
	tickets              map[string]int64 // number by who asked
}

// newDay makes the community; the bot is not in it yet.
func newDay(d *discordtest.Server, url string, token func(context.Context, access.Role, string) (string, error)) *day {
	g := d.Guild("Pixel Harbour", discordtest.WithOwner("Olga"))
	support := g.Role("Support")
	return &day{
		discord: d, url: url, http: http.DefaultClient, token: token, guild: g, lobby: g.Text("lobby", nil), olga: g.Owner(),
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

// insists asks the program for something. Who gets no answer looks whether what
// they wanted happened nevertheless, and asks again if it did not; where that is
// not offered any more, they look again.
func (d *day) insists(ctx context.Context, ask func() error, there func() bool) error {
	for again := false; ; again = true {
		err := ask()
		if again && errors.Is(err, errNotSeen) && there() {
			return nil
		}
		if err == nil || d.unanswered == nil {
			return err
		}
		if err := d.unanswered(ctx, err); err != nil {
			return err
		}
		if there() {
			return nil
		}
	}
}

// answerPatience is how long people look at "Ticket.sys is thinking…".
const answerPatience = 15 * time.Second

// answered waits for the answer to what somebody asked the bot.
func answered(ctx context.Context, in *discordtest.Interaction) error {
	ctx, cancel := context.WithTimeout(ctx, answerPatience)
	defer cancel()
	return in.Wait(ctx)
}

// never is what there is to see of things that do no harm when they are asked for twice.
func never() bool { return false }

// does lets somebody ask the bot to do something to a ticket, and waits until
// the ticket's history shows it.
func (d *day) does(ctx context.Context, n int64, what string, ask func() (*discordtest.Interaction, error), holds func(*history) bool) error {
	err := d.insists(ctx, func() error {
		in, err := ask()
		if err != nil {
			return err
		}
		return answered(ctx, in)
	}, func() bool {
		h, err := d.history(ctx, n)
		return err == nil && holds(h)
	})
	if err != nil {
		return err
	}
	return d.recorded(ctx, n, what, holds)
}

// opens lets a member ask for the form of a category and fill it in, and waits
// for the channel. A form whose sending got no answer stays open: it is sent
// again, without looking.
func (d *day) opens(ctx context.Context, who *discordtest.Member, ask func() *discordtest.Interaction, subject, body string) (*discordtest.Channel, error) {
	var form *discordtest.Interaction
	err := d.insists(ctx, func() error {
		form = ask()
		return answered(ctx, form)
	}, never)
	if err != nil {
		return nil, fmt.Errorf("%s asks for the form: %w", who.Name(), err)
	}
	err = d.insists(ctx, func() error {
		return answered(ctx, form.Submit(ctx, discordtest.Values{"subject": subject, "body": body}))
	}, never)
	if err != nil {
		return nil, fmt.Errorf("%s submits the form: %w", who.Name(), err)
	}
	n := int64(len(d.tickets) + 1)
	d.tickets[who.Name()] = n
	err = d.until(ctx, fmt.Sprintf("a channel of ticket %d for %s", n, who.Name()), func() bool {
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
func (d *day) supportChoice(ctx context.Context, who *discordtest.Member) (string, error) {
	var value string
	err := d.insists(ctx, func() error {
		in := who.Completes(ctx, d.lobby, "/ticket open", discordtest.Args{"category": ""}, "category")
		if err := answered(ctx, in); err != nil {
			return err
		}
		if len(in.Choices()) == 0 {
			return notSeen("a category that %s is offered", who.Name())
		}
		value, _ = in.Choices()[0].Value.(string)
		return nil
	}, never)
	return value, err
}

// opensByCommand opens a Support ticket with the command.
func (d *day) opensByCommand(ctx context.Context, who *discordtest.Member, subject, body string) error {
	choice, err := d.supportChoice(ctx, who)
	if err != nil {
		return err
	}
	_, err = d.opens(ctx, who, func() *discordtest.Interaction {
		return who.Runs(ctx, d.lobby, "/ticket open", discordtest.Args{"category": choice})
	}, subject, body)
	return err
}
