// Package openapi judges requests and answers by Discord's own OpenAPI description, strictly: a field that is not
// described is a fault. It knows the part of JSON Schema that the description uses, and is quick enough to judge every
// exchange of every test.
package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Description is Discord's description of its HTTP API. It is safe for concurrent use.
type Description struct {
	paths   map[string]path
	schemas map[string]*schema
	answers map[string]answer
	routes  *node
}

// ErrAbsent is that the description does not lie beside the repository.
var ErrAbsent = errors.New("openapi: Discord's description is not there: ../shared/discord/openapi.json")

// Find reads the description from ../shared/discord beside the repository in which the working directory lies.
// It fails with ErrAbsent where there is none.
func Find() (*Description, error) {
	raw, err := Beside("openapi.json")
	if err != nil {
		return nil, err
	}
	return Parse(raw)
}

// Beside reads a file of ../shared/discord beside the repository. It fails with ErrAbsent where it is not there.
func Beside(name string) ([]byte, error) {
	at, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(at)
		if up == at {
			return nil, ErrAbsent
		}
		at = up
	}
	raw, err := os.ReadFile(filepath.Join(at, "..", "shared", "discord", name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrAbsent
	}
	return raw, err
}

// Parse reads an OpenAPI 3.1 document.
func Parse(raw []byte) (*Description, error) {
	var doc struct {
		Paths      map[string]path
		Components struct {
			Schemas   map[string]*schema
			Responses map[string]answer
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	d := &Description{paths: doc.Paths, schemas: doc.Components.Schemas, answers: doc.Components.Responses, routes: &node{}}
	for template := range doc.Paths {
		d.routes.add(strings.Split(template, "/"), template)
	}
	return d, nil
}

// path are the operations of one path.
type path struct {
	Parameters []parameter
	Get        *operation
	Put        *operation
	Post       *operation
	Patch      *operation
	Delete     *operation
}

type operation struct {
	Parameters  []parameter
	RequestBody *struct {
		Content  map[string]media
		Required bool
	}
	Responses map[string]answer
}

type parameter struct {
	Name     string
	In       string
	Required bool
	Schema   *schema
}

type media struct{ Schema *schema }

type answer struct {
	Ref     string `json:"$ref"`
	Content map[string]media
}

func (p path) operation(method string) *operation {
	return map[string]*operation{"GET": p.Get, "PUT": p.Put, "POST": p.Post, "PATCH": p.Patch, "DELETE": p.Delete}[method]
}

// node is a tree of path segments, in which a fixed one goes before a parameter.
type node struct {
	fixed    map[string]*node
	any      *node
	template string
}

func (n *node) add(steps []string, template string) {
	if len(steps) == 0 {
		n.template = template
		return
	}
	next := &n.any
	if !strings.HasPrefix(steps[0], "{") {
		if n.fixed == nil {
			n.fixed = map[string]*node{}
		}
		found := n.fixed[steps[0]]
		if found == nil {
			found = &node{}
			n.fixed[steps[0]] = found
		}
		found.add(steps[1:], template)
		return
	}
	if *next == nil {
		*next = &node{}
	}
	(*next).add(steps[1:], template)
}

func (n *node) find(steps []string) string {
	if n == nil {
		return ""
	}
	if len(steps) == 0 {
		return n.template
	}
	if found := n.fixed[steps[0]].find(steps[1:]); found != "" {
		return found
	}
	return n.any.find(steps[1:])
}
