package tickettest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func opening() []test {
	return []test{
		{"a ticket is read back as it was opened", readBack},
		{"each workspace counts its tickets from 1", numbering},
		{"the number is told in the greeting and the history", numberTold},
		{"openings at the same moment get numbers without gaps", numberingAtOnce},
		{"the same origin opens one ticket", opensOnce},
		{"the same origin is another one in another channel or workspace", opensApart},
	}
}

func readBack(t *testing.T, d *Desk) {
	begun := d.Begins(t, d.Lea, d.Help, d.Cause(d.Lea), "Mon imprimante brûle.\nAu secours !")
	must(t, "open", d.Tickets.Open(t.Context(), begun))
	view := d.Read(t, begun.ID)
	sameTicket(t, view.Ticket, begun)
	if view.Subject != "Mon imprimante brûle." || view.Number != 1 || view.Version != 1 || view.MessageCount != 2 {
		t.Errorf("read %q, number %d, version %d, %d messages; want the first line, 1, 1 and 2 (with the greeting)",
			view.Subject, view.Number, view.Version, view.MessageCount)
	}
	if view.RequesterMember == nil || view.RequesterMember.Name != "Léa" || view.AssigneeMember != nil {
		t.Errorf("requester %v, assignee %v; want Léa and nobody", view.RequesterMember, view.AssigneeMember)
	}
	if view.InQueue == nil || view.InQueue.Name != "Support" {
		t.Errorf("queue %v, want Support", view.InQueue)
	}
	if view.Last == nil || !strings.HasPrefix(view.Last.Body, "Bonjour Léa") || view.Last.ID != view.LastMessage {
		t.Errorf("last message %v, want the greeting", view.Last)
	}
}

func numbering(t *testing.T, d *Desk) {
	other := NewDesk(t, d.World)
	for want := int64(1); want <= 3; want++ {
		if got := d.Opens(t, d.Bob, d.Help).Number; got != want {
			t.Errorf("the ticket has number %d, want %d", got, want)
		}
		if got := other.Opens(t, other.Bob, other.Invoice).Number; got != want {
			t.Errorf("the other workspace's ticket has number %d, want %d", got, want)
		}
	}
}

func numberTold(t *testing.T, d *Desk) {
	d.Opens(t, d.Bob, d.Help)
	second := d.Opens(t, d.Lea, d.Help)
	if got, want := d.Read(t, second.ID).Last.Body, "Bonjour Léa, voici le ticket 2 (Aide)."; got != want {
		t.Errorf("the greeting says %q, want %q", got, want)
	}
	opened, ok := d.history(t, second)[0].Data.(event.TicketOpened)
	want := event.TicketOpened{
		Number: 2, Requester: d.Lea.ID, Category: d.Help.ID, Queue: d.Support.ID, Priority: string(d.Help.Priority),
	}
	if !ok || opened != want {
		t.Errorf("the history begins with %+v, want %+v", opened, want)
	}
}

func numberingAtOnce(t *testing.T, d *Desk) {
	const people, each = 6, 5
	var wg sync.WaitGroup
	for range people {
		wg.Go(func() {
			for range each {
				begun, err := ticket.Begin(d.Cause(d.Bob), d.Help, d.Bob, ticket.Opening{Body: "me too"})
				if err == nil {
					err = d.Tickets.Open(t.Context(), begun)
				}
				if err != nil {
					t.Errorf("open: %v", err)
				}
			}
		})
	}
	wg.Wait()
	var numbers []int64
	for _, v := range d.all(t, ticket.Query{}) {
		numbers = append(numbers, v.Number)
	}
	slices.Sort(numbers)
	for i, n := range numbers {
		if n != int64(i+1) {
			t.Fatalf("the numbers are %v, want 1 to %d", numbers, people*each)
		}
	}
	if len(numbers) != people*each {
		t.Errorf("%d tickets, want %d", len(numbers), people*each)
	}
}

func opensOnce(t *testing.T, d *Desk) {
	origin := event.Origin{Channel: event.ChannelDiscord, ExternalID: "interaction-1"}
	first := d.Begins(t, d.Bob, d.Help, d.CauseFrom(d.Bob, origin), "Help!")
	must(t, "open", d.Tickets.Open(t.Context(), first))
	again := d.Begins(t, d.Bob, d.Help, d.CauseFrom(d.Bob, origin), "Help!")
	if err := d.Tickets.Open(t.Context(), again); !errors.Is(err, ticket.ErrDuplicate) {
		t.Errorf("opening again: %v, want ErrDuplicate", err)
	}
	if got, err := d.Tickets.Opened(t.Context(), d.Workspace.ID, origin); err != nil || got != first.ID {
		t.Errorf("the origin opened %d, %v; want %d", got, err, first.ID)
	}
	if n := len(d.all(t, ticket.Query{})); n != 1 {
		t.Errorf("there are %d tickets, want 1", n)
	}
	if next := d.Opens(t, d.Bob, d.Help); next.Number != 2 {
		t.Errorf("the next ticket has number %d, want 2: a repeated opening uses none up", next.Number)
	}
}

func opensApart(t *testing.T, d *Desk) {
	other := NewDesk(t, d.World)
	discord := event.Origin{Channel: event.ChannelDiscord, ExternalID: "1"}
	plain := event.Origin{Channel: event.ChannelPlain, ExternalID: "1"}
	for _, o := range []event.Origin{discord, plain} {
		must(t, fmt.Sprintf("open from %s", o.Channel), d.Tickets.Open(t.Context(),
			d.Begins(t, d.Bob, d.Help, d.CauseFrom(d.Bob, o), "Help!")))
	}
	if _, err := other.Tickets.Opened(t.Context(), other.Workspace.ID, discord); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("another workspace finds the origin's ticket: %v, want not_found", err)
	}
	must(t, "open elsewhere", other.Tickets.Open(t.Context(),
		other.Begins(t, other.Bob, other.Help, other.CauseFrom(other.Bob, discord), "Help!")))
	unknown := event.Origin{Channel: event.ChannelDiscord, ExternalID: "2"}
	if _, err := d.Tickets.Opened(t.Context(), d.Workspace.ID, unknown); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("an origin that opened nothing: %v, want not_found", err)
	}
}
