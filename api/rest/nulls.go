package rest

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// optional is a part of a body that may be null.
type optional interface{ part() reflect.Type }

func (Field[T]) part() reflect.Type { return reflect.TypeFor[T]() }

// nulls gives what is null in the body of an input and must not be, which huma takes for
// what is left out. Codes: invalid.
func (e *exchange) nulls(in any) refusals {
	if e.body == nil || !bytes.Contains(e.body.Bytes(), []byte("null")) {
		return nil
	}
	of, there := reflect.TypeOf(in).Elem().FieldByName("Body")
	var body any
	if !there || json.Unmarshal(e.body.Bytes(), &body) != nil {
		return nil //nolint:nilerr // what is no JSON was refused before
	}
	return nullsIn(of.Type, false, body, "")
}

func nullsIn(of reflect.Type, nullable bool, v any, at string) refusals {
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if o, ok := reflect.TypeAssert[optional](reflect.Zero(of)); ok {
		return nullsIn(o.part(), true, v, at)
	}
	var wrong refusals
	switch v := v.(type) {
	case nil:
		if !nullable {
			wrong = refusals{errValue.On(at)}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if part, may, known := propertyOf(of, name); known {
				wrong = append(wrong, nullsIn(part, may, v[name], strings.TrimPrefix(at+"."+name, "."))...)
			}
		}
	case []any:
		for i, one := range v {
			if of.Kind() == reflect.Slice {
				wrong = append(wrong, nullsIn(of.Elem(), false, one, at+"."+strconv.Itoa(i))...)
			}
		}
	}
	return wrong
}

// propertyOf finds a property of an object by its name, and whether it may be null.
func propertyOf(of reflect.Type, name string) (part reflect.Type, nullable, known bool) {
	if of.Kind() == reflect.Map {
		return of.Elem(), false, true
	}
	if of.Kind() != reflect.Struct {
		return nil, false, false
	}
	for _, f := range reflect.VisibleFields(of) {
		if called, _, _ := strings.Cut(f.Tag.Get("json"), ","); called == name {
			return f.Type, f.Tag.Get("nullable") == "true", true
		}
	}
	return nil, false, false
}
