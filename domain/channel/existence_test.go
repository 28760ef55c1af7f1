package channel_test

import (
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func TestThePlaceOfAClosedTicketGoesWhenItHadItsTime(t *testing.T) {
	closed := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change func(*channel.Facts)
		before bool // it stands a moment before its time is over
		after  bool
	}{
		"a channel":        {func(*channel.Facts) {}, true, false},
		"a thread":         {func(f *channel.Facts) { f.Surface.Kind = category.InThread }, true, false},
		"a public post":    {func(f *channel.Facts) { f.Surface.Kind = category.InForum }, true, true},
		"kept for good":    {func(f *channel.Facts) { f.Category.Kept = category.Forever }, true, true},
		"open":             {func(f *channel.Facts) { f.Ticket.Status, f.Ticket.ClosedAt = ticket.Open, time.Time{} }, true, true},
		"being copied":     {func(f *channel.Facts) { f.Unstored.Pending = 1 }, true, true},
		"not to be copied": {func(f *channel.Facts) { f.Unstored.Failed = 1 }, true, true},
		"threads in it":    {func(f *channel.Facts) { f.Unstored.Threads = 1 }, true, true},
		"perhaps threads":  {func(f *channel.Facts) { f.Unstored.Hidden = true }, true, true},
		"never made":       {func(f *channel.Facts) { f.Surface.ExternalID = "" }, false, false},
		"open, to be made": {func(f *channel.Facts) { f.Surface.ExternalID, f.Ticket.Status = "", ticket.Pending }, true, true},
	} {
		f := &channel.Facts{
			Ticket:   &ticket.Ticket{Status: ticket.Closed, ClosedAt: closed},
			Category: &category.Category{Kept: time.Hour},
			Surface:  channel.Surface{Kind: category.InChannel, ExternalID: "7"},
		}
		c.change(f)
		if got := f.Stands(closed.Add(time.Hour - 1)); got != c.before {
			t.Errorf("%s: before its time it stands %v", name, got)
		}
		if got := f.Stands(closed.Add(time.Hour)); got != c.after {
			t.Errorf("%s: after its time it stands %v", name, got)
		}
	}
}

func TestWhatWasPrivateStaysSoAfterItsPlaceWasRemoved(t *testing.T) {
	f := &channel.Facts{
		Ticket: &ticket.Ticket{}, Category: &category.Category{Surface: category.InForum},
		Surface: channel.Surface{Kind: category.InThread, State: channel.Cleared},
	}
	if k := f.Kind(); k != category.InChannel {
		t.Errorf("the next place is a %s", k)
	}
	f.Category.Surface = category.InThread
	if k := f.Kind(); k != category.InThread {
		t.Errorf("the next place is a %s", k)
	}
}
