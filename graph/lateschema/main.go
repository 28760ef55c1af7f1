// Command lateschema changes what gqlgen generated: the schema is parsed when it
// is first needed, and not by every program that starts. Run it from graph.
package main

import (
	"bytes"
	"fmt"
	"os"
)

const file = "generated/root_.generated.go"

// The texts that gqlgen writes, each once, and what stands there instead.
var changes = [][2]string{
	{"\n\t\"sync/atomic\"\n", "\n\t\"sync\"\n\t\"sync/atomic\"\n"},
	{"\nvar parsedSchema = gqlparser.MustLoadSchema(sources...)\n", "\nvar parsedSchema = sync.OnceValue(func() *ast.Schema { return gqlparser.MustLoadSchema(sources...) })\n"},
	{"\treturn parsedSchema\n", "\treturn parsedSchema()\n"},
	{"\tparsedSchema,\n", "\tparsedSchema(),\n"},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "lateschema:", err)
		os.Exit(1)
	}
}

func run() error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if n := bytes.Count(text, []byte(c[0])); n != 1 {
			return fmt.Errorf("%s has %q %d times, not once: what gqlgen generates has changed", file, c[0], n)
		}
		text = bytes.Replace(text, []byte(c[0]), []byte(c[1]), 1)
	}
	return os.WriteFile(file, text, 0o644) //nolint:gosec // as gqlgen writes it
}
