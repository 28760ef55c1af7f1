package discordtest

import "encoding/json"

// opt tells a field that is absent from one that is null or empty.
type opt[T any] struct {
	set bool
	v   T
}

func (o *opt[T]) UnmarshalJSON(b []byte) error {
	o.set = true
	return json.Unmarshal(b, &o.v)
}

// or is the value where the field is there, else the fallback.
func (o opt[T]) or(fallback T) T {
	if o.set {
		return o.v
	}
	return fallback
}
