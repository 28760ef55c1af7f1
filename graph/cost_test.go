package graph_test

import (
	"fmt"
	"strings"
	"testing"
)

// A page costs what its rows cost, in every connection: one that costs the same for
// a hundred rows as for one would let its readers have more than the limits say.
func TestEveryPageCostsItsRows(t *testing.T) {
	h := sqlite(t)
	costs := func(list string) float64 {
		return h.ask(t, h.Ada, `{ rateLimit(dryRun: true) { cost } `+list+` }`, nil).at("rateLimit.cost").(float64)
	}
	schema := everythingBy(1)
	for _, of := range schema.Types {
		for _, f := range of.Fields {
			if !strings.HasSuffix(f.Type.Name(), "Connection") {
				continue
			}
			list := func(rows int) string {
				var arguments []string
				for _, a := range f.Arguments {
					if a.Type.NonNull && a.DefaultValue == nil {
						arguments = append(arguments, a.Name+`: "x"`)
					}
				}
				all := f.Name + fmt.Sprintf(`(%s) { nodes { __typename } }`, strings.Join(append(arguments, fmt.Sprint("first: ", rows)), ", "))
				if of.Name != "Query" {
					all = `node(id: "x") { ... on ` + of.Name + ` { ` + all + ` } }`
				}
				return all
			}
			if few, many := costs(list(1)), costs(list(100)); many-few < 99 {
				t.Errorf("%s.%s costs %v of 100 rows, %v of 1: add it to costs, in cost.go", of.Name, f.Name, many, few)
			}
		}
	}
}
