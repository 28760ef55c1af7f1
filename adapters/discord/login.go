package discord

import (
	"context"
	"fmt"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
)

// loginCommands let members in elsewhere, and sign them out there.
func (a *Adapter) loginCommands() []wire.Command {
	who := a.argument(wire.OptionUser, slash{"member", "discord.command.member", "discord.describe.logout_member"})
	who.Required = false
	return []wire.Command{
		a.slashCommand(slash{"login", "discord.command.login", "discord.describe.login"}),
		a.slashCommand(slash{"logout", "discord.command.logout", "discord.describe.logout"}, who),
	}
}

// login gives the member a code by which they sign in elsewhere, which nobody else sees.
func (q *asked) login(ctx context.Context) error {
	made, err := q.Auth.CreateSignInCode(ctx, q.call, 0)
	if err != nil {
		return err
	}
	q.reply.say(ctx, q.speech.Say("discord.login.code", render.Args{
		"Code": "`" + made.Code + "`", "Until": fmt.Sprintf("<t:%d:R>", made.ExpiresAt.Unix()),
	}))
	return nil
}

// logout signs the member out everywhere, or as an administrator somebody else.
func (q *asked) logout(ctx context.Context) error {
	m := q.member.ID
	if _, ok := q.args["member"]; ok {
		var err error
		if m, err = q.named(ctx); err != nil {
			return err
		}
	}
	if err := q.Auth.SignOut(ctx, q.call, m); err != nil {
		return err
	}
	name, err := q.nameOf(ctx, m)
	if err == nil {
		q.reply.say(ctx, q.speech.Say("discord.login.out", render.Args{"Name": name}))
	}
	return err
}

// nameOf is what a member is called here.
func (q *asked) nameOf(ctx context.Context, m id.Member) (string, error) {
	found, err := q.Members.Profiles(ctx, q.call, m)
	if err == nil && len(found) == 0 {
		err = member.ErrNotFound
	}
	if err != nil {
		return "", err
	}
	return found[0].Name, nil
}
