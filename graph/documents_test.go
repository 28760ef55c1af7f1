package graph_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/documents"
)

const known = `query Known { viewer { name } }`

// trusting is a house that trusts one document.
func trusting(t *testing.T, mode documents.Mode) *house {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "known.graphql"), []byte(known), 0o600); err != nil {
		t.Fatal(err)
	}
	store, err := graph.LoadDocuments(folder, mode)
	if err != nil {
		t.Fatal(err)
	}
	return sqlite(t, func(c *graph.Config) { c.Documents = store })
}

func byID(hash string) string { return `{"documentId": "sha256:` + hash + `"}` }

func automatic(hash, query string) string {
	return `{` + query + `"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "` + hash + `"}}}`
}

func TestDocumentsAreNamedByTheirHash(t *testing.T) {
	hash, other := documents.Hash(known), documents.Hash("{ viewer { id } }")
	for mode, want := range map[documents.Mode]struct{ known, unknown, free string }{
		documents.Off:     {"PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_NOT_FOUND", ""},
		documents.Prefer:  {"", "PERSISTED_QUERY_NOT_FOUND", ""},
		documents.Require: {"", "DOCUMENT_NOT_TRUSTED", "DOCUMENT_NOT_TRUSTED"},
	} {
		h := trusting(t, mode)
		for what, c := range map[string]struct{ body, code string }{
			"a trusted document":                {byID(hash), want.known},
			"one that is not":                   {byID(other), want.unknown},
			"a trusted one, automatically":      {automatic(hash, ""), want.known},
			"a trusted one as a whole":          {body(known), ""},
			"one that is not, as a whole":       {body(`{ viewer { id } }`), want.free},
			"introspection":                     {body(`{ __schema { queryType { name } } }`), want.free},
			"a hash of another version":         {strings.Replace(automatic(hash, ""), `"version": 1`, `"version": 2`, 1), "BAD_REQUEST"},
			"a hash of no form":                 {`{"extensions": {"persistedQuery": "x"}}`, "BAD_REQUEST"},
			"nothing":                           {`{"extensions": {"persistedQuery": null}}`, "BAD_REQUEST"},
			"a hash that is not the document's": {automatic(hash, `"query": "{ viewer { locale } }", `), "BAD_REQUEST"},
		} {
			if a := h.post(t, h.Sam, c.body); a.refused() != c.code {
				t.Errorf("%s, %s: %d %s, want %q", mode, what, a.status, a.body, c.code)
			}
		}
		get := "/graphql?" + url.Values{"documentId": {hash}}.Encode()
		if a := h.send(t, h.Sam, httptest.NewRequestWithContext(t.Context(), http.MethodGet, get, nil)); a.refused() != want.known {
			t.Errorf("%s: by GET: %s", mode, a.body)
		}
	}
}

func TestClientsRegisterDocuments(t *testing.T) {
	h := sqlite(t)
	const query = `{ viewer { locale } }`
	hash := documents.Hash(query)
	for _, accept := range []string{newJSON, oldJSON} {
		a := h.post(t, h.Sam, automatic(hash, ""), "Accept", accept)
		if a.refused() != "PERSISTED_QUERY_NOT_FOUND" || a.Errors[0].Message != "PersistedQueryNotFound" {
			t.Errorf("%s: %d %s", accept, a.status, a.body)
		}
		if want := map[string]int{newJSON: 404, oldJSON: 200}[accept]; a.status != want {
			t.Errorf("%s: %d", accept, a.status)
		}
	}
	for _, b := range []string{automatic(hash, `"query": "`+query+`", `), automatic(hash, "")} {
		if a := h.post(t, h.Lea, b); a.at("viewer.locale") != "fr" {
			t.Errorf("%s: %s", b, a.body)
		}
	}
	h.post(t, h.Sam, automatic(hash, "")).want("viewer.locale", "en") // a document is nobody's
}

func TestAWebSocketTakesDocumentsByHash(t *testing.T) {
	h := trusting(t, documents.Require)
	c := client{t, h.dial(t, h.serve(t).URL, "Sam")}
	for id, want := range map[string]struct{ body, says string }{
		"1": {byID(documents.Hash(known)), `"Sam"`},
		"2": {automatic(documents.Hash(known), ""), `"Sam"`},
		"3": {body(`{ viewer { name } }`), "DOCUMENT_NOT_TRUSTED"},
	} {
		c.send(frame{ID: id, Type: "subscribe", Payload: []byte(want.body)})
		f, err := c.next()
		if err != nil || !strings.Contains(string(f.Payload), want.says) {
			t.Errorf("%s: %s %s %v", want.body, f.Type, f.Payload, err)
		}
		if f.Type == "next" {
			_, _ = c.next() // that it is complete
		}
	}
}

func TestDocumentsThatDoNotFitAreToldAtTheStart(t *testing.T) {
	folder := t.TempDir()
	for name, c := range map[string]struct{ text, says string }{
		"bad.graphql":     {"{ viewer {", "is no GraphQL document"},
		"unfit.graphql":   {"{ viewer { salary } }", "does not fit the schema"},
		"manifest.json":   {`{"sha256:12": "{ viewer { id } }"}`, "hash"},
		"missing.graphql": {"", "can be read"},
	} {
		file := filepath.Join(folder, name)
		if c.text != "" {
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, err := graph.LoadDocuments(file, documents.Prefer)
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
