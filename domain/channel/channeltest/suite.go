package channeltest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// Run runs the suite; setup gives a fresh channel and store for each test of it.
func Run(t *testing.T, setup func(t *testing.T) Harness) {
	t.Helper()
	for _, story := range []struct {
		name string
		tell func(t *testing.T, s *stage)
	}{
		{"a ticket that is opened in the channel appears there", appears},
		{"a ticket that is opened elsewhere appears, too", appearsFromElsewhere},
		{"only those see it whom the access table lets", audience},
		{"a reply appears under its author's name, a note never", replyAppears},
		{"what is written in the channel is heard, and not repeated", heard},
		{"edits and deletions go both ways", editsBothWays},
		{"replies appear in their order", order},
		{"participants and transfers change who sees", audienceChanges},
		{"a closed ticket is read-only until it is reopened", readOnly},
		{"the place of a closed ticket goes in its time, and another one comes", removed},
		{"bringing it there again changes nothing", idempotent},
		{"whatever fails is tried again and never doubled", neverDoubled},
	} {
		t.Run(story.name, func(t *testing.T) { story.tell(t, open(t, setup(t))) })
	}
}

// stage is a helpdesk whose people are all in the channel.
type stage struct {
	Harness
	*tickettest.Desk

	service *ticket.Service
	persons map[id.Member]string
}

func open(t *testing.T, h Harness) *stage {
	t.Helper()
	s := &stage{Harness: h, persons: map[id.Member]string{}}
	s.Desk = tickettest.NewDeskIn(t, h.World(), h.Channel(), func(name string, tag locale.Tag) string {
		return h.Enters(t, name, tag)
	})
	must(t, "link the place", s.Workspaces.Link(t.Context(), workspace.Link{
		Channel: h.Channel(), ExternalID: h.Place(), Workspace: s.Workspace.ID,
	}))
	s.service = s.Service()
	s.keeps(t, category.Forever) // whatever the clocks of helpdesk and channel say
	for _, m := range []*member.Member{s.Lea, s.Bob, s.Chidi, s.Dana, s.Sam, s.Ada} {
		s.persons[m.ID] = s.person(t, m)
	}
	return s
}

// keeps says how long the places of closed tickets stay.
func (s *stage) keeps(t *testing.T, kept time.Duration) {
	t.Helper()
	s.Help.Kept, s.Help.Version = kept, 0
	must(t, "say how long places stay", s.Categories.Save(t.Context(), s.Help))
}

// person gives what the channel calls a member.
func (s *stage) person(t *testing.T, m *member.Member) string {
	t.Helper()
	found, err := s.Members.Identities(t.Context(), s.Workspace.ID, s.Channel(), m.ID)
	must(t, "find "+m.Name, err)
	return found[m.ID]
}

