package discord

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/locales"
)

// standing is what the program found out of its application.
type standing struct {
	content, members atomic.Bool
	noCommands       atomic.Bool // they were refused
}

// report records what the bot can do in the guild, and logs what it cannot, with
// the mend: at each start, and whenever that changed.
func (in *inbox) report(ctx context.Context, c access.Call, guild wire.ID, always bool) error {
	now, err := in.capabilities(ctx, c, guild)
	if err != nil {
		return err
	}
	all, err := in.Channels.Reports(ctx, c)
	if err != nil {
		return err
	}
	was := slices.IndexFunc(all, func(r *channel.Report) bool { return r.Channel == event.ChannelDiscord })
	same := was >= 0 && all[was].State == now.State && slices.Equal(all[was].Capabilities, now.Capabilities)
	if !same || always {
		in.logOff(guild, now)
	}
	if same {
		return nil
	}
	return in.Channels.Report(ctx, c, *now)
}

func (a *Adapter) logOff(guild wire.ID, r *channel.Report) {
	for _, off := range r.Off() {
		a.Logger.Warn("the bot lacks something in a guild", "guild_id", string(guild), "capability", off.Key,
			"mend", a.Catalogue.Text(locales.English, off.Mend, nil))
	}
}

// away records that the bot is not in the guild now; what it could do there stays
// as it was.
func (in *inbox) away(ctx context.Context, guild wire.ID, state channel.Connection) error {
	c, ok, err := in.callIn(ctx, guild)
	if !ok {
		return err
	}
	now := channel.Report{Channel: event.ChannelDiscord}
	all, err := in.Channels.Reports(ctx, c)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(all, func(r *channel.Report) bool { return r.Channel == event.ChannelDiscord }); i >= 0 {
		now = *all[i]
	}
	now.State = state
	return in.Channels.Report(ctx, c, now)
}

// capabilities finds out what the bot can do in the guild.
func (a *Adapter) capabilities(ctx context.Context, c access.Call, guild wire.ID) (*channel.Report, error) {
	r := &channel.Report{Channel: event.ChannelDiscord, State: channel.Connected}
	held, err := a.held(ctx, guild)
	if _, limited := rest.Limited(err); !limited && rest.RefusalOf(err) != nil {
		r.State, held = channel.Removed, 0
	} else if err != nil {
		return nil, err
	}
	teams, err := a.Teams.List(ctx, c)
	if err != nil {
		return nil, err
	}
	r.Capabilities = []channel.Capability{
		{Key: "message_content", On: a.standing.content.Load(), Mend: "discord.mend.message_content"},
		{Key: "server_members", On: a.standing.members.Load(), Mend: "discord.mend.server_members"},
		{Key: "commands", On: !a.standing.noCommands.Load(), Mend: "discord.mend.commands"},
		{Key: "answering_role", On: len(boundRoles(teams)) > 0, Mend: "discord.mend.answering_role"},
		{Key: "private_channels", On: held.Has(render.Needed), Mend: "discord.mend.private_channels"},
		{Key: "private_threads", On: held.Has(render.NeededForThreads), Mend: "discord.mend.private_threads"},
		{Key: "forum_posts", On: held.Has(render.NeededForPosts), Mend: "discord.mend.forum_posts"},
		{Key: "rich_messages", On: held.Has(render.NeededForContent), Mend: "discord.mend.rich_messages"},
	}
	rooms, err := a.staffRooms(ctx, c)
	if err != nil {
		return nil, err
	}
	if rooms != nil {
		r.Capabilities = append(r.Capabilities, *rooms)
	}
	for i := range r.Capabilities {
		if r.Capabilities[i].On {
			r.Capabilities[i].Mend = ""
		}
	}
	return r, nil
}
