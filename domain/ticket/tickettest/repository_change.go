package tickettest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func changing() []test {
	return []test{
		{"a change is saved whole", changeSaved},
		{"each verb is read back as it was left", everyVerbSaved},
		{"a change of the ticket raises its version, a message does not", versions},
		{"a stale version is refused before anything is changed", staleVersion},
		{"nothing is saved when the change fails", failedChange},
		{"a change that leaves nothing to save is no error", idleChange},
		{"a ticket of another workspace is not there", foreignTicket},
		{"the same origin changes a ticket once", changesOnce},
		{"a change that failed may be tried again", failedOriginAgain},
		{"changes at the same moment are all kept", changesAtOnce},
		{"of two changes from one version, one wins", raceForVersion},
	}
}

func changeSaved(t *testing.T, d *Desk) {
	opened := d.Opens(t, d.Bob, d.Help)
	c := d.Cause(d.Chidi)
	var left ticket.Ticket
	must(t, "claim and tag", d.Tickets.Update(t.Context(), d.Ref(opened), c.Origin, func(tk *ticket.Ticket) error {
		sameTicket(t, tk, opened)
		err := errors.Join(tk.Claim(c), tk.AddTag(c, "vip"), tk.AddParticipant(c, d.Lea.ID), tk.SetPriority(c, priority.Urgent))
		left = *tk
		return err
	}))
	left.Version++
	view := d.Read(t, opened.ID)
	sameTicket(t, view.Ticket, &left)
	if view.AssigneeMember == nil || view.AssigneeMember.ID != d.Chidi.ID {
		t.Errorf("the assignee is shown as %v, want Chidi", view.AssigneeMember)
	}
	if got := d.kinds(t, opened)[3:]; !slices.Equal(got, []event.Type{
		event.TypeTicketClaimed, event.TypeStatusChanged, event.TypeTagAdded, event.TypeParticipantAdded, event.TypePriorityChanged,
	}) {
		t.Errorf("the history goes on with %v", got)
	}
}

// everyVerbSaved takes one ticket through its life and compares, at each step,
// what the verb left with what the store gives back.
func everyVerbSaved(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Help)
	amongStaff := []string{"two tags", "one tag less"} // no activity that a requester could tell
	for _, step := range []struct {
		name string
		by   id.Member
		do   func(ticket.Cause, *ticket.Ticket) error
	}{
		{"assign", d.Sam.ID, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Assign(c, d.Chidi.ID) }},
		{"reply", d.Chidi.ID, func(c ticket.Cause, tk *ticket.Ticket) error {
			_, err := tk.Reply(c, ticket.FromStaff, "en", "Is it plugged in?")
			return err
		}},
		{"pend", d.Chidi.ID, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Pend(c) }},
		{"hold", d.Chidi.ID, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Hold(c) }},
		{"two tags", d.Chidi.ID, func(c ticket.Cause, tk *ticket.Ticket) error {
			return errors.Join(tk.AddTag(c, "b"), tk.AddTag(c, "a"))
		}},
		{"one tag less", d.Chidi.ID, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.RemoveTag(c, "b") }},
		{"participant", d.Chidi.ID, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.AddParticipant(c, d.Lea.ID) }},
		{"no participant", d.Chidi.ID, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.RemoveParticipant(c, d.Lea.ID) }},
		{"resolve", d.Chidi.ID, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Resolve(c) }},
		{"confirm", d.Bob.ID, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Confirm(c) }},
		{"reopen", d.Bob.ID, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Reopen(c) }},
		{"recategorise", d.Sam.ID, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Recategorise(c, d.Invoice) }},
		{"transfer", d.Sam.ID, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Transfer(c, d.Support.ID) }},
	} {
		c := ticket.Cause{By: step.by, Now: d.Clock.Tick(), Origin: event.Origin{Channel: event.ChannelAPI}, IDs: d.IDs}
		var changed *ticket.Ticket
		must(t, step.name, d.Tickets.Update(t.Context(), d.Ref(tk), c.Origin, func(tk *ticket.Ticket) error {
			changed = tk
			return step.do(c, tk)
		}))
		read := d.Read(t, tk.ID).Ticket
		sameTicket(t, read, changed)
		if active := read.ActivityAt.Equal(c.Now); active == slices.Contains(amongStaff, step.name) {
			t.Errorf("%s: the last activity is %v, at %v", step.name, read.ActivityAt, c.Now)
		}
	}
}

