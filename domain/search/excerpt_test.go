package search_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/search"
)

func shown(e search.Excerpt) string {
	var out strings.Builder
	for _, p := range e.Pieces {
		if p.Marked {
			out.WriteString("[" + p.Text + "]")
			continue
		}
		out.WriteString(p.Text)
	}
	return out.String()
}

func TestExcerptMarksWhatWasLookedFor(t *testing.T) {
	long := strings.Repeat("word ", 100)
	said := func(text string) *search.Document {
		return &search.Document{Parts: []search.Part{{Kind: search.Said, Text: text}, {Kind: search.Author, Text: "Anna Müller", ID: 7}}}
	}
	for _, try := range []struct{ text, query, want string }{
		{"The Refünd is late", "refund", "The [Refünd] is late"},
		{"late, very late payment", `"late payment" -x`, "late, very [late payment]"},
		{"refunds and refunding", "refund*", "[refunds] and [refunding]"},
		{"私は日本語を話します", "日本語", "私は[日本語]を話します"},
		{"私は日本語を話します", "語", "私は日本[語]を話します"},
		{"a\n\n  b", "b", "a [b]"},
		{"nothing of it", "muller", "Anna [Müller]"},
		{long + "needle " + long, "needle", "…" + strings.Repeat("word ", 7) + "[needle]" + strings.Repeat(" word", 23) + " wor…"},
		{"no words", "status:open", "no words"},
	} {
		q, err := search.Parse(try.query)
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(said(try.text).Excerpt(q.Words)); got != try.want {
			t.Errorf("%q shows %q, want %q", try.query, got, try.want)
		}
	}
}

// TestExcerptIsAStretchOfTheText holds for any text.
func TestExcerptIsAStretchOfTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"refund", "the", "日本語", "naïve", "🔥", "  \n"}), 1, 200).Draw(t, "words")
		text := strings.Join(words, " ")
		q, err := search.Parse("refund 本語")
		if err != nil {
			t.Fatal(err)
		}
		d := &search.Document{Parts: []search.Part{{Kind: search.Said, Text: text}}}
		e := d.Excerpt(q.Words)
		plain := strings.Trim(e.Text(), "…")
		if !strings.Contains(strings.Join(strings.Fields(text), " "), strings.TrimSpace(plain)) {
			t.Fatalf("%q is no stretch of %q", plain, text)
		}
		if n := utf8.RuneCountInString(e.Text()); n > 162 {
			t.Fatalf("%d characters are shown", n)
		}
		for _, p := range e.Pieces {
			if p.Marked && p.Text != "refund" && p.Text != "本語" {
				t.Fatalf("%q is marked", p.Text)
			}
		}
	})
}

func TestScorePutsSubjectsBeforeMessages(t *testing.T) {
	words := []search.Words{{Phrase: search.PhraseOf("refund")}}
	score := func(k search.PartKind, text string) int64 {
		return (&search.Document{Parts: []search.Part{{Kind: k, Text: text}}}).Score(words)
	}
	if subject, often := score(search.Subject, "a refund"), score(search.Said, strings.Repeat("refund ", 50)); subject <= often {
		t.Errorf("a subject counts %d, a message that says it often %d", subject, often)
	}
	if once, twice := score(search.Said, "refund"), score(search.Said, "refund refund"); once <= 0 || twice <= once {
		t.Errorf("said once counts %d, twice %d", once, twice)
	}
	if none := score(search.Said, "invoice"); none != 0 {
		t.Errorf("what is not there counts %d", none)
	}
}
