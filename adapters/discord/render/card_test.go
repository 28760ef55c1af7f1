package render_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/locales"
)

func speaker(t testing.TB, l locale.Tag) render.Speaker {
	t.Helper()
	c, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return render.Speaker{Catalogue: c, Locale: l}
}

// The requester of what is not urgent is named, and not disturbed.
func TestTheCardOfWhatIsNotUrgentPingsNobody(t *testing.T) {
	for intent, want := range map[category.Intent]int{category.Support: 1, category.NonUrgent: 0} {
		f := facts(ticket.New)
		f.Category.Intent = intent
		card := speaker(t, "en").Card(f, nil)[0]
		if got := len(card.AllowedMentions.Users); got != want || card.Content != "<@50>" {
			t.Errorf("the card of a %s ticket says %q and pings %d", intent, card.Content, got)
		}
	}
}

func facts(status ticket.Status) *channel.Facts {
	return &channel.Facts{
		Ticket: &ticket.Ticket{
			ID: 7, Workspace: 1, Number: 12, Subject: "Login", Status: status, Priority: priority.High, Queue: 3, Requester: 5,
			Answers: []category.Answer{{Key: "device", Label: "Device", Value: "Phone"}}, Tags: []string{"bug"},
		},
		Category:  &category.Category{Name: locale.Text{"en": "Support", "fr": "Assistance"}},
		Queue:     &queue.Queue{ID: 3, Name: "Tier 1"},
		Requester: channel.Person{Member: &member.Member{ID: 5, Name: "Ana"}, ExternalID: "50"},
	}
}

// verbs lists what can be done with the buttons of a message.
func verbs(t testing.TB, components []wire.Component) []string {
	t.Helper()
	var list []string
	for _, row := range components {
		for _, b := range row.Components {
			v, id, ok := render.ParseCustomID(b.CustomID)
			if !ok || id != 7 {
				t.Errorf("the button %q does nothing to the ticket", b.Label)
			}
			list = append(list, string(v))
		}
	}
	return list
}

func TestCardShowsWhatTheTicketIs(t *testing.T) {
	posts := speaker(t, "fr").Card(facts(ticket.New), &ticket.Message{Body: "It broke."})
	if len(posts) != 1 || posts[0].Content != "<@50>" {
		t.Fatalf("%+v", posts)
	}
	e := posts[0].Embeds[0]
	if e.Title != "#12 · Login" || e.Description != "It broke.\n\n**Device**\nPhone" {
		t.Errorf("the card says %q, %q", e.Title, e.Description)
	}
	var values []string
	for _, f := range e.Fields {
		values = append(values, f.Value)
	}
	if got := strings.Join(values, ", "); got != "Assistance, Nouveau, Haute, Personne pour l’instant" {
		t.Errorf("the card shows %s", got)
	}
	if m := posts[0].AllowedMentions; len(m.Parse) != 0 || len(m.Users) != 1 || m.Users[0] != "50" {
		t.Errorf("the card may ping %+v", m)
	}
}

func TestCardOffersWhatCanBeDone(t *testing.T) {
	s := speaker(t, "en")
	for status, want := range map[ticket.Status]string{
		ticket.New: "claim resolve", ticket.Open: "claim resolve", ticket.Pending: "claim resolve", ticket.OnHold: "claim resolve",
		ticket.Resolved: "confirm reopen", ticket.Closed: "reopen",
	} {
		if got := strings.Join(verbs(t, s.Card(facts(status), nil)[0].Components), " "); got != want {
			t.Errorf("%s offers %q, want %q", status, got, want)
		}
	}
	f := facts(ticket.Open)
	f.Ticket.Assignee, f.Assignee = 9, channel.Person{Member: &member.Member{ID: 9, Name: "Max"}}
	card := s.Card(f, nil)[0]
	if got := verbs(t, card.Components); strings.Join(got, " ") != "resolve" || card.Embeds[0].Fields[3].Value != "Max" {
		t.Errorf("a claimed ticket offers %v, %+v", got, card.Embeds[0].Fields)
	}
}

func size(e wire.Embed) int {
	n := render.Length(e.Title) + render.Length(e.Description)
	for _, f := range e.Fields {
		n += render.Length(f.Name) + render.Length(f.Value)
	}
	if e.Author != nil {
		n += render.Length(e.Author.Name)
	}
	return n
}

func TestCardFitsWhateverWasWritten(t *testing.T) {
	s := speaker(t, "fr")
	rapid.Check(t, func(t *rapid.T) {
		f := facts(ticket.New)
		f.Ticket.Subject = rapid.StringN(1, 200, -1).Draw(t, "subject")
		f.Ticket.Answers = nil
		for range rapid.IntRange(0, 4).Draw(t, "answers") {
			f.Ticket.Answers = append(f.Ticket.Answers, category.Answer{
				Label: rapid.StringN(1, 45, -1).Draw(t, "label"), Value: strings.Repeat("ü word ", rapid.IntRange(1, 570).Draw(t, "value")),
			})
		}
		posts := s.Card(f, &ticket.Message{Body: strings.Repeat("x", rapid.IntRange(0, 10000).Draw(t, "body"))})
		said := 0
		for _, p := range posts {
			if len(p.Embeds) != 1 || size(p.Embeds[0]) > 6000 || render.Length(p.Embeds[0].Description) > 4096 {
				t.Fatalf("a part does not fit: %d", size(p.Embeds[0]))
			}
			said += strings.Count(p.Embeds[0].Description, "word")
		}
		want := 0
		for _, a := range f.Ticket.Answers {
			want += strings.Count(a.Value, "word")
		}
		if said < want {
			t.Fatalf("%d words of %d are shown", said, want)
		}
	})
}