func must(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// opens lets a member open a ticket in the channel, and brings it there.
func (s *stage) opens(t *testing.T, who *member.Member) id.Ticket {
	t.Helper()
	tk := s.Harness.Opens(t, s.Workspace.ID, s.persons[who.ID], s.Help, "It is broken.")
	s.sync(t, tk)
	return tk
}

func (s *stage) sync(t *testing.T, tk id.Ticket) {
	t.Helper()
	_, err := s.Port().Sync(t.Context(), s.Workspace.ID, tk)
	must(t, "bring the ticket to the channel", err)
}

func (s *stage) ref(tk id.Ticket) ticket.Ref { return ticket.Ref{Workspace: s.Workspace.ID, ID: tk} }

// replies lets a member reply by the API.
func (s *stage) replies(t *testing.T, who *member.Member, tk id.Ticket, text string) *ticket.Message {
	t.Helper()
	m, err := s.service.Reply(t.Context(), s.Call(t, who), s.ref(tk), text)
	must(t, who.Name+" replies", err)
	return m
}

func (s *stage) looks(t *testing.T, who *member.Member, tk id.Ticket) Sight {
	t.Helper()
	return s.Looks(t, tk, s.persons[who.ID])
}

// shows checks that a member reads these lines, and no others, after the
// greeting.
func (s *stage) shows(t *testing.T, who *member.Member, tk id.Ticket, want ...Line) {
	t.Helper()
	said := s.looks(t, who, tk).Said
	if len(said) == 0 || said[0].Author != "" {
		t.Fatalf("%s reads %v, want the greeting first", who.Name, said)
	}
	if got := said[1:]; !slices.Equal(got, want) {
		t.Errorf("%s reads %v after the greeting, want %v", who.Name, got, want)
	}
}

// said gives what the helpdesk holds of a ticket's messages that people wrote.
func (s *stage) said(t *testing.T, tk id.Ticket) []*ticket.Message {
	t.Helper()
	everything := access.TicketFilter{Workspace: s.Workspace.ID, All: true}
	pages, err := s.Tickets.Messages(t.Context(), ticket.Visibility{See: everything, Notes: everything}, query.Query{}, tickettest.Whole(), tk)
	must(t, "read the messages", err)
	return slices.DeleteFunc(pages[tk].Items, func(m *ticket.Message) bool { return m.Kind == ticket.System })
}

func appears(t *testing.T, s *stage) {
	tk := s.opens(t, s.Lea)
	sight := s.looks(t, s.Lea, tk)
	if !sight.Sees || !sight.Writes {
		t.Fatalf("the requester sees %v, writes %v", sight.Sees, sight.Writes)
	}
	if len(sight.Said) != 1 || !strings.HasPrefix(sight.Said[0].Text, "Bonjour Léa") || sight.Said[0].Author != "" {
		t.Errorf("the requester reads %v, want the French greeting", sight.Said)
	}
	heard := s.said(t, tk)
	if len(heard) != 1 || heard[0].Body != "It is broken." || heard[0].Channel != s.Channel() {
		t.Errorf("the helpdesk heard %v", heard)
	}
}

func appearsFromElsewhere(t *testing.T, s *stage) {
	opened, err := s.service.Open(t.Context(), s.Call(t, s.Bob), ticket.OpenInput{Category: s.Help.ID, Body: "Written on the web."})
	must(t, "open", err)
	s.sync(t, opened.ID)
	said := s.looks(t, s.Bob, opened.ID).Said
	if len(said) != 2 || said[0] != (Line{Author: "Bob", Text: "Written on the web."}) {
		t.Errorf("the requester reads %v, want what they wrote and the greeting", said)
	}
}

func audience(t *testing.T, s *stage) {
	tk := s.opens(t, s.Bob)
	for _, viewer := range []struct {
		who  *member.Member
		sees bool
	}{{s.Bob, true}, {s.Lea, false}, {s.Chidi, true}, {s.Dana, false}, {s.Sam, true}, {s.Ada, true}} {
		got := s.looks(t, viewer.who, tk)
		if got.Sees != viewer.sees || got.Writes != viewer.sees || !viewer.sees && len(got.Said) > 0 {
			t.Errorf("%s sees %v, writes %v and reads %v; want %v", viewer.who.Name, got.Sees, got.Writes, got.Said, viewer.sees)
		}
	}
}

func replyAppears(t *testing.T, s *stage) {
	tk := s.opens(t, s.Bob)
	s.replies(t, s.Chidi, tk, "Is it plugged in? 🔌")
	_, err := s.service.AddNote(t.Context(), s.Call(t, s.Chidi), s.ref(tk), "It never is.")
	must(t, "note", err)
	s.sync(t, tk)
	s.shows(t, s.Bob, tk, Line{Author: "Chidi", Text: "Is it plugged in? 🔌"})
	s.shows(t, s.Chidi, tk, Line{Author: "Chidi", Text: "Is it plugged in? 🔌"})
}

func heard(t *testing.T, s *stage) {
	tk := s.opens(t, s.Bob)
	s.Writes(t, s.Workspace.ID, tk, s.persons[s.Bob.ID], "Hello?")
	s.Writes(t, s.Workspace.ID, tk, s.persons[s.Chidi.ID], "Hello!")
	s.sync(t, tk)
	s.shows(t, s.Bob, tk, Line{Author: "Bob", Text: "Hello?"}, Line{Author: "Chidi", Text: "Hello!"})
	got := s.said(t, tk)[1:]
	if len(got) != 2 || got[0].Author != s.Bob.ID || got[0].Side != ticket.FromRequester || got[1].Side != ticket.FromStaff {
		t.Errorf("the helpdesk heard %v", got)
	}
	if read := s.Read(t, tk); read.Status != ticket.Open {
		t.Errorf("the ticket is %s, want open: staff replied", read.Status)
	}
}

func editsBothWays(t *testing.T, s *stage) {
	tk, bob := s.opens(t, s.Bob), s.persons[s.Bob.ID]
	kept, gone := s.replies(t, s.Chidi, tk, "one"), s.replies(t, s.Chidi, tk, "two")
	s.sync(t, tk)
	_, err := s.service.EditMessage(t.Context(), s.Call(t, s.Chidi), s.ref(tk), kept.ID, "one, or so")
	must(t, "edit", err)
	_, err = s.service.DeleteMessage(t.Context(), s.Call(t, s.Chidi), s.ref(tk), gone.ID)
	must(t, "delete", err)
	s.sync(t, tk)
	s.shows(t, s.Bob, tk, Line{Author: "Chidi", Text: "one, or so"})

	three, four := s.Writes(t, s.Workspace.ID, tk, bob, "three"), s.Writes(t, s.Workspace.ID, tk, bob, "four")
	s.Edits(t, s.Workspace.ID, tk, bob, three, "three, or so")
	s.Deletes(t, s.Workspace.ID, tk, bob, four)
	s.sync(t, tk)
	s.shows(t, s.Chidi, tk, Line{Author: "Chidi", Text: "one, or so"}, Line{Author: "Bob", Text: "three, or so"})
	got := s.said(t, tk)[3:]
	if len(got) != 2 || got[0].Body != "three, or so" || got[0].Version != 2 || got[1].DeletedAt.IsZero() {
		t.Errorf("the helpdesk heard %+v", got)
	}
}

func order(t *testing.T, s *stage) {
	tk := s.opens(t, s.Bob)
	var want []Line
	for _, text := range []string{"one", "two", "three", "four", "five"} {
		s.replies(t, s.Chidi, tk, text)
		want = append(want, Line{Author: "Chidi", Text: text})
		if text == "two" {
			s.sync(t, tk)
		}
	}
	s.sync(t, tk)
	s.shows(t, s.Bob, tk, want...)
}

func audienceChanges(t *testing.T, s *stage) {
	tk := s.opens(t, s.Bob)
	_, err := s.service.AddParticipant(t.Context(), s.Call(t, s.Chidi), s.ref(tk), s.Lea.ID)
	must(t, "add Léa", err)
	_, err = s.service.Transfer(t.Context(), s.Call(t, s.Chidi), s.ref(tk), s.Billing.ID)
	must(t, "transfer", err)
	s.sync(t, tk)
	for _, viewer := range []struct {
		who  *member.Member
		sees bool
	}{{s.Bob, true}, {s.Lea, true}, {s.Chidi, false}, {s.Dana, true}} {
		if got := s.looks(t, viewer.who, tk); got.Sees != viewer.sees {
			t.Errorf("after the transfer %s sees %v, want %v", viewer.who.Name, got.Sees, viewer.sees)
		}
	}
	_, err = s.service.RemoveParticipant(t.Context(), s.Call(t, s.Lea), s.ref(tk), s.Lea.ID)
	must(t, "Léa leaves", err)
	s.sync(t, tk)
	if s.looks(t, s.Lea, tk).Sees {
		t.Error("Léa left and still sees the ticket")
	}
}

func readOnly(t *testing.T, s *stage) {
	tk := s.opens(t, s.Bob)
	s.ends(t, tk)
	for _, who := range []*member.Member{s.Bob, s.Chidi, s.Sam} {
		if got := s.looks(t, who, tk); !got.Sees || got.Writes || len(got.Said) == 0 {
			t.Errorf("in the closed ticket %s sees %v, writes %v, reads %v", who.Name, got.Sees, got.Writes, got.Said)
		}
	}
	_, err := s.service.Reopen(t.Context(), s.Call(t, s.Bob), s.ref(tk))
	must(t, "reopen", err)
	s.sync(t, tk)
	if got := s.looks(t, s.Bob, tk); !got.Writes {
		t.Error("in the reopened ticket the requester can't write")
	}
}

func removed(t *testing.T, s *stage) {
	tk := s.opens(t, s.Bob)
	s.replies(t, s.Chidi, tk, "Is it plugged in?")
	s.sync(t, tk)
	s.ends(t, tk)
	if n := s.Surfaces(t, tk); n != 1 {
		t.Fatalf("just closed, the ticket has %d places", n)
	}
	s.keeps(t, time.Microsecond)
	s.sync(t, tk)
	if n := s.Surfaces(t, tk); n != 0 {
		t.Fatalf("when it had its time, the ticket has %d places", n)
	}
	s.sync(t, tk)
	_, err := s.service.Reopen(t.Context(), s.Call(t, s.Bob), s.ref(tk))
	must(t, "reopen", err)
	s.sync(t, tk)
	if n := s.Surfaces(t, tk); n != 1 {
		t.Fatalf("reopened, the ticket has %d places", n)
	}
	if got := s.looks(t, s.Bob, tk); !got.Writes || !slices.Contains(got.Said, Line{Author: "Chidi", Text: "Is it plugged in?"}) {
		t.Errorf("in the reopened ticket the requester writes %v and reads %v", got.Writes, got.Said)
	}
}

// ends closes a ticket.
func (s *stage) ends(t *testing.T, tk id.Ticket) {
	t.Helper()
	_, err := s.service.Resolve(t.Context(), s.Call(t, s.Chidi), s.ref(tk))
	must(t, "resolve", err)
	_, err = s.service.Confirm(t.Context(), s.Call(t, s.Bob), s.ref(tk))
	must(t, "confirm", err)
	s.sync(t, tk)
}

func idempotent(t *testing.T, s *stage) {
	tk := s.opens(t, s.Bob)
	s.replies(t, s.Chidi, tk, "Hello")
	s.Writes(t, s.Workspace.ID, tk, s.persons[s.Bob.ID], "Hi")
	s.sync(t, tk)
	before := s.looks(t, s.Bob, tk)
	for range 3 {
		s.sync(t, tk)
	}
	if after := s.looks(t, s.Bob, tk); !slices.Equal(after.Said, before.Said) || after.Writes != before.Writes {
		t.Errorf("brought there again, the ticket shows %v, before %v", after, before)
	}
}

// neverDoubled lets each of the first changes fail in turn, and then again
// with only the answer lost.
func neverDoubled(t *testing.T, s *stage) {
	for _, lost := range []bool{false, true} {
		for nth := 1; nth <= 8; nth++ {
			opened, err := s.service.Open(t.Context(), s.Call(t, s.Bob), ticket.OpenInput{Category: s.Help.ID, Body: "zero"})
			must(t, "open", err)
			tk := opened.ID
			s.replies(t, s.Chidi, tk, "one")
			s.replies(t, s.Chidi, tk, "two")
			s.Breaks(nth, lost)
			s.syncStubbornly(t, tk)
			s.Breaks(0, false)
			_, err = s.service.AddNote(t.Context(), s.Call(t, s.Chidi), s.ref(tk), "done")
			must(t, "note", err)
			s.sync(t, tk)
			said := s.looks(t, s.Bob, tk).Said
			want := []Line{{"Bob", "zero"}, {"", "Hello Bob"}, {"Chidi", "one"}, {"Chidi", "two"}}
			if n := s.Surfaces(t, tk); n != 1 {
				t.Errorf("change %d failed (its answer lost: %v): the ticket has %d surfaces", nth, lost, n)
			}
			if !slices.EqualFunc(said, want, begins) {
				t.Errorf("change %d failed (its answer lost: %v): the requester reads %v", nth, lost, said)
			}
		}
	}
}

// begins reports whether a line is the other's author saying what begins as it does.
func begins(got, want Line) bool {
	return got.Author == want.Author && strings.HasPrefix(got.Text, want.Text)
}

// syncStubbornly tries as durable work would, until it succeeds.
func (s *stage) syncStubbornly(t *testing.T, tk id.Ticket) {
	t.Helper()
	var err error
	for range 10 {
		if _, err = s.Port().Sync(t.Context(), s.Workspace.ID, tk); err == nil {
			return
		}
	}
	t.Fatalf("the ticket never got there: %v", err)
}
