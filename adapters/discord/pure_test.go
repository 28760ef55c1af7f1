package discord

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/adapters/discord/gateway"
	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/locales"
)

// mute is an adapter that speaks to nobody.
func mute(t testing.TB) *Adapter {
	t.Helper()
	c, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Config{Token: "x", APIURL: "http://127.0.0.1:1", Catalogue: c, Now: func() time.Time { return time.Unix(0, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestWhoWroteAMessage(t *testing.T) {
	for raw, want := range map[string]bool{
		`{"author":{"id":"1"}}`:                  true,
		`{"author":{"id":"1"},"type":19}`:        true,
		`{"author":{"id":"1"},"type":6}`:         false,
		`{"author":{"id":"1","bot":true}}`:       false,
		`{"author":{"id":"1"},"webhook_id":"2"}`: false,
		`{}`:                                     false,
	} {
		var m wire.Message
		if err := json.Unmarshal([]byte(raw), &m); err != nil {
			t.Fatal(err)
		}
		if written(&m) != want {
			t.Errorf("%s: want %v", raw, want)
		}
	}
}

func TestStaffRolesAreKnownByTheirNames(t *testing.T) {
	a := mute(t)
	for name, want := range map[string]bool{
		"Support": true, "support team": true, "STAFF": true, "Moderators": true, "🛡 Moderator": true, "Helper": true, "Helpers": true,
		"Équipe": false, "equipe support": true, "Modérateurs": true, "MODÉRATRICE": true,
		"Unsupported": false, "Member": false, "Staffordshire": false, "": false, "Modern": false,
	} {
		if got := a.staffRole(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}

func TestFoldMakesNamesComparable(t *testing.T) {
	for s, want := range map[string]string{"Équipe": "equipe", "e\u0301": "e", "ŁÓDŹ": "lodz", "日本": "日本", "ÀÇÑ": "acn"} {
		if got := fold(s); got != want {
			t.Errorf("%q becomes %q", s, got)
		}
	}
	if len([]rune(accented)) != len(plain) {
		t.Error("the tables of letters differ in length")
	}
}

func TestNoncesFitAndDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of, part := rapid.Int64Range(1, math.MaxInt64).Draw(t, "of"), rapid.IntRange(0, 35).Draw(t, "part")
		at := time.UnixMilli(rapid.Int64Range(0, 1<<45).Draw(t, "at"))
		n := nonce(kindPost, of, part, at)
		if len(n) > 25 {
			t.Fatalf("%q has %d characters", n, len(n))
		}
		if n == nonce(kindPost, of, part, at.Add(time.Millisecond)) || n == nonce(kindPost, of, part+1, at) || n == nonce(kindCard, of, part, at) {
			t.Fatalf("%q is not unique", n)
		}
	})
}

func TestWhatIsRecordedIsReadAgain(t *testing.T) {
	for _, s := range []shown{{}, {card: "a"}, {card: "a", notice: "5", said: "b"}, {notice: "5"}, {before: wasLost}, {card: "a", notice: "5", said: "b", of: "c"}} {
		if got := parseShown(s.String()); got != s {
			t.Errorf("%+v is read as %+v", s, got)
		}
	}
	for _, a := range []applied{{}, {rights: "r"}, {name: "n"}, {rights: "r", name: "n"}, {rights: "r", name: "n", sealed: true}, {sealed: true}} {
		if got := parseApplied(a.String()); got != a {
			t.Errorf("%+v is read as %+v", a, got)
		}
	}
	if (parseShown("") != shown{}) || (parseApplied("") != applied{}) {
		t.Error("nothing is read as something")
	}
	list := []wire.ID{"1", "22"}
	if got := ids(join(list)); !slices.Equal(got, list) || ids("") != nil {
		t.Errorf("%v", got)
	}
}

func TestStepsAreFoundByTheirWords(t *testing.T) {
	p := wire.Post{Content: "hello", Embeds: []wire.Embed{{Description: "world"}}}
	s := step(kindPost, 3, p)
	if !strings.HasPrefix(s, "post:3:") || !strings.HasSuffix(s, render.Words(p.Content, p.Embeds)) {
		t.Error(s)
	}
}

func TestTicketKeys(t *testing.T) {
	if got, err := parseTicket("12"); err != nil || got != 12 {
		t.Errorf("%v %v", got, err)
	}
	for _, s := range []string{"", "x", "-1", "0", "99999999999999999999"} {
		if _, err := parseTicket(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}

func TestIntentsAreThoseThatWereGranted(t *testing.T) {
	a := mute(t)
	base := gateway.Guilds | gateway.GuildModeration | gateway.GuildMessages | gateway.DirectMessages
	for flags, want := range map[int64]gateway.Intents{
		0: base, wire.FlagContent: base | gateway.MessageContent, wire.FlagMembersLimited: base | gateway.GuildMembers,
		wire.FlagContentLimited | wire.FlagMembers: base | gateway.MessageContent | gateway.GuildMembers,
	} {
		if got := a.intents(flags); got != want {
			t.Errorf("%b: %b, want %b", flags, got, want)
		}
	}
}

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}]{1,32}$`)

// checkNames holds names and descriptions to Discord's limits, in every language.
func checkNames(t *testing.T, at, name, text string, names, texts map[string]string) {
	t.Helper()
	if !commandName.MatchString(name) || name != strings.ToLower(name) {
		t.Errorf("%s: the name %q", at, name)
	}
	if n := render.Length(text); n < 1 || n > 100 {
		t.Errorf("%s: the description %q", at, text)
	}
	for l, name := range names {
		if !commandName.MatchString(name) || name != strings.ToLower(name) || !slices.Contains(wire.Locales(), l) {
			t.Errorf("%s: the name %q in %s", at, name, l)
		}
	}
	for l, text := range texts {
		if n := render.Length(text); n < 1 || n > 100 || !slices.Contains(wire.Locales(), l) {
			t.Errorf("%s: the description %q in %s", at, text, l)
		}
	}
	if names["fr"] == "" || texts["fr"] == "" {
		t.Errorf("%s is not in French", at)
	}
}

func checkOptions(t *testing.T, at string, options []wire.CommandOption) {
	t.Helper()
	if len(options) > 25 {
		t.Errorf("%s has %d options", at, len(options))
	}
	seen := map[string]bool{}
	for _, o := range options {
		here := at + " " + o.Name
		checkNames(t, here, o.Name, o.Description, o.Names, o.Descriptions)
		for l, name := range o.Names {
			if seen[l+name] {
				t.Errorf("%s: two options are called %q in %s", at, name, l)
			}
			seen[l+name] = true
		}
		if seen[o.Name] {
			t.Errorf("%s: two options are called %q", at, o.Name)
		}
		seen[o.Name] = true
		checkOptions(t, here, o.Options)
	}
}

func TestCommandsKeepDiscordsLimits(t *testing.T) {
	a := mute(t)
	for _, c := range a.commands() {
		checkNames(t, c.Name, c.Name, c.Description, c.Names, c.Descriptions)
		checkOptions(t, c.Name, c.Options)
	}
	if !same(a.commands(), a.commands()) {
		t.Error("the commands differ from themselves")
	}
	reversed := a.commands()
	slices.Reverse(reversed)
	if !same(reversed, a.commands()) {
		t.Error("their order is taken for a difference")
	}
	reversed[0].Description = "changed"
	if same(reversed, a.commands()) {
		t.Error("a change is not seen")
	}
}

func TestEveryCommandDoesSomething(t *testing.T) {
	a := mute(t)
	q := &asked{inbox: &inbox{Adapter: a}}
	known, other := q.verbs(), q.elsewhere()
	var paths func(prefix string, options []wire.CommandOption) []string
	paths = func(prefix string, options []wire.CommandOption) []string {
		var list []string
		for _, o := range options {
			switch o.Type {
			case wire.OptionCommand:
				list = append(list, prefix+" "+o.Name)
			case wire.OptionGroup:
				list = append(list, paths(prefix+" "+o.Name, o.Options)...)
			}
		}
		return list
	}
	offered := map[string]bool{}
	for _, c := range a.commands() {
		for _, path := range paths(c.Name, c.Options) {
			offered[path] = true
			if _, ok := known[path]; !ok && other[path] == nil {
				t.Errorf("/%s does nothing", path)
			}
		}
	}
	for path := range known {
		if !offered[path] {
			t.Errorf("/%s is not offered", path)
		}
	}
}

func TestCommandPath(t *testing.T) {
	var d wire.InteractionData
	raw := `{"name":"ticket","options":[{"type":2,"name":"tag","options":[{"type":1,"name":"add","options":[{"type":3,"name":"word","value":"bug"}]}]}]}`
	if err := json.Unmarshal([]byte(raw), &d); err != nil {
		t.Fatal(err)
	}
	path, args := commandPath(&d)
	if path != "ticket tag add" || args["word"].Text() != "bug" {
		t.Errorf("%q %v", path, args)
	}
	if path, args := commandPath(&wire.InteractionData{Name: "setup"}); path != "setup" || len(args) != 0 {
		t.Errorf("%q %v", path, args)
	}
}

// Media channels and directories take no messages, like forums, nor does what Discord may
// come up with.
func TestStaffIsToldWhereMessagesCanBePosted(t *testing.T) {
	var takes []int
	for kind := range 20 {
		if takesPosts(kind) {
			takes = append(takes, kind)
		}
	}
	if want := []int{0, 2, 5, 10, 11, 12, 13}; !slices.Equal(takes, want) {
		t.Errorf("staff is told in channels of the types %v, want %v", takes, want)
	}
}
