package sqlstore_test

import (
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// Whatever is due happens once, however many tick at the same time.
func TestWhatIsDueHappensOnceHoweverManyTick(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		d := tickettest.NewDesk(t, tickettest.World{
			Tickets: s.Tickets(), Members: s.Members(), Queues: s.Queues(), Categories: s.Categories(),
			Workspaces: s.Workspaces(), Teams: s.Teams(), IDs: s.IDs(),
		})
		process := func() (*ticket.Service, *sla.Service) {
			promises := sla.NewService(s.Hours(), s.Queues(), s.Categories(), s.IDs())
			tickets := ticket.NewService(s.Tickets(), s.Categories(), s.Members(), s.Queues(), s.Workspaces(), s.IDs())
			return tickets.Promising(promises, func(l locale.Tag, key string, _ map[string]any) (string, locale.Tag) { return key, l }), promises
		}
		tickets, promises := process()
		_, err := promises.ChangePolicy(t.Context(), d.Call(t, d.Ada), sla.Policy{}, func(p *sla.Policy) {
			p.Name = "All"
			p.Promises = []sla.Promise{{Target: sla.FirstReply, Within: time.Hour, Steps: []sla.Step{{Action: sla.Alert, Text: "late"}, {Action: sla.AddNote, Text: "Late."}}}}
		})
		if err != nil {
			t.Fatal(err)
		}
		const opened = 100
		for range opened {
			opened, err := tickets.Open(t.Context(), d.Call(t, d.Lea), ticket.OpenInput{Category: d.Help.ID, Subject: "Oven"})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tickets.Snooze(t.Context(), d.Call(t, d.Sam), ticket.Ref{ID: opened.ID}, d.Clock.Tick().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		now := d.Clock.Advance(2 * time.Hour)
		var ticking sync.WaitGroup
		for range 4 {
			other, _ := process()
			ticking.Go(func() {
				if err := other.Tick(t.Context(), now); err != nil {
					t.Error(err)
				}
			})
		}
		ticking.Wait()
		head, err := tickets.Head(t.Context(), access.Call{Actor: access.System(d.Workspace.ID), Now: now})
		if err != nil {
			t.Fatal(err)
		}
		count := map[string]int{}
		for after := int64(0); after < head; {
			events, err := s.Tickets().Log(t.Context(), d.Workspace.ID, after, 1000)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				after = e.Sequence
				switch data := e.Data.(type) {
				case event.ClockMoved:
					count[data.Movement]++
				case event.AlertRaised:
					count["alert"]++
				case event.NoteAdded:
					count["note"]++
				case event.TicketWoken:
					count["woken"]++
				}
			}
		}
		for _, once := range []string{"activated", "breached", "alert", "note", "woken"} {
			if count[once] != opened {
				t.Errorf("%d of %q in %d tickets", count[once], once, opened)
			}
		}
	})
}