func versions(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Help)
	tk = d.Changes(t, d.Chidi, tk, func(c ticket.Cause, tk *ticket.Ticket) error {
		return errors.Join(tk.AddTag(c, "a"), tk.AddTag(c, "b"))
	})
	if tk.Version != 2 {
		t.Errorf("after one change the version is %d, want 2", tk.Version)
	}
	tk = d.Changes(t, d.Bob, tk, func(c ticket.Cause, tk *ticket.Ticket) error {
		_, err := tk.Reply(c, ticket.FromRequester, "en", "Any news?")
		return err
	})
	tk = d.Changes(t, d.Chidi, tk, func(c ticket.Cause, tk *ticket.Ticket) error {
		_, err := tk.AddNote(c, "en", "Not yet.")
		return err
	})
	if tk.Version != 2 {
		t.Errorf("after a message and a note the version is %d, want 2 still", tk.Version)
	}
	tk = d.Changes(t, d.Chidi, tk, func(c ticket.Cause, tk *ticket.Ticket) error {
		_, err := tk.Reply(c, ticket.FromStaff, "en", "Now there is.")
		return err
	})
	if tk.Version != 3 || tk.Status != ticket.Open {
		t.Errorf("after the reply that took it up the ticket is %s at version %d, want open at 3", tk.Status, tk.Version)
	}
}

func staleVersion(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Help)
	now := d.Changes(t, d.Chidi, tk, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.AddTag(c, "a") })
	ref := d.Ref(tk)
	for _, stale := range []int64{1, 3} {
		ref.Version = stale
		err := d.Tickets.Update(t.Context(), ref, event.Origin{}, func(*ticket.Ticket) error {
			t.Errorf("version %d: the change was called", stale)
			return nil
		})
		if !errors.Is(err, ticket.ErrVersion) {
			t.Errorf("version %d of a ticket at 2: %v, want ErrVersion", stale, err)
		}
	}
	ref.Version = now.Version
	c := d.Cause(d.Chidi)
	must(t, "change from the current version", d.Tickets.Update(t.Context(), ref, c.Origin, func(tk *ticket.Ticket) error {
		return tk.AddTag(c, "b")
	}))
	if got := d.Read(t, tk.ID); got.Version != 3 || !slices.Equal(got.Tags, []string{"a", "b"}) {
		t.Errorf("version %d with tags %v, want 3 with a and b", got.Version, got.Tags)
	}
}

func failedChange(t *testing.T, d *Desk) {
	before := d.Opens(t, d.Bob, d.Help)
	told := d.history(t, before)
	spilled := errors.New("coffee on the keyboard")
	c := d.Cause(d.Chidi)
	err := d.Tickets.Update(t.Context(), d.Ref(before), c.Origin, func(tk *ticket.Ticket) error {
		_, err := tk.Reply(c, ticket.FromStaff, "en", "Wait…")
		return errors.Join(err, tk.Claim(c), tk.AddTag(c, "a"), tk.AddParticipant(c, d.Lea.ID), spilled)
	})
	if !errors.Is(err, spilled) {
		t.Errorf("the store says %v, want what the change said", err)
	}
	sameTicket(t, d.Read(t, before.ID).Ticket, before)
	if after := d.history(t, before); len(after) != len(told) {
		t.Errorf("the history has %d events, want %d as before", len(after), len(told))
	}
	if n := len(d.said(t, before)); n != 2 {
		t.Errorf("the ticket has %d messages, want 2 as before", n)
	}
	next := d.Changes(t, d.Chidi, before, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Claim(c) })
	all := d.history(t, next)
	if last, first := all[len(told)-1], all[len(told)]; first.Sequence != last.Sequence+1 {
		t.Errorf("the next event has sequence %d after %d: what failed used one up", first.Sequence, last.Sequence)
	}
}

func idleChange(t *testing.T, d *Desk) {
	before := d.Opens(t, d.Bob, d.Help)
	told := len(d.history(t, before))
	after := d.Changes(t, d.Chidi, before, func(ticket.Cause, *ticket.Ticket) error { return nil })
	sameTicket(t, after, before)
	if n := len(d.history(t, after)); n != told {
		t.Errorf("the history has %d events, want %d as before", n, told)
	}
}

func foreignTicket(t *testing.T, d *Desk) {
	other := NewDesk(t, d.World)
	theirs := other.Opens(t, other.Bob, other.Help)
	untouched := func(*ticket.Ticket) error {
		t.Error("the change was called")
		return nil
	}
	for name, ref := range map[string]ticket.Ref{
		"another workspace's ticket":             d.Ref(theirs),
		"a ticket that never was":                {Workspace: d.Workspace.ID, ID: 1},
		"another workspace's, with a version":    {Workspace: d.Workspace.ID, ID: theirs.ID, Version: 7},
		"one's own ID in a workspace unheard of": {Workspace: 1, ID: theirs.ID},
	} {
		if err := d.Tickets.Update(t.Context(), ref, event.Origin{}, untouched); !errors.Is(err, ticket.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", name, err)
		}
	}
	if found, err := d.Tickets.Find(t.Context(), d.Everything(), theirs.ID); err != nil || len(found) != 0 {
		t.Errorf("found %d tickets of another workspace, %v", len(found), err)
	}
	if v, err := d.Tickets.ByNumber(t.Context(), d.Everything(), theirs.Number); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("found %v by another workspace's number: %v, want ErrNotFound", v, err)
	}
}

