package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// house lists the layers; ARCHITECTURE.md tells what each is for. A new package
// belongs to one of them, or gets a line here.
func house() []layer {
	store := []string{"adapters/sqlstore/...", "migrations"}
	transport := []string{"net/http", "database/sql", "embed"}
	return []layer{
		{path: "", sees: []string{
			"domain/...", "graph/...", "api/...", "locales", "migrations", "adapters/sqlstore/...", "adapters/jobs",
			"adapters/jwt", "adapters/scheduler", "adapters/blob", "adapters/thumbnail", "adapters/discord/...", "adapters/discord/discordtest/...",
		}},
		{path: "domain/...", without: transport},
		{path: "graph/...", sees: []string{"domain/...", "locales"}, testsSee: store},
		{path: "api/...", sees: []string{"domain/...", "locales"}, testsSee: store},
		{path: "adapters/sqlstore/...", sees: []string{"domain/...", "locales", "migrations"}},
		{path: "adapters/jobs", sees: []string{"domain/...", "locales"}, testsSee: store},
		{path: "adapters/jwt", sees: []string{"domain/...", "locales"}, testsSee: store},
		{path: "adapters/blob", sees: []string{"domain/...", "locales"}, testsSee: store},
		{path: "adapters/thumbnail", sees: []string{"domain/...", "locales"}},
		{path: "adapters/scheduler", sees: []string{"domain/...", "locales"}, testsSee: store},
		{
			path: "adapters/discord/...", sees: []string{"domain/...", "locales"},
			testsSee: append([]string{"adapters/discord/discordtest/..."}, store...),
		},
		// The test server knows Discord from its documentation only: what it
		// shared with the adapter, it could not find wrong there.
		{path: "adapters/discord/discordtest/..."},
		{path: "locales"},
		{path: "migrations"},
	}
}

// domainEdges is the graph inside domain: who imports whom. Arrows point from
// what happens to what it is about; a new one is a decision, made here.
func domainEdges() map[string][]string {
	return map[string][]string{
		"fault":               {},
		"id":                  {},
		"budget":              {"access"},
		"opaque":              {"id", "page"},
		"event":               {"id"},
		"duration":            {"fault"},
		"locale":              {"fault"},
		"page":                {"fault"},
		"priority":            {"fault"},
		"query":               {"fault", "page"},
		"access":              {"event", "fault", "id", "locale"},
		"audit":               {"access", "event", "id", "locale", "opaque", "page", "query"},
		"idempotency":         {"access", "fault", "id"},
		"job":                 {"event", "id"},
		"category":            {"access", "audit", "duration", "fault", "id", "locale", "page", "priority", "query"},
		"job/jobtest":         {"id", "job"},
		"file":                {"access", "event", "fault", "id", "job"},
		"file/filetest":       {"access", "event", "file", "id", "job", "member", "page", "query", "ticket", "ticket/tickettest"},
		"member":              {"access", "audit", "event", "fault", "id", "locale", "page", "query"},
		"queue":               {"access", "audit", "fault", "id", "locale", "page", "query"},
		"digest":              {"access", "audit", "fault", "id", "locale", "page", "query", "queue"},
		"tag":                 {"access", "audit", "fault", "id", "locale", "page", "query"},
		"team":                {"access", "audit", "event", "fault", "id", "locale", "page", "query"},
		"sla":                 {"access", "audit", "category", "fault", "id", "locale", "page", "priority", "query", "queue"},
		"search":              {"access", "category", "fault", "id", "page", "priority", "query", "queue", "ticket"},
		"auth":                {"access", "audit", "event", "fault", "id", "locale", "member", "page", "query"},
		"workspace":           {"access", "audit", "category", "event", "fault", "id", "locale", "page", "query"},
		"ticket":              {"access", "category", "event", "fault", "file", "id", "job", "locale", "member", "page", "priority", "query", "queue", "sla", "tag", "workspace"},
		"ticket/tickettest":   {"access", "category", "event", "fault", "id", "locale", "member", "page", "priority", "query", "queue", "team", "ticket", "workspace"},
		"channel":             {"access", "audit", "category", "event", "fault", "file", "id", "job", "locale", "member", "queue", "ticket", "workspace"},
		"channel/plain":       {"access", "channel", "event", "id", "job", "member", "ticket"},
		"channel/channeltest": {"access", "category", "channel", "event", "id", "locale", "member", "query", "ticket", "ticket/tickettest", "workspace"},
	}
}

