package rest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// style is all that the page looks by.
const style = `:root{color-scheme:light dark;--line:#8884;--soft:#8881}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:62rem;padding:1rem}
code,.m{font:14px ui-monospace,monospace}h2{border-bottom:1px solid var(--line);margin-top:2.5rem}
details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;padding:.4rem .8rem}summary{cursor:pointer}
.m{display:inline-block;font-weight:700;width:4.5em}table{border-collapse:collapse;width:100%;margin:.5rem 0}
td,th{border-top:1px solid var(--line);padding:.25rem .5rem .25rem 0;text-align:left;vertical-align:top}
th{font-weight:600}small{opacity:.75}nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem}
summary,code{overflow-wrap:anywhere}td{overflow-wrap:break-word}
@media(max-width:40rem){table,tbody,td:last-child{display:block}tr{display:block;border-top:1px solid var(--line);padding:.25rem 0}
tr:has(th){display:none}td{display:inline-block;border:0;padding:0 .75rem 0 0}}`

// styleHash lets a browser use the page's style and no other.
func styleHash() string {
	sum := sha256.Sum256([]byte(style))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// docs makes the page that shows the description to a person, without a script
// and without anything from elsewhere.
func docs(o *huma.OpenAPI) []byte {
	p := &paper{schemas: o.Components.Schemas.Map()}
	p.add(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>%s API</title><style>`, o.Info.Title)
	p.WriteString(style)
	p.add(`</style><h1>%s API <small>%s</small></h1>`, o.Info.Title, o.Info.Version)
	for part := range strings.SplitSeq(o.Info.Description, "\n\n") {
		p.add("<p>%s</p>", part)
	}
	p.add(`<p>Addresses begin with <code>%s</code>. For programs: <a href="openapi.json">openapi.json</a>.</p><nav>`, Prefix)
	for _, t := range o.Tags {
		p.add(`<a href="#%s">%s</a>`, anchor(t.Name), t.Name)
	}
	p.WriteString(`<a href="#objects">Objects</a></nav>`)
	for _, t := range o.Tags {
		p.add(`<h2 id="%s">%s</h2><p>%s</p>`, anchor(t.Name), t.Name, t.Description)
		for _, path := range slices.Sorted(maps.Keys(o.Paths)) {
			p.path(path, t.Name, o.Paths[path])
		}
	}
	p.WriteString(`<h2 id="objects">Objects</h2>`)
	for _, name := range slices.Sorted(maps.Keys(p.schemas)) {
		p.add(`<details id="%s"><summary>%s</summary>`, name, name)
		p.properties(p.schemas[name])
		p.WriteString("</details>")
	}
	return []byte(p.String() + "</html>\n")
}

func anchor(name string) string { return strings.ReplaceAll(strings.ToLower(name), " ", "-") }

// paper is a page in the making.
type paper struct {
	strings.Builder

	schemas map[string]*huma.Schema
}

// add writes HTML with texts in it.
func (p *paper) add(format string, texts ...string) {
	escaped := make([]any, len(texts))
	for i, t := range texts {
		escaped[i] = html.EscapeString(t)
	}
	fmt.Fprintf(p, format, escaped...)
}

func (p *paper) path(path, tag string, item *huma.PathItem) {
	for _, one := range []struct {
		method string
		op     *huma.Operation
	}{{"GET", item.Get}, {"POST", item.Post}, {"PUT", item.Put}, {"PATCH", item.Patch}, {"DELETE", item.Delete}} {
		if one.op != nil && slices.Contains(one.op.Tags, tag) {
			p.operation(one.method, path, one.op)
		}
	}
}

func (p *paper) operation(method, path string, o *huma.Operation) {
	p.add(`<details id="%s"><summary><span class="m">%s</span><code>%s</code> %s</summary>`, o.OperationID, method, path, o.Summary)
	if o.Description != "" {
		p.add("<p>%s</p>", o.Description)
	}
	if len(o.Parameters) > 0 {
		p.WriteString("<table><tr><th>Parameter<th>In<th>Type<th>Meaning")
		for _, one := range o.Parameters {
			p.add("<tr><td><code>%s</code><td>%s<td>", one.Name, one.In)
			p.kind(one.Schema)
			p.add("<td>%s", one.Description)
		}
		p.WriteString("</table>")
	}
	if o.RequestBody != nil {
		for _, m := range o.RequestBody.Content {
			p.WriteString("<p>Body: ")
			p.kind(m.Schema)
			p.WriteString("</p>")
		}
	}
	p.WriteString("<p>Answers:")
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		r := o.Responses[status]
		p.add(" %s", status)
		for _, m := range r.Content {
			p.WriteString(" ")
			p.kind(m.Schema)
		}
		p.WriteString(";")
	}
	p.WriteString(" problems are ")
	p.kind(&huma.Schema{Ref: "#/components/schemas/Problem"})
	p.WriteString(".</p></details>")
}

// kind writes what a value is, with a link to what it consists of.
func (p *paper) kind(s *huma.Schema) {
	switch {
	case s == nil:
	case s.Ref != "":
		name := s.Ref[strings.LastIndex(s.Ref, "/")+1:]
		p.add(`<a href="#%s">%s</a>`, name, name)
	case len(s.AnyOf) > 0:
		p.kind(s.AnyOf[0])
		p.WriteString(" or null")
	case len(s.AllOf) > 0:
		p.kind(s.AllOf[0])
	case s.Items != nil:
		p.WriteString("list of ")
		p.kind(s.Items)
	case len(s.Enum) > 0:
		for i, v := range s.Enum {
			if i > 0 {
				p.WriteString(" · ")
			}
			p.add("<code>%s</code>", fmt.Sprint(v))
		}
	default:
		p.add("%s", s.Type)
		if s.Format != "" {
			p.add(" (%s)", s.Format)
		}
	}
	if s != nil && s.Nullable {
		p.WriteString(" or null")
	}
}

func (p *paper) properties(s *huma.Schema) {
	if s.Description != "" {
		p.add("<p>%s</p>", s.Description)
	}
	p.WriteString("<table>")
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		of := s.Properties[name]
		p.add("<tr><td><code>%s</code><td>", name)
		p.kind(of)
		p.add("<td>%s", of.Description)
	}
	p.WriteString("</table>")
}
