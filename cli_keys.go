package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// defaultOverlap is how long a signing key goes on to verify after it was replaced.
const defaultOverlap = 7 * 24 * time.Hour

// keysCommand is about the keys that sign access tokens.
func keysCommand(p process) *cli.Command {
	return &cli.Command{
		Name: "keys", Usage: "the keys that sign access tokens",
		OnUsageError: usage, CommandNotFound: func(context.Context, *cli.Command, string) {}, Action: p.unknown,
		Commands: []*cli.Command{
			{
				Name: "rotate", Usage: "sign with a new key from now on",
				Flags: []cli.Flag{&cli.DurationFlag{
					Name: "overlap", Value: defaultOverlap,
					Usage: "how long the old key goes on to verify: tokens that it signed end then at the latest; 0s takes it away at once",
				}},
				OnUsageError: usage, Action: p.rotate,
			},
		},
	}
}

func (p process) rotate(ctx context.Context, cmd *cli.Command) error {
	overlap := cmd.Duration("overlap")
	if overlap < 0 {
		return usageError{message: "--overlap must not be negative"}
	}
	return p.with(ctx, cmd, func(a *app) error {
		kid, err := a.tokens.Rotate(ctx, overlap, a.now())
		if err == nil {
			_, err = fmt.Fprintln(p.Out, kid)
		}
		return err
	})
}

// apiKeyCommand is about the keys by which programs act as members.
func apiKeyCommand(p process) *cli.Command {
	workspace := &cli.StringFlag{Name: "workspace", Usage: "`SLUG` of the workspace, when there are several"}
	return &cli.Command{
		Name: "api-key", Usage: "keys by which programs act as members",
		OnUsageError: usage, CommandNotFound: func(context.Context, *cli.Command, string) {}, Action: p.unknown,
		Commands: []*cli.Command{
			{
				Name: "create", Usage: "print a new key, and nothing else",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "name", Usage: "what it is for", Required: true},
					&cli.StringFlag{Name: "role", Usage: "requester, agent, supervisor or admin"},
					workspace,
					&cli.StringFlag{Name: "member", Usage: "`ID` of the member as whom it acts; a service member of the role without it"},
					&cli.StringSliceFlag{Name: "scope", Usage: "what it may be used for, such as ticket.see; all that its member may read without it"},
					&cli.DurationFlag{Name: "ttl", Usage: "how long it is valid", Value: auth.DefaultKeyLife},
				},
				OnUsageError: usage, Action: p.createKey,
			},
			{Name: "list", Usage: "list the keys of a workspace", Flags: []cli.Flag{workspace}, OnUsageError: usage, Action: p.listKeys},
			{Name: "revoke", Usage: "end a key at once", ArgsUsage: "ID", Flags: []cli.Flag{workspace}, OnUsageError: usage, Action: p.revokeKey},
		},
	}
}

// with does something with the wired program.
func (p process) with(ctx context.Context, cmd *cli.Command, do func(*app) error) error {
	if cmd.ArgsUsage == "" && cmd.Args().Present() {
		return usageError{message: fmt.Sprintf("%s takes no argument %q", cmd.Name, cmd.Args().First())}
	}
	a, err := p.wired(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := do(a); err != nil {
		return a.plain(err)
	}
	return nil
}

// within does something as the helpdesk itself in the workspace that is named.
func (p process) within(ctx context.Context, cmd *cli.Command, do func(*app, access.Call) error) error {
	return p.with(ctx, cmd, func(a *app) error {
		w, err := a.workspaceFor(ctx, cmd.String("workspace"))
		if err != nil {
			return err
		}
		return do(a, access.Call{Actor: access.System(w.ID), Now: a.now()})
	})
}

func (p process) createKey(ctx context.Context, cmd *cli.Command) error {
	role, m, err := tokenSubject(cmd)
	if err != nil {
		return err
	}
	wish := auth.KeyWish{Name: cmd.String("name"), Member: m, Scopes: auth.ReadScopes()}
	if cmd.IsSet("scope") {
		wish.Scopes = nil
		for _, s := range cmd.StringSlice("scope") {
			wish.Scopes = append(wish.Scopes, access.Permission(s))
		}
	}
	return p.within(ctx, cmd, func(a *app, c access.Call) error {
		wish.ExpiresAt = c.Now.Add(cmd.Duration("ttl"))
		_, secret, err := a.auth.CreateKeyFor(ctx, c.Actor.Workspace, role, wish, c.Now)
		if err == nil {
			_, err = fmt.Fprintln(p.Out, secret)
		}
		return err
	})
}

func (p process) listKeys(ctx context.Context, cmd *cli.Command) error {
	return p.within(ctx, cmd, func(a *app, c access.Call) error {
		table := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tPREFIX\tNAME\tENDS\tLAST USED\tSCOPES")
		for r := (page.Request{First: page.MaxSize}); ; {
			found, err := a.auth.Keys(ctx, c, query.Query{}, r)
			if err != nil {
				return err
			}
			for _, k := range found.Items {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", scalar.Encode(scalar.APIKey, int64(k.ID)), k.Prefix(), k.Name, ends(k), dateOf(k.LastUsedAt), scopes(k))
			}
			if !found.HasNext {
				return table.Flush()
			}
			r.After = auth.KeyTerms().CursorOf(query.Query{}, found.Items[len(found.Items)-1].SortKey)
		}
	})
}

// ends tells until when a key is good.
func ends(k *auth.APIKey) string {
	if !k.RevokedAt.IsZero() {
		return "revoked"
	}
	return dateOf(k.ExpiresAt)
}

func dateOf(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.DateOnly)
}

func scopes(k *auth.APIKey) string {
	all := make([]string, len(k.Scopes))
	for i, s := range k.Scopes {
		all[i] = string(s)
	}
	return strings.Join(all, ",")
}

func (p process) revokeKey(ctx context.Context, cmd *cli.Command) error {
	return p.onOne(ctx, cmd, "revoke takes the ID of one key", func(a *app, c access.Call, named string) error {
		return a.auth.RevokeKey(ctx, c, scalar.Of[id.APIKey](scalar.APIKey, named))
	})
}
