package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// command is the command line.
func command(p process) *cli.Command {
	return &cli.Command{
		Name:      "ticketsys",
		Usage:     "a helpdesk for Discord communities and for anyone with an API client",
		Writer:    p.Out,
		ErrWriter: p.Err,
		Commands: []*cli.Command{
			{Name: "serve", Usage: "run the helpdesk until interrupted", Action: p.serve, OnUsageError: usage},
			demoCommand(p),
			tokenCommand(p),
			apiKeyCommand(p),
			sessionCommand(p),
			keysCommand(p),
			seedCommand(p),
			{Name: "migrate", Usage: "bring the database up to date", Action: p.migrate, OnUsageError: usage},
			{Name: "version", Usage: "print the version", Action: p.version, OnUsageError: usage},
		},
		CommandNotFound: func(context.Context, *cli.Command, string) {},
		Action:          p.unknown,
		OnUsageError:    usage,
		// The program prints errors itself, each as one line, and decides its status.
		ExitErrHandler: func(context.Context, *cli.Command, error) {},
	}
}

func usage(_ context.Context, _ *cli.Command, err error, _ bool) error {
	return usageError{message: err.Error(), hint: "Run `ticketsys help` to see what there is."}
}

// unknown answers a command line without a command that exists.
func (p process) unknown(_ context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return usageError{
			message: fmt.Sprintf("there is no command %q", c.Args().First()),
			hint:    "Run `ticketsys help` to see what there is.",
		}
	}
	return cli.ShowRootCommandHelp(c)
}

func (p process) version(context.Context, *cli.Command) error {
	_, err := fmt.Fprintln(p.Out, "ticketsys", buildVersion())
	return err
}

// buildVersion is the version that the binary was built from.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

func (p process) migrate(ctx context.Context, _ *cli.Command) error {
	c, err := Environment(p.Getenv)
	if err != nil {
		return err
	}
	store, err := openStore(ctx, c, appOptions{Logger: p.logger(c)})
	if err != nil {
		return err
	}
	fmt.Fprintln(p.Out, "The database is up to date.")
	return store.Close()
}

func tokenCommand(p process) *cli.Command {
	return &cli.Command{
		Name:  "token",
		Usage: "print an access token, or a refresh token, and nothing else",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "role", Usage: "requester, agent, supervisor or admin"},
			&cli.StringFlag{Name: "workspace", Usage: "`SLUG` of the workspace, when there are several"},
			&cli.StringFlag{Name: "member", Usage: "`ID` of the member whom it names; a service member of the role without it"},
			&cli.DurationFlag{Name: "ttl", Usage: "how long it is valid", Value: auth.DefaultTTL},
			&cli.BoolFlag{Name: "refresh", Usage: "sign in, and print the refresh token of the session instead, which is exchanged for tokens by the API"},
			&cli.StringFlag{Name: "label", Usage: "what a session is called in lists", Value: "command line"},
		},
		OnUsageError: usage,
		Action:       p.token,
	}
}

// wired gives the program put together as the environment says, for a command that
// closes it.
func (p process) wired(ctx context.Context) (*app, error) {
	c, err := Environment(p.Getenv)
	if err != nil {
		return nil, err
	}
	return newApp(ctx, c, appOptions{Logger: p.logger(c)})
}

func (p process) token(ctx context.Context, cmd *cli.Command) error {
	role, m, err := tokenSubject(cmd)
	if err != nil {
		return err
	}
	if cmd.Bool("refresh") && cmd.IsSet("ttl") {
		return usageError{message: "--ttl is about access tokens: a session has ends of its own"}
	}
	a, err := p.wired(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	w, err := a.workspaceFor(ctx, cmd.String("workspace"))
	if err != nil {
		return err
	}
	token, err := a.tokenAsked(ctx, cmd, w.ID, m, role)
	if err != nil {
		return a.plain(err)
	}
	_, err = fmt.Fprintln(p.Out, token)
	return err
}

// tokenAsked makes the token that a command asks for.
func (a *app) tokenAsked(ctx context.Context, cmd *cli.Command, w id.Workspace, m id.Member, role access.Role) (string, error) {
	if cmd.Bool("refresh") {
		let, err := a.auth.BeginFor(ctx, w, m, role, cmd.String("label"), a.now())
		return let.RefreshToken, err
	}
	return a.auth.IssueFor(ctx, w, m, role, cmd.Duration("ttl"), a.now())
}

// tokenSubject reads whom the token is for.
func tokenSubject(cmd *cli.Command) (access.Role, id.Member, error) {
	role, raw := access.Role(cmd.String("role")), cmd.String("member")
	if cmd.Args().Present() {
		return "", 0, usageError{message: fmt.Sprintf("%s takes no argument %q", cmd.Name, cmd.Args().First())}
	}
	if !role.Valid() && (raw == "" || role != "") {
		return "", 0, usageError{message: "--role must be requester, agent, supervisor or admin"}
	}
	if !cmd.IsSet("member") {
		return role, 0, nil
	}
	m, err := parseMember(raw)
	if err != nil {
		return "", 0, usageError{message: fmt.Sprintf("--member %q is no member ID", raw)}
	}
	return role, m, nil
}

// workspaceFor finds the workspace that a command is about: the one that is
// named, or the only one.
func (a *app) workspaceFor(ctx context.Context, slug string) (*workspace.Workspace, error) {
	all, err := a.workspaces.All(ctx)
	if err != nil {
		return nil, err
	}
	slugs := make([]string, len(all))
	for i, w := range all {
		slugs[i] = w.Slug
		if slug == w.Slug || slug == "" && len(all) == 1 {
			return w, nil
		}
	}
	message := "there are several workspaces: name one with --workspace"
	if slug != "" {
		message = fmt.Sprintf("there is no workspace %q", slug)
	}
	return nil, usageError{message: message, hint: strings.Join(slugs, "\n")}
}

// plain says a fault in words; other errors stay what they are.
func (a *app) plain(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	text := a.catalogue.Text("en", f.Key, f.Args)
	if f.Code == fault.Invalid || f.Code == fault.NotFound {
		return usageError{message: text}
	}
	return errors.New(text)
}

// parseMember reads a member's ID as the API shows it, or as a number.
func parseMember(s string) (id.Member, error) {
	if kind, n, ok := scalar.Decode(s); ok && kind == scalar.Member {
		return id.Member(n), nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err == nil && n <= 0 {
		err = strconv.ErrRange
	}
	return id.Member(n), err
}
