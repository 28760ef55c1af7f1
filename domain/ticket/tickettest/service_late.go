package tickettest

import (
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// editedUnheard says something that was edited before the helpdesk heard of it.
func editedUnheard(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	call := d.from(t, d.Bob, "42")
	call.Origin.OccurredAt = call.Now.Add(-time.Hour)
	edited := call.Now.Add(-time.Minute)
	for range 2 {
		said, err := s.ReplyEdited(t.Context(), call, d.Ref(tk), "It smokes.", edited)
		must(t, "reply", err)
		m := d.message(t, said.ID)
		if m.Version != 2 || m.Body != "It smokes." || !m.OccurredAt.Equal(truth(call.Origin.OccurredAt)) ||
			!m.EditedAt.Equal(truth(edited)) || m.EditedBy != d.Bob.ID {
			t.Errorf("the message is %+v", m)
		}
		found, err := s.Versions(t.Context(), d.Call(t, d.Chidi), m.ID)
		must(t, "versions", err)
		if all := found[m.ID]; len(all) != 1 || all[0].Number != 2 || all[0].Body != "It smokes." || !all[0].At.Equal(truth(edited)) {
			t.Errorf("the versions are %+v, want the second alone", all)
		}
	}
	kinds := d.kinds(t, tk)
	if want := []event.Type{event.TypeMessagePosted, event.TypeMessageEdited}; !slices.Equal(kinds[len(kinds)-2:], want) {
		t.Errorf("the history ends in %v, want %v", kinds, want)
	}
	d.Clock.Tick()
	said, err := s.FromChannel(t.Context(), d.helpdesk(), event.ChannelDiscord, "42")
	must(t, "find it", err)
	changed, err := s.EditMessage(t.Context(), d.Call(t, d.Bob), d.Ref(tk), said.ID, "It burns.")
	must(t, "edit", err)
	if changed.Version != 3 {
		t.Errorf("the next text is version %d, want 3", changed.Version)
	}
	_, err = s.ReplyEdited(t.Context(), d.from(t, d.Bob, "43"), ticket.Ref{ID: tk.ID}, " ", edited)
	if err == nil {
		t.Error("words that nobody can read were taken")
	}
}

// editedOutOfOrder hears of two edits of a message the wrong way round: the later
// one stands, whichever is heard again.
func editedOutOfOrder(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	said, err := s.Reply(t.Context(), d.from(t, d.Bob, "42"), d.Ref(tk), "It smokes.")
	must(t, "reply", err)
	base := d.Clock.Now()
	edit := func(body string, after time.Duration) *ticket.Message {
		call := d.from(t, d.Bob, "edit:"+body)
		call.Origin.OccurredAt = base.Add(after)
		changed, err := s.RewriteMessage(t.Context(), call, d.Ref(tk), said.ID, body, nil)
		must(t, "rewrite", err)
		return changed
	}
	edit("It burns.", 2*time.Minute)
	for _, late := range []string{"It glows.", "It burns."} {
		if m := edit(late, time.Minute); m.Body != "It burns." || m.Version != 2 {
			t.Errorf("after a late edit the message is %+v", m)
		}
	}
	if m := edit("It is out.", 3*time.Minute); m.Body != "It is out." || m.Version != 3 {
		t.Errorf("after the next edit the message is %+v", m)
	}
}
