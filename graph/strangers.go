package graph

import (
	"net/http"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/ticketsys/ticketsys/domain/access"
)

// maxStrange is the longest body that is read of somebody who is nobody, in bytes.
const maxStrange = 8 << 10

// admitting reports whether a mutation is one by which somebody comes in.
func admitting(mutation string) bool {
	return mutation == "exchangeSignInCode" || mutation == "refreshSession"
}

// comesIn reports whether an operation does nothing but let somebody in, for which they
// need not be known.
func comesIn(op *graphql.OperationContext) bool {
	if op == nil || op.Operation == nil || op.Operation.Operation != ast.Mutation {
		return false
	}
	fields := graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Mutation"})
	return len(fields) > 0 && !slices.ContainsFunc(fields, func(f graphql.CollectedField) bool { return !admitting(f.Name) })
}

// mayComeIn tells whether the request of somebody who is nobody is worth reading.
func mayComeIn(r *http.Request) bool {
	return r.Method == http.MethodPost && r.ContentLength > 0 && r.ContentLength <= maxStrange && !wants(r, eventStream)
}

// strangers refuses what somebody who is nobody asks for, unless it may let them in. What
// can be told of it before it is understood suffices: of documents that are known by
// their hash, that they are.
func (t httpTransport) strangers(r *http.Request, p *graphql.RawParams, err error) error {
	stranger := access.FromContext(r.Context()).Check(t.config.Now())
	switch {
	case stranger == nil:
		return err
	case err != nil:
		return stranger
	case p.Query == "" && p.Extensions != nil:
		return nil
	case strings.Contains(p.Query, "exchangeSignInCode"), strings.Contains(p.Query, "refreshSession"):
		p.Extensions = nil // registers no document
		return nil
	}
	return stranger
}
