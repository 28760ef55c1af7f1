package discordtest

import (
	"path"
	"strings"
)

// Match picks requests.
type Match func(Request) bool

// Any matches every request.
func Any(Request) bool { return true }

// On matches a method ("" is any) and a path without version, in which * stands for one segment
// and ** at the end for the rest: On("POST", "/channels/*/messages").
func On(method, pattern string) Match {
	return func(r Request) bool {
		if method != "" && method != r.Method {
			return false
		}
		if prefix, ok := strings.CutSuffix(pattern, "**"); ok {
			return strings.HasPrefix(r.Path, prefix)
		}
		ok, err := path.Match(pattern, r.Path)
		return ok && err == nil
	}
}

// And narrows m to requests whose body contains text.
func (m Match) And(text string) Match {
	return func(r Request) bool { return m(r) && strings.Contains(string(r.Body), text) }
}

// Or widens m by another.
func (m Match) Or(other Match) Match {
	return func(r Request) bool { return m(r) || other(r) }
}

// Not is every request that m does not match.
func Not(m Match) Match { return func(r Request) bool { return !m(r) } }
