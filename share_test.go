package main

import (
	"flag"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// share is an equal part of what there is to try, so that several machines, or
// several evenings, try all of it. The zero share is the whole.
type share struct{ nth, of int }

// shareFlag makes a flag that takes one.
func shareFlag(name, usage string) *share {
	s := new(share)
	flag.Var(s, name, usage)
	return s
}

// String implements flag.Value.
func (s *share) String() string {
	if s.of == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.nth, s.of)
}

// Set implements flag.Value; it reads "2/4" as the second of four.
func (s *share) Set(text string) (err error) {
	nth, of, _ := strings.Cut(text, "/")
	var read share
	if read.nth, err = strconv.Atoi(nth); err == nil {
		read.of, err = strconv.Atoi(of)
	}
	if err != nil || read.nth < 1 || read.nth > read.of {
		return fmt.Errorf("a share is like 2/4, the second of four, and not %q", text)
	}
	*s = read
	return nil
}

// part gives what is in the share: neighbours, which take alike long, are in different ones.
func part[T any](s share, all []T) []T {
	var kept []T
	for i, one := range all {
		if s.of == 0 || i%s.of == s.nth-1 {
			kept = append(kept, one)
		}
	}
	return kept
}

// Whoever tries every share has tried all, and nothing twice.
func TestSharesMakeTheWhole(t *testing.T) {
	all := make([]int, 11)
	for i := range all {
		all[i] = i
	}
	if got := part(share{}, all); len(got) != len(all) {
		t.Errorf("without a share %v are tried", got)
	}
	tried := map[int]int{}
	for _, text := range []string{"1/3", "2/3", "3/3"} {
		var s share
		if err := s.Set(text); err != nil || s.String() != text {
			t.Fatalf("%q is read as %q: %v", text, s.String(), err)
		}
		mine := part(s, all)
		if len(mine) < 3 || len(mine) > 4 {
			t.Errorf("share %s has %v", text, mine)
		}
		for _, one := range mine {
			tried[one]++
		}
	}
	for _, one := range all {
		if tried[one] != 1 {
			t.Errorf("%d is tried %d times", one, tried[one])
		}
	}
	for _, text := range []string{"", "1", "0/3", "4/3", "-1/3", "1/0", "a/b", "1/2/3"} {
		if err := new(share).Set(text); err == nil {
			t.Errorf("%q is taken for a share", text)
		}
	}
}
