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
