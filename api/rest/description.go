package rest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// The groups in which the description has the operations.
const (
	tagTickets  = "Tickets"
	tagVerbs    = "Work on tickets"
	tagMessages = "Conversation"
	tagPeople   = "People"
	tagHouse    = "Helpdesk"
)

// description begins the description of all operations.
func (s *server) description() huma.Config {
	asJSON := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: json.Unmarshal}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Ticket.sys", Version: cmp.Or(s.Version, "dev"), Description: about,
				License: &huma.License{Name: "See the project", URL: "https://github.com/ticketsys/ticketsys"},
			},
			Servers: []*huma.Server{{URL: Prefix}},
			Tags: []*huma.Tag{
				{Name: tagTickets, Description: "Requests for help."},
				{Name: tagVerbs, Description: "What is done to a ticket, by name."},
				{Name: tagMessages, Description: "What is said and what happens in a ticket."},
				{Name: tagPeople, Description: "Members, how they work, and their teams."},
				{Name: tagHouse, Description: "What the helpdesk consists of, and who may do what in it."},
			},
			Security: []map[string][]string{{"token": {}}},
			Components: &huma.Components{
				Schemas:   huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				Responses: map[string]*huma.Response{},
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"token": {Type: "http", Scheme: "bearer", Description: "An access token of a member, or an API key."},
				},
			},
		},
		Formats:       map[string]huma.Format{"application/json": asJSON, "json": asJSON},
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{s.translate},
	}
}

// about introduces the API.
const about = `The helpdesk over plain HTTP: the same objects, IDs, rules and refusals as its GraphQL API.

What one may not see does not exist: it is left out of lists, and 404 by its ID. A refusal is a problem in the form
of RFC 9457, in the caller's language, with a code for programs and pointers to what is wrong.

Lists come in pages: first and after, or last and before, with cursors that a page gives; the header field Link has the
addresses of the pages beside. What has a version gives it in its ETag, and a change takes it back in If-Match. A change
that is sent again with the same Idempotency-Key is not carried out again. Every response tells in RateLimit and
RateLimit-Policy what may still be asked for; beyond it there is 429 and Retry-After.`

// described describes all operations.
func (s *server) described() *huma.OpenAPI {
	api := huma.NewAPI(s.description(), &adapter{server: s})
	for _, register := range s.operations {
		register(api)
	}
	for _, unused := range []string{"ErrorModel", "ErrorDetail"} { // huma's own, which nobody is shown
		delete(api.OpenAPI().Components.Schemas.Map(), unused)
	}
	return api.OpenAPI()
}

// document registers the description, and the page that shows it. Both are for
// everybody: there is nothing in them but what the program is.
func (s *server) document() {
	raw := sync.OnceValues(func() ([]byte, error) { return json.Marshal(s.described()) })
	s.mux.HandleFunc("GET "+Prefix+"/openapi.json", func(w http.ResponseWriter, r *http.Request) {
		body, err := raw()
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/openapi+json")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(body)
	})
	page := sync.OnceValue(func() []byte { return docs(s.described()) })
	s.mux.HandleFunc("GET "+Prefix+"/docs", func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src '"+styleHash()+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-cache")
		_, _ = w.Write(page())
	})
}
