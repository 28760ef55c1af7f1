package digest_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/digest"
)

// walk finds the next moment minute by minute, by what the clocks of the zone show. A
// time that they show twice counts once; for one that they skip, as late after it.
func walk(t *rapid.T, s digest.Schedule, after time.Time) time.Time {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	was := after.Add(-26 * time.Hour).Truncate(time.Minute).In(zone)
	for at := was; at.Before(after.AddDate(0, 0, 9)); at = at.Add(time.Minute) {
		local := at.In(zone)
		_, before := was.Zone()
		_, now := local.Zone()
		skipped := local.Add(time.Duration(before-now) * time.Second)
		was = local
		for _, show := range []time.Time{local, skipped} {
			key := show.Format("2006-01-02 15:04")
			due := slices.Contains(s.Moments, digest.Moment{Day: show.Weekday(), Minute: show.Hour()*60 + show.Minute()})
			if show.Equal(local) && shown[key] {
				continue
			}
			shown[key] = true
			if due && at.After(after) && show.Equal(local) {
				return at
			}
		}
	}
	return time.Time{}
}

func TestTheNextMomentIsThatOfTheClocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := digest.Schedule{Zone: rapid.SampledFrom([]string{"UTC", "Europe/Paris", "America/Sao_Paulo", "Pacific/Auckland", "Asia/Kathmandu"}).Draw(t, "zone")}
		for range rapid.IntRange(1, 4).Draw(t, "how many") {
			s.Moments = append(s.Moments, digest.Moment{
				Day: time.Weekday(rapid.IntRange(0, 6).Draw(t, "day")), Minute: rapid.IntRange(0, 1439).Draw(t, "minute"),
			})
		}
		after := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 365*24*60).Draw(t, "after")) * time.Minute)
		if got, want := s.Next(after), walk(t, s, after); !got.Equal(want) {
			t.Errorf("after %v in %s comes %v, want %v", after, s.Zone, got, want)
		}
	})
}

// In the nights in which the clocks change each moment comes once.
func TestDigestsComeOnceInNightsOfChange(t *testing.T) {
	s := digest.Schedule{Zone: "Europe/Paris", Moments: []digest.Moment{{Day: time.Sunday, Minute: 2*60 + 30}}}
	for name, c := range map[string]struct{ from, want time.Time }{
		"forward": {time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC), time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC)},
		"back":    {time.Date(2026, 10, 24, 12, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)},
	} {
		first := s.Next(c.from)
		if !first.Equal(c.want) {
			t.Errorf("%s: it comes at %v, want %v", name, first.UTC(), c.want)
		}
		if second := s.Next(first); second.Sub(first) < 6*24*time.Hour {
			t.Errorf("%s: it comes again at %v", name, second.UTC())
		}
	}
}
