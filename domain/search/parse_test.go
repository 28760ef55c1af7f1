package search_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/search"
)

// told writes a query as tests name it.
func told(q search.Query) string {
	var all []string
	for _, w := range q.Words {
		text := strings.Join(w.Tokens, "+")
		if w.Prefix {
			text += "…"
		}
		all = append(all, minus(w.Not)+text)
	}
	for _, f := range q.Filters {
		var values []string
		for _, v := range f.Values {
			text := v.Text
			switch {
			case v.Me:
				text = "<me>"
			case v.Nobody:
				text = "<nobody>"
			case !v.Moment.IsZero():
				text = v.Moment.Format(time.RFC3339)
			}
			values = append(values, text)
		}
		all = append(all, minus(f.Not)+string(f.Key)+"="+strings.Join(values, "|"))
	}
	return strings.Join(all, " ")
}

func minus(not bool) string {
	return map[bool]string{true: "-"}[not]
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"refund":                             "refund",
		"  Refund   INVOICE ":                "refund invoice",
		"réfünd Straße":                      "refund strasse",
		`"late  payment" -spam`:              "late+payment -spam",
		"“late payment” «deux mots»":         "late+payment deux+mots",
		"don't anna@example.org":             "don+t anna+example+org",
		"refu* re-fun*":                      "refu… re+fun…",
		`"refu*"`:                            "refu",
		"a - b & c":                          "a b c",
		"Re: hello":                          "re hello",
		"https://example.org/a at 12:30":     "https+example+org+a at 12+30",
		"日本語":                                "日本+本語",
		"語":                                  "語…",
		`"日本 go"`:                            "日本+本+go",
		"ｆｕｌｌ":                               "full",
		"🔥🔥":                                 "🔥+🔥",
		"x status:open":                      "x status=open",
		"STATUS:Open,on_hold":                "status=Open|on_hold",
		"-status:closed":                     "-status=closed",
		"status:open -spam":                  "-spam status=open",
		"assignee:me assignee:none":          "assignee=<me> assignee=<nobody>",
		`assignee:"me",'anna'`:               "assignee=me|'anna'",
		`queue:"Billing EU",other`:           "queue=Billing EU|other",
		"tag:vip category:Help":              "tag=vip category=Help",
		"requester:anna priority:high":       "requester=anna priority=high",
		"has:attachment":                     "has=attachment",
		"before:2026-01-31":                  "before=2026-01-31T00:00:00Z",
		"after:2026-01-31T12:00:00+02:00":    "after=2026-01-31T10:00:00Z",
		"-before:2026-01-01,2026-02-01 word": "word -before=2026-01-01T00:00:00Z|2026-02-01T00:00:00Z",
	} {
		q, err := search.Parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if got := told(q); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestParseTellsWhatIsWrongAndWhere(t *testing.T) {
	for text, want := range map[string]struct {
		err    *fault.Error
		offset int // -1: nowhere in particular
		part   string
	}{
		"":                                      {search.ErrEmpty, -1, ""},
		" - ":                                   {search.ErrEmpty, -1, ""},
		"-spam":                                 {search.ErrOnlyNot, -1, ""},
		strings.Repeat("é", 501):                {search.ErrTooLong, -1, ""},
		strings.Repeat("a ", 21):                {search.ErrTooMany, -1, ""},
		`é "never closed`:                       {search.ErrQuote, 2, `"never closed`},
		`tag:"vip`:                              {search.ErrQuote, 4, `"vip`},
		`x "!?"`:                                {search.ErrNoLetters, 2, "!?"},
		"x re*":                                 {search.ErrPrefix, 2, "re*"},
		"été colour:red":                        {search.ErrKey, 4, "colour:"},
		"-colour:red":                           {search.ErrKey, 0, "-colour:"},
		"x status: open":                        {search.ErrNoValue, 2, "status:"},
		"status:open,":                          {search.ErrNoValue, 0, "status:open,"},
		"x status:open,ouvert":                  {search.ErrValue, 14, "ouvert"},
		"priority:huge":                         {search.ErrValue, 9, "huge"},
		"has:files":                             {search.ErrValue, 4, "files"},
		"after:yesterday":                       {search.ErrDate, 6, "yesterday"},
		"before:2026-02-30":                     {search.ErrDate, 7, "2026-02-30"},
		"requester:!":                           {search.ErrNoLetters, 10, "!"},
		"tag:" + strings.Repeat(`a,`, 21) + "b": {search.ErrTooMany, -1, ""},
	} {
		_, err := search.Parse(text)
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || !errors.Is(err, want.err) || f.Code != fault.Invalid || f.Field != "query" {
			t.Errorf("%q: %v, want %v", text, err, want.err)
			continue
		}
		offset, length, placed := search.Offset(err)
		if placed != (want.offset >= 0) || placed && (offset != want.offset || f.Args[search.PartArg] != want.part || length != utf8.RuneCountInString(want.part)) {
			t.Errorf("%q is refused at %d for %q, want %d and %q", text, offset, f.Args[search.PartArg], want.offset, want.part)
		}
	}
}

// TestQuotedTextIsOnePhrase holds for any text in which something can be looked for.
func TestQuotedTextIsOnePhrase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zA-Zé日本語กา :,*-]{1,30}`).Draw(t, "text")
		q, err := search.Parse(`"` + text + `"`)
		want := search.PhraseOf(text)
		switch {
		case len(want.Tokens) == 0 && !errors.Is(err, search.ErrNoLetters):
			t.Fatalf("nothing can be looked for in %q: %v", text, err)
		case len(want.Tokens) > 0 && (err != nil || len(q.Words) != 1 || fmt.Sprint(q.Words[0].Phrase) != fmt.Sprint(want)):
			t.Fatalf("%q is read as %v, %v", text, q, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`a "b c" -d`, "status:open,closed x", `tag:"a`, "-", "日本 ก่า", "a:b:c,,", "“x”y«z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := search.Parse(text)
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Fatalf("%q: %v", text, err)
			}
			if from, length, ok := search.Offset(err); ok && (from < 0 || from+length > utf8.RuneCountInString(text)) {
				t.Fatalf("%q is refused outside of it: at %d, %d characters", text, from, length)
			}
			return
		}
		if len(q.Words)+len(q.Filters) == 0 || len(q.Words)+len(q.Filters) > search.MaxParts {
			t.Fatalf("%q has %d parts", text, len(q.Words)+len(q.Filters))
		}
		for _, w := range q.Words {
			if len(w.Tokens) == 0 {
				t.Fatalf("%q has a word of nothing", text)
			}
		}
	})
}
