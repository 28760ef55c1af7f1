package rest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// judge holds responses to the description that the server gives of itself.
type judge struct {
	compiler *jsonschema.Compiler
	paths    map[string]map[string]struct {
		OperationID string
		Responses   map[string]reply
	}
	shared   map[string]reply
	patterns map[string]*regexp.Regexp
	schemas  map[string]*jsonschema.Schema
}

type reply struct {
	Ref     string `json:"$ref"`
	Content map[string]any
	Headers map[string]any
}

const descriptionURL = "http://helpdesk.test/openapi.json"

func newJudge(t *testing.T, description string) *judge {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string
			Responses   map[string]reply
		}
		Components struct{ Responses map[string]reply }
	}
	if err := json.Unmarshal([]byte(description), &doc); err != nil {
		t.Fatal(err)
	}
	whole, err := jsonschema.UnmarshalJSON(strings.NewReader(description))
	if err != nil {
		t.Fatal(err)
	}
	j := &judge{compiler: jsonschema.NewCompiler(), paths: doc.Paths, shared: doc.Components.Responses, patterns: map[string]*regexp.Regexp{}, schemas: map[string]*jsonschema.Schema{}}
	j.compiler.DefaultDraft(jsonschema.Draft2020)
	j.compiler.AssertFormat()
	if err := j.compiler.AddResource(descriptionURL, whole); err != nil {
		t.Fatal(err)
	}
	part := regexp.MustCompile(`\\\{[^/]+\\\}`)
	for path := range doc.Paths {
		j.patterns[path] = regexp.MustCompile("^/api/v1" + part.ReplaceAllString(regexp.QuoteMeta(path), "[^/]+") + "$")
	}
	return j
}

// pathOf finds the description's path of a request, those without parts to fill in first.
func (j *judge) pathOf(r *http.Request) (string, bool) {
	all := slices.SortedFunc(maps.Keys(j.patterns), func(a, b string) int { return strings.Count(a, "{") - strings.Count(b, "{") })
	for _, path := range all {
		if _, ok := j.paths[path][strings.ToLower(r.Method)]; ok && j.patterns[path].MatchString(r.URL.Path) {
			return path, true
		}
	}
	return "", false
}

// operations names all operations of the description.
func (j *judge) operations() []string {
	var all []string
	for _, methods := range j.paths {
		for _, o := range methods {
			all = append(all, o.OperationID)
		}
	}
	return all
}

// holds demands that a response is one that the description promises.
func (j *judge) holds(t *testing.T, r *http.Request, a *answer) {
	t.Helper()
	path, known := j.pathOf(r)
	if !known {
		return
	}
	method, status := strings.ToLower(r.Method), fmt.Sprint(a.status)
	promised, ok := j.paths[path][method].Responses[status]
	if !ok {
		t.Errorf("%s answers %s, of which the description knows nothing: %s", a.wish, status, a.body)
		return
	}
	at := []string{"paths", path, method, "responses", status}
	if name, shared := strings.CutPrefix(promised.Ref, "#/components/responses/"); shared {
		promised, at = j.shared[name], []string{"components", "responses", name}
	}
	for name := range promised.Headers {
		if name == "ETag" && a.header.Get(name) == "" {
			t.Errorf("%s has no %s", a.wish, name)
		}
	}
	media := a.header.Get("Content-Type")
	if len(promised.Content) == 0 {
		if a.body != "" {
			t.Errorf("%s answers %s with a body: %s", a.wish, status, a.body)
		}
		return
	}
	if _, ok := promised.Content[media]; !ok {
		t.Errorf("%s answers %s as %q, of which the description knows nothing", a.wish, status, media)
		return
	}
	if err := j.schema(t, append(at, "content", media, "schema")).Validate(a.data); err != nil {
		t.Errorf("%s answers %s otherwise than described: %v\n%s", a.wish, status, err, a.body)
	}
}

func (j *judge) schema(t *testing.T, at []string) *jsonschema.Schema {
	t.Helper()
	url := descriptionURL + "#"
	for _, step := range at {
		url += "/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(step)
	}
	if j.schemas[url] == nil {
		compiled, err := j.compiler.Compile(url)
		if err != nil {
			t.Fatal(err)
		}
		j.schemas[url] = compiled
	}
	return j.schemas[url]
}
