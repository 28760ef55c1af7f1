package main_test

import (
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/member"
)

// Who writes is remembered; what they may do is not, once it changed.
func TestDiscordHearsAtOnceWhoIsNoAgentAnyMore(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	for _, text := range []string{"looking", "found it"} {
		_, err := w.max.Posts(ch, text)
		ok(t, err)
	}
	w.until("the agent's answers were taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/staff: found it") })
	max := w.as(w.max).Actor.Member
	ok(t, w.services.Members.SetRole(w.ctx, w.system(), member.Ref{ID: max}, access.RoleRequester))
	post, err := w.max.Posts(ch, "and one more thing")
	if err == nil { // unless he is kept out of the channel by now
		w.until("he is told that it is not taken", func() bool { return ch.Last().ID != post.ID })
	}
	if said := w.talk(v.ID); slices.Contains(said, "reply/staff: and one more thing") {
		t.Errorf("who is no agent answered: %q", said)
	}
}
