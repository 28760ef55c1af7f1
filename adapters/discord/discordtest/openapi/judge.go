package openapi

import (
	"fmt"
	"maps"
	"slices"
)

// judge compares values with schemas.
type judge struct {
	d       *Description
	request bool
}

// verdict is what a schema says of a value: what is wrong, and which of its properties it knows.
type verdict struct {
	faults []string
	known  map[string]bool
	open   bool // any property may be there
}

func (v *verdict) join(other verdict) {
	v.faults = append(v.faults, other.faults...)
	maps.Copy(v.known, other.known)
	v.open = v.open || other.open
}

// closed is what is wrong with a value, properties that no part of its schema knows included.
func (j judge) closed(s *schema, v any, at string) []string {
	out := j.open(s, v, at)
	return append(out.faults, out.unknown(v, at)...)
}

func (v verdict) unknown(value any, at string) []string {
	fields, ok := value.(map[string]any)
	if !ok || v.open || v.faults != nil {
		return nil
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !v.known[name] && at+"."+name != documented {
			out = append(out, fmt.Sprintf("%s.%s is not described", at, name))
		}
	}
	return out
}

func (j judge) open(s *schema, v any, at string) verdict {
	s = j.d.resolve(s)
	out := verdict{known: map[string]bool{}, faults: s.value(v, at)}
	for _, part := range s.AllOf {
		out.join(j.open(part, v, at))
	}
	for _, alternatives := range [][]*schema{s.OneOf, s.AnyOf} {
		if len(alternatives) > 0 {
			out.join(j.best(alternatives, v, at))
		}
	}
	switch v := v.(type) {
	case map[string]any:
		out.join(j.object(s, v, at))
	case []any:
		if s.Items != nil {
			for i, one := range v {
				out.faults = append(out.faults, j.closed(s.Items, one, fmt.Sprintf("%s[%d]", at, i))...)
			}
		}
	}
	return out
}

// best is the alternative that fits, or fits best: with the fewest faults, then the fewest unknown properties.
func (j judge) best(alternatives []*schema, v any, at string) verdict {
	var best verdict
	least := -1
	for _, one := range alternatives {
		got := j.open(one, v, at)
		weight := 1000*len(got.faults) + len(got.unknown(v, at))
		if least < 0 || weight < least {
			best, least = got, weight
		}
	}
	return best
}

func (j judge) object(s *schema, v map[string]any, at string) verdict {
	out := verdict{known: map[string]bool{}}
	for _, name := range s.Required {
		if _, ok := v[name]; !ok {
			out.faults = append(out.faults, fmt.Sprintf("%s.%s lacks", at, name))
		}
	}
	out.open = s.Additional != nil && s.Additional.any && s.Additional.schema == nil ||
		len(s.Type) > 0 && s.Properties == nil && s.Additional == nil && len(s.AllOf)+len(s.OneOf)+len(s.AnyOf) == 0
	for _, name := range slices.Sorted(maps.Keys(v)) {
		property, ok := s.Properties[name]
		switch {
		case ok:
			out.known[name] = true
			if !j.excepted(at+"."+name, v[name]) {
				out.faults = append(out.faults, j.closed(property, v[name], at+"."+name)...)
			}
		case s.Additional != nil && s.Additional.schema != nil:
			out.known[name] = true
			if !j.excepted(at+"."+name, v[name]) {
				out.faults = append(out.faults, j.closed(s.Additional.schema, v[name], at+"."+name)...)
			}
		}
	}
	return out
}
