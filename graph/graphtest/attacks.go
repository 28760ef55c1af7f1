// Package graphtest holds what tests and benchmarks of the GraphQL surface share:
// the requests by which one tries to overload a GraphQL server.
package graphtest

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Attack is a request that costs its sender little and a careless server much.
type Attack struct {
	Name   string
	Body   string // of a POST
	Code   string // extensions.code of the refusal; "" if it is answered, since it costs next to nothing
	Status int
}

// Normal is what they are measured against: a list as an application shows it.
func Normal() string {
	return post(`{ tickets(first: 25) { nodes { id number subject status priority tags activityAt
		requester { id name } assignee { id name } queue { id name } lastMessage { id body } } pageInfo { hasNextPage } } }`, nil)
}

// Attacks lists them.
func Attacks() []Attack {
	return append(shapes(), bulks()...)
}

// shapes are documents of an evil form.
func shapes() []Attack {
	nested := "{ " + strings.Repeat("... on Query { ", 300) + "viewer { id }" + strings.Repeat(" }", 300) + " }"
	where := strings.Repeat("{not: ", 400) + "{}" + strings.Repeat("}", 400)
	types := "{ __schema { types " + strings.Repeat("{ fields { type ", 30) + "{ name }" + strings.Repeat(" } }", 30) + " } }"
	return []Attack{
		{"deep nesting of fields", post("{ tickets "+strings.Repeat("{ nodes { messages ", 100)+"{ totalCount }"+strings.Repeat(" } }", 100)+" }", nil), "GRAPHQL_VALIDATION_FAILED", 400},
		{"deep nesting of fragments", post(nested, nil), "", 200},
		{"deep nesting of input", post("{ tickets(where: "+where+") { totalCount } }", nil), "INVALID", 200},
		{"alias flood", post("{ "+repeat(300, "a#: viewer { name } ")+"}", nil), "ALIAS_LIMIT_EXCEEDED", 400},
		{"alias flood beyond the tokens", post("{ "+repeat(5000, "a#: viewer { name } ")+"}", nil), "TOKEN_LIMIT_EXCEEDED", 400},
		{"fragment cycle", post("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", nil), "GRAPHQL_VALIDATION_FAILED", 400},
		{"fragment cycle of many", post("{ ...F0 } "+ring(120), nil), "GRAPHQL_VALIDATION_FAILED", 400},
		{"fragments that double", post(doubling(60), nil), "REPETITION_LIMIT_EXCEEDED", 400},
		{"field duplication", post("{ viewer { "+strings.Repeat("name ", 1900)+"} }", nil), "REPETITION_LIMIT_EXCEEDED", 400},
		{"duplication of nested fields", post("{ "+strings.Repeat("viewer { name } ", 390)+"}", nil), "REPETITION_LIMIT_EXCEEDED", 400},
		{"field duplication through fragments", post("{ viewer { "+strings.Repeat("... { name } ", 450)+"} }", nil), "REPETITION_LIMIT_EXCEEDED", 400},
		{"field duplication through spreads", post("{ viewer { "+repeat(150, "...F# ")+"} } "+repeat(150, "fragment F# on Member { name id } "), nil), "REPETITION_LIMIT_EXCEEDED", 400},
		{"as many duplicates as there may be", post("{ viewer { "+strings.Repeat("name ", 200)+"} }", nil), "", 200},
		{"directive overload", post("{ viewer { "+repeat(90, "name @include(if: true) @skip(if: false) ")+"} }", nil), "DIRECTIVE_LIMIT_EXCEEDED", 400},
		{"unknown directives", post("{ viewer { name "+repeat(900, "@d# ")+"} }", nil), "GRAPHQL_VALIDATION_FAILED", 400},
		{"many errors", post("{ "+repeat(1900, "f# ")+"}", nil), "GRAPHQL_VALIDATION_FAILED", 400},
		{"deep introspection", post(types, nil), "GRAPHQL_VALIDATION_FAILED", 400},
		{"introspection storm", post("{ "+repeat(25, "s#: __schema { types { name fields { name args { name } } } } ")+"}", nil), "COMPLEXITY_LIMIT_EXCEEDED", 400},
		{"many mutations", post("mutation { "+repeat(6, `m#: setMyLocale(input: {locale: "en"}) { member { id } } `)+"}", nil), "MUTATION_LIMIT_EXCEEDED", 400},
		{"pages of pages", post("{ tickets(first: 100) { nodes { messages(first: 100) { nodes { versions { body } } } } } }", nil), "COMPLEXITY_LIMIT_EXCEEDED", 400},
		{"a page too large", post("{ tickets(first: 1000000) { nodes { id } } }", nil), "INVALID", 200},
	}
}

// bulks are requests with much in them.
func bulks() []Attack {
	list := make([]string, 40_000)
	for i := range list {
		list[i] = "tkt_" + strconv.Itoa(i)
	}
	one := post("{ viewer { id } }", nil)
	return []Attack{
		{"huge variables", post("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", map[string]any{"ids": list}), "VALUE_LIMIT_EXCEEDED", 400},
		{"huge body", `{"query": "{ viewer { id } }", "x": "` + strings.Repeat("x", 2<<20) + `"}`, "BODY_LIMIT_EXCEEDED", 413},
		{"huge document of comments", post("{ viewer { id } } "+strings.Repeat("#\n", 300_000), nil), "TOKEN_LIMIT_EXCEEDED", 400},
		{"deeply nested JSON", `{"query": "{ viewer { id } }", "variables": {"x": ` + strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000) + "}}", "VALUE_LIMIT_EXCEEDED", 400},
		{"array batch", "[" + strings.TrimSuffix(strings.Repeat(one+",", 1000), ",") + "]", "BAD_REQUEST", 400},
	}
}

func post(query string, variables map[string]any) string {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err) // of texts and lists of them
	}
	return string(body)
}

// repeat writes a text n times, with its number for each #.
func repeat(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "#", strconv.Itoa(i)))
	}
	return b.String()
}

// chain is n fragments each of which spreads the next one, written by link.
func chain(n int, link func(next string) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("fragment F" + strconv.Itoa(i) + " on Query { " + link("...F"+strconv.Itoa((i+1)%n)) + " } ")
	}
	return b.String()
}

func ring(n int) string { return chain(n, func(next string) string { return next }) }

// doubling is fragments that spread the next one twice, but for the last.
func doubling(n int) string {
	all := strings.Replace(chain(n, func(next string) string { return next + " " + next }), "...F0 ...F0", "viewer { id }", 1)
	return "{ ...F0 } " + all
}
