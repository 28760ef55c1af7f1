package tickettest

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func serviceOpening() []test {
	return []test{
		{"a requester opens a ticket and is greeted in their language", openGreets},
		{"an opening tells three things and nothing else", openEvents},
		{"the form becomes subject, message and answers", openForm},
		{"a ticket without subject is called by its first line", openSubject},
		{"an agent opens a ticket for somebody else", openFor},
		{"an opening that makes no sense is refused and saves nothing", openRefused},
		{"the same interaction twice opens one ticket", openTwice},
	}
}

func openGreets(t *testing.T, d *Desk) {
	s := d.Service()
	yuki := d.Arrives(t, "雪", "ja", access.RoleRequester)
	for _, try := range []struct {
		who      *member.Member
		greeting string
		in       locale.Tag
	}{
		{d.Lea, "Bonjour Léa, voici le ticket 1 (Aide).", "fr"},
		{d.Bob, "Hello Bob, this is Help ticket 2.", "en"},
		{yuki, "Hello 雪, this is Help ticket 3.", "en"},
	} {
		opened, err := s.Open(t.Context(), d.Call(t, try.who), ticket.OpenInput{Category: d.Help.ID, Body: "Help!"})
		must(t, "open", err)
		said := d.said(t, opened)
		if len(said) != 2 || said[0].Body != "Help!" || said[0].Side != ticket.FromRequester || said[0].Author != try.who.ID {
			t.Fatalf("%s said %v", try.who.Name, bodies(said))
		}
		greeting := said[1]
		if greeting.Body != try.greeting || greeting.Locale != try.in || greeting.Kind != ticket.System ||
			greeting.Author != 0 || greeting.Template == "" {
			t.Errorf("%s is greeted by %+v, want %q in %s", try.who.Name, greeting, try.greeting, try.in)
		}
		if opened.Locale != try.who.Locale || opened.Requester != try.who.ID || opened.Status != ticket.New {
			t.Errorf("the ticket is %+v", opened)
		}
		sameTicket(t, d.Read(t, opened.ID).Ticket, opened)
	}
}

func openEvents(t *testing.T, d *Desk) {
	opened, err := d.Service().Open(t.Context(), d.Call(t, d.Bob), ticket.OpenInput{Category: d.Help.ID, Body: "Help!"})
	must(t, "open", err)
	want := []event.Type{event.TypeTicketOpened, event.TypeMessagePosted, event.TypeMessagePosted}
	if got := d.kinds(t, opened); !slices.Equal(got, want) {
		t.Errorf("opening leaves %v, want %v", got, want)
	}
	for _, e := range d.history(t, opened) {
		if e.Internal {
			t.Errorf("%s is kept from the requester", e.Data.Type())
		}
	}
}

// appeal saves a category with a form.
func (d *Desk) appeal(t *testing.T) *category.Category {
	t.Helper()
	c := &category.Category{
		ID: id.Category(d.IDs()), Workspace: d.Workspace.ID, Name: locale.Of("en", "Appeal"), Intent: category.Support,
		Queue: d.Support.ID, Priority: priority.Low, Position: 3,
		Form: []category.Field{
			{Key: "title", Label: locale.Of("en", "Title"), Style: category.Short, Purpose: category.Subject, Required: true},
			{Key: "story", Label: locale.Of("en", "Story"), Style: category.Long, Purpose: category.Body},
			{Key: "nick", Label: locale.Text{"en": "Name", "fr": "Pseudo"}, Style: category.Short, Purpose: category.Detail, Least: 3},
		},
	}
	must(t, "check the category", c.Check())
	must(t, "save the category", d.Categories.Save(t.Context(), c))
	return c
}

func openForm(t *testing.T, d *Desk) {
	s, appeal := d.Service(), d.appeal(t)
	opened, err := s.Open(t.Context(), d.Call(t, d.Lea), ticket.OpenInput{Category: appeal.ID, Answers: category.Texts(map[string]string{
		"title": "Banni par erreur", "story": "Ce n'était pas moi.", "nick": "lea42",
	})})
	must(t, "open", err)
	read := d.Read(t, opened.ID)
	if read.Subject != "Banni par erreur" || read.Priority != priority.Low || read.Queue != d.Support.ID {
		t.Errorf("the ticket is %+v", read.Ticket)
	}
	if want := []category.Answer{{Key: "nick", Label: "Pseudo", Type: category.Text, Value: "lea42"}}; !reflect.DeepEqual(read.Answers, want) {
		t.Errorf("the answers are %v, want %v", read.Answers, want)
	}
	if got := bodies(d.said(t, opened)); !slices.Equal(got, []string{"Ce n'était pas moi."}) {
		t.Errorf("the messages are %q, want the story: this category greets nobody", got)
	}
	for name, try := range map[string]struct {
		answers map[string]string
		field   string
	}{
		"a missing answer":    {map[string]string{"story": "…"}, "answers.title"},
		"a short answer":      {map[string]string{"title": "t", "nick": "le"}, "answers.nick"},
		"an unasked question": {map[string]string{"title": "t", "age": "7"}, "answers"},
	} {
		_, err := s.Open(t.Context(), d.Call(t, d.Lea), ticket.OpenInput{Category: appeal.ID, Answers: category.Texts(try.answers)})
		refused(t, name, err, fault.Invalid, try.field)
	}
}

