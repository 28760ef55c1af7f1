package openapi

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// schema is the part of JSON Schema that the description uses.
type schema struct {
	Ref           string             `json:"$ref"`
	Type          kinds              `json:"type"`
	Properties    map[string]*schema `json:"properties"`
	Additional    *additional        `json:"additionalProperties"`
	Required      []string           `json:"required"`
	Items         *schema            `json:"items"`
	AllOf         []*schema          `json:"allOf"`
	OneOf         []*schema          `json:"oneOf"`
	AnyOf         []*schema          `json:"anyOf"`
	Enum          []any              `json:"enum"`
	Const         any                `json:"const"`
	Pattern       *pattern           `json:"pattern"`
	Format        string             `json:"format"`
	Minimum       *float64           `json:"minimum"`
	Maximum       *float64           `json:"maximum"`
	MinLength     *int               `json:"minLength"`
	MaxLength     *int               `json:"maxLength"`
	MinItems      *int               `json:"minItems"`
	MaxItems      *int               `json:"maxItems"`
	UniqueItems   bool               `json:"uniqueItems"`
	MinProperties *int               `json:"minProperties"`
	MaxProperties *int               `json:"maxProperties"`
}

// kinds is one type or several.
type kinds []string

func (k *kinds) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]string)(k))
	}
	var one string
	err := json.Unmarshal(b, &one)
	*k = kinds{one}
	return err
}

// pattern is a regular expression.
type pattern struct{ *regexp.Regexp }

func (p *pattern) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	compiled, err := regexp.Compile(text)
	p.Regexp = compiled
	return err
}

// additional is a schema for further properties, or whether there may be some.
type additional struct {
	schema *schema
	any    bool
}

func (a *additional) UnmarshalJSON(b []byte) error {
	if b[0] == '{' {
		a.any = true
		return json.Unmarshal(b, &a.schema)
	}
	return json.Unmarshal(b, &a.any)
}

func (d *Description) resolve(s *schema) *schema {
	for s != nil && s.Ref != "" {
		s = d.schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	if s == nil {
		return &schema{}
	}
	return s
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	case string:
		return "string"
	case map[string]any:
		return "object"
	default:
		return "array"
	}
}

func (s *schema) takes(v any) bool {
	if len(s.Type) == 0 {
		return true
	}
	kind := kindOf(v)
	if n, ok := v.(json.Number); ok && slices.Contains(s.Type, "integer") {
		f, err := n.Float64()
		return err == nil && f == math.Trunc(f)
	}
	return slices.Contains(s.Type, kind)
}

// value lists what is wrong with a value in itself, whatever is inside it.
func (s *schema) value(v any, at string) []string {
	if !s.takes(v) {
		return []string{fmt.Sprintf("%s: %s is no %s", at, short(v), strings.Join(s.Type, " or "))}
	}
	var faults []string
	if s.Const != nil && !equal(v, s.Const) {
		faults = append(faults, fmt.Sprintf("%s: %s is not %v", at, short(v), s.Const))
	}
	if len(s.Enum) > 0 && v != nil && !slices.ContainsFunc(s.Enum, func(e any) bool { return equal(v, e) }) {
		faults = append(faults, fmt.Sprintf("%s: %s is none of %v", at, short(v), s.Enum))
	}
	switch v := v.(type) {
	case string:
		faults = append(faults, s.text(v, at)...)
	case json.Number:
		f, _ := v.Float64()
		faults = append(faults, within(at+" is", f, s.Minimum, s.Maximum)...)
	case []any:
		faults = append(faults, within(at+": items", len(v), s.MinItems, s.MaxItems)...)
		if s.UniqueItems && repeats(v) {
			faults = append(faults, at+": items repeat")
		}
	case map[string]any:
		faults = append(faults, within(at+": properties", len(v), s.MinProperties, s.MaxProperties)...)
	}
	return faults
}

func within[N int | float64](what string, n N, least, most *N) []string {
	if least != nil && n < *least || most != nil && n > *most {
		return []string{fmt.Sprintf("%s %v, out of bounds", what, n)}
	}
	return nil
}

func (s *schema) text(v, at string) []string {
	faults := within(at+": characters", utf8.RuneCountInString(v), s.MinLength, s.MaxLength)
	if s.Pattern != nil && !s.Pattern.MatchString(v) {
		faults = append(faults, fmt.Sprintf("%s: %q does not fit %s", at, v, s.Pattern))
	}
	if s.Format == "date-time" {
		if _, err := time.Parse(time.RFC3339Nano, v); err != nil {
			faults = append(faults, fmt.Sprintf("%s: %q is no date and time", at, v))
		}
	}
	return faults
}

func equal(v, described any) bool {
	if n, ok := v.(json.Number); ok {
		f, err := n.Float64()
		return err == nil && any(f) == described
	}
	return v == described
}

func repeats(list []any) bool {
	seen := map[string]bool{}
	for _, v := range list {
		raw, err := json.Marshal(v)
		if err != nil || seen[string(raw)] {
			return true
		}
		seen[string(raw)] = true
	}
	return false
}

func short(v any) string {
	raw, _ := json.Marshal(v)
	if len(raw) > 60 {
		return string(raw[:57]) + "…"
	}
	return string(raw)
}
