package render_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
)

func TestLengthCountsAsDiscordDoes(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "é": 1, "日本": 2, "😀": 2, "👨‍👩‍👧": 8} {
		if got := render.Length(s); got != want {
			t.Errorf("%q has %d, want %d", s, got, want)
		}
	}
}

func TestClipKeepsWhatAReaderSeesAsOneCharacter(t *testing.T) {
	for _, c := range []struct {
		s     string
		limit int
		want  string
	}{
		{"short", 5, "short"},
		{"longer", 5, "long…"},
		{"a word more", 8, "a word…"},
		{"cafe\u0301s", 5, "caf…"},
		{"👨‍👩‍👧👨‍👩‍👧", 12, "👨‍👩‍👧…"},
		{"🇫🇷🇩🇪🇮🇹", 10, "🇫🇷🇩🇪…"},
		{"👍🏽👍🏽", 6, "👍🏽…"},
		{"नमस्ते", 5, "नम…"},    // what is joined in writing is one
		{"เปิดน้ำ", 6, "เปิด…"}, // so is a vowel that is written behind
		{"می\u200cخواهم", 4, "می\u200c…"},
		{"אָ\u05b0ב", 3, "אָ…"},
		{"ｶﾞｷﾞ", 3, "ｶﾞ…"},
		{"a\u1100\u1100\u1161", 3, "a…"},
	} {
		if got := render.Clip(c.s, c.limit); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.s, c.limit, got, c.want)
		}
	}
}

func TestSplitPrefersLinesThenWords(t *testing.T) {
	for _, c := range []struct {
		s    string
		want []string
	}{
		{"", []string{""}},
		{"all fits", []string{"all fits"}},
		{"first line\nsecond one", []string{"first line\n", "second one"}},
		{"some words here", []string{"some words ", "here"}},
		{"a\nbcdefghijklmnop", []string{"a\nbcdefghijk", "lmnop"}},
		{"abcdefghijklmnopq", []string{"abcdefghijkl", "mnopq"}},
	} {
		got := render.Split(c.s, 12)
		if len(got) != len(c.want) {
			t.Errorf("%q became %q", c.s, got)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%q became %q, want %q", c.s, got, c.want)
				break
			}
		}
	}
}

// texts draws what people write: letters of several scripts, blanks, marks,
// emoji of several runes.
func texts() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{
		"a", "Z", " ", "\n", "é", "e\u0301", "ß", "日", "한", "\u1112\u1161\u11ab", "نص", "हिन्दी", "😀", "👍🏽", "👨‍👩‍👧", "🇫🇷", "\r\n",
		"word ", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "\u200d", "\u0301", "مَرْحَبًا ", "שָׁלוֹם ", "می\u200cخواهم ", "\u2067نص\u2069", "क्ष", "น้ำ", "ｶﾞ",
	})
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(piece, 0, 80).Draw(t, "pieces"), "") })
}

func TestSplitLosesNothingAndKeepsTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, limit := texts().Draw(t, "text"), rapid.IntRange(2, 40).Draw(t, "limit")
		parts := render.Split(s, limit)
		if strings.Join(parts, "") != s {
			t.Fatalf("%q became %q", s, parts)
		}
		for _, p := range parts {
			if render.Length(p) > limit || !utf8.ValidString(p) || p == "" && s != "" {
				t.Fatalf("%q has the part %q (limit %d)", s, p, limit)
			}
		}
	})
}

func TestSplitCutsNoCharacterThatFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]string{"👨‍👩‍👧", "🇫🇷", "👍🏽", "e\u0301", "\u1112\u1161\u11ab", "क्ष", "น้ำ", "שָׁ", "بًّ", "ｶﾞ", "❤️‍🔥", "1️⃣"}).Draw(t, "unit")
		s := strings.Repeat(unit, rapid.IntRange(1, 30).Draw(t, "times"))
		for _, p := range render.Split(s, rapid.IntRange(8, 30).Draw(t, "limit")) {
			if strings.ReplaceAll(p, unit, "") != "" {
				t.Fatalf("%q was cut: %q", unit, p)
			}
		}
	})
}

func TestClipKeepsTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, limit := texts().Draw(t, "text"), rapid.IntRange(2, 40).Draw(t, "limit")
		got := render.Clip(s, limit)
		if render.Length(got) > limit || !utf8.ValidString(got) {
			t.Fatalf("%q clipped to %d is %q", s, limit, got)
		}
		if render.Length(s) <= limit && got != s {
			t.Fatalf("%q fits and became %q", s, got)
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add("hello 👨‍👩‍👧 world", 10)
	f.Add("\xff\xfe", 3)
	f.Add("see ```go\n"+strings.Repeat("func main() {}\n", 20)+"``` and [a link](https://example.org/path)", 100)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		if limit < 2 || limit > 5000 || len(s) > 20000 {
			return
		}
		parts := render.Split(s, limit)
		for _, p := range parts {
			if render.Length(p) > limit || p == "" && s != "" {
				t.Errorf("%q has the part %q (limit %d)", s, p, limit)
			}
		}
		if got := strings.Join(parts, ""); got != s && (!strings.Contains(s, "```") || words(got) != words(s)) {
			t.Errorf("%q became %q", s, parts)
		}
	})
}
