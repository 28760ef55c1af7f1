package wire

import "encoding/json"

// Maybe is a value that is left out when it cannot be read, instead of making
// all that it stands in unreadable.
type Maybe[T any] struct{ Is *T }

// UnmarshalJSON never fails.
func (m *Maybe[T]) UnmarshalJSON(raw []byte) error {
	var v *T
	if json.Unmarshal(raw, &v) != nil {
		v = nil
	}
	m.Is = v
	return nil
}

// MarshalJSON writes what it is, null for what was left out.
func (m Maybe[T]) MarshalJSON() ([]byte, error) { return json.Marshal(m.Is) }
