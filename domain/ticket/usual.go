package ticket

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// What is known of how long a first reply usually takes.
const (
	usualDays    = 28
	usualSamples = 20 // below which nothing is said
	usualPart    = 80 // percent of the tickets were answered within
)

// Stretch is a stretch of time, from a moment on until before another.
type Stretch struct{ From, To time.Time }

// habits remembers how long first replies usually take: what was true a moment ago is
// true enough for the hour.
type habits struct {
	mu    sync.Mutex
	known map[id.Queue]habit
}

// habit is what is known for an hour, by the clocks of the queue's hours: the same hour
// by those of another zone was another one on the days before their time changed.
type habit struct {
	hour time.Time
	wait time.Duration
}

func (h *habits) of(q id.Queue, hour time.Time) (time.Duration, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	is := h.known[q]
	return is.wait, is.hour.Equal(hour) && is.hour.Location().String() == hour.Location().String()
}

func (h *habits) put(q id.Queue, is habit) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.known == nil {
		h.known = map[id.Queue]habit{}
	}
	h.known[q] = is
}

// usualWait gives how long a first reply in the queue usually takes at this hour, by
// the clocks of the queue's hours; 0: not known.
func (s *Service) usualWait(ctx context.Context, c access.Call, q id.Queue, hours *sla.Calendar) (time.Duration, error) {
	now := c.Now.In(hours.Zone())
	hour := hourOf(now, 0)
	if d, known := s.habits.of(q, hour); known {
		return d, nil
	}
	waits, err := s.repo.FirstReplies(ctx, c.Actor.Workspace, q, sameHour(now))
	if err != nil {
		return 0, err
	}
	d := usual(waits)
	s.habits.put(q, habit{hour, d})
	return d, nil
}

// sameHour gives this hour of the day on each of the days before, by the clocks of
// the moment's zone: twice as long where it came twice, and none where it was left out.
func sameHour(now time.Time) []Stretch {
	all := make([]Stretch, 0, usualDays)
	for back := 1; back <= usualDays; back++ {
		from := hourOf(now, back)
		if from.Hour() != now.Hour() {
			continue
		}
		if sooner := from.Add(-time.Hour); sooner.Hour() == from.Hour() {
			from = sooner
		}
		to := from.Add(time.Hour)
		if to.Hour() == from.Hour() {
			to = to.Add(time.Hour)
		}
		all = append(all, Stretch{from, to})
	}
	return all
}

// hourOf gives when the moment's hour began some days before, by the clocks of its zone.
func hourOf(now time.Time, back int) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day()-back, now.Hour(), 0, 0, 0, now.Location())
}

// usual gives within which time four of five were answered; 0 of too few.
func usual(waits []time.Duration) time.Duration {
	if len(waits) < usualSamples {
		return 0
	}
	slices.Sort(waits)
	return waits[(len(waits)*usualPart+99)/100-1]
}
