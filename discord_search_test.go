package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/api/rest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// hit is how one of the doors shows what was found: the ticket and the excerpt.
var hit = regexp.MustCompile(`#(\d+) · Twin`)

// Whoever looks for something finds the same through each door, page after page, and is
// told the same of what they typed wrong.
func TestAllDoorsFindTheSame(t *testing.T) {
	w := newTwins(t)
	for i := range 4 {
		_, err := w.services.Tickets.Reply(w.ctx, w.system(), ticket.Ref{ID: w.sent.ID}, fmt.Sprintf("A twin has *%d* arms.", i))
		ok(t, err)
	}
	_, err := w.services.Tickets.AddNote(w.ctx, w.system(), ticket.Ref{ID: w.posted.ID}, "The twin is rude.")
	ok(t, err)
	for _, m := range w.callers {
		want := w.findsByGraphQL(m, "twin")
		if got := w.findsByREST(m, "twin"); !slices.Equal(got, want) {
			t.Errorf("%s finds %v by REST and %v by GraphQL", m.Name(), got, want)
		}
		if got := w.findsByDiscord(m, "twin"); !slices.Equal(got, want) {
			t.Errorf("%s finds %v by Discord and %v by GraphQL", m.Name(), got, want)
		}
	}
	if staff, requester := w.findsByGraphQL(w.max, "rude"), w.findsByGraphQL(w.ana, "rude"); len(staff) != 1 || len(requester) != 0 {
		t.Errorf("the note is found %d times by staff, %d times by who asked", len(staff), len(requester))
	}
	contains(t, w.runs(w.max, w.guild.Channel("general"), "/search", discordtest.Args{"query": "arms"}), `A twin has \*3\* **arms**.`)
	w.refusedAlike(w.max, "twin color:red", 5)
}

// refusedAlike looks for what can't be looked for, and compares what is said of it.
func (w *twins) refusedAlike(m *discordtest.Member, query string, offset int) {
	w.t.Helper()
	said := w.runs(m, w.guild.Channel("general"), "/search", discordtest.Args{"query": query})
	var byGraphQL struct {
		Errors []struct {
			Message    string
			Extensions struct {
				Code   string
				Offset int
			}
		}
	}
	ok(w.t, json.Unmarshal([]byte(w.asks(m, `query($in: String!) { searchTickets(query: $in) { nodes { at } } }`, query)), &byGraphQL))
	if len(byGraphQL.Errors) != 1 || byGraphQL.Errors[0].Extensions.Code != "INVALID" || byGraphQL.Errors[0].Extensions.Offset != offset || byGraphQL.Errors[0].Message != said {
		w.t.Errorf("GraphQL refuses with %+v, Discord with %q", byGraphQL.Errors, said)
	}
	var byREST struct {
		Errors []struct {
			Detail, Parameter string
			Offset            int
		}
	}
	ok(w.t, json.Unmarshal(w.getsREST(m, "/search?query="+url.QueryEscape(query)), &byREST))
	if len(byREST.Errors) != 1 || byREST.Errors[0].Offset != offset || byREST.Errors[0].Parameter != "query" || byREST.Errors[0].Detail != said {
		w.t.Errorf("REST refuses with %+v, Discord with %q", byREST.Errors, said)
	}
}

func (w *twins) findsByGraphQL(m *discordtest.Member, query string) []string {
	w.t.Helper()
	var answer struct {
		Data struct {
			SearchTickets struct {
				Nodes []struct {
					Ticket struct{ Number int }
				}
			}
		}
	}
	ok(w.t, json.Unmarshal([]byte(w.asks(m, `query($in: String!) { searchTickets(query: $in, first: 100) { nodes { ticket { number } } } }`, query)), &answer))
	var all []string
	for _, n := range answer.Data.SearchTickets.Nodes {
		all = append(all, fmt.Sprint(n.Ticket.Number))
	}
	return all
}

func (w *twins) findsByREST(m *discordtest.Member, query string) []string {
	w.t.Helper()
	var all []string
	for address := "/search?first=2&query=" + url.QueryEscape(query); address != ""; {
		var answer struct {
			Items []struct{ Ticket struct{ Number int } }
			Page  struct {
				HasNext   bool
				EndCursor string
			}
		}
		ok(w.t, json.Unmarshal(w.getsREST(m, address), &answer))
		for _, h := range answer.Items {
			all = append(all, fmt.Sprint(h.Ticket.Number))
		}
		address = ""
		if answer.Page.HasNext {
			address = "/search?first=2&query=" + url.QueryEscape(query) + "&after=" + answer.Page.EndCursor
		}
	}
	return all
}

func (w *twins) getsREST(m *discordtest.Member, address string) []byte {
	w.t.Helper()
	session := access.Session{Actor: w.as(m).Actor, ExpiresAt: time.Now().Add(time.Hour), Token: m.Name()}
	r := httptest.NewRequestWithContext(access.NewContext(w.ctx, session), http.MethodGet, rest.Prefix+address, nil)
	recorded := httptest.NewRecorder()
	w.rest.ServeHTTP(recorded, r)
	return recorded.Body.Bytes()
}

// findsByDiscord uses the command, and the button for more as long as there is one.
func (w *twins) findsByDiscord(m *discordtest.Member, query string) []string {
	w.t.Helper()
	more := w.catalogue.Text(string(w.as(m).Actor.Locale), "discord.button.more", nil)
	in := m.Runs(w.ctx, w.guild.Channel("general"), "/search", discordtest.Args{"query": query})
	var all []string
	for {
		for _, found := range hit.FindAllStringSubmatch(w.answer(in), -1) {
			all = append(all, found[1])
		}
		if _, ok := in.Reply().Component(more); !ok {
			return all
		}
		in = m.Clicks(w.ctx, in.Reply(), more)
	}
}
