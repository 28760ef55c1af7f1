package openapi

import (
	"encoding/json"
	"slices"
	"strings"
)

// documented is a field that the documentation has and the description lacks: the first message in the answer to a
// new forum post.
const documented = ".message"

// excepted are the places where the description differs from what is documented and sent: permissions in requests are
// strings of digits, the errors of a form have codes that are names, and a reference to a message may be a forward.
func (j judge) excepted(at string, v any) bool {
	name := at[strings.LastIndexByte(at, '.')+1:]
	switch v := v.(type) {
	case string:
		return j.request && digits(v) && slices.Contains(bitsets, name)
	case json.Number:
		return v == "1" && strings.HasSuffix(at, ".message_reference.type")
	case []any:
		return !j.request && name == "_errors"
	}
	return false
}

var bitsets = []string{"allow", "deny", "permissions", "default_member_permissions"}

func digits(text string) bool {
	for _, r := range text {
		if r < '0' || r > '9' {
			return false
		}
	}
	return text != ""
}
