package discord

import (
	"maps"
	"sync"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// dark knows which channels, or whole guilds, the bot cannot read for now.
// Discord tells nothing of what is said there, and no new session begins when
// they can be read again: then they have to be caught up with.
type dark struct {
	mu   sync.Mutex
	here map[wire.ID]wire.ID // channels and guilds, with their guilds
}

func newDark() *dark { return &dark{here: map[wire.ID]wire.ID{}} }

func (d *dark) add(channelOrGuild, guild wire.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.here[channelOrGuild] = guild
}

// ends forgets a channel, and reports whether it was dark.
func (d *dark) ends(c wire.ID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, was := d.here[c]
	delete(d.here, c)
	return was
}

// endsIn forgets all of a guild, and reports whether there was something.
func (d *dark) endsIn(guild wire.ID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	before := len(d.here)
	maps.DeleteFunc(d.here, func(_, in wire.ID) bool { return in == guild })
	return len(d.here) < before
}

// letIn reports whether a ticket's channel still has the overwrite that lets the
// bot in, whatever becomes of its roles.
func letIn(me wire.ID, ch *wire.Channel) bool {
	for _, o := range ch.Overwrites {
		if o.ID == me {
			return o.Allow.Has(wire.ViewChannel)
		}
	}
	return render.MarkedTicket(ch.Topic) == 0
}
