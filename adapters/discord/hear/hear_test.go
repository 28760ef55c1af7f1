package hear_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/adapters/discord/hear"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// acme knows one of each.
func acme() hear.Names {
	only := func(id wire.ID, name string) func(wire.ID) string {
		return func(asked wire.ID) string {
			if asked == id {
				return name
			}
			return ""
		}
	}
	return hear.Names{Role: only("80", "Support"), Channel: only("90", "général")}
}

func TestAMessageIsHeardAsItIsSeen(t *testing.T) {
	for raw, want := range map[string]string{
		`{"content":"hello"}`: "hello",
		`{"content":""}`:      "",
		`{}`:                  "",
		`{"content":"hi <@5> and <@!6> and <@7>","mentions":[{"id":"5","username":"max"},{"id":"6","username":"z","member":{"nick":"Zoé"}}]}`: "hi @max and @Zoé and @unknown-user",
		`{"content":"<@&80> or <@&81> in <#90> or <#91>"}`:                                                                                               "@Support or @unknown-role in #général or #unknown",
		`{"content":"run </ticket open:123> at <t:1772625600:R> or <t:0>"}`:                                                                              "run /ticket open at 2026-03-04 12:00 UTC or 1970-01-01 00:00 UTC",
		`{"content":"<:party_blob:123><a:wave:4> <id:customize> <https://a.b/c?d>"}`:                                                                     ":party_blob::wave: #customize https://a.b/c?d",
		"{\"content\":\"`<@5>` <@5> ```go\\n<#90>```\",\"mentions\":[{\"id\":\"5\",\"username\":\"max\"}]}":                                              "`<@5>` @max ```go\n<#90>```",
		`{"content":"a < b > c <@x> <t:99999999999999999> <3"}`:                                                                                          "a < b > c <@x> <t:99999999999999999> <3",
		`{"content":"@everyone look"}`:                                                                                                                   "@everyone look",
		`{"content":"","sticker_items":[{"id":"9","name":"wave"}]}`:                                                                                      "🏷️ wave",
		`{"content":"see","embeds":[{"type":"link","title":"A page"}]}`:                                                                                  "see",
		`{"content":"","poll":{"question":{"text":"Tea?"},"answers":[{"poll_media":{"text":"Yes","emoji":{"name":"🍵"}}},{"poll_media":{"text":"No"}}]}}`: "📊 Tea?\n• 🍵 Yes\n• No",
		`{"content":"","poll":"broken"}`:                                                                                                                 "",
		// Forwarded, from a person and from a bot.
		`{"content":"","message_snapshots":[{"message":{"content":"one <@5>\ntwo","mentions":[{"id":"5","username":"max"}],"sticker_items":[{"name":"hi"}]}}]}`:                                                  "> one @max\n> two\n> 🏷️ hi",
		`{"content":"","message_snapshots":[{"message":{"embeds":[{"type":"rich","author":{"name":"Max"},"title":"T","description":"D <#90>","fields":[{"name":"F","value":"V"}],"footer":{"text":"foot"}}]}}]}`: "> Max\n> T\n> D #général\n> F\n> V\n> foot",
		`{"content":"","message_snapshots":[{"message":{"flags":32768,"components":[{"type":17,"components":[
			{"type":10,"content":"# Head"},{"type":9,"components":[{"type":10,"content":"side <@&80>"}],"accessory":{"type":2,"style":5,"label":"Open","url":"https://x.y"}},
			{"type":12,"items":[{"description":"a cat","media":{"url":"u"}}]},{"type":14},{"type":99,"components":[{"type":10,"content":"deep"}]},
			{"type":1,"components":[{"type":2,"label":"Press","custom_id":"c"},{"type":3,"placeholder":"Choose"}]}]}]}}]}`: "> # Head\n> side @Support\n> [Open](https://x.y)\n> a cat\n> deep\n> [Press]\n> Choose",
		// Answers.
		`{"type":19,"content":"yes","referenced_message":{"author":{"id":"1","username":"ana","global_name":"Ana"},"content":"Is it <#90>?"}}`:                                           "> Ana: Is it #général?\nyes",
		`{"type":19,"content":"yes","referenced_message":{"author":{"id":"1","username":"ana"},"content":"one\ntwo"}}`:                                                                   "> ana: one…\nyes",
		`{"type":19,"content":"thanks","referenced_message":{"author":{"id":"2","bot":true,"username":"bot"},"embeds":[{"type":"rich","author":{"name":"Max"},"description":"Done."}]}}`: "> Max: Done.\nthanks",
		`{"type":19,"content":"what?","referenced_message":null}`:                                                                                                                        "what?",
		`{"type":19,"content":"what?","referenced_message":7}`:                                                                                                                           "what?",
		`{"type":19,"content":"ok","referenced_message":{"author":{"id":"1","username":"ana"},"content":"` + strings.Repeat("é", 150) + `"}}`:                                            "> ana: " + strings.Repeat("é", 100) + "…\nok",
		`{"content":"日本語 עברית العربية 🏳️‍🌈 e\u0301"}`:                                                                                                                                   "日本語 עברית العربية 🏳️‍🌈 e\u0301",
		`{"content":"a\u0000b"}`: "ab",
	} {
		var m wire.Message
		if err := json.Unmarshal([]byte(raw), &m); err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		if got := hear.Text(&m, acme()); got != want {
			t.Errorf("%s\nsays %q\nwant %q", raw, got, want)
		}
	}
}

