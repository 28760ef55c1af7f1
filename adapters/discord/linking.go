package discord

import (
	"context"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// commandLink is the one command that works in a guild without a workspace.
const commandLink = "setup link"

// setupLink links the guild to the workspace whose administrator made the code. Who
// manages the guild proves by the command that it is theirs to link, and by the code
// that the workspace wants it.
func (q *asked) setupLink(ctx context.Context) error {
	if may := q.Member.Permissions; may == nil || !mayManage(*may) {
		return access.ErrForbidden
	}
	g, err := q.rest.Guild(ctx, q.GuildID)
	if err != nil {
		return err
	}
	w, err := q.Workspaces.LinkByCode(ctx, q.Now(), q.call.Actor, workspace.Place{
		Channel: event.ChannelDiscord, ExternalID: string(q.GuildID), Name: g.Name, Locale: locale.Tag(g.Locale),
	}, string(q.Person().ID), q.args["code"].Text())
	if err != nil {
		return err
	}
	q.stale.add(q.GuildID)
	q.wantCatchUp()
	q.reply.say(ctx, q.speech.Say("discord.setup.link", render.Args{"Workspace": w.Name}))
	return nil
}
