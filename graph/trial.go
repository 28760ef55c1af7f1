package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// trial makes of a query with rateLimit(dryRun: true) one that tells what the
// whole would cost, and executes nothing else. It comes after the cost.
type trial struct{}

// ExtensionName names the extension.
func (trial) ExtensionName() string { return "Trial" }

// Validate accepts any schema.
func (trial) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext leaves only the question of the cost. The document may
// be in the cache: it is not changed.
func (t trial) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if op.Operation.Operation != ast.Query {
		return nil
	}
	asked := questions(op.Operation.SelectionSet)
	for _, f := range asked {
		if dry, _ := f.(*ast.Field).ArgumentMap(op.Variables)["dryRun"].(bool); dry {
			only := *op.Operation
			only.SelectionSet = asked
			op.Operation = &only
			op.Stats.SetExtension(t.ExtensionName(), true)
			return nil
		}
	}
	return nil
}

// questions are the fields of a query that ask for the cost.
func questions(set ast.SelectionSet) (asked ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if s.Name == "rateLimit" {
				asked = append(asked, s)
			}
		case *ast.InlineFragment:
			asked = append(asked, questions(s.SelectionSet)...)
		case *ast.FragmentSpread:
			asked = append(asked, questions(s.Definition.SelectionSet)...)
		}
	}
	return asked
}
