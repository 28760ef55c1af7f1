package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/locales"
)

// demoPatience bounds the whole play: what was not seen by then did not happen.
const demoPatience = 60 * time.Second

func demoCommand(p process) *cli.Command {
	return &cli.Command{
		Name:  "demo",
		Usage: "play a support day on a built-in Discord test server, then stay up to be explored",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "once", Usage: "end after the play, with status 0 if every step was seen to happen"},
			&cli.StringFlag{Name: "listen", Usage: "`ADDRESS` of HTTP", Value: "127.0.0.1:0"},
		},
		OnUsageError: usage,
		Action:       p.demo,
	}
}

// demo runs the real program against a Discord of its own, in a folder that is
// gone afterwards.
func (p process) demo(ctx context.Context, cmd *cli.Command) (err error) {
	folder, err := os.MkdirTemp("", "ticketsys-demo-")
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	d, err := discordtest.Start(discordtest.Options{Now: time.Now, RateLimits: true}) //nolint:contextcheck // it serves until it is closed
	if err != nil {
		return err
	}
	defer d.Close()
	c, err := demoConfig(d, folder, cmd.String("listen"))
	if err != nil {
		return err
	}
	l, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(p.Err, &slog.HandlerOptions{Level: slog.LevelError}))
	a, err := newApp(ctx, c, appOptions{Logger: log, Exclusive: true})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return p.playBeside(ctx, a, l, d, cmd.Bool("once"))
}

// demoConfig is what whoever sets nothing has, but for where things are.
func demoConfig(d *discordtest.Server, folder, address string) (Config, error) {
	set := map[string]string{
		"TICKETSYS_DATABASE_URL": "sqlite://" + filepath.Join(folder, "ticketsys.db"), "TICKETSYS_DATA_DIR": folder, "TICKETSYS_LISTEN": address,
		"TICKETSYS_DISCORD_TOKEN": d.Token(), "TICKETSYS_DISCORD_API_URL": d.APIURL(), "TICKETSYS_DISCORD_GATEWAY_URL": d.GatewayURL(),
	}
	return Environment(func(name string) (string, bool) {
		value, ok := set[name]
		return value, ok
	})
}

// playBeside runs the program and plays the day against it at the same time.
// The play ends with the program, should that fail.
func (p process) playBeside(ctx context.Context, a *app, l net.Listener, d *discordtest.Server, once bool) error {
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() {
		err := a.Run(running, l)
		stop()
		ended <- err
	}()
	err := p.playAndExplore(running, a, "http://"+l.Addr().String(), d, once)
	if ctx.Err() != nil { // interrupted: what was not seen any more is no failure
		return <-ended
	}
	if err != nil || once {
		stop()
		return errors.Join(<-ended, err)
	}
	return <-ended
}

func (p process) playAndExplore(ctx context.Context, a *app, url string, d *discordtest.Server, once bool) error {
	t := teller{out: p.Out, catalogue: a.catalogue, language: p.language()}
	day := newDay(d, url, a.tokenFor)
	playing, cancel := context.WithTimeout(ctx, demoPatience)
	defer cancel()
	if err := t.play(playing, day); err != nil || once {
		return err
	}
	return t.explore(ctx, day)
}

// tokenFor makes a token for a member by the ID that the API shows, or for the
// service member of a role.
func (a *app) tokenFor(ctx context.Context, role access.Role, member string) (string, error) {
	w, err := a.workspaceFor(ctx, "")
	if err != nil {
		return "", err
	}
	var m id.Member
	if member != "" {
		if m, err = parseMember(member); err != nil {
			return "", err
		}
	}
	return a.auth.IssueFor(ctx, w.ID, m, role, demoTokenLife, a.now())
}

// demoTokenLife is how long the tokens of the demo serve whoever explores it.
const demoTokenLife = 12 * time.Hour

// teller prints what happens, in the language of the terminal.
type teller struct {
	out       io.Writer
	catalogue *locales.Catalogue
	language  string
}

func (p process) language() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value, ok := p.Getenv(name); ok && len(value) >= 2 {
			return value[:2]
		}
	}
	return locales.English
}

func (t teller) say(key string, args map[string]any) {
	fmt.Fprintln(t.out, t.catalogue.Text(t.language, key, args))
}

// play goes through the day. The first step that is not seen to happen ends it.
func (t teller) play(ctx context.Context, d *day) error {
	began := time.Now()
	t.say("demo.play.begin", nil)
	for _, s := range supportDay() {
		args, err := s.do(d, ctx)
		text := t.catalogue.Text(t.language, s.key, args)
		if err != nil {
			return fmt.Errorf("%s: %w", t.catalogue.Text(t.language, "demo.play.unseen", map[string]any{"Step": text}), err)
		}
		fmt.Fprintf(t.out, "  %6.2f s  %s\n", time.Since(began).Seconds(), text)
	}
	return t.histories(ctx, d)
}

// histories prints every ticket's history as GraphQL tells it to an admin.
func (t teller) histories(ctx context.Context, d *day) error {
	fmt.Fprintln(t.out)
	t.say("demo.play.history", nil)
	for _, n := range d.numbers() {
		h, err := d.history(ctx, n)
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "\n  #%d  %s  [%s]\n", h.Number, h.Subject, h.Status)
		for _, line := range h.Lines {
			fmt.Fprintf(t.out, "      %s  %-22s %s\n", line.At.Local().Format("15:04:05"), line.What, line.Detail)
		}
	}
	return nil
}

// explore says where the running program can be looked at.
func (t teller) explore(ctx context.Context, d *day) error {
	admin, err := d.token(ctx, access.RoleAdmin, "")
	if err != nil {
		return err
	}
	fmt.Fprintln(t.out)
	t.say("demo.explore.intro", nil)
	t.say("demo.explore.graphiql", map[string]any{"GraphQL": d.url + "/graphql#token=" + admin})
	t.say("demo.explore.token", map[string]any{"Token": admin})
	page, err := membersPage(ctx, d.discord)
	if err != nil {
		return err
	}
	t.say("demo.explore.discord", map[string]any{"Page": page})
	return nil
}
