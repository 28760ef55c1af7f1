package budget_test

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/budget"
)

func begin() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func TestABucketFillsUpEvenly(t *testing.T) {
	now, me := begin(), budget.Payer{Token: "t", Member: "m", Address: "a"}
	b := budget.New(budget.Rate{Burst: 60, Window: time.Minute})
	states, ok := b.Spend(now, me, 50)
	if !ok || len(states) != 3 || states[0].Remaining != 10 || states[1].Remaining != 70 || states[2].Remaining != 250 {
		t.Fatalf("%v %+v", ok, states)
	}
	if !states[0].ResetAt.Equal(now.Add(50 * time.Second)) {
		t.Errorf("full again at %v", states[0].ResetAt)
	}
	states, ok = b.Spend(now, me, 15)
	if ok || states[0].Wait.Round(time.Millisecond) != 5*time.Second || states[1].Wait != 0 {
		t.Errorf("what is not there is spent: %v %+v", ok, states)
	}
	if states, ok = b.Spend(now.Add(5*time.Second), me, 15); !ok || states[0].Remaining != 0 {
		t.Errorf("after the wait: %v %+v", ok, states)
	}
	if states, _ = b.Spend(now.Add(time.Hour), me, 0); states[0].Remaining != 60 {
		t.Errorf("after an hour: %+v", states)
	}
}

func TestAMemberAndAnAddressAreBoundedAcrossTokens(t *testing.T) {
	b := budget.New(budget.Rate{Burst: 10, Window: time.Minute})
	spent := func(p budget.Payer) (n int) {
		for range 1000 {
			if _, ok := b.Spend(begin(), p, 1); !ok {
				return n
			}
			n++
		}
		return n
	}
	for i, want := range []int{10, 10, 0} {
		if got := spent(budget.Payer{Token: strconv.Itoa(i), Member: "one", Address: "home"}); got != want {
			t.Errorf("with token %d the member spends %d, want %d", i, got, want)
		}
	}
	rest := 0
	for i := range 10 {
		rest += spent(budget.Payer{Token: "x" + strconv.Itoa(i), Member: strconv.Itoa(i), Address: "home"})
	}
	if rest != 30 { // 50 in all
		t.Errorf("others at that address spend %d, want 30", rest)
	}
	if got := spent(budget.Payer{Address: "elsewhere"}); got != 50 {
		t.Errorf("nobody, elsewhere, spends %d", got)
	}
}

func TestNothingIsBoundedWithoutARate(t *testing.T) {
	b := budget.New(budget.Rate{})
	if states, ok := b.Spend(begin(), budget.Payer{Token: "t"}, 1<<30); !ok || len(states) != 0 {
		t.Errorf("%v %+v", ok, states)
	}
}

// However it is spent, never more goes out in a window than fills a bucket twice.
func TestNoMoreIsSpentThanFlowsIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const burst = 100
		b, now, spent := budget.New(budget.Rate{Burst: burst, Window: time.Minute}), begin(), 0
		passed := time.Duration(0)
		for range rapid.IntRange(1, 200).Draw(t, "requests") {
			step := time.Duration(rapid.IntRange(0, 3000).Draw(t, "milliseconds")) * time.Millisecond
			now, passed = now.Add(step), passed+step
			cost := rapid.IntRange(1, burst).Draw(t, "cost")
			if _, ok := b.Spend(now, budget.Payer{Token: "t"}, cost); ok {
				spent += cost
			}
		}
		if most := burst + int(passed.Seconds()*burst/60) + 1; spent > most {
			t.Errorf("%d are spent in %v, at most %d may be", spent, passed, most)
		}
	})
}

func TestBucketsAreBounded(t *testing.T) {
	b := budget.New(budget.Rate{Burst: 10, Window: time.Minute})
	for i := range 150_000 {
		b.Spend(begin(), budget.Payer{Address: strconv.Itoa(i)}, 10)
	}
	if n := b.Buckets(); n > 100_000 {
		t.Errorf("there are %d buckets", n)
	}
}

func TestPlaces(t *testing.T) {
	p := budget.NewPlaces(3, 2)
	leave, _ := p.Take("a")
	p.Take("a")
	if leave, most := p.Take("a"); leave != nil || most != 2 {
		t.Errorf("one may have %d places, not 2", most)
	}
	p.Take("b")
	if leave, most := p.Take("b"); leave != nil || most != 3 {
		t.Errorf("there are %d places, not 3", most)
	}
	leave()
	leave()
	if leave, _ := p.Take("a"); leave == nil {
		t.Error("a place that was left is not free")
	}
	if leave, _ := p.Take("c"); leave != nil {
		t.Error("a place that was left twice is free twice")
	}
}