func openSubject(t *testing.T, d *Desk) {
	s := d.Service()
	for _, try := range []struct{ subject, body, want string }{
		{"", "Printer on fire\nSend help", "Printer on fire"},
		{"  ", "Printer", "Printer"},
		{" Fire ", "Printer", "Fire"},
		{"Only a subject", "", "Only a subject"},
		{"", strings.Repeat("é", 100), strings.Repeat("é", 79) + "…"},
	} {
		opened, err := s.Open(t.Context(), d.Call(t, d.Bob), ticket.OpenInput{Category: d.Help.ID, Subject: try.subject, Body: try.body})
		must(t, "open", err)
		if opened.Subject != try.want {
			t.Errorf("subject %q with body %q is called %q, want %q", try.subject, try.body, opened.Subject, try.want)
		}
	}
}

func openFor(t *testing.T, d *Desk) {
	opened, err := d.Service().Open(t.Context(), d.Call(t, d.Chidi), ticket.OpenInput{
		Category: d.Help.ID, Body: "Called by phone.", Requester: d.Lea.ID,
	})
	must(t, "open", err)
	if opened.Requester != d.Lea.ID || opened.Locale != "fr" {
		t.Errorf("the ticket is %d's in %s, want Léa's in French", opened.Requester, opened.Locale)
	}
	if by := d.history(t, opened)[0].Actor; by != d.Chidi.ID {
		t.Errorf("the history says that %d opened it, want Chidi", by)
	}
}

func openRefused(t *testing.T, d *Desk) {
	s, other := d.Service(), NewDesk(t, d.World)
	archived := d.appeal(t)
	archived.Archived = true
	must(t, "archive", d.Categories.Save(t.Context(), archived))
	for name, try := range map[string]struct {
		who   *member.Member
		in    ticket.OpenInput
		code  fault.Code
		field string
	}{
		"nothing at all":             {d.Bob, ticket.OpenInput{Category: d.Help.ID}, fault.Invalid, "subject"},
		"blank words":                {d.Bob, ticket.OpenInput{Category: d.Help.ID, Subject: " ", Body: "\n"}, fault.Invalid, "subject"},
		"a long subject":             {d.Bob, ticket.OpenInput{Category: d.Help.ID, Subject: strings.Repeat("é", ticket.MaxSubject+1)}, fault.Invalid, "subject"},
		"a long body":                {d.Bob, ticket.OpenInput{Category: d.Help.ID, Body: strings.Repeat("é", ticket.MaxBody+1)}, fault.Invalid, "body"},
		"no text":                    {d.Bob, ticket.OpenInput{Category: d.Help.ID, Body: "\xff\xfe"}, fault.Invalid, "body"},
		"a NUL":                      {d.Bob, ticket.OpenInput{Category: d.Help.ID, Body: "a\x00b"}, fault.Invalid, "body"},
		"no category":                {d.Bob, ticket.OpenInput{Body: "Help!"}, fault.NotFound, "categoryId"},
		"another workspace's":        {d.Bob, ticket.OpenInput{Category: other.Help.ID, Body: "Help!"}, fault.NotFound, "categoryId"},
		"an archived category":       {d.Bob, ticket.OpenInput{Category: archived.ID, Body: "Help!"}, fault.Invalid, "categoryId"},
		"for somebody, as requester": {d.Bob, ticket.OpenInput{Category: d.Help.ID, Body: "Help!", Requester: d.Lea.ID}, fault.Forbidden, ""},
		"for nobody known":           {d.Chidi, ticket.OpenInput{Category: d.Help.ID, Body: "Help!", Requester: other.Lea.ID}, fault.NotFound, "requesterId"},
	} {
		opened, err := s.Open(t.Context(), d.Call(t, try.who), try.in)
		refused(t, name, err, try.code, try.field)
		if opened != nil {
			t.Errorf("%s opened %+v", name, opened)
		}
	}
	if n := len(d.all(t, ticket.Query{})); n != 0 {
		t.Errorf("%d tickets were saved", n)
	}
	if first := d.Opens(t, d.Bob, d.Help); first.Number != 1 {
		t.Errorf("the first ticket has number %d, want 1: a refused opening uses none up", first.Number)
	}
}

func openTwice(t *testing.T, d *Desk) {
	s, in := d.Service(), ticket.OpenInput{Category: d.Help.ID, Body: "Help!"}
	first, err := s.Open(t.Context(), d.from(t, d.Bob, "interaction-1"), in)
	must(t, "open", err)
	again, err := s.Open(t.Context(), d.from(t, d.Bob, "interaction-1"), in)
	must(t, "open again", err)
	sameTicket(t, again, first)
	if _, err := s.Open(t.Context(), d.from(t, d.Lea, "interaction-1"), in); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("somebody else with Bob's interaction: %v, want not_found", err)
	}
	if n := len(d.all(t, ticket.Query{})); n != 1 {
		t.Errorf("there are %d tickets, want 1", n)
	}
}
