package discord

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestLanesKeepTheirOrderAndDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLanes()
		var mu sync.Mutex
		var done []string
		free := make(chan struct{})
		l.put(t.Context(), "slow", func(context.Context) { <-free })
		for i := range 20 {
			for _, lane := range []string{"slow", "quick"} {
				l.put(t.Context(), lane, func(context.Context) {
					mu.Lock()
					defer mu.Unlock()
					done = append(done, fmt.Sprintf("%s %02d", lane, i))
				})
			}
		}
		synctest.Wait()
		if len(done) != 20 || !slices.IsSorted(done) || done[0] != "quick 00" {
			t.Errorf("while one lane waits: %v", done)
		}
		close(free)
		l.wait()
		if len(done) != 40 || !slices.IsSorted(done[20:]) {
			t.Errorf("after it: %v", done)
		}
	})
}

func TestAFullLaneRefusesMore(t *testing.T) {
	l := newLanes()
	free, begun := make(chan struct{}), make(chan struct{})
	l.put(t.Context(), "a", func(context.Context) { close(begun); <-free })
	<-begun
	nothing := func(context.Context) {}
	for range maxLane {
		if !l.put(t.Context(), "a", nothing) {
			t.Fatal("a lane with room refuses")
		}
	}
	if l.put(t.Context(), "a", nothing) {
		t.Error("a full lane takes more")
	}
	if !l.put(t.Context(), "b", nothing) {
		t.Error("another lane is held up")
	}
	close(free)
	l.wait()
}

// However many channels there are, what waits is bounded.
func TestAllLanesTogetherAreBounded(t *testing.T) {
	l := newLanes()
	free := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	taken := 0
	for n := range 2 * maxWaiting {
		if l.put(ctx, fmt.Sprint(n%100), func(context.Context) { <-free }) {
			taken++
		}
	}
	if most := maxWaiting + 100; taken < maxWaiting || taken > most { // a hundred run
		t.Errorf("%d were taken, want up to %d", taken, most)
	}
	cancel()
	close(free)
	l.wait()
	if l.total != 0 {
		t.Errorf("%d still wait", l.total)
	}
}

func TestLanesEndWithTheirContext(t *testing.T) {
	l := newLanes()
	ctx, cancel := context.WithCancel(t.Context())
	free, ran := make(chan struct{}), false
	l.put(ctx, "a", func(context.Context) { <-free })
	l.put(ctx, "a", func(context.Context) { ran = true })
	cancel()
	close(free)
	l.wait()
	if ran {
		t.Error("a task ran after the end")
	}
	if l.put(ctx, "a", func(context.Context) {}) {
		t.Error("a task is taken after the end")
	}
	again := make(chan struct{})
	l.put(t.Context(), "a", func(context.Context) { close(again) })
	<-again
	l.wait()
}

func TestPaceAllowsOnceInAWhile(t *testing.T) {
	now := time.Unix(0, 0)
	p := newPace(func() time.Time { return now }, time.Minute)
	if !p.allows("a") || p.allows("a") || !p.allows("b") {
		t.Error("at once")
	}
	now = now.Add(59 * time.Second)
	if p.allows("a") {
		t.Error("too early")
	}
	now = now.Add(time.Second)
	if !p.allows("a") {
		t.Error("after the gap")
	}
	for i := range maxPaced + 10 {
		p.allows(fmt.Sprint(i))
	}
	if len(p.last) > maxPaced {
		t.Errorf("%d keys are remembered", len(p.last))
	}
}

func TestSoundnessEndsWithAGap(t *testing.T) {
	s := newSoundness()
	if s.has("g", "a") {
		t.Error("a channel that was never caught up with is sound")
	}
	s.restore("a", s.now("g", "a"))
	s.restore("b", s.now("g", "b"))
	if !s.has("g", "a") || !s.has("g", "b") {
		t.Error("caught up with")
	}
	s.loseOne("a")
	if s.has("g", "a") || !s.has("g", "b") {
		t.Error("a gap in one channel")
	}
	before := s.now("g", "a")
	s.loseOne("a")
	s.restore("a", before)
	if s.has("g", "a") {
		t.Error("what began before a gap in the channel does not close it")
	}
	before = s.now("g", "b")
	s.lose()
	if s.has("g", "b") {
		t.Error("a gap anywhere")
	}
	s.restore("b", before)
	if s.has("g", "b") {
		t.Error("what began before the gap does not close it")
	}
	s.restore("b", s.now("g", "b"))
	before = s.now("g", "a")
	s.loseOne("g")
	s.restore("a", before)
	if s.has("g", "b") || s.has("g", "a") || s.has("h", "c") {
		t.Error("a gap in the guild")
	}
	s.restore("b", s.now("g", "b"))
	s.restore("c", s.now("h", "c"))
	s.loseOne("g")
	if s.has("g", "b") || !s.has("h", "c") {
		t.Error("another gap in one guild")
	}
}

func TestJoiningIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJoining()
		j.wait(t.Context(), "1") // nobody was announced
		j.begin("1")
		j.begin("1")
		begun := time.Now()
		go func() {
			time.Sleep(time.Second)
			j.end("1")
		}()
		j.wait(t.Context(), "1")
		if got := time.Since(begun); got != time.Second {
			t.Errorf("waited %v", got)
		}
		j.end("1")
		j.begin("2")
		j.wait(t.Context(), "2")
		if got := time.Since(begun); got != time.Second+joinPatience {
			t.Errorf("waited %v in all", got)
		}
	})
}

// Nothing that arrives may end the process, wherever it is stumbled over.
func TestAPanicBeforeALaneEndsNothing(t *testing.T) {
	in := newInbox(mute(t))
	in.lanes = nil // which every event stumbles over
	for _, name := range eventNames() {
		in.accept(t.Context(), name, []byte(`{"id":"1","channel_id":"2","guild_id":"3","type":2,"token":"t"}`))
	}
}

func TestWhoIsTooManyIsToldWithoutHoldingUpOthers(t *testing.T) {
	a, c := answering(t)
	in := newInbox(a)
	free, begun := make(chan struct{}), make(chan struct{})
	in.lanes.put(t.Context(), "user:9", func(context.Context) { close(begun); <-free })
	<-begun
	for range maxLane {
		in.lanes.put(t.Context(), "user:9", func(context.Context) {})
	}
	ask := func() {
		in.accept(t.Context(), "INTERACTION_CREATE", []byte(
			`{"id":"1","application_id":"2","token":"t","type":2,"data":{"name":"ticket"},"member":{"user":{"id":"9"}}}`))
	}
	c.mu.Lock() // no answer is taken for now
	for range 2 * maxApologies {
		ask()
	}
	c.mu.Unlock()
	for range maxApologies {
		<-c.more
	}
	close(free)
	in.lanes.wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.said); n != maxApologies || c.said[0] != "POST Too much is going on here right now. Please try again in a moment." {
		t.Errorf("%d were told %q", n, c.said[0])
	}
}
