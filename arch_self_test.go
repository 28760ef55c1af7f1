package main_test

import (
	"slices"
	"strings"
	"testing"
)

// fakeHouse is a house of four rooms, on which the rules are tried.
func fakeHouse() []layer {
	return []layer{
		{path: "", sees: []string{"domain/...", "web", "adapters/store/..."}},
		{path: "domain/...", without: []string{"net/http"}},
		{path: "web", sees: []string{"domain/..."}, testsSee: []string{"adapters/store/..."}},
		{path: "adapters/store/...", sees: []string{"domain/..."}},
	}
}

// fakePackages keep every rule of fakeHouse; with adds to them.
func fakePackages(with ...pkg) []pkg {
	return append([]pkg{
		{ImportPath: module, Imports: []string{"os", module + "/web", module + "/adapters/store", module + "/domain/ticket"}},
		{ImportPath: module + "/domain/fault", Imports: []string{"errors"}},
		{ImportPath: module + "/domain/ticket", Imports: []string{"time", module + "/domain/fault"}},
		{
			ImportPath: module + "/web", Imports: []string{"net/http", "example.org/web/v2/routes", module + "/domain/ticket"},
			TestImports: []string{"example.org/check"}, XTestImports: []string{module + "/adapters/store"},
		},
		{ImportPath: module + "/adapters/store", Imports: []string{module + "/domain/ticket"}},
	}, with...)
}

