package discord_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// A ticket with more to post than its channel takes at once gives its worker back,
// and goes on when Discord lets it.
func TestALimitOfAChannelHoldsUpNoWorker(t *testing.T) {
	d := newDeskWith(t, true)
	var want []string
	for n := range 12 {
		want = append(want, fmt.Sprintf("line %d", n))
		d.says(want[n])
	}
	began, runs, refused := time.Now(), 0, 0
	d.discord.OnRequest(func(r discordtest.Request) {
		if r.Phase == discordtest.After && r.Status == 429 {
			refused++
		}
	})
	for ; runs < 20; runs++ {
		out := d.sync()
		if out.Again.IsZero() {
			break
		}
		wait := out.Again.Sub(d.clock())
		if wait <= 0 || wait > 5*time.Second {
			t.Fatalf("it goes on in %v", wait)
		}
		d.forward(wait)
	}
	if runs == 0 || refused > 0 {
		t.Errorf("%d runs gave way, %d requests were refused", runs, refused)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("workers were held up for %v", took)
	}
	d.expect(want...)
}
