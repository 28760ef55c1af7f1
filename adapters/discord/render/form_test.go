package render_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func TestFormAsksInTheReadersLanguage(t *testing.T) {
	c := &category.Category{
		ID: 4, Name: locale.Text{"en": "Support", "fr": strings.Repeat("Assistance ", 10)},
		Form: []category.Field{
			{Key: "subject", Label: locale.Text{"en": "Subject", "fr": "Objet"}, Style: category.Short, Purpose: category.Subject, Required: true, Most: 4000},
			{Key: "body", Label: locale.Of("en", "What?"), Placeholder: locale.Of("en", "Tell us"), Style: category.Long, Least: 5},
		},
	}
	m := speaker(t, "fr").Form(c)
	if v, id, ok := render.ParseCustomID(m.CustomID); !ok || v != render.VerbForm || id != 4 {
		t.Errorf("the form leads to %q", m.CustomID)
	}
	if render.Length(m.Title) > 45 || len(m.Components) != 2 {
		t.Fatalf("%+v", m)
	}
	first, second := m.Components[0], m.Components[1]
	if first.Type != wire.TypeLabel || first.Label != "Objet" || first.Component.CustomID != "subject" || first.Component.Style != wire.OneLine {
		t.Errorf("%+v %+v", first, first.Component)
	}
	if *first.Component.MaxLength != ticket.MaxSubject || !*first.Component.Required {
		t.Errorf("a subject may be %d long", *first.Component.MaxLength)
	}
	if second.Component.Style != wire.Paragraph || *second.Component.MinLength != 5 || *second.Component.MaxLength != 4000 ||
		*second.Component.Required || second.Component.Placeholder != "Tell us" {
		t.Errorf("%+v", second.Component)
	}
}

func TestCategoryWithoutFormAsksWhatATicketNeeds(t *testing.T) {
	m := speaker(t, "en").Form(&category.Category{ID: 4, Name: locale.Of("en", "Ideas")})
	if len(m.Components) != 2 || m.Components[0].Component.CustomID != render.InputSubject || m.Components[1].Component.CustomID != render.InputBody {
		t.Errorf("%+v", m)
	}
}

func categories(n int) []*category.Category {
	var all []*category.Category
	for i := range n {
		all = append(all, &category.Category{
			Name: locale.Of("en", fmt.Sprintf("Category %d", i)), Description: locale.Of("en", strings.Repeat("about it ", 20)), Emoji: "🎫",
		})
		all[i].ID++
	}
	return all
}

func TestChoiceAndPanelFitDiscord(t *testing.T) {
	s := speaker(t, "en")
	for _, n := range []int{1, 5, 6, 25, 40} {
		choice := s.Choice(categories(n)).Components[0].Components[0]
		if len(choice.Options) != min(n, 25) || render.Length(choice.Options[0].Description) > 100 {
			t.Errorf("%d categories give %d choices", n, len(choice.Options))
		}
		panel, buttons := s.Panel("Acme", categories(n)), 0
		for _, row := range panel.Components {
			if len(row.Components) > 5 {
				t.Errorf("a row has %d buttons", len(row.Components))
			}
			buttons += len(row.Components)
		}
		if buttons != min(n, 25) || len(panel.Components) > 5 || len(panel.AllowedMentions.Parse) != 0 {
			t.Errorf("%d categories give %d buttons in %d rows", n, buttons, len(panel.Components))
		}
	}
}

func TestFaultsAreExplainedAndOtherErrorsHidden(t *testing.T) {
	s := speaker(t, "fr")
	text, known := s.Fault(fmt.Errorf("somewhere: %w", ticket.ErrClosed))
	if !known || !strings.HasPrefix(text, "Ce ticket est fermé.") {
		t.Errorf("%q, %v", text, known)
	}
	text, known = s.Fault(fault.New(fault.Invalid, "fault.text.too_long").With("Most", 5).With("Length", 9))
	if !known || !strings.Contains(text, "9") {
		t.Errorf("%q, %v", text, known)
	}
	for _, err := range []error{errors.New("dial tcp 10.0.0.1: secret"), ticket.ErrClosed.Because(nil).On("x")} {
		text, known = s.Fault(err)
		if strings.Contains(text, "secret") || known != (fault.CodeOf(err) != fault.Internal) {
			t.Errorf("%v is told as %q", err, text)
		}
	}
}

func TestEveryStatusAndPriorityHasAName(t *testing.T) {
	s := speaker(t, "en")
	seen := map[string]bool{}
	for _, v := range ticket.Statuses() {
		name := s.Status(v)
		if name == "" || name == string(v) || seen[name] {
			t.Errorf("%s is called %q", v, name)
		}
		seen[name] = true
	}
	if s.Status("odd") != "odd" {
		t.Error("an unknown status is renamed")
	}
	for _, l := range priority.Levels() {
		name := s.Priority(l)
		if name == "" || seen[name] {
			t.Errorf("%s is called %q", l, name)
		}
		seen[name] = true
	}
}
