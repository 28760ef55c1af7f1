package digest_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/digest"
)

// walk finds the next moment minute by minute, by what the clocks of the zone show. A
// time that they show twice counts once; one that they skip comes as late after it as
// it would have come without the skip.
func walk(t *rapid.T, s digest.Schedule, after time.Time) time.Time {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		t.Fatal(err)
	}
	due := func(show time.Time) bool {
		return slices.Contains(s.Moments, digest.Moment{Day: show.Weekday(), Minute: show.Hour()*60 + show.Minute()})
	}
	shown := map[string]bool{}
	var skip time.Duration
	var until time.Time // up to when the times that were skipped come
	was := after.Add(-26 * time.Hour).Truncate(time.Minute).In(zone)
	for at := was; at.Before(after.AddDate(0, 0, 9)); at = at.Add(time.Minute) {
		_, before := was.Zone()
		_, now := at.Zone()
		if now > before {
			skip = time.Duration(now-before) * time.Second
			until = at.Add(skip)
		}
		was = at
		key := at.Format(time.DateTime)
		comes := !shown[key] && due(at) || at.Before(until) && due(at.UTC().Add(time.Duration(now)*time.Second-skip))
		shown[key] = true
		if comes && at.After(after) {
			return at
		}
	}
	return time.Time{}
}

func TestTheNextMomentIsThatOfTheClocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := digest.Schedule{Zone: rapid.SampledFrom([]string{
			"UTC", "Europe/Paris", "America/Sao_Paulo", "Pacific/Auckland", "Asia/Kathmandu",
			"America/New_York", "America/Havana", "America/Santiago",
		}).Draw(t, "zone")}
		// Many are in the nights in which clocks change.
		minutes := rapid.OneOf(rapid.IntRange(0, 1439), rapid.IntRange(0, 239), rapid.IntRange(1380, 1439))
		for range rapid.IntRange(1, 4).Draw(t, "how many") {
			s.Moments = append(s.Moments, digest.Moment{
				Day: time.Weekday(rapid.IntRange(0, 6).Draw(t, "day")), Minute: minutes.Draw(t, "minute"),
			})
		}
		after := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 365*24*60).Draw(t, "after")) * time.Minute)
		if change, changes := rapid.SampledFrom(changesOf(t, s.Zone)).Draw(t, "change"), rapid.Bool().Draw(t, "near a change"); changes {
			after = change.Add(time.Duration(rapid.IntRange(-180, 180).Draw(t, "from it")) * time.Minute)
			s.Moments[0].Day = change.Weekday()
		}
		if got, want := s.Next(after), walk(t, s, after); !got.Equal(want) {
			t.Errorf("after %v in %s comes %v, want %v", after, s.Zone, got, want)
		}
	})
}

// changesOf gives when the zone's clocks change in 2026, or the start of the year.
func changesOf(t *rapid.T, name string) []time.Time {
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).In(zone)
	all := []time.Time{at}
	for _, end := at.ZoneBounds(); !end.IsZero() && end.Year() == 2026; _, end = end.ZoneBounds() {
		all = append(all, end)
	}
	return all
}

// In the nights in which the clocks change each moment comes once.
func TestDigestsComeOnceInNightsOfChange(t *testing.T) {
	for name, c := range map[string]struct {
		zone       string
		from, want time.Time
	}{
		"forward":             {"Europe/Paris", time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC), time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC)},
		"back":                {"Europe/Paris", time.Date(2026, 10, 24, 12, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)},
		"forward in New York": {"America/New_York", time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC), time.Date(2026, 3, 8, 7, 30, 0, 0, time.UTC)},
		"back in New York":    {"America/New_York", time.Date(2026, 10, 31, 12, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 7, 30, 0, 0, time.UTC)},
	} {
		s := digest.Schedule{Zone: c.zone, Moments: []digest.Moment{{Day: time.Sunday, Minute: 2*60 + 30}}}
		first := s.Next(c.from)
		if !first.Equal(c.want) {
			t.Errorf("%s: it comes at %v, want %v", name, first.UTC(), c.want)
		}
		if second := s.Next(first); second.Sub(first) < 6*24*time.Hour {
			t.Errorf("%s: it comes again at %v", name, second.UTC())
		}
	}
}

// Of a moment that the clocks show and one that they skip none takes the other's place.
func TestSkippedMomentsComeAfterTheSkip(t *testing.T) {
	s := digest.Schedule{Zone: "America/New_York", Moments: []digest.Moment{
		{Day: time.Sunday, Minute: 1*60 + 30}, {Day: time.Sunday, Minute: 2*60 + 30},
	}}
	at := time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC)
	for _, want := range []time.Time{
		time.Date(2026, 3, 8, 6, 30, 0, 0, time.UTC), // 01:30 EST
		time.Date(2026, 3, 8, 7, 30, 0, 0, time.UTC), // 03:30 EDT
	} {
		if at = s.Next(at); !at.Equal(want) {
			t.Errorf("it comes at %v, want %v", at, want)
		}
	}
}