// What has no notation in it is heard to the letter.
func TestNoWordIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[\pL\pN]{1,8}`), 1, 6)
		content, sticker, forwarded, shown := words.Draw(t, "content"), words.Draw(t, "sticker"), words.Draw(t, "forwarded"), words.Draw(t, "shown")
		between := rapid.SampledFrom([]string{" ", "\n", " <@1> ", "<#2>", "`", "``", "```", " <", "> ", "<t:5>", "**", "||", "[](", "\\"})
		join := func(w []string) string {
			var b strings.Builder
			for _, one := range w {
				b.WriteString(one + between.Draw(t, "between"))
			}
			return b.String()
		}
		var m wire.Message
		m.Content = join(content)
		m.Stickers = wire.List[wire.Sticker]{{Name: join(sticker)}}
		var s wire.Snapshot
		s.Message.Content = join(forwarded)
		s.Message.Components = wire.List[wire.Shown]{{Components: wire.List[wire.Shown]{{Content: join(shown)}}}}
		m.Snapshots = wire.List[wire.Snapshot]{s}
		text := hear.Text(&m, acme())
		for _, list := range [][]string{content, sticker, forwarded, shown} {
			at := text
			for _, word := range list {
				_, rest, found := strings.Cut(at, word)
				if !found {
					t.Fatalf("%q is lost in %q", word, text)
				}
				at = rest
			}
		}
	})
}

// FuzzText: whatever Discord sends, hearing it ends in text that a store takes.
func FuzzText(f *testing.F) {
	f.Add([]byte(`{"content":"<@5> <t:1:R> ` + "```<#1>" + `","mentions":[{"id":5}],"poll":{"question":{}},"type":19,"referenced_message":{"author":{"bot":true},"embeds":[{"author":{}}]}}`))
	f.Add([]byte(`{"message_snapshots":[{"message":{"components":[{"accessory":{"accessory":{"content":"x"}}}]}}]}`))
	f.Add([]byte(`{"type":19,"referenced_message":{"referenced_message":{}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m wire.Message
		if json.Unmarshal(raw, &m) != nil {
			return
		}
		text := hear.Text(&m, hear.Names{})
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) || strings.TrimSpace(text) != text {
			t.Errorf("%q is heard as %q", raw, text)
		}
	})
}
