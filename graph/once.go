package graph

import (
	"context"
	"encoding/json"
	"maps"

	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

const (
	inputArgument = "input"
	keyField      = "idempotencyKey"
)

// carriedOutOnce lets every mutation of an operation be carried out once for its
// idempotency key. Nothing else in the operation passes here more slowly.
func (r *Resolver) carriedOutOnce(oc *graphql.OperationContext) {
	around := oc.ResolverMiddleware
	oc.ResolverMiddleware = func(ctx context.Context, next graphql.Resolver) (any, error) {
		return around(ctx, func(ctx context.Context) (any, error) {
			if field := graphql.GetFieldContext(ctx); field.Object == "Mutation" && !admitting(field.Field.Name) {
				return r.once(ctx, oc, field, next)
			}
			return next(ctx)
		})
	}
}

// once carries out a mutation in one transaction with the note of what came of
// it, unless its key says that this was done before.
func (r *Resolver) once(ctx context.Context, oc *graphql.OperationContext, field *graphql.FieldContext, next graphql.Resolver) (any, error) {
	wish, ok, err := wishOf(oc, field)
	if err != nil {
		return nil, err
	}
	if !ok {
		return next(ctx)
	}
	var payload *model.Payload
	kept, replayed, err := r.config.Idempotency.Do(ctx, r.call(ctx), wish, func(ctx context.Context) (idempotency.Result, error) {
		done, err := next(ctx)
		if err != nil {
			return idempotency.Result{}, err
		}
		payload = done.(*model.Payload) //nolint:errcheck,forcetypeassert // every mutation gives one: TestMutationsHaveOneInputAndTellWhy
		return payload.Result()
	})
	switch {
	case err != nil:
		return r.result(ctx, err)
	case replayed:
		return r.again(ctx, r.rows(ctx), kept)
	}
	return payload, nil
}

// wishOf gives the mutation as a wish, if it has a key. The same input is the
// same wish, whether it comes in the document or in variables.
func wishOf(oc *graphql.OperationContext, field *graphql.FieldContext) (idempotency.Wish, bool, error) {
	given, _ := field.Field.ArgumentMap(oc.Variables)[inputArgument].(map[string]any)
	key, ok := given[keyField].(string)
	if !ok {
		return idempotency.Wish{}, false, nil
	}
	rest := maps.Clone(given)
	delete(rest, keyField)
	raw, err := json.Marshal(rest)
	return idempotency.Wish{Operation: field.Field.Name, Key: key, Input: raw}, true, err
}

// again gives the payload of what was done before. Its objects are read as the
// caller may see them now.
func (r *Resolver) again(ctx context.Context, rows *load.Rows, kept idempotency.Result) (*model.Payload, error) {
	var objects []model.Object
	for _, s := range kept.Objects {
		k, n, _ := scalar.Decode(s)
		want(rows, k, n)
		objects = append(objects, model.Object{Kind: k, ID: n})
	}
	p := r.payload(rows, objects...)
	for _, item := range kept.Items {
		one, err := r.again(ctx, rows, item)
		if err != nil {
			return nil, err
		}
		p.Add(item.Subject, one)
	}
	for _, refusal := range kept.Refusals {
		if err := r.refuse(ctx, p, refusal.Fault()); err != nil {
			return nil, err
		}
	}
	return p, nil
}
