package discord

import (
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
)

// takes gives the channels in the order in which they are to be read, each read
// at once.
func takes(b *backlog) string {
	order := ""
	for {
		u, ok := b.next()
		if !ok {
			return order
		}
		order += string(u.channel)
		b.finished(u)
	}
}

func TestWhatMovedIsReadFirst(t *testing.T) {
	b := newBacklog()
	for _, c := range []wire.ID{"1", "2", "3"} {
		b.add(unread{channel: c}, still)
	}
	b.add(unread{channel: "4"}, moved)
	b.add(unread{channel: "3"}, moved)
	b.add(unread{channel: "4"}, still)
	b.add(unread{channel: "1"}, still)
	b.urge(unread{channel: "2"})
	b.urge(unread{channel: "9"}) // which nobody wished to read
	if got := takes(b); got != "4321" {
		t.Errorf("read in the order %q", got)
	}
	b.add(unread{channel: "1"}, still)
	if got := takes(b); got != "1" {
		t.Errorf("again: %q", got)
	}
}

func TestTheRestWaitsForWhatMovesAndForEveryGuild(t *testing.T) {
	b := newBacklog()
	session := b.begin([]wire.ID{"7", "8"})
	b.add(unread{channel: "1"}, still)
	b.add(unread{channel: "2"}, moved)
	b.announced("7")
	u, _ := b.next()
	if _, more := b.next(); more || u.channel != "2" || b.awaits("7") || !b.awaits("8") {
		t.Errorf("%q was read, and more %v", u.channel, more)
	}
	b.announced("8")
	if _, more := b.next(); more {
		t.Error("the rest did not wait for what moved")
	}
	b.finished(u)
	if got := takes(b); got != "1" {
		t.Errorf("then: %q", got)
	}
	if b.settle(session) {
		t.Error("nobody was waited for")
	}
	b.begin([]wire.ID{"8"})
	if b.settle(session) {
		t.Error("of another session")
	}
	b.add(unread{channel: "1"}, still)
	if got := takes(b); got != "" || !b.settle(session+1) || takes(b) != "1" {
		t.Errorf("a guild that is never announced: %q before", got)
	}
}

func TestRankOfAChannel(t *testing.T) {
	newest := map[wire.ID]wire.ID{"10": "99", "11": "100", "12": "", "13": "101"}
	for _, c := range []struct {
		channel, seen string
		kind          category.Surface
		want          rank
	}{
		{"10", "99", category.InChannel, still},
		{"10", "100", category.InChannel, still}, // the newest one was deleted
		{"11", "99", category.InChannel, moved},
		{"12", "", category.InChannel, still},
		{"13", "", category.InThread, moved},
		{"14", "99", category.InChannel, moved}, // it is gone
		{"14", "99", category.InThread, still},  // archived
		{"14", "99", category.InForum, still},
	} {
		s := &channel.Surface{ExternalID: c.channel, SeenID: c.seen, Kind: c.kind}
		if got := rankOf(s, newest); got != c.want {
			t.Errorf("%+v: rank %d", c, got)
		}
		if got := rankOf(s, nil); got != still {
			t.Errorf("%+v of a guild that tells nothing: rank %d", c, got)
		}
	}
}
