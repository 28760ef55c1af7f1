package graph

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/ticketsys/ticketsys/graph/live"
)

// Limits bound what one request may ask for.
type Limits struct {
	Body       int64         // bytes of a request's body, or of a WebSocket message
	Values     int           // of a request's JSON, or of a WebSocket message's
	Tokens     int           // of a document
	Depth      int           // of nested fields; edges, node, nodes and introspection are not counted
	Aliases    int           // of an operation, its fragments filled in
	Directives int           // of an operation, its fragments filled in
	Repeats    int           // of fields that are asked for again in the same place, in a document
	Mutations  int           // of an operation
	Fields     int           // of an operation, its fragments filled in
	Complexity int           // of an operation: fields, times the sizes of the pages that they are in
	Live       int           // complexity of a subscription: what each event costs
	Streams    int           // that a member may have open at a time: WebSockets, and streams of server-sent events
	Sockets    int           // the same, of an address
	AllStreams int           // the same, in all
	Timeout    time.Duration // of a query or mutation
	Init       time.Duration // for which a WebSocket may stay without saying who it is
	Ping       time.Duration // between signs of life on an open stream
	Review     time.Duration // between looks at the rights of those who follow, besides whenever something happens
}

// DefaultLimits is generous to applications, and too little for an attack.
func DefaultLimits() Limits {
	return Limits{
		Body: 1 << 20, Values: 10_000, Tokens: 2000, Depth: 15, Aliases: 30, Directives: 60, Repeats: 200, Mutations: 5, Fields: 5000, Complexity: 20000, Live: 1000,
		Streams: 100, Sockets: 1000, AllStreams: 10000,
		Timeout: 15 * time.Second, Init: 10 * time.Second, Ping: 20 * time.Second, Review: live.DefaultReview,
	}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	return Limits{
		Body: cmp.Or(l.Body, d.Body), Values: cmp.Or(l.Values, d.Values), Tokens: cmp.Or(l.Tokens, d.Tokens), Depth: cmp.Or(l.Depth, d.Depth),
		Aliases: cmp.Or(l.Aliases, d.Aliases), Directives: cmp.Or(l.Directives, d.Directives),
		Repeats: cmp.Or(l.Repeats, d.Repeats), Mutations: cmp.Or(l.Mutations, d.Mutations), Fields: cmp.Or(l.Fields, d.Fields),
		Complexity: cmp.Or(l.Complexity, d.Complexity), Live: cmp.Or(l.Live, d.Live), Streams: cmp.Or(l.Streams, d.Streams),
		Sockets: cmp.Or(l.Sockets, d.Sockets), AllStreams: cmp.Or(l.AllStreams, d.AllStreams), Timeout: cmp.Or(l.Timeout, d.Timeout), Init: cmp.Or(l.Init, d.Init),
		Ping: cmp.Or(l.Ping, d.Ping), Review: cmp.Or(l.Review, d.Review),
	}
}

// limitOf gives the refusal behind an error by which gqlgen keeps a limit, nil
// for any other.
func limitOf(e *gqlerror.Error, l Limits) error {
	switch {
	case e.Extensions["code"] == errCost.code && strings.HasSuffix(e.Message, " "+strconv.Itoa(l.Live)):
		return errCost.with(l.Live)
	case e.Extensions["code"] == errCost.code:
		return errCost.with(l.Complexity)
	case e.Extensions["code"] == errcode.ParseFailed && overlong(e.Message):
		return errTokens.with(l.Tokens)
	}
	return nil
}

// overlong reports whether the parser found more tokens than there may be, by what
// it said.
func overlong(message string) bool { return strings.Contains(message, "token limit") }

// complexity is the limit of an operation's cost: a subscription costs as much
// again with each event, so that it may cost less.
func (l Limits) complexity(_ context.Context, op *graphql.OperationContext) int {
	if op.Operation.Operation == ast.Subscription {
		return l.Live
	}
	return l.Complexity
}

// bounds refuses operations whose form is out of bounds. It comes before the
// cost, whose computation would follow every fragment wherever it is spread.
type bounds struct {
	Limits

	introspection bool // is allowed
}

// ExtensionName names the extension.
func (bounds) ExtensionName() string { return "Bounds" }

// Validate accepts any schema.
func (bounds) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext measures the operation.
func (b bounds) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	size := make(measurer, len(op.Doc.Fragments)).selections(op.Operation.SelectionSet)
	size.directives += len(op.Operation.Directives)
	var err *refusal
	switch {
	case size.introspections > 0 && !b.introspection:
		err = errSecretive
	case size.introspections > maxIntrospections:
		err = errCost.with(b.Complexity)
	case size.depth > b.Depth:
		err = errDepth.with(b.Depth)
	case size.aliases > b.Aliases:
		err = errAliases.with(b.Aliases)
	case size.directives > b.Directives:
		err = errDirective.with(b.Directives)
	case size.fields > b.Fields:
		err = errCost.with(b.Fields)
	case op.Operation.Operation == ast.Mutation && size.top > b.Mutations:
		err = errMutations.with(b.Mutations)
	default:
		return nil
	}
	return gqlerror.Wrap(err)
}

// size is the size of a set of selections with its fragments filled in.
type size struct{ depth, aliases, directives, fields, top, introspections int }

// maxIntrospections is how often an operation may ask for the schema. Tools ask
// once; how deep each goes is bounded by a rule of validation.
const maxIntrospections = 3

// huge keeps sums of exponential growth from overflowing.
const huge = 1 << 30

func (s size) plus(o size) size {
	return size{
		depth: max(s.depth, o.depth), aliases: min(s.aliases+o.aliases, huge), directives: min(s.directives+o.directives, huge),
		fields: min(s.fields+o.fields, huge), top: min(s.top+o.top, huge),
		introspections: min(s.introspections+o.introspections, huge),
	}
}

// measurer remembers the size of each fragment, so that measuring takes no
// longer than reading, however often fragments are spread.
type measurer map[*ast.FragmentDefinition]size

func (m measurer) selections(set ast.SelectionSet) size {
	var sum size
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			sum = sum.plus(m.field(s))
		case *ast.InlineFragment:
			sum = sum.plus(m.selections(s.SelectionSet)).plus(size{directives: len(s.Directives)})
		case *ast.FragmentSpread:
			sum = sum.plus(m.fragment(s.Definition)).plus(size{directives: len(s.Directives)})
		}
	}
	return sum
}

func (m measurer) fragment(f *ast.FragmentDefinition) size {
	if _, known := m[f]; !known {
		m[f] = m.selections(f.SelectionSet).plus(size{directives: len(f.Directives)})
	}
	return m[f]
}

func (m measurer) field(f *ast.Field) size {
	s := m.selections(f.SelectionSet)
	s.top = 1
	s.fields, s.directives = min(s.fields+1, huge), min(s.directives+len(f.Directives), huge)
	if f.Alias != f.Name {
		s.aliases++
	}
	switch {
	case strings.HasPrefix(f.Name, "__"):
		s.depth = 0
		if f.Name != "__typename" {
			s.introspections++
		}
	case f.Name != "edges" && f.Name != "node" && f.Name != "nodes":
		s.depth++
	}
	return s
}

// rulesWithoutSuggestions are the rules of validation whose errors do not name
// what the caller might have meant: with introspection off, names are not told.
func rulesWithoutSuggestions() *rules.Rules {
	r := rules.NewDefaultRules()
	r.ReplaceRule(rules.KnownArgumentNamesRule.Name, rules.KnownArgumentNamesRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.KnownTypeNamesRule.Name, rules.KnownTypeNamesRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc)
	return r
}
