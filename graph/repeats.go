package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// repeats refuses documents that ask for the same again and again. Validation
// compares each field with each other of its name in the same place, which takes
// the square of their number: they are counted before, once for each document.
type repeats struct {
	Limits

	known graphql.Cache[*ast.QueryDocument] // that have been validated
}

// ExtensionName names the extension.
func (repeats) ExtensionName() string { return "Repeats" }

// Validate accepts any schema.
func (repeats) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters counts. What can't be parsed is left to whom it is to be told by.
func (r repeats) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if _, ok := r.known.Get(ctx, params.Query); ok {
		return nil
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, r.Tokens)
	if err != nil {
		return nil //nolint:nilerr // as said
	}
	c := census{fragments: doc.Fragments, counted: map[string]count{}}
	for _, op := range doc.Operations {
		if c.place(op.SelectionSet) > r.Repeats {
			return gqlerror.Wrap(errRepeats.with(r.Repeats))
		}
	}
	for _, f := range doc.Fragments { // also those that nothing spreads are validated
		if c.place(f.SelectionSet) > r.Repeats {
			return gqlerror.Wrap(errRepeats.with(r.Repeats))
		}
	}
	return nil
}

// count is what selections hold, with their fragments filled in: how often each
// name is answered by, and how many repetitions are in the places below.
type count struct {
	names map[string]int
	below int
}

// census counts each fragment once, however often it is spread. One that spreads
// itself is counted empty there: it is refused for that.
type census struct {
	fragments ast.FragmentDefinitionList
	counted   map[string]count
}

// place gives the repetitions in a place and below it.
func (c census) place(set ast.SelectionSet) int {
	in := c.selections(set)
	total := in.below
	for _, n := range in.names {
		total = min(total+n-1, huge)
	}
	return total
}

func (c census) selections(set ast.SelectionSet) count {
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

func (c census) fragment(name string) count {
	if _, known := c.counted[name]; !known {
		c.counted[name] = count{}
		if f := c.fragments.ForName(name); f != nil {
			c.counted[name] = c.selections(f.SelectionSet)
		}
	}
	return c.counted[name]
}

func (s *count) add(o count) {
	s.below = min(s.below+o.below, huge)
	for name, n := range o.names {
		s.names[name] = min(s.names[name]+n, huge)
	}
}
