package locale_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
)

func TestAReaderGetsTheClosestLanguage(t *testing.T) {
	greeting := locale.Text{"en": "Hello", "fr": "Bonjour", "pt-BR": "Oi", "ja": "こんにちは"}
	for _, try := range []struct {
		reader      locale.Tag
		preferences []locale.Tag
		want        string
		in          locale.Tag
	}{
		{"fr", nil, "Bonjour", "fr"},
		{"fr-CA", nil, "Bonjour", "fr"},
		{"pt-PT", nil, "Oi", "pt-BR"},
		{"pt-BR", nil, "Oi", "pt-BR"},
		{"de", nil, "Hello", "en"},
		{"de", []locale.Tag{"nl", "ja"}, "こんにちは", "ja"},
		{"", []locale.Tag{"fr"}, "Bonjour", "fr"},
		{"", nil, "Hello", "en"},
	} {
		if got, in := greeting.Pick(try.reader, try.preferences...); got != try.want || in != try.in {
			t.Errorf("a reader of %q, else %v, gets %q in %s, want %q in %s", try.reader, try.preferences, got, in, try.want, try.in)
		}
	}
}

func TestSomeTextIsBetterThanNone(t *testing.T) {
	if got, in := (locale.Text{"ja": "はい", "de": "ja"}).Pick("fr"); got != "ja" || in != "de" {
		t.Errorf("without English the reader gets %q in %s, want the first there is", got, in)
	}
	if got, in := locale.Text(nil).Pick("fr"); got != "" || in != locale.Fallback {
		t.Errorf("of nothing the reader gets %q in %s", got, in)
	}
	if got, in := locale.Of("fr", "oui").Pick("fr-CH"); got != "oui" || in != "fr" {
		t.Errorf("of one language the reader gets %q in %s", got, in)
	}
}

func TestWhatIsALanguageTag(t *testing.T) {
	for _, good := range []locale.Tag{"fr", "pt-BR", "zh-Hant-TW", "es-419", "fil"} {
		if !good.Valid() {
			t.Errorf("%q is refused", good)
		}
	}
	for _, bad := range []locale.Tag{"", "f", "fr_FR", "12", "f-R", "fr ", "français", locale.Tag(strings.Repeat("a", 36)), "fr\x00"} {
		if bad.Valid() {
			t.Errorf("%q passes", bad)
		}
	}
}

func TestCleanKeepsWhatAPersonWrote(t *testing.T) {
	for _, try := range []struct{ in, want string }{
		{"  hello \n", "hello"},
		{"two\nlines", "two\nlines"},
		{"👩‍👩‍👧", "👩‍👩‍👧"},
		{"\u3000全角\u3000", "全角"},
	} {
		if got, err := locale.Clean(try.in, "body", 1, 10); err != nil || got != try.want {
			t.Errorf("%q became %q, %v; want %q", try.in, got, err, try.want)
		}
	}
}

func TestCleanRefusesWhatNobodyCanRead(t *testing.T) {
	for _, try := range []struct {
		in          string
		least, most int
		key         string
	}{
		{"caf\xe9", 0, 10, "fault.text.malformed"},
		{"half a \xf0\x9f\x94", 0, 20, "fault.text.malformed"},
		{"zero\x00byte", 0, 20, "fault.text.malformed"},
		{" \t\n", 1, 10, "fault.text.empty"},
		{"ab", 3, 10, "fault.text.too_short"},
		{"ééééé", 0, 4, "fault.text.too_long"},
		{"x", 0, 0, "fault.text.too_long"},
	} {
		_, err := locale.Clean(try.in, "body", try.least, try.most)
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || f.Code != fault.Invalid || f.Key != try.key || f.Field != "body" {
			t.Errorf("%q between %d and %d: %v, want %s at body", try.in, try.least, try.most, err, try.key)
		}
	}
}

func TestCleanTextIsWithinItsLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, most := rapid.String().Draw(t, "text"), rapid.IntRange(0, 20).Draw(t, "most")
		out, err := locale.Clean(in, "body", 0, most)
		if err != nil {
			return
		}
		if !utf8.ValidString(out) || utf8.RuneCountInString(out) > most || strings.ContainsRune(out, 0) {
			t.Fatalf("%q became %q", in, out)
		}
		if again, err := locale.Clean(out, "body", 0, most); err != nil || again != out {
			t.Fatalf("cleaned again, %q became %q, %v", out, again, err)
		}
	})
}

func TestATextIsCheckedInEveryLanguage(t *testing.T) {
	for name, try := range map[string]struct {
		text locale.Text
		key  string
	}{
		"no language":        {locale.Text{}, "fault.text.empty"},
		"no such language":   {locale.Text{"en": "a", "klingon!": "b"}, "fault.locale.unknown"},
		"an empty one":       {locale.Text{"en": "a", "fr": "  "}, "fault.text.empty"},
		"one that is longer": {locale.Text{"en": "a", "fr": "abcdef"}, "fault.text.too_long"},
	} {
		f, ok := errors.AsType[*fault.Error](try.text.Check("name", 5))
		if !ok || f.Key != try.key || f.Field != "name" {
			t.Errorf("%s: %v, want %s at name", name, f, try.key)
		}
	}
	if err := (locale.Text{"en": "Help", "fr": "Aide"}).Check("name", 5); err != nil {
		t.Errorf("a good text: %v", err)
	}
}