func wantFaults(t *testing.T, got []string, want ...string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("reported:\n\t%s\nwant:\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func TestCheckLayersReportsWhatBreaksIn(t *testing.T) {
	for name, tt := range map[string]struct {
		added pkg
		want  []string
	}{
		"nothing": {pkg{ImportPath: module + "/domain/queue"}, nil},
		"the domain imports an adapter": {
			pkg{ImportPath: module + "/domain/queue", Imports: []string{module + "/adapters/store"}},
			[]string{"domain/queue imports adapters/store, which domain/... does not see"},
		},
		"the domain imports the root": {
			pkg{ImportPath: module + "/domain/queue", Imports: []string{module}},
			[]string{"domain/queue imports , which domain/... does not see"},
		},
		"the domain's test imports an adapter": {
			pkg{ImportPath: module + "/domain/queue", XTestImports: []string{module + "/adapters/store"}},
			[]string{"domain/queue (test) imports adapters/store, which domain/... does not see"},
		},
		"the domain imports a transport": {
			pkg{ImportPath: module + "/domain/queue", Imports: []string{"net/http/httptest", "net/url"}},
			[]string{"domain/queue imports net/http/httptest, which domain/... does without"},
		},
		"an adapter imports a transport's room": {
			pkg{ImportPath: module + "/adapters/store/sub", Imports: []string{module + "/web"}},
			[]string{"adapters/store/sub imports web, which adapters/store/... does not see"},
		},
		"a package outside": {
			pkg{ImportPath: module + "/helpers", Imports: []string{module + "/web"}},
			[]string{"helpers lies in no layer"},
		},
		"a name that only begins alike": {
			pkg{ImportPath: module + "/webs"},
			[]string{"webs lies in no layer"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			wantFaults(t, checkLayers(fakePackages(tt.added), fakeHouse()), tt.want...)
		})
	}
}

func TestCheckLayersReportsAnEmptyLayer(t *testing.T) {
	layers := append(fakeHouse(), layer{path: "adapters/mail"})
	wantFaults(t, checkLayers(fakePackages(), layers), `layer "adapters/mail" has no package`)
}

func TestTheLongestLayerWins(t *testing.T) {
	layers := append(fakeHouse(), layer{path: "adapters/store/fake/..."})
	pkgs := fakePackages(
		pkg{ImportPath: module + "/adapters/store/fake", Imports: []string{module + "/domain/ticket"}},
		pkg{ImportPath: module + "/adapters/store/real", Imports: []string{module + "/adapters/store/fake"}},
	)
	wantFaults(t, checkLayers(pkgs, layers),
		"adapters/store/fake imports domain/ticket, which adapters/store/fake/... does not see",
		"adapters/store/real imports adapters/store/fake, which adapters/store/... does not see")
}

func TestCheckEdgesComparesBothWays(t *testing.T) {
	written := map[string][]string{"fault": nil, "ticket": {"fault"}}
	wantFaults(t, checkEdges(fakePackages(), "domain", written))

	unlisted := pkg{ImportPath: module + "/domain/queue", Imports: []string{module + "/domain/ticket"}}
	wantFaults(t, checkEdges(fakePackages(unlisted), "domain", written),
		"domain/queue is not written down",
		"domain/queue imports ticket, which is not written down")

	stale := map[string][]string{"fault": {"id"}, "ticket": {"fault"}, "sla": nil}
	wantFaults(t, checkEdges(fakePackages(), "domain", stale),
		"domain/fault no longer imports id",
		"domain/sla no longer exists")
}

func TestCheckLibraries(t *testing.T) {
	table := map[string][]string{"example.org/web/v2": {"web"}}
	tests := map[string][]string{"example.org/check": {"*"}}
	wantFaults(t, checkLibraries(fakePackages(), fakeHouse(), table, tests))

	strays := []pkg{
		{ImportPath: module + "/domain/queue", Imports: []string{"example.org/web/v2", "example.org/check"}},
		{ImportPath: module + "/adapters/store/sub", TestImports: []string{"example.org/web/v2/routes", "example.org/check"}},
		{ImportPath: module + "/adapters/store/other", Imports: []string{"example.org/unheard"}},
	}
	wantFaults(t, checkLibraries(fakePackages(strays...), fakeHouse(), table, tests),
		"domain/queue imports example.org/web/v2, which is not domain/...'s",
		"domain/queue imports example.org/check, which is not domain/...'s",
		"adapters/store/sub (test) imports example.org/web/v2/routes, which is not adapters/store/...'s",
		"adapters/store/other imports example.org/unheard, which is not adapters/store/...'s")

	table["example.org/old"] = []string{"web"}
	tests["example.org/new"] = []string{"web"}
	wantFaults(t, checkLibraries(fakePackages(), fakeHouse(), table, tests),
		"nobody imports example.org/new", "nobody imports example.org/old")
}

func TestCheckLength(t *testing.T) {
	long := strings.Repeat("// line\n", maxLines+1)
	wantFaults(t, checkLength("a.go", []byte(long)), "a.go has 401 lines, more than 400")
	wantFaults(t, checkLength("a.go", []byte(long[len("// line\n"):])))
	wantFaults(t, checkLength("a.go", []byte("// Code generated by x. DO NOT EDIT.\n"+long)))
}

func TestCheckSleep(t *testing.T) {
	sleeping := "\ttime." + "Sleep(time.Second)\n"
	wantFaults(t, checkSleep("a_test.go", []byte(sleeping)), "a_test.go sleeps outside of testing/synctest")
	wantFaults(t, checkSleep("a_test.go", []byte(`import "testing/synctest"`+sleeping)))
	wantFaults(t, checkSleep("a_test.go", []byte("\tsynctest.Wait()\n")))
}

func TestCheckStateReportsWhatChanges(t *testing.T) {
	got, err := checkState(map[string][]byte{"a.go": []byte(`package a

import "embed"

//go:embed *.sql
var files embed.FS

var (
	_        error = nil
	ErrFixed       = new(int)
	counter        = 0
	cache          = map[string]int{}
	settings       = struct{ a int }{}
	shadowed       = 1
	waiting  *int
)

func init() {}

func (T) init() {}
`), "b.go": []byte(`package a

type T struct{}

func count(shadowed int) { counter++; shadowed = 2 }

func (T) put() { cache["a"] = 1; settings.a = 2 }

func drop() { delete(cache, "a"); local := 1; local = *ErrFixed; _ = local }
`), "gen.go": []byte("// Code generated by x. DO NOT EDIT.\n\npackage a\n\nvar free int\n")})
	if err != nil {
		t.Fatal(err)
	}
	wantFaults(
		t, got,
		"a.go has an init function",
		"a.go: package variable waiting has no value",
		"count changes package variable counter",
		"drop changes package variable cache",
		"put changes package variable cache",
		"put changes package variable settings",
	)
}
