package discordtest_test

import (
	"encoding/json"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

func TestIDsGrowWhileTheClockStandsStill(t *testing.T) {
	w := newWorld(t)
	last := discordtest.ID(0)
	for range 100 {
		m, err := w.ana.Posts(w.general, "x")
		noError(t, err)
		if m.ID <= last {
			t.Fatalf("%s does not follow %s", m.ID, last)
		}
		last = m.ID
	}
	if got := last.Time(); got.Sub(w.clock.now()).Abs().Milliseconds() > 1 {
		t.Fatalf("the ID says %v, the clock %v", got, w.clock.now())
	}
}

func TestIDsInJSON(t *testing.T) {
	var got []discordtest.ID
	noError(t, json.Unmarshal([]byte(`["175928847299117063", 5, null, ""]`), &got))
	raw, err := json.Marshal(got)
	noError(t, err)
	same(t, "JSON", string(raw), `["175928847299117063","5",null,null]`)
	if json.Unmarshal([]byte(`["x"]`), &got) == nil {
		t.Fatal("an ID is a number")
	}
	var p discordtest.Permission
	noError(t, json.Unmarshal([]byte(`"2251799813685248"`), &p))
	same(t, "permission", p, discordtest.PermPinMessages)
	if json.Unmarshal([]byte(`"x"`), &p) == nil {
		t.Fatal("permissions are a number")
	}
}

func TestEachVersionIsServed(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/api/v9/gateway", "/api/v10/gateway"} {
		same(t, path, w.get(path).status, 200)
	}
	same(t, "another version", w.get("/api/v6/gateway").status, 404)
}
