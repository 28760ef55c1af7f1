package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// mostStrangers is how many unknown fields of a document are told one by one, at
// most maxErrors of them, each with what might have been meant.
const mostStrangers = 100

func invalid(format string, args ...any) *gqlerror.Error {
	err := gqlerror.Errorf(format, args...)
	errcode.Set(err, errcode.ValidationFailed)
	return err
}

// inCircle refuses a fragment that spreads itself, in the words of validation.
func inCircle(names []string) *gqlerror.Error {
	via := slices.Clone(names[1:min(len(names), maxErrors)])
	for i, name := range via {
		via[i] = fmt.Sprintf("%q", name)
	}
	text := ""
	if len(via) > 0 {
		text = " via " + strings.Join(via, ", ")
	}
	if len(names) > maxErrors {
		text += ", …"
	}
	return invalid("Cannot spread fragment %q within itself%s.", names[0], text)
}

// strangersIn refuses a document that asks for very many fields that do not exist.
func strangersIn(doc *ast.QueryDocument, schema *ast.Schema) *gqlerror.Error {
	s := strangers{schema: schema}
	for _, op := range doc.Operations {
		s.selections(op.SelectionSet, s.root(op.Operation))
	}
	for _, f := range doc.Fragments {
		s.selections(f.SelectionSet, schema.Types[f.TypeCondition])
	}
	if s.met <= mostStrangers {
		return nil
	}
	return invalid("More than %d fields do not exist, the first of them %q on type %q.", mostStrangers, s.first.Name, s.on.Name)
}

// strangers counts the fields of a document that do not exist.
type strangers struct {
	schema *ast.Schema
	met    int
	first  *ast.Field
	on     *ast.Definition
}

func (s *strangers) root(of ast.Operation) *ast.Definition {
	switch of {
	case ast.Mutation:
		return s.schema.Mutation
	case ast.Subscription:
		return s.schema.Subscription
	case ast.Query:
	}
	return s.schema.Query
}

// selections counts in a type's selections; what is in an unknown type, nobody knows.
func (s *strangers) selections(set ast.SelectionSet, on *ast.Definition) {
	if on == nil || s.met > mostStrangers {
		return
	}
	for _, one := range set {
		switch one := one.(type) {
		case *ast.Field:
			s.field(one, on)
		case *ast.InlineFragment:
			within := on
			if one.TypeCondition != "" {
				within = s.schema.Types[one.TypeCondition]
			}
			s.selections(one.SelectionSet, within)
		}
	}
}

func (s *strangers) field(f *ast.Field, on *ast.Definition) {
	if strings.HasPrefix(f.Name, "__") {
		return
	}
	if known := on.Fields.ForName(f.Name); known != nil {
		s.selections(f.SelectionSet, s.schema.Types[known.Type.Name()])
		return
	}
	if s.met++; s.met == 1 {
		s.first, s.on = f, on
	}
}
