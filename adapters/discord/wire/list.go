package wire

import "encoding/json"

// List is a list from which what cannot be read is left out, instead of making
// all that it stands in unreadable.
type List[T any] []T

// UnmarshalJSON never fails: what is no list is an empty one.
func (l *List[T]) UnmarshalJSON(raw []byte) error {
	if json.Unmarshal(raw, (*[]T)(l)) == nil {
		return nil
	}
	*l = nil
	var parts []json.RawMessage
	if json.Unmarshal(raw, &parts) != nil {
		return nil //nolint:nilerr // it is the purpose: the rest of the event is worth more
	}
	for _, part := range parts {
		var v T
		if json.Unmarshal(part, &v) == nil {
			*l = append(*l, v)
		}
	}
	return nil
}
