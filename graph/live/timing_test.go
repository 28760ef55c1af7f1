package live_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/live"
)

// baton is signals that are given by hand, each when the stream waits for one.
type baton struct{ events, rights chan struct{} }

func (b baton) Subscribe(topic string) (signal <-chan struct{}, stop func()) {
	if topic[:len("rights")] == "rights" {
		return b.rights, func() {}
	}
	return b.events, func() {}
}

// hearer is somebody who follows, what they hear of one ticket, and another ticket
// of theirs by which they know that they heard all.
type hearer struct {
	who   *member.Member
	wish  live.Wish
	want  []event.Type
	sign  *ticket.Ticket
	heard []event.Type
}

func (w *world) hearers() []*hearer {
	return []*hearer{
		{who: w.Sam, sign: w.Opens(w.t, w.Sam, w.Help), want: []event.Type{
			event.TypeTicketClaimed, event.TypeStatusChanged, event.TypeMessagePosted, event.TypeParticipantAdded,
			event.TypeTicketTransferred, event.TypeTicketUnassigned,
		}},
		{who: w.Ada, sign: w.Opens(w.t, w.Ada, w.Help), want: []event.Type{
			event.TypeParticipantAdded, event.TypeTicketTransferred, event.TypeTicketUnassigned, event.TypeParticipantRemoved,
		}},
		{who: w.Sam, sign: w.Opens(w.t, w.Lea, w.Invoice), wish: live.Wish{Queue: w.Billing.ID}, want: []event.Type{
			event.TypeTicketTransferred, event.TypeTicketUnassigned, event.TypeParticipantRemoved, event.TypeMessagePosted, event.TypeTicketTransferred,
		}},
		{who: w.Dana, sign: w.Opens(w.t, w.Dana, w.Help), want: nil},
	}
}

// lives is what happens to a ticket, that is in the end as it was in the beginning.
func (w *world) lives(tk *ticket.Ticket) {
	w.t.Helper()
	change := func(what func(ticket.Cause, *ticket.Ticket) error) { w.Changes(w.t, w.Sam, tk, what) }
	change(func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Claim(c) })
	w.says("is yours", tk)
	change(func(c ticket.Cause, tk *ticket.Ticket) error { return tk.AddParticipant(c, w.Ada.ID) })
	change(func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Transfer(c, w.Billing.ID) })
	change(func(c ticket.Cause, tk *ticket.Ticket) error { return tk.RemoveParticipant(c, w.Ada.ID) })
	w.says("is nobody's", tk)
	change(func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Transfer(c, w.Support.ID) })
	w.says("is nobody's", tk)
}

// follow hears until a reply in the hearer's own ticket after the last that began
// there, and tells when it begins.
func (w *world) follow(h *hearer, tk id.Ticket, after int64, begins func()) error {
	f, err := w.feed.Follow(w.t.Context(), w.session(h.who), h.wish, &after)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	said := 0
	return f.Run(ctx, live.Idle{}, func(_ context.Context, i live.Item) error {
		kind := i.Data.Type()
		switch {
		case i.Ticket == tk:
			h.heard = append(h.heard, kind)
		case i.Ticket == h.sign.ID && kind == event.TypeMessagePosted:
			if said++; said == 1 {
				begins()
			} else {
				return errEnough
			}
		}
		return nil
	})
}

// What is whose is judged by what held when it happened: who hears a whole story
// at once hears what they would have heard of it one by one.
func TestWhatIsMineDoesNotDependOnHowMuchIsReadAtOnce(t *testing.T) {
	for name, live := range map[string]bool{"as it happens": true, "from the log": false} {
		t.Run(name, func(t *testing.T) {
			signals := baton{make(chan struct{}), make(chan struct{})}
			eachStore(t, signals.into, func(t *testing.T, w *world) { w.hearsAllAtOnce(signals, live) })
		})
	}
}

func (b baton) into(c *live.Config) { c.Signals = b }

func (w *world) hearsAllAtOnce(signals baton, live bool) {
	tk, all := w.Opens(w.t, w.Lea, w.Help), w.hearers()
	head, err := w.Tickets.Head(w.t.Context(), w.Workspace.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, h := range all {
		w.replies(h)
	}
	begun, ended := make(chan struct{}), make(chan error)
	tell := func() {
		for _, h := range all {
			go func() { ended <- w.follow(h, tk.ID, head, func() { begun <- struct{}{} }) }()
		}
		for range all {
			<-begun
		}
		signals.rights <- struct{}{} // accepted: what was there has been read
	}
	if live {
		tell()
	}
	w.lives(tk)
	if !live {
		tell()
	}
	for _, h := range all {
		w.replies(h)
	}
	signals.events <- struct{}{}
	for range all {
		if err := <-ended; !errors.Is(err, errEnough) {
			w.t.Errorf("it ends with %v", err)
		}
	}
	for _, h := range all {
		if !slices.Equal(h.heard, h.want) {
			w.t.Errorf("%s, who wishes for %+v, hears %v, want %v", h.who.Name, h.wish, h.heard, h.want)
		}
	}
}

// replies says something where the hearer listens.
func (w *world) replies(h *hearer) {
	w.t.Helper()
	call := access.Call{Actor: w.Actor(w.t, w.Sam), Now: w.Clock.Now()}
	if _, err := w.tickets.Reply(w.t.Context(), call, w.Ref(h.sign), "sign"); err != nil {
		w.t.Fatal(err)
	}
}
