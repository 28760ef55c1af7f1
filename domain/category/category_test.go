package category_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/priority"
)

// support is a category with a form of one field of each purpose.
func support() *category.Category {
	return &category.Category{
		Name: locale.Text{"en": "Support", "fr": "Assistance"}, Intent: category.Support, Priority: priority.Normal,
		Form: []category.Field{
			{Key: "subject", Label: locale.Of("en", "Subject"), Style: category.Short, Purpose: category.Subject, Required: true},
			{Key: "body", Label: locale.Of("en", "What happened?"), Style: category.Long, Purpose: category.Body},
			{
				Key: "nick", Label: locale.Text{"en": "Player name", "fr": "Pseudo"}, Style: category.Short,
				Purpose: category.Detail, Least: 3, Most: 16,
			},
			{Key: "device", Label: locale.Of("en", "Device"), Style: category.Short, Purpose: category.Detail},
		},
		Greeting: locale.Text{
			"en": "Hi {{requester}}! {{category}} #{{ number }}: {{subject}}",
			"fr": "Salut {{requester}} ! {{category}} nº{{number}}",
		},
	}
}

// refused checks that an error is an invalid fault with the key at the field.
func refused(t *testing.T, what string, err error, key, field string) {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Code != fault.Invalid || f.Key != key || f.Field != field {
		t.Errorf("%s: %v, want invalid %s at %s", what, err, key, field)
	}
}