// libraries names each library's users. A line here is a new dependency's
// entrance; the reason stands in the change that adds it.
func libraries() map[string][]string {
	return map[string][]string{
		"github.com/99designs/gqlgen":         {"graph/..."},
		"github.com/vektah/gqlparser/v2":      {"graph/..."},
		"github.com/clipperhouse/uax29/v2":    {"adapters/discord/..."},
		"github.com/coder/websocket":          {"graph/..."},
		"github.com/diamondburned/arikawa/v3": {"adapters/discord/..."},
		"github.com/go-co-op/gocron/v2":       {"adapters/scheduler"},
		"github.com/gofrs/flock":              {"adapters/sqlstore/..."},
		"github.com/golang-jwt/jwt/v5":        {"adapters/jwt"},
		"github.com/gorilla/websocket":        {"graph/...", "adapters/discord/discordtest/..."},
		"github.com/jackc/pgx/v5":             {"adapters/sqlstore/..."},
		"github.com/nicksnyder/go-i18n/v2":    {"locales"},
		"github.com/prometheus/client_golang": {"api/..."},
		"github.com/uptrace/bun":              {"adapters/sqlstore/...", "migrations"},
		"github.com/urfave/cli/v3":            {""},
		"github.com/danielgtaylor/huma/v2":    {"api/..."},
		"gocloud.dev":                         {"adapters/blob"},
		"github.com/aws/aws-sdk-go-v2":        {"adapters/blob"},
		"golang.org/x/image":                  {"adapters/thumbnail"},
		"golang.org/x/sync":                   {""},
		"golang.org/x/text":                   {"locales"},
		"modernc.org/sqlite":                  {"adapters/sqlstore/..."},
	}
}

// testLibraries names the users of libraries that only tests import.
func testLibraries() map[string][]string {
	return map[string][]string{
		"github.com/coder/websocket": {"", "graph/..."},
		// A real client of Discord shows that the test server speaks as Discord does.
		"github.com/diamondburned/arikawa/v3": {"adapters/discord/discordtest/..."},
		"github.com/gorilla/websocket":        {""},
		"github.com/golang-jwt/jwt/v5":        {""},
		"github.com/uptrace/bun":              {""},
		"github.com/jackc/pgx/v5":             {"", "migrations"},
		"modernc.org/sqlite":                  {"", "migrations"},
		// A validator of JSON schemas that is not the one which made them.
		"github.com/santhosh-tekuri/jsonschema/v6": {"api/..."},
		// A server that speaks S3.
		"github.com/johannesboyne/gofakes3": {"", "adapters/blob"},
		"pgregory.net/rapid":                {"*"},
	}
}

// packages asks the go command for every package of the module.
func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list",
		"-json=ImportPath,Dir,Imports,TestImports,XTestImports,GoFiles,TestGoFiles,XTestGoFiles", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []pkg
	decoder := json.NewDecoder(bytes.NewReader(out))
	for {
		var p pkg
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		pkgs = append(pkgs, p)
	}
}

func report(t *testing.T, faults []string) {
	t.Helper()
	slices.Sort(faults)
	for _, fault := range faults {
		t.Error(fault)
	}
}

func TestLayersImportWhatTheySee(t *testing.T) {
	report(t, checkLayers(packages(t), house()))
}

func TestDomainGraphIsWrittenDown(t *testing.T) {
	report(t, checkEdges(packages(t), "domain", domainEdges()))
}

func TestLibrariesStayWithTheirUsers(t *testing.T) {
	report(t, checkLibraries(packages(t), house(), libraries(), testLibraries()))
}

func TestFilesAreShortAndDoNotSleep(t *testing.T) {
	for _, p := range packages(t) {
		for name, src := range sources(t, p, slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles)) {
			report(t, checkLength(name, src))
			report(t, checkSleep(name, src))
		}
	}
}

func TestNoPackageHasState(t *testing.T) {
	for _, p := range packages(t) {
		faults, err := checkState(sources(t, p, p.GoFiles))
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range faults {
			t.Errorf("%s: %s", p.ImportPath, fault)
		}
	}
}

func sources(t *testing.T, p pkg, names []string) map[string][]byte {
	t.Helper()
	found := make(map[string][]byte, len(names))
	for _, name := range names {
		src, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		found[name] = src
	}
	return found
}
