package duration_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/duration"
)

func TestDurationsAreWrittenAsTheStandardHasThem(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"PT0S": 0, "PT24H": 24 * time.Hour, "PT1H30M": 90 * time.Minute, "PT0.25S": 250 * time.Millisecond,
		"-PT1M1.000000001S": -(61*time.Second + 1), "PT1S": time.Second,
	} {
		if got := duration.Format(d); got != want {
			t.Errorf("%v is written %s, want %s", d, got, want)
		}
	}
}

func TestDurationsAreRead(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"P1D": 24 * time.Hour, "P2W": 14 * 24 * time.Hour, "P1DT12H": 36 * time.Hour, "PT90M": 90 * time.Minute, "PT1,5S": 1500 * time.Millisecond,
	} {
		if got, err := duration.Parse(s); err != nil || got != want {
			t.Errorf("%s is read as %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "P", "PT", "P1DT", "P1Y", "P1M", "1h", "PT1", "P1W2D", "PT1.S", "P999999999W", " PT1S"} {
		if got, err := duration.Parse(s); err == nil {
			t.Errorf("%q is read as %v", s, got)
		}
	}
}

func TestDurationsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(-math.MaxInt64/2, math.MaxInt64/2).Draw(t, "d"))
		if got, err := duration.Parse(duration.Format(d)); err != nil || got != d {
			t.Fatalf("%s is read as %v, %v; want %v", duration.Format(d), got, err, d)
		}
	})
	if got := duration.Format(math.MinInt64); got != "-PT2562047H47M16.854775808S" {
		t.Errorf("the least is %s", got)
	}
}
