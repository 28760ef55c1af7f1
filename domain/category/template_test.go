package category_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/locale"
)

func TestTemplatesThatCannotBeFilledAreRefused(t *testing.T) {
	for text, key := range map[string]string{
		"Hello {{requester}}, this is #{{ number }} on {{subject}}.":               "",
		"{{#waiting_time}}Within {{waiting_time}}.{{/waiting_time}} Bye.":          "",
		"One { or two } are no matter.":                                            "",
		"{{#number}}{{#waiting_time}}{{waiting_time}}{{/waiting_time}}{{/number}}": "",
		"Hello {{name}}.":                            "fault.category.variable",
		"Hello {{.requester}}.":                      "fault.category.variable",
		"Hello {{}}.":                                "fault.category.variable",
		"Until {{next_opening}}.":                    "fault.category.variable", // greetings do not know it
		"Hello {{requester.":                         "fault.category.braces",
		"Hello requester}}.":                         "fault.category.braces",
		"Hello {{{requester}}}.":                     "fault.category.braces",
		"Hello {{requester}} }} there.":              "fault.category.braces",
		"Within {{waiting_time}}.":                   "fault.category.variable_optional",
		"{{#number}}{{waiting_time}}{{/number}}":     "fault.category.variable_optional",
		"{{#waiting_time}}Soon.":                     "fault.category.section",
		"Soon.{{/waiting_time}}":                     "fault.category.section",
		"{{#waiting_time}}Soon.{{/number}}":          "fault.category.section",
		"{{#waiting_time}}{{name}}{{/waiting_time}}": "fault.category.variable",
	} {
		c := support()
		c.Greeting = locale.Text{"en": "Hello.", "fr": text}
		err := c.Check()
		if key == "" && err != nil {
			t.Errorf("%q is refused: %v", text, err)
		} else if key != "" {
			refused(t, text, err, key, "greetings")
		}
	}
}

func TestAutomaticRepliesThatCannotBeAreRefused(t *testing.T) {
	soon := locale.Of("en", "Soon.")
	for name, try := range map[string]struct {
		replies []category.AutomaticReply
		key     string
	}{
		"each once":             {[]category.AutomaticReply{{On: category.OnPending, Texts: soon}, {On: category.OnWaiting, After: time.Hour, Business: true, Texts: soon}}, ""},
		"the moment":            {[]category.AutomaticReply{{On: category.OutsideHours, Texts: locale.Of("en", "At {{next_opening}}.")}}, ""},
		"the same twice":        {[]category.AutomaticReply{{On: category.OnPending, Texts: soon}, {On: category.OnPending, Texts: soon}}, "fault.category.occasion"},
		"on what is none":       {[]category.AutomaticReply{{On: "noon", Texts: soon}}, "fault.category.occasion"},
		"no text":               {[]category.AutomaticReply{{On: category.OnPending}}, "fault.text.empty"},
		"waiting for no time":   {[]category.AutomaticReply{{On: category.OnWaiting, Texts: soon}}, "fault.category.waiting"},
		"another with a time":   {[]category.AutomaticReply{{On: category.OnPending, After: time.Hour, Texts: soon}}, "fault.category.waiting"},
		"a moment it knows not": {[]category.AutomaticReply{{On: category.OnPending, Texts: locale.Of("en", "At {{next_opening}}.")}}, "fault.category.variable"},
	} {
		c := support()
		c.Replies = try.replies
		err := c.Check()
		if try.key == "" && err != nil {
			t.Errorf("%s: %v", name, err)
		} else if try.key != "" {
			refused(t, name, err, try.key, "automaticReplies")
		}
	}
}

func TestSectionsAreThereIfTheirValueIs(t *testing.T) {
	c := support()
	c.Greeting = locale.Of("en", "Hello.{{#waiting_time}} Within {{waiting_time}}.{{/waiting_time}}")
	for wait, want := range map[string]string{"": "Hello.", "2 hours": "Hello. Within 2 hours."} {
		got, _ := c.Greet("en", func(locale.Tag) map[string]string { return map[string]string{category.VarWaitingTime: wait} })
		if got != want {
			t.Errorf("with %q the greeting is %q, want %q", wait, got, want)
		}
	}
}

// Whatever people type as a template, it is refused or filled, and nothing else.
func FuzzTemplates(f *testing.F) {
	for _, text := range []string{"{{number}}", "{{#waiting_time}}{{waiting_time}}{{/waiting_time}}", "{{", "}}", "{{#", "{{/number}}", "é{{ number }}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := support()
		c.Greeting = locale.Text{"en": text}
		if c.Check() != nil {
			return
		}
		got, _ := c.Greet("en", func(locale.Tag) map[string]string { return map[string]string{} })
		if strings.Contains(got, "{{") || strings.Contains(got, "}}") {
			t.Errorf("%q becomes %q", text, got)
		}
	})
}

// Greetings from before templates were checked may hold what cannot be read now.
func TestOldTemplatesAreFilledAsFarAsTheyCanBe(t *testing.T) {
	c := &category.Category{Name: locale.Of("en", "Help"), Greeting: locale.Of("en", "Hello {{{requester}}}, use }} in {{category}}.")}
	text, _ := c.Greet("en", func(locale.Tag) map[string]string {
		return map[string]string{category.VarRequester: "Ana {{category}}"}
	})
	if want := "Hello {Ana {{category}}}, use }} in Help."; text != want {
		t.Errorf("it says %q, want %q", text, want)
	}
}
