package sla_test

import (
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// Nothing takes a breach back, and what was broken stays with the policy and the queue
// that it was broken in.
func TestAResultNeverForgetsABreach(t *testing.T) {
	start := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	at := func(minute int) time.Time { return start.Add(time.Duration(minute) * time.Minute) }
	r := sla.Result{Target: sla.Resolution, Number: 1, Begun: start}
	for _, m := range []struct {
		minute   int
		movement sla.Movement
		policy   id.Policy
		queue    id.Queue
	}{
		{0, sla.Activated, 1, 1},
		{10, sla.Suspended, 1, 1},
		{40, sla.Resumed, 1, 1},
		{50, sla.Rescheduled, 2, 2},
		{90, sla.Broke, 2, 2},
		{95, sla.Rescheduled, 3, 3},
		{100, sla.Kept, 3, 3},
		{200, sla.Activated, 4, 4},
		{210, sla.Suspended, 4, 4},
		{215, sla.Dropped, 4, 4},
	} {
		told := sla.Told{Target: sla.Resolution, Movement: m.movement, Policy: m.policy, Queue: m.queue, At: at(m.minute)}
		if told.Begins(&r) {
			t.Errorf("%s begins another promise", m.movement)
		}
		r.Follow(told)
	}
	want := sla.Result{
		Target: sla.Resolution, Number: 1, Policy: 2, Queue: 2, State: sla.Cancelled, Begun: start,
		Breached: at(90), Ended: at(215), Paused: 35 * time.Minute,
	}
	if r != want {
		t.Errorf("it is %+v, want %+v", r, want)
	}
	if next := (sla.Told{Target: sla.NextReply, Movement: sla.Activated}); !next.Begins(&r) || (sla.Told{Target: sla.NextReply, Movement: sla.Kept}).Begins(&r) {
		t.Error("a next reply is promised anew when it is activated, and only then")
	}
}