func changesOnce(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Help)
	c := d.CauseFrom(d.Bob, event.Origin{Channel: event.ChannelDiscord, ExternalID: "message-1"})
	must(t, "say it", d.Tickets.Update(t.Context(), d.Ref(tk), c.Origin, func(tk *ticket.Ticket) error {
		_, err := tk.Reply(c, ticket.FromRequester, "en", "Hello?")
		return err
	}))
	again := d.Ref(tk)
	for _, again.Version = range []int64{0, 1, 99} {
		err := d.Tickets.Update(t.Context(), again, c.Origin, func(*ticket.Ticket) error {
			t.Error("the change was called again")
			return nil
		})
		if !errors.Is(err, ticket.ErrDuplicate) {
			t.Errorf("again, for version %d: %v, want ErrDuplicate", again.Version, err)
		}
	}
	if n := len(d.said(t, tk)); n != 3 {
		t.Errorf("the ticket has %d messages, want 3", n)
	}
}

func failedOriginAgain(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Help)
	c := d.CauseFrom(d.Chidi, event.Origin{Channel: event.ChannelDiscord, ExternalID: "click-1"})
	err := d.Tickets.Update(t.Context(), d.Ref(tk), c.Origin, func(tk *ticket.Ticket) error { return tk.Confirm(c) })
	if !errors.Is(err, ticket.ErrUnresolved) {
		t.Fatalf("confirming a new ticket: %v, want ErrUnresolved", err)
	}
	must(t, "resolve with the same origin", d.Tickets.Update(t.Context(), d.Ref(tk), c.Origin, func(tk *ticket.Ticket) error {
		return tk.Resolve(c)
	}))
	if got := d.Read(t, tk.ID).Status; got != ticket.Resolved {
		t.Errorf("the ticket is %s, want resolved", got)
	}
}

func changesAtOnce(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Help)
	const people = 8
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() {
			c := d.Cause(d.Chidi)
			if err := d.Tickets.Update(t.Context(), d.Ref(tk), c.Origin, func(tk *ticket.Ticket) error {
				_, err := tk.Reply(c, ticket.FromStaff, "en", fmt.Sprintf("reply %d", i))
				return errors.Join(err, tk.AddTag(c, fmt.Sprintf("tag-%d", i)))
			}); err != nil {
				t.Errorf("change %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	read := d.Read(t, tk.ID)
	if len(read.Tags) != people || read.Version != 1+people || read.MessageCount != 2+people {
		t.Errorf("%d tags, version %d, %d messages; want %d, %d and %d",
			len(read.Tags), read.Version, read.MessageCount, people, 1+people, 2+people)
	}
	if n := len(d.said(t, tk)); n != 2+people {
		t.Errorf("%d messages are there, want %d", n, 2+people)
	}
	d.unbroken(t)
}

// unbroken checks that the workspace's history has every sequence number once.
func (d *Desk) unbroken(t *testing.T) {
	t.Helper()
	var sequences []int64
	for _, v := range d.all(t, ticket.Query{}) {
		for _, e := range d.history(t, v.Ticket) {
			sequences = append(sequences, e.Sequence)
		}
	}
	slices.Sort(sequences)
	for i := range sequences[1:] {
		if sequences[i+1] != sequences[i]+1 {
			t.Fatalf("the workspace's history jumps from %d to %d", sequences[i], sequences[i+1])
		}
	}
}

func raceForVersion(t *testing.T, d *Desk) {
	tk := d.Opens(t, d.Bob, d.Help)
	ref := d.Ref(tk)
	ref.Version = tk.Version
	agents := []id.Member{d.Chidi.ID, d.Dana.ID, d.Sam.ID}
	results := make([]error, len(agents))
	var wg sync.WaitGroup
	for i, agent := range agents {
		c := ticket.Cause{By: agent, Now: d.Clock.Tick(), Origin: event.Origin{Channel: event.ChannelAPI}, IDs: d.IDs}
		wg.Go(func() {
			results[i] = d.Tickets.Update(t.Context(), ref, c.Origin, func(tk *ticket.Ticket) error { return tk.Claim(c) })
		})
	}
	wg.Wait()
	var winners []id.Member
	for i, err := range results {
		switch {
		case err == nil:
			winners = append(winners, agents[i])
		case !errors.Is(err, ticket.ErrVersion):
			t.Errorf("a claim: %v, want ErrVersion", err)
		}
	}
	if len(winners) != 1 || d.Read(t, tk.ID).Assignee != winners[0] {
		t.Errorf("%v won the claim, and the ticket is %d's", winners, d.Read(t, tk.ID).Assignee)
	}
}
