package discord

import (
	"context"
	"runtime/debug"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// eventNames lists the events that the inbox takes.
func eventNames() []string {
	return []string{
		"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE", "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE",
		"GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE", "GUILD_BAN_ADD",
		"CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE", "THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE",
		"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK",
		"INTERACTION_CREATE", "RESUMED",
	}
}

// inbox takes the events of one session with the gateway.
type inbox struct {
	*Adapter
	sound    *soundness
	dark     *dark
	stale    *stale
	joins    *joining
	arriving *announcements
	backlog  *backlog
	sights   *sights
	wanted   chan struct{} // somebody wishes to catch up
	reads    chan struct{} // holds a place for each history that is being read
	lists    chan struct{} // holds a place for each guild whose tickets are being listed
	visits   chan struct{} // holds a place for each guild that is being looked after
	peeks    chan struct{} // holds a place for each guild that is asked who is still there
	sorry    chan struct{} // holds a place for each who is told that too much is going on
}

// maxApologies is how many are told at a time that too much is going on.
const maxApologies = 32

// maxReads is how many channels' histories are read at a time.
const maxReads = 6

// maxVisits is how many guilds are looked after at a time. All that the bot is
// in are announced within seconds.
const maxVisits = 4

func newInbox(a *Adapter) *inbox {
	return &inbox{
		Adapter: a, sound: newSoundness(), dark: newDark(), stale: newStale(), joins: newJoining(), arriving: newAnnouncements(), backlog: newBacklog(), sights: newSights(), wanted: make(chan struct{}, 1),
		reads: make(chan struct{}, maxReads), lists: make(chan struct{}, maxVisits), visits: make(chan struct{}, maxVisits), sorry: make(chan struct{}, maxApologies),
		peeks: make(chan struct{}, maxPeeks),
	}
}

// accept puts an event into its lane. It is called in the order of the events
// and only enqueues. What it stumbles over ends nothing but itself.
func (in *inbox) accept(ctx context.Context, name string, raw []byte) {
	e := arrived{ctx: ctx, name: name, raw: raw}
	err := in.guard(name, func() error {
		in.enqueue(e)
		return nil
	})
	if err != nil {
		in.missed(e)
	}
}

func (in *inbox) enqueue(e arrived) {
	byGuild := func(g *guildEvent) string { return "guild:" + string(g.id()) }
	byChannel := func(d *wire.Deletion) string { return string(d.ChannelID) }
	switch e.name {
	case "READY":
		in.sound.lose()
		in.guilds.watch()
		take(in, e, in.readyLane, in.ready)
	case "GUILD_CREATE":
		take(in, e, in.guildLane, in.guildCreate)
	case "GUILD_UPDATE":
		take(in, e, func(g *wire.Guild) string { return "guild:" + string(g.ID) }, in.guildUpdate)
	case "GUILD_DELETE":
		take(in, e, in.goneLane, in.guildDelete)
	case "GUILD_ROLE_DELETE":
		take(in, e, byGuild, in.roleDeleted)
	case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE":
		take(in, e, byGuild, in.rolesChanged)
	case "GUILD_MEMBER_ADD":
		take(in, e, memberLane, in.memberAdd)
	case "GUILD_MEMBER_UPDATE":
		take(in, e, memberLane, in.memberUpdate)
	case "GUILD_BAN_ADD":
		take(in, e, memberLane, in.banned)
	case "GUILD_MEMBER_REMOVE":
		take(in, e, memberLane, in.memberRemove)
	case "CHANNEL_CREATE":
		take(in, e, channelLane, in.channelCreate)
	case "CHANNEL_UPDATE":
		take(in, e, channelLane, in.channelUpdate)
	case "CHANNEL_DELETE", "THREAD_DELETE":
		take(in, e, channelLane, in.channelDelete)
	case "THREAD_CREATE":
		take(in, e, channelLane, in.threadCreate)
	case "THREAD_UPDATE":
		take(in, e, channelLane, in.threadUpdate)
	case "MESSAGE_CREATE":
		take(in, e, messageLane, in.messageCreate)
	case "MESSAGE_UPDATE":
		take(in, e, messageLane, in.messageUpdate)
	case "MESSAGE_DELETE", "MESSAGE_DELETE_BULK":
		take(in, e, byChannel, in.messageDelete)
	case "INTERACTION_CREATE":
		in.acceptInteraction(e)
	}
}

// guildLane also notes that the guild was announced.
func (in *inbox) guildLane(g *wire.Guild) string {
	in.joins.begin(g.ID)
	in.arriving.came(g.ID)
	return "guild:" + string(g.ID)
}

// goneLane also notes that nothing is heard from the guild until it is announced.
func (in *inbox) goneLane(g *guildEvent) string {
	in.arriving.came(g.id())
	in.sound.loseOne(g.id())
	in.dark.add(g.id(), g.id())
	return "guild:" + string(g.id())
}

func channelLane(c *wire.Channel) string { return string(c.ID) }
func messageLane(m *wire.Message) string { return string(m.ChannelID) }
func memberLane(m *wire.Member) string   { return "guild:" + string(m.GuildID) }

// arrived is an event as the gateway handed it on.
type arrived struct {
	ctx   context.Context //nolint:containedctx // an event is passed on at once, never kept
	name  string
	raw   []byte
	about *aboutEvent // where it happened, once raw is gone
}

// largeEvent is the size of an event, in bytes, from which its data is not kept
// while it waits: all guilds that the bot is in are announced at once.
const largeEvent = 4096

// light gives the event, which was read as v, as it may wait.
func (e arrived) light(v any) arrived {
	if len(e.raw) < largeEvent {
		return e
	}
	if g, ok := v.(*wire.Guild); ok {
		e.about = &aboutEvent{ID: g.ID} // which need not be looked for in all that a guild is
	} else {
		e.about = e.where()
	}
	e.raw = nil
	return e
}

// where tells where it happened, as far as it says.
func (e arrived) where() *aboutEvent {
	if e.about != nil {
		return e.about
	}
	about, err := wire.Read[aboutEvent](e.raw)
	if err != nil {
		return &aboutEvent{}
	}
	return about
}

// take reads an event and lets do handle it in its lane.
func take[T any](in *inbox, e arrived, lane func(*T) string, do func(context.Context, *T) error) {
	v, err := wire.Read[T](e.raw)
	if err != nil {
		in.unreadable(e, err)
		return
	}
	e = e.light(v)
	ok := in.lanes.put(e.ctx, lane(v), func(ctx context.Context) {
		if err := in.guard(e.name, func() error { return do(ctx, v) }); err != nil && ctx.Err() == nil {
			in.Logger.Error("an event could not be handled; it is caught up with later", "event", e.name, "error", err)
			in.missed(e)
		}
	})
	if !ok && e.ctx.Err() == nil {
		if in.warned.allows("overload") {
			in.Logger.Warn("more arrives than can be taken in; it is caught up with later", "event", e.name)
		}
		in.missed(e)
	}
}

// safely does what no other event shall end by.
func (a *Adapter) safely(name string, do func()) {
	_ = a.guard(name, func() error { do(); return nil }) // it was logged
}

// guard turns a panic into an error, so that one event ends nothing but itself.
func (a *Adapter) guard(name string, do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			a.Logger.Error("a handler panicked", "event", name, "panic", r, "stack", string(debug.Stack()))
			err = errPanicked
		}
	}()
	return do()
}

