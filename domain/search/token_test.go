package search_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/search"
)

func texts(text string) []string {
	var all []string
	for _, t := range search.Tokens(text) {
		all = append(all, t.Text)
	}
	return all
}

func TestWhatIsFoundByWhat(t *testing.T) {
	for _, try := range []struct {
		text, phrase string
		want         bool
	}{
		{"The refund is late", "REFUND", true},
		{"The refund is late", "refunds", false},
		{"Café crème", "cafe CREME", true},
		{"cafe\u0301", "café", true},
		{"Straße", "STRASSE", true},
		{"Ελλάδα", "ελλαδα", true},
		{"ΣΊΣΥΦΟΣ", "σίσυφος", true},
		{"Łódź, Đà Nẵng, İstanbul", "lodz da nang istanbul", true},
		{"שָׁלוֹם", "שלום", true},
		{"أهْلاً", "اهلا", true},
		{"हिन्दी", "हन्दी", false},
		{"हिन्दी", "हिन्दी", true},
		{"ＦＵＬＬ　ｗｉｄｔｈ", "full width", true},
		{"soft\u00adhyphen", "softhyphen", true},
		{"私は日本語を話します", "日本語", true},
		{"私は日本語を話します", "日語", false},
		{"私は日本語を話します", "語", true},
		{"私は日本語", "語", true},
		{"日本 語学", "本語", false},
		{"สวัสดีครับ", "สวัสดี", true},
		{"สวัสดีครับ", "ดีค", true},
		{"สวัสดีครับ", "ครบั", false},
		{"한국어를 배워요", "한국어", true},
		{"バージョン2.0です", "ジョン", true},
		{"バージョン2.0です", "2.0", true},
		{"it works 👍🏽 now", "👍", true},
		{"user_name@example.org", "name example", true},
		{"x²", "x2", true},
	} {
		if got := search.PhraseOf(try.phrase).Find(texts(try.text)) >= 0; got != try.want {
			t.Errorf("%q in %q: %t; tokens %q and %q", try.phrase, try.text, got, search.PhraseOf(try.phrase).Tokens, texts(try.text))
		}
	}
}

// TestPartsOfATextAreFound holds in scripts without spaces for any part, and otherwise for
// any run of words.
func TestPartsOfATextAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chars := rapid.SliceOfN(rapid.SampledFrom([]rune("日本語学カナかな한국กขค")), 1, 12).Draw(t, "text")
		from := rapid.IntRange(0, len(chars)-1).Draw(t, "from")
		to := rapid.IntRange(from+1, len(chars)).Draw(t, "to")
		if search.PhraseOf(string(chars[from:to])).Find(texts("x "+string(chars)+" y")) < 0 {
			t.Fatalf("%q is not found in %q", string(chars[from:to]), string(chars))
		}
		other := rapid.SliceOfN(rapid.SampledFrom([]rune("日本語学カナかな한국กขค")), 1, 4).Draw(t, "other")
		if got := search.PhraseOf(string(other)).Find(texts(string(chars))) >= 0; got != strings.Contains(string(chars), string(other)) {
			t.Fatalf("%q in %q: %t", string(other), string(chars), got)
		}
	})
}

func TestTokensKnowWhereTheyStand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		last := 0
		for _, token := range search.Tokens(text) {
			if token.Start < last || token.End <= token.Start || token.End > len(text) || token.Text == "" {
				t.Fatalf("%q: token %+v after %d", text, token, last)
			}
			if strings.ContainsAny(token.Text, "\"'\\ \ue000\x00") {
				t.Fatalf("%q: token %q has what no index takes", text, token.Text)
			}
			last = token.Start
		}
	})
}

// TestTokensAreShort whatever a text is made of, so that every index takes it.
func TestTokensAreShort(t *testing.T) {
	characters := rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("a漢กÅﷺ\u20dd\u1ab0\u0f71")))
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(characters, 0, 20, -1).Draw(t, "text")
		for range rapid.IntRange(0, 3).Draw(t, "runs") {
			text += strings.Repeat(string(characters.Draw(t, "character")), rapid.IntRange(1, 1000).Draw(t, "times"))
		}
		for _, token := range search.Tokens(text) {
			if len(token.Text) > 100 {
				t.Fatalf("%q: a token of %d bytes", text, len(token.Text))
			}
		}
	})
}
