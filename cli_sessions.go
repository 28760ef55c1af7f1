package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/urfave/cli/v3"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// sessionCommand is about members who are signed in.
func sessionCommand(p process) *cli.Command {
	workspace := &cli.StringFlag{Name: "workspace", Usage: "`SLUG` of the workspace, when there are several"}
	return &cli.Command{
		Name: "session", Usage: "members who are signed in",
		OnUsageError: usage, CommandNotFound: func(context.Context, *cli.Command, string) {}, Action: p.unknown,
		Commands: []*cli.Command{
			{Name: "list", Usage: "list the sessions of a workspace", Flags: []cli.Flag{workspace}, OnUsageError: usage, Action: p.listSessions},
			{Name: "end", Usage: "end a session at once", ArgsUsage: "ID", Flags: []cli.Flag{workspace}, OnUsageError: usage, Action: p.endSession},
			{
				Name: "sign-out", Usage: "end all sessions and access tokens of a member at once", ArgsUsage: "MEMBER", Flags: []cli.Flag{workspace},
				OnUsageError: usage, Action: p.signOut,
			},
		},
	}
}

func (p process) listSessions(ctx context.Context, cmd *cli.Command) error {
	return p.within(ctx, cmd, func(a *app, c access.Call) error {
		table := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tMEMBER\tLABEL\tBEGAN\tLAST USED\tENDS")
		for r := (page.Request{First: page.MaxSize}); ; {
			found, err := a.auth.Sessions(ctx, c, query.Query{}, r)
			if err != nil {
				return err
			}
			for _, s := range found.Items {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", scalar.Encode(scalar.Session, int64(s.ID)), scalar.Encode(scalar.Member, int64(s.Member)),
					s.Label, dateOf(s.CreatedAt), dateOf(s.LastUsedAt), sessionEnds(s))
			}
			if !found.HasNext {
				return table.Flush()
			}
			r.After = auth.SessionTerms().CursorOf(query.Query{}, found.Items[len(found.Items)-1].SortKey)
		}
	})
}

// sessionEnds tells until when a session lasts, or why it does not.
func sessionEnds(s *auth.Session) string {
	if !s.EndedAt.IsZero() {
		return string(s.Reason)
	}
	return dateOf(s.Over())
}

func (p process) endSession(ctx context.Context, cmd *cli.Command) error {
	return p.onOne(ctx, cmd, "end takes the ID of one session", func(a *app, c access.Call, named string) error {
		return a.auth.EndSession(ctx, c, scalar.Of[id.Session](scalar.Session, named))
	})
}

func (p process) signOut(ctx context.Context, cmd *cli.Command) error {
	return p.onOne(ctx, cmd, "sign-out takes the ID of one member", func(a *app, c access.Call, named string) error {
		m, err := parseMember(named)
		if err != nil {
			return usageError{message: fmt.Sprintf("%q is no member ID", named)}
		}
		return a.auth.SignOut(ctx, c, m)
	})
}

// onOne does something to what the one argument of a command names.
func (p process) onOne(ctx context.Context, cmd *cli.Command, otherwise string, do func(*app, access.Call, string) error) error {
	if cmd.Args().Len() != 1 {
		return usageError{message: otherwise}
	}
	return p.within(ctx, cmd, func(a *app, c access.Call) error { return do(a, c, cmd.Args().First()) })
}
