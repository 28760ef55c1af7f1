package graph_test

import (
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
)

// Every permission is a scope that keys can have, and the schema names it.
func TestTheSchemaNamesEveryPermission(t *testing.T) {
	h := sqlite(t)
	var names []string
	for _, p := range access.Permissions() {
		names = append(names, strings.ToUpper(strings.ReplaceAll(string(p), ".", "_")))
	}
	a := h.ask(t, h.Ada, `mutation($in: CreateApiKeyInput!) { createApiKey(input: $in) { apiKey { scopes } secret userErrors { message } } }`,
		vars{"in": vars{"name": "Everything", "scopes": names}})
	if got := a.at("createApiKey.apiKey.scopes").([]any); len(got) != len(names) {
		t.Errorf("%d scopes are shown, of %d: %s", len(got), len(names), a.body)
	}
	if n := len(ours()["Permission"].EnumValues); n != len(names) {
		t.Errorf("the schema names %d permissions, the table has %d", n, len(names))
	}
}
