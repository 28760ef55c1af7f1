package tickettest

import (
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func waiting() []test {
	return []test{
		{"first replies are found by when tickets were opened", firstReplies},
		{"what is no first reply of the queue is not found", otherReplies},
	}
}

// Waits opens a ticket at a moment, and lets staff answer it so much later; never, if
// that is 0.
func (d *Desk) Waits(t *testing.T, who *member.Member, cat *category.Category, at time.Time, wait time.Duration) *ticket.Ticket {
	t.Helper()
	cause := d.Cause(who)
	cause.Now = at
	begun := d.Begins(t, who, cat, cause, "It is broken.")
	must(t, "open", d.Tickets.Open(t.Context(), begun))
	if wait != 0 {
		d.answers(t, d.Chidi, begun, at.Add(wait), ticket.FromStaff)
	}
	return begun
}

func (d *Desk) answers(t *testing.T, who *member.Member, tk *ticket.Ticket, at time.Time, side ticket.Side) {
	t.Helper()
	cause := d.Cause(who)
	cause.Now = at
	must(t, "answer", d.Tickets.Update(t.Context(), d.Ref(tk), cause.Origin, func(tk *ticket.Ticket) error {
		_, err := tk.Reply(cause, side, locale.Fallback, "So.")
		return err
	}))
}

// firstReplies asks for two hours, of which the moments from the first on and before
// the last belong to each.
func firstReplies(t *testing.T, d *Desk) {
	first := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	second := first.AddDate(0, 0, 1)
	hours := []ticket.Stretch{{From: first, To: first.Add(time.Hour)}, {From: second, To: second.Add(time.Hour)}}
	for at, wait := range map[time.Time]time.Duration{
		first.Add(-time.Microsecond):             time.Minute,
		first:                                    2 * time.Minute,
		first.Add(time.Hour - time.Microsecond):  3 * time.Minute,
		first.Add(time.Hour):                     4 * time.Minute,
		second.Add(-time.Microsecond):            5 * time.Minute,
		second.Add(30 * time.Minute):             40 * time.Hour,
		second.Add(time.Hour + time.Microsecond): 6 * time.Minute,
	} {
		d.Waits(t, d.Bob, d.Help, at, wait)
	}
	d.foundReplies(t, d.Help, hours, 2*time.Minute, 3*time.Minute, 40*time.Hour)
	d.foundReplies(t, d.Help, hours[1:], 40*time.Hour)
	d.foundReplies(t, d.Help, nil)
}

func otherReplies(t *testing.T, d *Desk) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	hours := []ticket.Stretch{{From: at, To: at.Add(time.Hour)}}
	other := NewDesk(t, d.World)
	other.Waits(t, other.Bob, other.Help, at, time.Minute)
	d.Waits(t, d.Bob, d.Invoice, at, 2*time.Minute)
	d.Waits(t, d.Bob, d.Help, at, 0)
	d.answers(t, d.Bob, d.Waits(t, d.Bob, d.Help, at, 0), at.Add(3*time.Minute), ticket.FromRequester)
	d.foundReplies(t, d.Help, hours)
	d.foundReplies(t, d.Invoice, hours, 2*time.Minute)
	twice := d.Waits(t, d.Bob, d.Help, at, 4*time.Minute)
	d.answers(t, d.Chidi, twice, at.Add(5*time.Minute), ticket.FromStaff)
	d.foundReplies(t, d.Help, hours, 4*time.Minute)
	moved := d.Waits(t, d.Bob, d.Invoice, at, 6*time.Minute)
	d.Changes(t, d.Sam, moved, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Transfer(c, d.Support.ID) })
	d.foundReplies(t, d.Help, hours, 4*time.Minute, 6*time.Minute)
}

func (d *Desk) foundReplies(t *testing.T, cat *category.Category, opened []ticket.Stretch, want ...time.Duration) {
	t.Helper()
	got, err := d.Tickets.FirstReplies(t.Context(), d.Workspace.ID, cat.Queue, opened)
	must(t, "find first replies", err)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}
