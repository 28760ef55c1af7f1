package render_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func TestCardTellsUntilWhenAReplyIsPromised(t *testing.T) {
	due := time.Unix(1800000000, 0)
	shown := func(c sla.Clock) string {
		f := facts(ticket.New)
		f.Ticket.Clocks = []sla.Clock{c}
		fields := speaker(t, "en").Card(f, nil)[0].Embeds[0].Fields
		last := fields[len(fields)-1]
		return last.Name + " " + last.Value
	}
	clock := sla.Clock{Target: sla.FirstReply, State: sla.Running, Due: due}
	if got := shown(clock); got != "Reply expected <t:1800000000:R>" {
		t.Errorf("the card shows %s", got)
	}
	broken := clock
	broken.Breached = due
	resolution := clock
	resolution.Target = sla.Resolution
	for _, c := range []sla.Clock{broken, resolution, {Target: sla.FirstReply, State: sla.Paused}} {
		if got := shown(c); strings.Contains(got, "<t:") {
			t.Errorf("the card shows %s of %+v", got, c)
		}
	}
}

func TestStaffIsToldWhatIsPromised(t *testing.T) {
	f := facts(ticket.Open)
	f.Ticket.Turn = ticket.StaffsTurn
	at := time.Unix(1800000000, 0)
	f.Ticket.Clocks = []sla.Clock{
		{Target: sla.FirstReply, State: sla.Fulfilled, Breached: at},
		{Target: sla.NextReply, State: sla.Running, Due: at},
		{Target: sla.Resolution, State: sla.Paused},
	}
	told := func(a access.Actor) (all []string) {
		for _, field := range speaker(t, "en").Info(a, &ticket.View{Ticket: f.Ticket, InQueue: f.Queue}, f.Category, render.InTheWay{}).Embeds[0].Fields {
			if field.Name == "Whose turn" || field.Name == "Promised" {
				all = append(all, field.Value)
			}
		}
		return all
	}
	staff := access.Actor{Workspace: 1, Member: 9, Role: access.RoleSupervisor}
	want := "The team’s|⚠️ First reply missed <t:1800000000:R>\nNext reply <t:1800000000:R>\nResolution paused"
	if got := strings.Join(told(staff), "|"); got != want {
		t.Errorf("staff is told %q, want %q", got, want)
	}
	if got := told(access.Actor{Workspace: 1, Member: 5, Role: access.RoleRequester}); len(got) != 1 {
		t.Errorf("the requester is told %q", got)
	}
}
