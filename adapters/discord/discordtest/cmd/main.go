// Command cmd runs a Discord of its own, to try bots against: the REST API and the gateway at one address, and at
// another a page on which a person acts as its members.
//
//	go run ./adapters/discord/discordtest/cmd
//	go run ./adapters/discord/discordtest/cmd -listen 127.0.0.1:4500 -page 127.0.0.1:4501 -locale fr
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/discord/discordtest/openapi"
	"github.com/ticketsys/ticketsys/adapters/discord/discordtest/web"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// settings are what the flags say.
type settings struct {
	listen, page, guild, locale, bot string
	limits                           bool
}

func parse(args []string, out io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("discordtest", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&s.listen, "listen", "127.0.0.1:4500", "address of the API and the gateway")
	flags.StringVar(&s.page, "page", "127.0.0.1:4501", "address of the page")
	flags.StringVar(&s.guild, "guild", "Acme", "name of the guild")
	flags.StringVar(&s.locale, "locale", "en-US", "language of the guild")
	flags.StringVar(&s.bot, "bot", "Ticket.sys", "name of the bot")
	flags.BoolVar(&s.limits, "limits", true, "enforce rate limits")
	return s, flags.Parse(args)
}

// run serves until the context ends.
func run(ctx context.Context, args []string, out io.Writer) error {
	set, err := parse(args, out)
	if err != nil {
		return err
	}
	discord, err := discordtest.Start(set.options(out)) //nolint:contextcheck // it serves until it is closed
	if err != nil {
		return err
	}
	defer discord.Close()
	found(discord, set)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", set.page)
	if err != nil {
		return fmt.Errorf("the page: %w", err)
	}
	page := &http.Server{Handler: web.New(discord).Handler(), ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = page.Close() })
	tell(out, discord, listener)
	if err := page.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// options judge the bot's requests where Discord's description lies beside the repository.
func (s settings) options(out io.Writer) discordtest.Options {
	opts := discordtest.Options{Now: time.Now, Address: s.listen, BotName: s.bot, RateLimits: s.limits}
	if d, err := openapi.Find(); err == nil {
		opts.Description = d
		opts.Wrong = func(n discordtest.Nonconformity) { _, _ = fmt.Fprintln(out, n) }
	}
	return opts
}

// found is a small community with a team, requesters of two languages, and the bot.
func found(discord *discordtest.Server, s settings) {
	guild := discord.Guild(s.guild, discordtest.WithOwner("Olga"), discordtest.WithLocale(s.locale))
	support := guild.Role("Support")
	guild.Member("Max", support)
	guild.Member("Ana", discordtest.Locale("fr"))
	guild.Member("Ben")
	guild.Text("help", guild.Category("Community"))
	guild.Forum("ideas", nil, "planned", "done")
	guild.AddBot()
}

func tell(out io.Writer, discord *discordtest.Server, page net.Listener) {
	_, _ = fmt.Fprintf(out, `A Discord runs. Start a bot against it with

	export TICKETSYS_DISCORD_TOKEN=%s
	export TICKETSYS_DISCORD_API_URL=%s
	export TICKETSYS_DISCORD_GATEWAY_URL=%s

and act as its members on http://%s
`, discord.Token(), discord.APIURL(), discord.GatewayURL(), page.Addr())
}
