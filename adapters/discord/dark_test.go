package discord

import (
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

func TestDarkKnowsWhatCannotBeRead(t *testing.T) {
	d := newDark()
	d.add("a", "g")
	d.add("b", "g")
	d.add("h", "h")
	if !d.ends("a") || d.ends("a") || d.ends("c") {
		t.Error("a channel ends once, and only if it was dark")
	}
	if !d.endsIn("g") || d.endsIn("g") || d.ends("b") || !d.endsIn("h") {
		t.Error("a guild ends with all of its channels, and no other")
	}
}

func TestWhereTheBotIsLetIn(t *testing.T) {
	ours := "[ts:5]"
	if render.MarkedTicket(ours) == 0 {
		t.Fatal("the mark is another")
	}
	let, kept := wire.Overwrite{ID: "me", Allow: wire.ViewChannel}, wire.Overwrite{ID: "me", Deny: wire.ViewChannel}
	for _, try := range []struct {
		ch   wire.Channel
		want bool
	}{
		{wire.Channel{Topic: ours, Overwrites: wire.List[wire.Overwrite]{{ID: "you"}, let}}, true},
		{wire.Channel{Topic: ours, Overwrites: wire.List[wire.Overwrite]{kept}}, false},
		{wire.Channel{Topic: ours, Overwrites: wire.List[wire.Overwrite]{{ID: "you", Allow: wire.ViewChannel}}}, false},
		{wire.Channel{}, true}, // which has its rights from elsewhere
	} {
		if got := letIn("me", &try.ch); got != try.want {
			t.Errorf("%+v: %v", try.ch, got)
		}
	}
}
