package graph_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/documents"
)

// The operations that GraphiQL begins with fit the schema, whatever becomes of it.
func TestGraphiQLsExamplesFitTheSchema(t *testing.T) {
	h := sqlite(t)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/graphql/assets/start.js", nil))
	var lines []string
	_, rest, _ := strings.Cut(w.Body.String(), "var EXAMPLES = [")
	examples, _, _ := strings.Cut(rest, "].join")
	for line := range strings.SplitSeq(examples, "\n") {
		line = strings.TrimSuffix(strings.TrimSpace(line), ",")
		lines = append(lines, strings.TrimSuffix(strings.TrimPrefix(line, "'"), "'"))
	}
	text := strings.Join(lines, "\n")
	for _, name := range []string{"Inbox", "History", "Urgent", "Open", "Reply", "Mine", "Follow"} {
		if !strings.Contains(text, " "+name) {
			t.Errorf("there is no example %s", name)
		}
	}
	file := filepath.Join(t.TempDir(), "examples.graphql")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := graph.LoadDocuments(file, documents.Prefer); err != nil {
		t.Error(err)
	}
}
