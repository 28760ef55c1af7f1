package graph

import (
	"bytes"

	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/ticketsys/ticketsys/graph/generated"
)

// SDL gives the schema in GraphQL's own language, descriptions included.
func SDL() []byte {
	var b bytes.Buffer
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchema(generated.NewExecutableSchema(generated.Config{}).Schema())
	return b.Bytes()
}
