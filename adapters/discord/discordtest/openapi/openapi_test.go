package openapi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest/openapi"
)

const described = `{
 "paths": {
  "/things/{id}": {
   "parameters": [{"name": "id", "in": "path", "schema": {"type": "string"}}],
   "get": {
    "parameters": [{"name": "limit", "in": "query", "required": true, "schema": {"type": "integer", "maximum": 100}}],
    "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
     "4XX": {"$ref": "#/components/responses/Refused"}}
   },
   "post": {
    "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
    "responses": {"204": {}}
   }
  },
  "/things/@me": {"delete": {"responses": {"204": {}}}}
 },
 "components": {
  "responses": {"Refused": {"content": {"application/json": {"schema": {"type": "object", "properties": {
   "errors": {"type": "object", "additionalProperties": {"type": "object", "properties": {"_errors": {"type": "object"}}}}}}}}}},
  "schemas": {
   "ID": {"type": "string", "pattern": "^(0|[1-9][0-9]*)$"},
   "Kind": {"type": "integer", "oneOf": [{"const": 1}, {"const": 2}]},
   "Thing": {
    "type": "object", "required": ["id"],
    "properties": {
     "id": {"$ref": "#/components/schemas/ID"},
     "kind": {"$ref": "#/components/schemas/Kind"},
     "name": {"type": ["string", "null"], "minLength": 2, "maxLength": 4},
     "allow": {"type": ["integer", "null"]},
     "at": {"type": "string", "format": "date-time"},
     "tags": {"type": "array", "uniqueItems": true, "maxItems": 2, "items": {"type": "string", "enum": ["a", "b"]}},
     "free": {"type": "object"},
     "part": {"oneOf": [{"$ref": "#/components/schemas/Text"}, {"$ref": "#/components/schemas/Button"}]},
     "both": {"allOf": [{"$ref": "#/components/schemas/Text"}, {"type": "object", "properties": {"more": {"type": "boolean"}}}]},
     "map": {"type": "object", "maxProperties": 1, "additionalProperties": {"type": "number"}}
    }
   },
   "Text": {"type": "object", "required": ["type"], "properties": {"type": {"type": "integer", "enum": [10]}, "content": {"type": "string"}}},
   "Button": {"type": "object", "required": ["type"], "properties": {"type": {"type": "integer", "enum": [2]}, "label": {"type": "string"}}}
  }
 }
}`

func parse(t *testing.T) *openapi.Description {
	t.Helper()
	d, err := openapi.Parse([]byte(described))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestBodies(t *testing.T) {
	d := parse(t)
	for body, want := range map[string]string{
		`{"id":"12","kind":2,"name":"abc","at":"2026-01-02T03:04:05+00:00","tags":["a","b"],"free":{"x":1}}`:               "",
		`{"id":"1","name":null,"allow":"1024","part":{"type":2,"label":"x"},"both":{"type":10,"more":true},"map":{"x":1}}`: "",
		`{}`:                                  ".id lacks",
		`{"id":12}`:                           ".id: 12 is no string",
		`{"id":"012"}`:                        `.id: "012" does not fit ^(0|[1-9][0-9]*)$`,
		`{"id":"1","kind":3}`:                 ".kind: 3 is not 1",
		`{"id":"1","name":"x"}`:               ".name: characters 1, out of bounds",
		`{"id":"1","name":"äöüßé"}`:           ".name: characters 5, out of bounds",
		`{"id":"1","name":true}`:              ".name: true is no string or null",
		`{"id":"1","allow":"x"}`:              `.allow: "x" is no integer or null`,
		`{"id":"1","allow":1.5}`:              ".allow: 1.5 is no integer or null",
		`{"id":"1","at":"yesterday"}`:         `.at: "yesterday" is no date and time`,
		`{"id":"1","tags":["a","a"]}`:         ".tags: items repeat",
		`{"id":"1","tags":["c"]}`:             `.tags[0]: "c" is none of [a b]`,
		`{"id":"1","tags":["a","b","a"]}`:     ".tags: items 3, out of bounds; .tags: items repeat",
		`{"id":"1","colour":"red"}`:           ".colour is not described",
		`{"id":"1","part":{"type":2,"x":1}}`:  ".part.x is not described",
		`{"id":"1","part":{"type":3}}`:        ".part.type: 3 is none of [10]",
		`{"id":"1","both":{"type":10,"x":1}}`: ".both.x is not described",
		`{"id":"1","map":{"x":"y"}}`:          `.map.x: "y" is no number`,
		`{"id":"1","map":{"x":1,"y":1}}`:      ".map: properties 2, out of bounds",
		`{"id":`:                              "no JSON: unexpected EOF",
		``:                                    "the body lacks",
	} {
		got := strings.Join(d.Request(openapi.Exchange{Method: "POST", Path: "/things/1", Body: []byte(body)}), "; ")
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", body, got, want)
		}
	}
}

func TestRequests(t *testing.T) {
	d := parse(t)
	for want, x := range map[string]openapi.Exchange{
		"":                               {Method: "GET", Path: "/things/1", Query: "limit=5"},
		"?limit lacks":                   {Method: "GET", Path: "/things/1"},
		"?x is not described":            {Method: "GET", Path: "/things/1", Query: "limit=5&x=1"},
		"?limit is 500, out of bounds":   {Method: "GET", Path: "/things/1", Query: "limit=500"},
		"no such operation is described": {Method: "GET", Path: "/things/@me"},
		"a body where none is described": {Method: "DELETE", Path: "/things/@me", Body: []byte(`{"x":1}`)},
	} {
		if got := strings.Join(d.Request(x), "; "); got != want {
			t.Errorf("%+v\n got %s\nwant %s", x, got, want)
		}
	}
}

func TestAnswers(t *testing.T) {
	d := parse(t)
	for want, x := range map[string]openapi.Exchange{
		"":                                  {Method: "GET", Path: "/things/1", Status: 200, Answer: []byte(`{"id":"1","allow":4}`)},
		`.allow: "4" is no integer or null`: {Method: "GET", Path: "/things/1", Status: 200, Answer: []byte(`{"id":"1","allow":"4"}`)},
		".x is not described":               {Method: "GET", Path: "/things/1", Status: 200, Answer: []byte(`{"id":"1","x":"4"}`)},
		"no answer 201 is described":        {Method: "GET", Path: "/things/1", Status: 201},
		"a body where none is described":    {Method: "POST", Path: "/things/1", Status: 204, Answer: []byte(`{}`)},
	} {
		if got := strings.Join(d.Answer(x), "; "); got != want {
			t.Errorf("%+v\n got %s\nwant %s", x, got, want)
		}
	}
	named := openapi.Exchange{Method: "GET", Path: "/things/1", Status: 400, Answer: []byte(`{"errors":{"id":{"_errors":[{"code":"BASE_TYPE"}]}}}`)}
	failed := openapi.Exchange{Method: "GET", Path: "/things/1", Status: 502, Answer: []byte("<html>")}
	if got := append(d.Answer(named), d.Answer(failed)...); got != nil {
		t.Errorf("faults %v", got)
	}
}

func TestNoDescription(t *testing.T) {
	if _, err := openapi.Parse([]byte("{")); err == nil {
		t.Error("half a document was parsed")
	}
	t.Chdir(t.TempDir())
	if _, err := openapi.Find(); !errors.Is(err, openapi.ErrAbsent) {
		t.Errorf("error = %v", err)
	}
}