// unreadable deals with an event that is not as expected.
func (in *inbox) unreadable(e arrived, err error) {
	in.Logger.Error("an event could not be read; what it told is caught up with", "event", e.name, "error", err)
	in.missed(e)
}

// missed wishes to catch up on the channel or the guild that an event was about,
// or on all if it does not say.
func (in *inbox) missed(e arrived) {
	about := e.where()
	ch, guild := about.place(e.name)
	switch {
	case ch.Valid():
		in.sound.loseOne(ch)
		if about.Guild.Valid() {
			time.AfterFunc(missedDelay, func() { in.backlog.add(unread{guild: about.Guild, channel: ch}, moved) })
			return
		}
	case guild.Valid():
		in.stale.add(guild)
	default:
		in.sound.lose()
		in.guilds.watch()
		in.stale.addAll()
	}
	time.AfterFunc(missedDelay, in.wantCatchUp)
}

// aboutEvent is what an event may say of where it happened.
type aboutEvent struct {
	ID      wire.ID `json:"id"`
	Channel wire.ID `json:"channel_id"`
	Guild   wire.ID `json:"guild_id"`
}

// place gives the channel or the guild that an event of the name was about.
func (a *aboutEvent) place(name string) (ch, guild wire.ID) {
	switch {
	case a.Channel.Valid():
		return a.Channel, ""
	case strings.HasPrefix(name, "CHANNEL_"), strings.HasPrefix(name, "THREAD_"):
		return a.ID, ""
	case !strings.HasPrefix(name, "GUILD_"), a.Guild.Valid():
		return "", a.Guild
	}
	return "", a.ID
}

// missedDelay keeps an error that persists from turning in circles.
const missedDelay = time.Second

// missedAll wishes to catch up on everything.
func (in *inbox) missedAll() {
	in.sound.lose()
	in.guilds.watch()
	in.stale.addAll()
	time.AfterFunc(missedDelay, in.wantCatchUp)
}

func (in *inbox) wantCatchUp() {
	select {
	case in.wanted <- struct{}{}:
	default:
	}
}
