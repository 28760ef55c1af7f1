package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// BenchmarkSearch looks for the newest 25 places of words among made-up tickets, as one who may
// read them all: a word that stands nearly everywhere, one that stands in just enough messages to
// fill the page, one that stands in three, two of which each stands in many, and the first one in
// tickets of a tag that few have. They take turns. It reports medians in microseconds, the
// longest that 99 of 100 searches took, and what the common word takes of the rare one, and two
// words of one. -bench.tickets says how many tickets there are, with six messages each;
// -bench.seeded takes a database that has them.
func BenchmarkSearch(b *testing.B) {
	if *scaleSeeded != "" {
		searchScale(b, *scaleSeeded, 0)
		return
	}
	b.Run("sqlite", func(b *testing.B) {
		searchScale(b, "sqlite://"+filepath.Join(benchFolder(b), "many.db"), *scaleTickets)
	})
	b.Run("postgres", func(b *testing.B) { searchScale(b, sqlstoretest.Postgres(b), *scaleTickets) })
}

// searchPage is how many places a search asks for.
const searchPage = 25

func searchScale(b *testing.B, databaseURL string, tickets int) {
	w := newBenchWorld(b, databaseURL)
	if tickets > 0 {
		w.seeded(tickets)
	}
	w.hides("zyzzyva", searchPage)
	w.hides("quokka", 3)
	texts := [...]string{"zyzzyva", "the", "the same", "the tag:fire", "quokka"}
	const turns = 200
	for b.Loop() {
		var took [len(texts)][]time.Duration
		for range turns {
			for i, text := range texts {
				took[i] = append(took[i], w.searches(text))
			}
		}
		for i := range took {
			slices.Sort(took[i])
		}
		rare, common, two, filtered, three := took[0], took[1], took[2], took[3], took[4]
		b.ReportMetric(float64(rare[turns/2].Microseconds()), "rare-µs")
		b.ReportMetric(float64(common[turns/2].Microseconds()), "common-µs")
		b.ReportMetric(float64(filtered[turns/2].Microseconds()), "rare-tag-µs")
		b.ReportMetric(float64(three[turns/2].Microseconds()), "three-hits-µs")
		b.ReportMetric(float64(two[turns*99/100].Microseconds()), "two-p99-µs")
		b.ReportMetric(float64(common[turns/2])/float64(rare[turns/2]), "common/rare")
		b.ReportMetric(float64(two[turns*99/100])/float64(common[turns/2]), "two-p99/common")
	}
}

// hides has so many messages with a word, each in a ticket of its own, with tags that no others
// have, unless an earlier run did.
func (w *benchWorld) hides(word string, messages int) {
	found, err := w.search.Search(w.b.Context(), w.call(w.agent), search.Input{Text: word}, page.Request{First: 1})
	w.check(err)
	if len(found.Items) > 0 {
		return
	}
	before := len(w.tickets)
	w.open(messages)
	for _, t := range w.tickets[before:] {
		_, err := w.app.tickets.Reply(w.b.Context(), w.call(w.agent), ticket.Ref{ID: t.ID}, word+" "+benchBody)
		w.check(err)
	}
	w.check(w.store.Index(w.b.Context(), time.Now()))
}

// searches gives how long a search took.
func (w *benchWorld) searches(text string) time.Duration {
	began := time.Now()
	found, err := w.search.Search(w.b.Context(), w.call(w.agent), search.Input{Text: text}, page.Request{First: searchPage})
	took := time.Since(began)
	w.check(err)
	if len(found.Items) == 0 {
		w.b.Fatalf("nothing is found by %q", text)
	}
	return took
}

// BenchmarkPostIndexed compares posting messages, each in time taken apart for searching,
// with posting where nothing is. All of the work is counted.
func BenchmarkPostIndexed(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		folder := benchFolder(b)
		compareIndexing(b, "sqlite://"+filepath.Join(folder, "subject.db"), "sqlite://"+filepath.Join(folder, "floor.db"))
	})
	b.Run("postgres", func(b *testing.B) {
		compareIndexing(b, sqlstoretest.Postgres(b), sqlstoretest.Postgres(b))
	})
}

func compareIndexing(b *testing.B, subject, floor string) {
	w, other := newBenchWorld(b, subject), newBenchWorld(b, floor)
	w.open(500)
	other.open(500)
	w.check(w.store.Index(b.Context(), time.Now()))
	words := strings.Fields(benchBody)
	post := func(w *benchWorld, i int) error {
		t := w.tickets[i*31%len(w.tickets)]
		body := fmt.Sprintf("%s %s %d", benchBody, words[i%len(words)], i)
		_, err := w.app.tickets.Reply(b.Context(), w.call(w.agent), ticket.Ref{ID: t.ID}, body)
		return err
	}
	compete(b, 1, func(_, i int) error {
		if i%250 == 249 {
			if err := w.store.Index(b.Context(), time.Now()); err != nil {
				return err
			}
		}
		return post(w, i)
	}, func(_, i int) error { return post(other, i) })
}
