package sqlstore

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestErasOfAStretchHoldItAndLittleElse asks whether a document of some place is found by
// the eras of a stretch.
func TestErasOfAStretchHoldItAndLittleElse(t *testing.T) {
	const shortest = int64(1) << 32
	for range 2000 {
		since := 1 + rand.Int64N(1<<61)
		below := since + 1 + rand.Int64N(1<<(20+rand.IntN(41)))
		all := covering(since, below)
		if len(all) > 2*15*len(eras)+64 {
			t.Fatalf("%d eras from %d to %d", len(all), since, below)
		}
		holds := func(place int64) bool {
			for level := range eras {
				if slices.Contains(all, era(level, place)) {
					return true
				}
			}
			return false
		}
		for _, inside := range []int64{since, below - 1, since + rand.Int64N(below-since)} {
			if !holds(inside) {
				t.Fatalf("%d is in no era from %d to %d", inside, since, below)
			}
		}
		if holds(since-shortest) || holds(below+shortest) {
			t.Fatalf("the eras from %d to %d go beyond", since, below)
		}
	}
}
