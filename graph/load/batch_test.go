package load_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/ticketsys/ticketsys/graph/load"
)

// squares fetches squares of positive numbers, and notes what it was asked for.
type squares struct {
	asked [][]int
	fail  error
}

func (s *squares) fetch(_ context.Context, keys []int) (map[int]int, error) {
	s.asked = append(s.asked, slices.Clone(keys))
	found := map[int]int{}
	for _, k := range keys {
		if k > 0 {
			found[k] = k * k
		}
	}
	return found, s.fail
}

func TestABatchFetchesOnceWhatWasWanted(t *testing.T) {
	s := &squares{}
	b := load.NewBatch(s.fetch)
	b.Want(1, 2, 0, 2, -7, 3)
	var wait sync.WaitGroup
	for range 10 {
		for _, k := range []int{1, 2, 3, -7} {
			wait.Go(func() {
				if got, err := b.Get(t.Context(), k); err != nil || k > 0 && got != k*k || k < 0 && got != 0 {
					t.Errorf("%d: %d %v", k, got, err)
				}
			})
		}
	}
	wait.Wait()
	if len(s.asked) != 1 || !slices.Equal(s.asked[0], []int{1, 2, -7, 3}) {
		t.Errorf("asked for %v", s.asked)
	}
}

func TestABatchFetchesWhatNobodyForesaw(t *testing.T) {
	s := &squares{}
	b := load.NewBatch(s.fetch)
	b.Want(1)
	for _, k := range []int{1, 5, 5, 1} {
		if got, err := b.Get(t.Context(), k); got != k*k || err != nil {
			t.Errorf("%d: %d %v", k, got, err)
		}
	}
	if len(s.asked) != 2 {
		t.Errorf("asked for %v", s.asked)
	}
	if got, err := b.Get(t.Context(), 0); got != 0 || err != nil || len(s.asked) != 2 {
		t.Errorf("nothing was asked for: %d %v %v", got, err, s.asked)
	}
}

// What else a fetch brought along needs no fetch of its own.
func TestABatchKeepsWhatItFindsBesides(t *testing.T) {
	fetches := 0
	b := load.NewBatch(func(context.Context, []int) (map[int]int, error) {
		fetches++
		return map[int]int{1: 1, 2: 4, 3: 9}, nil
	})
	for _, k := range []int{1, 2, 3} {
		if got, err := b.Get(t.Context(), k); got != k*k || err != nil {
			t.Errorf("%d: %d %v", k, got, err)
		}
	}
	if fetches != 1 {
		t.Errorf("%d fetches", fetches)
	}
}

func TestABatchAsksAgainAfterAnError(t *testing.T) {
	s := &squares{fail: errors.New("store is down")}
	b := load.NewBatch(s.fetch)
	b.Want(1, 2)
	if _, err := b.Get(t.Context(), 1); !errors.Is(err, s.fail) {
		t.Errorf("%v", err)
	}
	s.fail = nil
	for _, k := range []int{1, 2} {
		if got, err := b.Get(t.Context(), k); got != k*k || err != nil {
			t.Errorf("%d: %d %v", k, got, err)
		}
	}
	if len(s.asked) != 2 {
		t.Errorf("asked for %v", s.asked)
	}
}