func TestAFormIsSortedIntoTicket(t *testing.T) {
	filled, err := support().Fill("fr-CA", category.Texts(map[string]string{
		"subject": "  Panne  ", "body": "Rien ne va.", "nick": "Léa", "device": "",
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if filled.Subject != "Panne" || filled.Body != "Rien ne va." {
		t.Errorf("subject %q, body %q", filled.Subject, filled.Body)
	}
	want := []category.Answer{{Key: "nick", Label: "Pseudo", Type: category.Text, Value: "Léa"}}
	if !reflect.DeepEqual(filled.Answers, want) {
		t.Errorf("the answers are %v, want %v: an empty one is none", filled.Answers, want)
	}
}

func TestAFormSaysWhichAnswerIsWrong(t *testing.T) {
	for name, try := range map[string]struct {
		change func(answers map[string]string)
		key    string
		field  string
	}{
		"a required answer is missing": {func(a map[string]string) { delete(a, "subject") }, "fault.text.empty", "answers.subject"},
		"or blank":                     {func(a map[string]string) { a["subject"] = " \n" }, "fault.text.empty", "answers.subject"},
		"a subject as long as a novel": {
			func(a map[string]string) { a["subject"] = strings.Repeat("a", category.MaxSubject+1) }, "fault.text.too_long", "answers.subject",
		},
		"an answer too short": {func(a map[string]string) { a["nick"] = "ab" }, "fault.text.too_short", "answers.nick"},
		"an answer too long":  {func(a map[string]string) { a["nick"] = strings.Repeat("é", 17) }, "fault.text.too_long", "answers.nick"},
		"no limit of its own": {
			func(a map[string]string) { a["device"] = strings.Repeat("x", category.MaxAnswer+1) }, "fault.text.too_long", "answers.device",
		},
		"bytes that are no text":      {func(a map[string]string) { a["body"] = "\xff" }, "fault.text.malformed", "answers.body"},
		"a question that isn't asked": {func(a map[string]string) { a["age"] = "7" }, "fault.category.field_unknown", "answers"},
	} {
		answers := map[string]string{"subject": "Trouble"}
		try.change(answers)
		_, err := support().Fill("en", category.Texts(answers), nil)
		refused(t, name, err, try.key, try.field)
	}
	if _, err := support().Fill("en", category.Texts(map[string]string{"subject": strings.Repeat("é", category.MaxSubject)}), nil); err != nil {
		t.Errorf("a subject that just fits: %v", err)
	}
}

func TestTheGreetingSpeaksTheReadersLanguage(t *testing.T) {
	values := func(locale.Tag) map[string]string {
		return map[string]string{category.VarRequester: "Léa {{number}}", category.VarNumber: "7", category.VarSubject: "Panne"}
	}
	for _, try := range []struct {
		reader locale.Tag
		want   string
		in     locale.Tag
	}{
		{"fr", "Salut Léa {{number}} ! Assistance nº7", "fr"},
		{"de", "Hi Léa {{number}}! Support #7: Panne", "en"},
	} {
		if got, in := support().Greet(try.reader, values); got != try.want || in != try.in {
			t.Errorf("a reader of %s is greeted %q in %s, want %q in %s", try.reader, got, in, try.want, try.in)
		}
	}
	silent := support()
	silent.Greeting = nil
	if got, _ := silent.Greet("fr", values); got != "" {
		t.Errorf("without a greeting the reader is greeted %q", got)
	}
}

func TestACategoryThatCannotBeOfferedIsRefused(t *testing.T) {
	if err := support().Check(); err != nil {
		t.Fatalf("a good category: %v", err)
	}
	long := func(n int) locale.Text { return locale.Of("en", strings.Repeat("é", n)) }
	for name, try := range map[string]struct {
		spoil func(*category.Category)
		key   string
		field string
	}{
		"no name":               {func(c *category.Category) { c.Name = nil }, "fault.text.empty", "names"},
		"a long name":           {func(c *category.Category) { c.Name = long(category.MaxName + 1) }, "fault.text.too_long", "names"},
		"a long description":    {func(c *category.Category) { c.Description = long(category.MaxDescription + 1) }, "fault.text.too_long", "descriptions"},
		"no intent":             {func(c *category.Category) { c.Intent = "" }, "fault.category.intent", "intent"},
		"no priority":           {func(c *category.Category) { c.Priority = "" }, "fault.ticket.priority", "priority"},
		"a long greeting":       {func(c *category.Category) { c.Greeting = long(category.MaxGreeting + 1) }, "fault.text.too_long", "greetings"},
		"an unknown variable":   {func(c *category.Category) { c.Greeting = locale.Of("en", "Hi {{name}}") }, "fault.category.variable", "greetings"},
		"a nameless variable":   {func(c *category.Category) { c.Greeting = locale.Of("en", "Hi {{}}") }, "fault.category.variable", "greetings"},
		"many fields":           {func(c *category.Category) { c.Form = append(c.Form, c.Form...) }, "fault.text.too_many", "form"},
		"a field without key":   {func(c *category.Category) { c.Form[0].Key = "" }, "fault.category.field_key", "form"},
		"a field's key":         {func(c *category.Category) { c.Form[0].Key = "Über" }, "fault.category.field_key", "form"},
		"a key twice":           {func(c *category.Category) { c.Form[3].Key = "nick" }, "fault.category.field_twice", "form"},
		"two bodies":            {func(c *category.Category) { c.Form[3].Purpose = category.Body }, "fault.category.purpose_twice", "form"},
		"an unknown purpose":    {func(c *category.Category) { c.Form[3].Purpose = "joke" }, "fault.category.field_purpose", "form"},
		"an unknown style":      {func(c *category.Category) { c.Form[3].Style = "curly" }, "fault.category.field_style", "form"},
		"less than nothing":     {func(c *category.Category) { c.Form[3].Least = -1 }, "fault.category.field_length", "form"},
		"least above most":      {func(c *category.Category) { c.Form[2].Least = 17 }, "fault.category.field_length", "form"},
		"more than fits":        {func(c *category.Category) { c.Form[3].Most = category.MaxAnswer + 1 }, "fault.category.field_length", "form"},
		"more than a subject":   {func(c *category.Category) { c.Form[0].Most = category.MaxSubject + 1 }, "fault.category.field_length", "form"},
		"a field unlabelled":    {func(c *category.Category) { c.Form[0].Label = nil }, "fault.text.empty", "form"},
		"a long label":          {func(c *category.Category) { c.Form[0].Label = long(category.MaxLabel + 1) }, "fault.text.too_long", "form"},
		"a long placeholder":    {func(c *category.Category) { c.Form[0].Placeholder = long(category.MaxPlaceholder + 1) }, "fault.text.too_long", "form"},
		"a warning of nothing":  {func(c *category.Category) { c.Closing.Warning = 2 * time.Hour }, "fault.category.warning", "silenceWarning"},
		"a warning of the past": {func(c *category.Category) { c.Closing.Warning = -time.Hour }, "fault.category.warning", "silenceWarning"},
		"half a warning": {func(c *category.Category) {
			c.Closing = category.Closing{Silence: 72 * time.Hour, Warning: 90 * time.Minute}
		}, "fault.category.warning", "silenceWarning"},
		"a late warning of silence": {func(c *category.Category) {
			c.Closing = category.Closing{Silence: 72 * time.Hour, Warning: -time.Hour}
		}, "fault.category.warning", "silenceWarning"},
		"a language unheard of": {func(c *category.Category) { c.Name = locale.Of("e", "Help") }, "fault.locale.unknown", "names"},
	} {
		c := support()
		try.spoil(c)
		refused(t, name, c.Check(), try.key, try.field)
	}
}

func TestAFieldKnowsItsLongestAnswer(t *testing.T) {
	for _, try := range []struct {
		field category.Field
		want  int
	}{
		{category.Field{}, category.MaxAnswer},
		{category.Field{Most: 16}, 16},
		{category.Field{Purpose: category.Subject}, category.MaxSubject},
		{category.Field{Purpose: category.Subject, Most: 3000}, category.MaxSubject},
		{category.Field{Purpose: category.Body}, category.MaxAnswer},
	} {
		if got := try.field.Longest(); got != try.want {
			t.Errorf("%s takes %d characters, want %d", fmt.Sprintf("%+v", try.field), got, try.want)
		}
	}
}

func TestWhatWasSaidOtherwiseNeedNotBeAnsweredAgain(t *testing.T) {
	if _, err := support().Fill("en", nil, nil, category.Subject, category.Body); err != nil {
		t.Errorf("subject and body were given, and the form still wants: %v", err)
	}
	if _, err := support().Fill("en", nil, nil, category.Body); err == nil {
		t.Error("nobody gave a subject, and the form took it")
	}
}
