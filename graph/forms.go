package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// forms refuses documents whose validation would take long, before it, once for each
// document: those that ask for the same again and again, since validation compares
// each field with each other of its name in the same place, which takes the square
// of their number; fragments that spread themselves, in which it goes round; and
// those that are wrong in very many places, each of which it would word.
type forms struct {
	Limits

	known  graphql.Cache[*ast.QueryDocument] // that have been validated
	schema *ast.Schema
}

// ExtensionName names the extension.
func (forms) ExtensionName() string { return "Forms" }

// Validate accepts any schema.
func (forms) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters looks. What can't be parsed is left to whom it is to be told by.
func (r forms) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if _, ok := r.known.Get(ctx, params.Query); ok {
		return nil
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, r.Tokens)
	switch {
	case err != nil && overlong(err.Error()):
		return gqlerror.Wrap(errTokens.with(r.Tokens))
	case err != nil:
		return nil //nolint:nilerr // as said
	}
	c := &census{fragments: doc.Fragments, counted: map[string]count{}}
	repeated := false
	for _, op := range doc.Operations {
		repeated = c.place(op.SelectionSet) > r.Repeats || repeated
	}
	for _, f := range doc.Fragments { // also those that nothing spreads are validated
		repeated = c.place(f.SelectionSet) > r.Repeats || repeated
	}
	switch {
	case c.circle != nil:
		return inCircle(c.circle)
	case repeated:
		return gqlerror.Wrap(errRepeats.with(r.Repeats))
	}
	return strangersIn(doc, r.schema)
}

// count is what selections hold, with their fragments filled in: how often each
// name is answered by, and how many repetitions are in the places below.
type count struct {
	names map[string]int
	below int
}

// census counts each fragment once, however often it is spread. One that spreads
// itself is counted empty there, and remembered.
type census struct {
	fragments ast.FragmentDefinitionList
	counted   map[string]count
	open      []string // the fragments that are being counted, each spread by the one before
	circle    []string // the first of them that spread itself, with those by which it did
}

// place gives the repetitions in a place and below it.
func (c *census) place(set ast.SelectionSet) int {
	in := c.selections(set)
	total := in.below
	for _, n := range in.names {
		total = min(total+n-1, huge)
	}
	return total
}

func (c *census) selections(set ast.SelectionSet) count {
	sum := count{names: map[string]int{}}
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			sum.names[s.Alias] = min(sum.names[s.Alias]+1, huge)
			sum.below = min(sum.below+c.place(s.SelectionSet), huge)
		case *ast.InlineFragment:
			sum.add(c.selections(s.SelectionSet))
		case *ast.FragmentSpread:
			sum.add(c.fragment(s.Name))
		}
	}
	return sum
}

func (c *census) fragment(name string) count {
	done, known := c.counted[name]
	if known {
		if i := slices.Index(c.open, name); i >= 0 && c.circle == nil {
			c.circle = slices.Clone(c.open[i:])
		}
		return done
	}
	c.counted[name] = count{}
	c.open = append(c.open, name)
	if f := c.fragments.ForName(name); f != nil {
		c.counted[name] = c.selections(f.SelectionSet)
	}
	c.open = c.open[:len(c.open)-1]
	return c.counted[name]
}

func (s *count) add(o count) {
	s.below = min(s.below+o.below, huge)
	for name, n := range o.names {
		s.names[name] = min(s.names[name]+n, huge)
	}
}
