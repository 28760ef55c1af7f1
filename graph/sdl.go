package graph

import (
	"bytes"
	"maps"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/ticketsys/ticketsys/graph/generated"
)

// schema gives the schema as it is served: without @defer, which the executor
// knows and the transports do not, so that what it put off would be lost.
func schema() *ast.Schema {
	s := *generated.NewExecutableSchema(generated.Config{}).Schema()
	s.Directives = maps.Clone(s.Directives)
	delete(s.Directives, "defer")
	return &s
}

// SDL gives the schema in GraphQL's own language, descriptions included.
func SDL() []byte {
	var b bytes.Buffer
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchema(schema())
	return b.Bytes()
}
