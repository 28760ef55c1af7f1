package rest

import (
	"maps"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// schema describes conditions on the columns; name is what the description calls them.
func (c columns) schema(name string) *huma.Schema {
	self := &huma.Schema{Ref: "#/components/schemas/" + name}
	parts := &huma.Schema{Type: huma.TypeArray, Items: self}
	s := &huma.Schema{
		Type: huma.TypeObject, Description: "Conditions, all of which must hold; at most 50 in all, nested at most 5 deep.",
		AdditionalProperties: false,
		Properties: map[string]*huma.Schema{
			"and": described(parts, "All of these hold."), "or": described(parts, "At least one of these holds."),
			"not": {Description: "This does not hold.", AllOf: []*huma.Schema{self}},
		},
	}
	for name, col := range c {
		s.Properties[name] = col.schema()
	}
	return s
}

func (c column) schema() *huma.Schema {
	s := &huma.Schema{Type: huma.TypeObject, Description: c.about, AdditionalProperties: false, Properties: map[string]*huma.Schema{}}
	for _, op := range c.ops {
		s.Properties[string(op)] = c.operand(op)
	}
	if c.parts == nil {
		return s
	}
	s.Required = []string{"key"}
	s.Properties["key"] = &huma.Schema{Type: huma.TypeString, Description: "The field's key, in whichever category."}
	for name, part := range c.parts {
		s.Properties[name] = part.schema()
	}
	return s
}

// comparisons says what the comparisons mean.
var comparisons = map[query.Op]string{
	query.Eq: "Is this one.", query.In: "Is one of these, at most 100.", query.Gte: "Is this or more.", query.Lt: "Is less.",
	query.Contains: "Holds this part, whatever its case.", query.IsNull: "true: there is none. false: there is one.",
}

func (c column) operand(op query.Op) *huma.Schema {
	one := &huma.Schema{Type: c.form, Description: comparisons[op]}
	if c.form == "date-time" || c.form == "date" {
		one.Type, one.Format = huma.TypeString, c.form
	}
	for _, word := range c.enum {
		one.Enum = append(one.Enum, word)
	}
	most := query.MaxValues
	switch op {
	case query.IsNull:
		return &huma.Schema{Type: huma.TypeBoolean, Description: comparisons[op]}
	case query.In:
		about := one.Description
		one.Description = ""
		return &huma.Schema{Type: huma.TypeArray, Items: one, MaxItems: &most, Description: about}
	default:
		return one
	}
}

func described(s *huma.Schema, about string) *huma.Schema {
	c := *s
	c.Description = about
	return &c
}

// describe tells of an operation what its list can be chosen and ordered by.
func (l list) describe(api huma.API, h *huma.Operation) {
	if l.name != "" {
		api.OpenAPI().Components.Schemas.Map()[l.name] = l.columns.schema(l.name)
	}
	for _, p := range h.Parameters {
		switch p.Name {
		case "where":
			p.Schema = &huma.Schema{Type: huma.TypeString, Extensions: map[string]any{
				"contentMediaType": "application/json", "contentSchema": map[string]string{"$ref": "#/components/schemas/" + l.name},
			}}
		case "orderBy":
			p.Schema.Items = &huma.Schema{Type: huma.TypeString}
			for _, name := range slices.Sorted(maps.Keys(l.orders)) {
				p.Schema.Items.Enum = append(p.Schema.Items.Enum, name, "-"+name)
			}
		case "first", "last":
			least, most := 1.0, float64(page.MaxSize)
			p.Schema.Minimum, p.Schema.Maximum = &least, &most
		}
	}
}
