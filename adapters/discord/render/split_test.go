package render_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
)

var marks = regexp.MustCompile("```|\\bgo\n|c\\+\\+\n?")

// words is what is left of a text without the marks of blocks, the languages that
// are named here, and blanks.
func words(s string) string {
	return strings.Join(strings.Fields(marks.ReplaceAllString(s, "")), "")
}

func TestSplitBeginsABlockAgain(t *testing.T) {
	code := "```go\n" + strings.Repeat("func main() { return }\n", 6) + "```"
	parts := render.Split("Look:\n"+code+"\nDone.", 100)
	if len(parts) != 2 {
		t.Fatalf("%q", parts)
	}
	for i, want := range []struct{ begins, ends string }{{"Look:\n```go\nfunc", "return }\n```"}, {"```go\nfunc", "```\nDone."}} {
		if !strings.HasPrefix(parts[i], want.begins) || !strings.HasSuffix(parts[i], want.ends) {
			t.Errorf("part %d is %q", i, parts[i])
		}
	}
	if got, want := words(strings.Join(parts, "")), words("Look:\n"+code+"\nDone."); got != want {
		t.Errorf("%q became %q", want, got)
	}
}

func TestSplitBeginsNoBlockInVain(t *testing.T) {
	for _, s := range []string{
		strings.Repeat("a ", 45) + "```\n" + strings.Repeat("b", 90) + "\n```",
		"```\n" + strings.Repeat("b", 91) + "\n```",
		"```\n" + strings.Repeat("b", 92) + "```" + strings.Repeat(" c", 40),
	} {
		for _, part := range render.Split(s, 100) {
			if strings.Count(part, "```")%2 != 0 || words(part) == "" {
				t.Errorf("%q has the part %q", s, part)
			}
		}
	}
}

func TestSplitKeepsWhatBelongsTogether(t *testing.T) {
	for _, thing := range []string{
		"[a long link text](https://example.org/a/path?x=1)", "https://example.org/a/path", "<:party_blob:123456789012345678>",
		"<@123456789012345678>", "`some code here`", "**very bold words**", "||a secret||", "<t:1772625600:R>",
		"[a hull](https://example.org/wiki/Hull_(ship))", "[a hull](<https://example.org/a>)", "*some slanted words*", "_more slanted words_",
		"__words with a line__", "***loud and slanted***", "~~no such words~~",
	} {
		for before := range 60 {
			parts := render.Split(strings.Repeat("x", before)+" "+thing+" "+strings.Repeat("y", 80), 100)
			found := false
			for _, p := range parts {
				found = found || strings.Contains(p, thing)
			}
			if !found {
				t.Fatalf("%q was cut after %d characters: %q", thing, before, parts)
			}
		}
	}
}

// Scripts that are read from right to left, or that join their letters, are cut
// between words like any other.
func TestSplitCutsBetweenWordsInEveryScript(t *testing.T) {
	for _, sentence := range []string{
		"שָׁלוֹם לְכֻלָּם, הַמַּדְפֶּסֶת בּוֹעֶרֶת מֵאֶתְמוֹל. ", "مرحبًا، الطابعة تحترق منذ أمسِ ولا تتوقّف. ", "چاپگر از دیروز می\u200cسوزد و خاموش نمی\u200cشود. ",
		"मुद्रक कल से जल रहा है और क्षमा नहीं करता। ", "프린터가 어제부터 타고 있습니다. ", "Принтер горит со вчерашнего дня. ",
	} {
		whole := map[string]bool{}
		for word := range strings.FieldsSeq(sentence) {
			whole[word] = true
		}
		text := strings.Repeat(sentence, 12)
		for limit := 64; limit < 100; limit++ {
			parts := render.Split(text, limit)
			if strings.Join(parts, "") != text {
				t.Fatalf("%q became %q", text, parts)
			}
			for _, part := range parts {
				for word := range strings.FieldsSeq(part) {
					if !whole[word] {
						t.Fatalf("%q was cut within a word: %q (limit %d)", sentence, part, limit)
					}
				}
			}
		}
	}
}

// markdown draws what agents write: words, links, emoji, blocks of code.
func markdown() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			"word ", "日本語", "👨‍👩‍👧", " ", "\n", "\n\n", "**bold** ", "[link](https://example.org/x) ", "https://example.org/a_b_c ",
			"<:blob:123456789>", "`code` ", "> quoted\n", "- item\n", "`", "``", "*", "_",
			"[hull](https://example.org/Hull_(ship)) ", "*slanted* ", "||secret|| ", "مَرْحَبًا ", "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
		}),
		rapid.Custom(func(t *rapid.T) string {
			lines := rapid.SliceOfN(rapid.SampledFrom([]string{"if x {", "}", "日本", "", "\treturn 👍🏽"}), 1, 12).Draw(t, "lines")
			return rapid.SampledFrom([]string{"```go\n", "```\n", "```", "\n```c++\n"}).Draw(t, "opening") + strings.Join(lines, "\n") + "\n```\n"
		}),
	)
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "pieces"), "") })
}

func TestSplitMarkdownReadsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, limit := markdown().Draw(t, "text"), rapid.IntRange(64, 200).Draw(t, "limit")
		parts := render.Split(s, limit)
		if words(strings.Join(parts, "\n")) != words(s) {
			t.Fatalf("%q became %q", s, parts)
		}
		for _, p := range parts {
			if render.Length(p) > limit || p == "" && s != "" {
				t.Fatalf("%q has the part %q (limit %d)", s, p, limit)
			}
			if strings.Count(p, "```")%2 != 0 && strings.Count(s, "```")%2 == 0 {
				t.Fatalf("%q has an open block in %q", s, p)
			}
		}
	})
}
