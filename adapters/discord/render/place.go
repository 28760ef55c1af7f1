package render

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

const (
	maxChannelName = 100
	maxTopic       = 1024
)

// Mark stands in the topic of a ticket's channel and finds the channel again,
// when it was made but the answer to that got lost.
func Mark(t id.Ticket) string { return "[ts:" + strconv.FormatInt(int64(t), 36) + "]" }

// MarkedTicket finds the ticket whose mark stands in a topic; 0: none.
func MarkedTicket(topic string) id.Ticket {
	_, rest, ok := strings.Cut(topic, "[ts:")
	mark, _, end := strings.Cut(rest, "]")
	n, err := strconv.ParseInt(mark, 36, 64)
	if !ok || !end || err != nil || n <= 0 {
		return 0
	}
	return id.Ticket(n)
}

// Marked reports whether a topic is that of a place for tickets: of one, or of many.
func Marked(topic string) bool { return strings.Contains(topic, "[ts:") }

// Place is what a ticket's channel is called.
func Place(t *ticket.Ticket) wire.Renaming {
	name := strconv.FormatInt(t.Number, 10)
	if slug := Slug(t.Subject); slug != "" {
		name += "-" + slug
	}
	mark := " " + Mark(t.ID)
	about := "#" + strconv.FormatInt(t.Number, 10) + " · " + strings.Join(strings.Fields(t.Subject), " ")
	return wire.Renaming{
		Name:  strings.TrimRight(head(name, maxChannelName), "-"),
		Topic: Clip(about, maxTopic-len(mark)) + mark,
	}
}

// Slug keeps letters of every script and digits, and puts hyphens between words.
func Slug(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(s) {
		if !unicode.In(r, unicode.L, unicode.Nd, unicode.Mn, unicode.Mc) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// HubMark stands in the topic of the channel in which tickets' threads are made.
const HubMark = "[ts:threads]"

// ForumMark stands in the topic of the forum of a category.
func ForumMark(c id.Category) string { return "[ts:forum:" + strconv.FormatInt(int64(c), 36) + "]" }

// Hub are the rights in that channel: everybody may be let into its threads,
// and nobody writes beside them.
func Hub(guild, bot wire.ID, held wire.Permission) []wire.Overwrite {
	return []wire.Overwrite{
		{
			ID: guild, Type: wire.OverwriteRole, Allow: (seeing | wire.SendInThreads) & held,
			Deny: (wire.SendMessages | wire.CreatePublicThreads | wire.CreatePrivateThreads) & held,
		},
		{ID: bot, Type: wire.OverwriteMember, Allow: (working | threading) & held},
	}
}

const (
	// threading is what the bot needs to keep threads.
	threading = wire.CreatePrivateThreads | wire.CreatePublicThreads | wire.SendInThreads | wire.ManageThreads
	// NeededForPosts is what it has to hold to make forums and keep posts.
	NeededForPosts = wire.ViewChannel | wire.ManageChannels | wire.ManageRoles | wire.SendMessages | wire.SendInThreads | wire.ManageThreads
	// NeededForContent is what it has to hold to show cards and answers, with files.
	NeededForContent = wire.EmbedLinks | wire.AttachFiles | wire.ReadHistory
	// NeededForStaff is what it has to hold in a channel where staff is told of things.
	NeededForStaff = wire.ViewChannel | wire.SendMessages | wire.EmbedLinks | wire.ReadHistory
	// NeededForStaffThread is the same for a thread.
	NeededForStaffThread = wire.ViewChannel | wire.SendInThreads | wire.EmbedLinks | wire.ReadHistory
	// NeededForThreads is what it has to hold to make a private thread and decide
	// who is in it.
	NeededForThreads = wire.ViewChannel | wire.CreatePrivateThreads | wire.SendInThreads | wire.ManageThreads
)

const (
	seeing  = wire.ViewChannel | wire.ReadHistory
	sending = wire.SendMessages | wire.EmbedLinks | wire.AttachFiles | wire.AddReactions
	// muting is what a viewer is denied who may not write.
	muting = wire.SendMessages | wire.SendInThreads
	// asides are denied to everybody in a ticket's channel: what is said in a thread
	// there is no part of the ticket.
	asides = wire.CreatePublicThreads | wire.CreatePrivateThreads
	// working is what the bot needs itself: also what it denies to others, which it
	// may only while it holds it.
	working = seeing | sending | wire.ManageChannels | wire.ManageMessages | asides
	// Needed is what the bot has to hold to make a channel and shut others out.
	Needed = wire.ViewChannel | wire.ManageChannels | wire.ManageRoles | wire.SendMessages
)

// Overwrites are the rights in a ticket's channel: nobody sees it but its
// audience and the bot, and nobody opens threads there. A bot can only give and take what it holds itself; held
// has to include Needed, or the channel would stand open.
func Overwrites(guild, bot wire.ID, held wire.Permission, audience []channel.Viewer) []wire.Overwrite {
	list := []wire.Overwrite{
		{ID: guild, Type: wire.OverwriteRole, Deny: wire.ViewChannel | asides&held},
		{ID: bot, Type: wire.OverwriteMember, Allow: working & held},
	}
	for _, v := range audience {
		o := overwrite(v, held)
		switch o.ID {
		case "":
			o.ID = guild
			list[0] = o
		case bot, guild:
		default:
			list = append(list, o)
		}
	}
	return list
}

func overwrite(v channel.Viewer, held wire.Permission) wire.Overwrite {
	o := wire.Overwrite{ID: wire.ID(v.ExternalID), Type: wire.OverwriteMember, Allow: seeing & held, Deny: asides & held}
	if v.Role {
		o.Type = wire.OverwriteRole
	}
	if v.Send {
		o.Allow |= sending & held
	} else {
		o.Deny |= muting & held
	}
	return o
}
