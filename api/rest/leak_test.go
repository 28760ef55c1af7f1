package rest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/api/rest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/opaque"
)

// inside is what an answer must never tell: statements, files, stacks, libraries.
var inside = regexp.MustCompile(`(?i)\b(select|insert|update) .*\b(from|into|set)\b|sqlite|postgres|pgx|sqlstate|database is closed|closed pool|goroutine|panic|\.go\b|/srv/|/tmp/|runtime error`)

// When the database is gone, whatever is asked for or changed, nothing tells of it.
func TestADatabaseThatIsGoneIsNotQuoted(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		doc := described(h.send(t, nil, "GET", "/api/v1/openapi.json", nil).is(200).data.(map[string]any))
		tk := strings.TrimPrefix(h.opens(t, h.Lea, "Oven"), "/tickets/")
		known, err := h.services.Auth.Authenticate(t.Context(), h.Ada.Name, h.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := h.store.Close(); err != nil {
			t.Fatal(err)
		}
		fill := strings.NewReplacer(
			"{ticketId}", tk, "{memberId}", memberID(h.Lea), "{queueId}", gid(opaque.Queue, h.Support.ID), "{categoryId}", gid(opaque.Category, h.Help.ID),
			"{channel}", "discord", "{", "", "}", "",
		)
		handler, failed := rest.NewHandler(h.services), 0
		for path, methods := range doc.part("paths") {
			for method := range doc.part("paths", path) {
				body := []byte{}
				if schema := described(methods.(map[string]any)).part(method, "requestBody", "content", "application/json", "schema"); schema != nil {
					body, _ = json.Marshal(doc.sample(schema))
				}
				r := httptest.NewRequestWithContext(access.NewContext(t.Context(), known), strings.ToUpper(method), "/api/v1"+fill.Replace(path), strings.NewReader(string(body)))
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if leak := inside.FindString(w.Body.String()); leak != "" {
					t.Errorf("%s %s tells %q: %.500s", method, path, leak, w.Body)
				}
				if w.Code == http.StatusInternalServerError && strings.Contains(w.Body.String(), `"code":"internal"`) {
					failed++
				}
			}
		}
		if failed < 40 {
			t.Errorf("only %d operations failed", failed)
		}
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/me", nil)
		r.Header.Set("Authorization", "Bearer "+h.Ada.Name)
		if h.handler.ServeHTTP(w, r); w.Code < 500 || inside.MatchString(w.Body.String()) { // nobody is known any more
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}