func TestNoticeAsksThenTells(t *testing.T) {
	s := speaker(t, "en")
	for _, status := range []ticket.Status{ticket.New, ticket.Open, ticket.Pending, ticket.OnHold} {
		if n := s.Notice(facts(status)); n != nil {
			t.Errorf("%s is noticed: %+v", status, n)
		}
	}
	asks := s.Notice(facts(ticket.Resolved))
	if !strings.Contains(asks.Content, "<@50>") || !strings.Contains(asks.Content, "Is it solved?") || len(asks.AllowedMentions.Users) != 1 {
		t.Errorf("%+v", asks)
	}
	if got := strings.Join(verbs(t, asks.Components), " "); got != "confirm reopen" {
		t.Errorf("the question offers %q", got)
	}
	tells := s.Notice(facts(ticket.Closed))
	if len(tells.AllowedMentions.Users) != 0 || strings.Join(verbs(t, tells.Components), " ") != "reopen" {
		t.Errorf("%+v", tells)
	}
	if p := s.TakenUp(); len(p.Components) != 0 || p.Content == "" {
		t.Errorf("%+v", p)
	}
	if p := s.Rebuilt(); p.Content == "" {
		t.Error("a rebuilt channel says nothing")
	}
}

func TestMessageStandsUnderItsAuthor(t *testing.T) {
	said := &ticket.Message{Body: "Hello", Side: ticket.FromStaff}
	by := &member.Member{Name: strings.Repeat("M", 300), AvatarURL: "https://example.org/max.png"}
	e := render.Message(channel.Post{Message: said, Author: by}, nil, nil, nil)[0].Embeds[0]
	if e.Description != "Hello" || e.Author.IconURL != by.AvatarURL || render.Length(e.Author.Name) != 256 {
		t.Errorf("%+v", e)
	}
	own := render.Message(channel.Post{Message: &ticket.Message{Body: "Welcome", Side: ticket.FromSystem}}, nil, nil, nil)[0]
	if own.Embeds[0].Author != nil || len(own.AllowedMentions.Parse) != 0 {
		t.Errorf("%+v", own)
	}
	long := render.Message(channel.Post{Message: &ticket.Message{Body: strings.Repeat("word ", 2000)}, Author: by}, nil, nil, nil)
	for _, p := range long {
		if size(p.Embeds[0]) > 6000 || p.Embeds[0].Author == nil {
			t.Errorf("%d", size(p.Embeds[0]))
		}
	}
	if len(long) != 3 {
		t.Errorf("%d parts", len(long))
	}
}

func TestWordsAreTheSameHoweverDiscordKeepsThem(t *testing.T) {
	e := []wire.Embed{{Title: "A", Description: "one\ntwo ", Author: &wire.EmbedAuthor{Name: "Max"}, Fields: []wire.EmbedField{{Name: "n", Value: " v"}}}}
	same := []wire.Embed{{
		Title: "A", Description: "one\ntwo", Color: 5, Author: &wire.EmbedAuthor{Name: "Max", IconURL: "x"},
		Fields: []wire.EmbedField{{Name: "n", Value: "v", Inline: true}},
	}}
	if render.Words("hi ", e) != render.Words("hi", same) {
		t.Error("blanks and looks are counted")
	}
	for _, other := range [][]wire.Embed{nil, {{Title: "A"}}, {{Description: "A", Title: "onetwo"}}} {
		if render.Words("hi", e) == render.Words("hi", other) {
			t.Errorf("%+v is taken for it", other)
		}
	}
}

func TestInfoKeepsWhatIsStaffsOwn(t *testing.T) {
	f := facts(ticket.Open)
	v := &ticket.View{Ticket: f.Ticket, RequesterMember: f.Requester.Member, InQueue: f.Queue, AssigneeMember: &member.Member{Name: "Max"}}
	text := func(a access.Actor) string {
		var b strings.Builder
		for _, field := range speaker(t, "en").Info(a, v, f.Category, render.InTheWay{}).Embeds[0].Fields {
			b.WriteString(field.Name + "=" + field.Value + ";")
		}
		return b.String()
	}
	asks := text(access.Actor{Workspace: 1, Member: 5, Role: access.RoleRequester})
	if strings.Contains(asks, "bug") || strings.Contains(asks, "Tier 1") || !strings.Contains(asks, "Assigned to=Max") {
		t.Errorf("the requester reads %s", asks)
	}
	staff := text(access.Actor{Workspace: 1, Member: 9, Role: access.RoleSupervisor})
	if !strings.Contains(staff, "Tags=bug") || !strings.Contains(staff, "Queue=Tier 1") || !strings.Contains(staff, "Opened by=Ana") {
		t.Errorf("staff reads %s", staff)
	}
}
