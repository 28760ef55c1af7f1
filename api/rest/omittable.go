package rest

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Field is a part of a body that may be left out, which differs from its being
// null.
type Field[T any] struct {
	Set   bool // it was there
	Null  bool // and null
	Value T
}

// UnmarshalJSON implements json.Unmarshaler.
func (f *Field[T]) UnmarshalJSON(raw []byte) error {
	f.Set = true
	if f.Null = bytes.Equal(raw, []byte("null")); f.Null {
		return nil
	}
	return json.Unmarshal(raw, &f.Value)
}

// Schema implements huma.SchemaProvider.
func (f Field[T]) Schema(r huma.Registry) *huma.Schema {
	of := r.Schema(reflect.TypeFor[T](), true, "")
	if of.Ref != "" {
		return &huma.Schema{AnyOf: []*huma.Schema{of, {Type: "null"}}}
	}
	nullable := *of
	nullable.Nullable = true
	if nullable.Items != nil {
		nullable.Type = huma.TypeArray
	}
	return &nullable
}

// to gives the value to what it is for, if it was there; null is empty.
func (f Field[T]) to(v *T) {
	if f.Set {
		*v = f.Value
	}
}

// orNull lets an object in a schema be null, which huma does not know of.
func orNull(s *huma.Schema, names ...string) *huma.Schema {
	for _, name := range names {
		of := s.Properties[name]
		s.Properties[name] = &huma.Schema{Description: of.Description, AnyOf: []*huma.Schema{{Ref: of.Ref}, {Type: "null"}}}
	}
	return s
}
