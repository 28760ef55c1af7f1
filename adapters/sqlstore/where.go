package sqlstore

import (
	"context"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// terms are the aspects by which rows of one kind can be compared.
type terms struct {
	aspects map[query.Field]aspect
	// staffOnly tells that not everything may be compared everywhere: aspects
	// for staff only where readable lets the row pass.
	staffOnly bool
	readable  func(*selection)
}

// aspect is how a field of a row can be compared.
type aspect struct {
	column   string              // what is compared; for members of a list, within lists
	list     string              // begins the condition that the row has a member of the list
	text     bool                // values are texts, not numbers
	fold     func(string) string // brings texts to the form in which they are compared; nil: as they are
	ordered  bool                // gte, gt, lte, lt make sense
	nullable bool
	none     string  // condition of having none, when that is not a column IS NULL
	some     string  // condition of having one, as an index knows it; "": NOT none
	keyed    bool    // of fields that the condition's key tells apart
	staff    bool    // compared only where the terms' readable passes
	others   string  // the column where it does not; "": the same
	exact    *aspect // compares by eq and in; nil: this one does
	coarse   string  // the column by which rows come in order, but for those whose values share one of its
	grain    int64   // how much of the column is one of coarse
	alike    bool    // an index has it, by which a value would be found in a great many rows
	few      bool    // an index has it, by which a value or a range of it is found in few rows
	growing  bool    // it grows with the rows, so that a range without a lower end is most of them
}

// leavesFew tells whether an index finds the few rows that fulfil one of the comparisons
// which all have to.
func (v terms) leavesFew(w query.Where) bool {
	return slices.ContainsFunc(w.Conditions, func(c query.Condition) bool { return v.aspects[c.Field].finds(c.Op) }) ||
		slices.ContainsFunc(w.And, v.leavesFew)
}

// finds tells whether an index finds few rows by such a comparison.
func (a aspect) finds(op query.Op) bool {
	switch op {
	case query.Eq, query.In, query.Gt, query.Gte:
		return a.few
	case query.Lt, query.Lte:
		return a.few && !a.growing
	default:
		return false
	}
}

var comparisons = map[query.Op]string{query.Gte: " >= ?", query.Gt: " > ?", query.Lte: " <= ?", query.Lt: " < ?"}

// where adds a tree of conditions as one condition. Codes: invalid.
func (q *selection) where(w query.Where, v terms) error {
	parts := 0
	next := func() {
		q.add([]string{"(", " AND "}[min(parts, 1)])
		parts++
	}
	for _, c := range w.Conditions {
		next()
		if err := q.shown(c, v); err != nil {
			return err
		}
	}
	for _, and := range w.And {
		next()
		if err := q.where(and, v); err != nil {
			return err
		}
	}
	for i, or := range w.Or {
		if i == 0 {
			next()
		}
		q.add([]string{"(", " OR "}[min(i, 1)])
		if err := q.where(or, v); err != nil {
			return err
		}
	}
	if len(w.Or) > 0 {
		q.add(")")
	}
	if w.Not != nil {
		next()
		q.add("NOT ")
		if err := q.where(*w.Not, v); err != nil {
			return err
		}
	}
	if parts == 0 {
		q.add("(TRUE")
	}
	q.add(")")
	return nil
}

// shown adds one comparison of what may be read. Where it may not be, it is
// false, or that of what is shown instead, so that nobody finds out by conditions
// what they are not shown.
func (q *selection) shown(c query.Condition, v terms) error {
	a := v.aspects[c.Field]
	if !v.staffOnly || !a.staff && a.others == "" {
		return q.condition(c, v)
	}
	q.add("(")
	if err := q.condition(c, v); err != nil {
		return err
	}
	q.add(" AND ")
	v.readable(q)
	if a.others != "" {
		q.add(" OR ")
		a.column = a.others
		if err := q.compared(a, c); err != nil {
			return err
		}
		q.add(" AND (")
		v.readable(q)
		q.add(") IS NOT TRUE") // not NOT, which of a ticket without assignee makes NULL
	}
	q.add(")")
	return nil
}

func refusal(c query.Condition) error {
	return query.ErrCondition.With("Field", string(c.Field)).On("where")
}

// condition adds one comparison. It is true or false, never unknown, so that
// NOT gives what it says.
func (q *selection) condition(c query.Condition, v terms) error {
	a, known := v.aspects[c.Field]
	if !known {
		return refusal(c)
	}
	if a.keyed {
		return q.held(a, c, v)
	}
	return q.compared(a, c)
}

// compared adds the comparison of one aspect.
func (q *selection) compared(a aspect, c query.Condition) error {
	refused := refusal(c)
	if a.exact != nil && (c.Op == query.Eq || c.Op == query.In) {
		a = *a.exact
	}
	if c.Op == query.IsNull {
		return q.isNull(a, c, refused)
	}
	for _, value := range c.Values {
		_, isText := value.(string)
		if _, isNumber := value.(int64); isText != a.text || !isText && !isNumber {
			return refused
		}
	}
	if q.nearly && (a.alike || a.growing && !a.finds(c.Op)) {
		a.column = "+" + a.column // no index knows it so
	}
	text, args := compare(q.conn, a, a.folded(c))
	if text == "" {
		return refused
	}
	switch {
	case a.list != "":
		text = a.list + text + ")"
	case a.nullable && a.none != "":
		text = "(" + a.has() + " AND " + text + ")"
	case a.nullable:
		text = "(" + a.column + " IS NOT NULL AND " + text + ")"
	}
	q.add(text, args...)
	return nil
}

// folded gives the condition with its texts in the form in which they are compared.
func (a aspect) folded(c query.Condition) query.Condition {
	if a.fold == nil {
		return c
	}
	values := make([]any, len(c.Values))
	for i, v := range c.Values {
		text, _ := v.(string)
		values[i] = a.fold(text)
	}
	c.Values = values
	return c
}

func (q *selection) isNull(a aspect, c query.Condition, refused error) error {
	if !a.nullable || len(c.Values) != 1 {
		return refused
	}
	null, isBool := c.Values[0].(bool)
	if !isBool {
		return refused
	}
	switch {
	case !null:
		q.add(a.has())
	case a.none != "":
		q.add(a.none)
	default:
		q.add(a.column + " IS NULL")
	}
	return nil
}

// has is the condition of having one.
func (a aspect) has() string {
	switch {
	case a.some != "":
		return a.some
	case a.none != "":
		return "NOT (" + a.none + ")"
	default:
		return "NOT (" + a.column + " IS NULL)"
	}
}

// compare writes the comparison of a column; "" if there is none such.
func compare(conn Conn, a aspect, c query.Condition) (string, []any) {
	if c.Op == query.In {
		text, list := amongValues(conn, a, c.Values)
		return text, []any{list}
	}
	if len(c.Values) != 1 {
		return "", nil
	}
	if c.Op == query.Eq {
		return a.column + " = ?", c.Values
	}
	if c.Op == query.Contains && a.text {
		text, _ := c.Values[0].(string)
		return "LOWER(" + a.column + `) LIKE ? ESCAPE '\'`, []any{"%" + likeEscaper.Replace(strings.ToLower(text)) + "%"}
	}
	if op, ok := comparisons[c.Op]; ok && a.ordered {
		return a.within(op, c.Values)
	}
	return "", nil
}

// within writes the comparison of a column by its order: an index knows the coarse one.
func (a aspect) within(op string, values []any) (string, []any) {
	if a.coarse == "" {
		return a.column + op, values
	}
	n, _ := values[0].(int64)
	return "(" + a.coarse + op[:2] + "= ? AND " + a.column + op + ")", []any{n / a.grain, values[0]}
}

func amongValues(conn Conn, a aspect, values []any) (string, any) {
	if a.text {
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i], _ = v.(string)
		}
		return amongTexts(conn, a.column, texts)
	}
	numbers := make([]int64, len(values))
	for i, v := range values {
		numbers[i], _ = v.(int64)
	}
	return among(conn, a.column, numbers)
}

// likeEscaper makes a text stand for itself in LIKE.
var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// matching adds what was asked for, if anything was. Codes: invalid.
func (q *selection) matching(w query.Where, v terms) error {
	if w.Always() {
		return nil
	}
	q.add(" AND ")
	return q.where(w, v)
}

// sorted gives the columns of sort keys.
func (v terms) sorted(keys []query.Order) []sortKey {
	all := make([]sortKey, len(keys))
	for i, k := range keys {
		a := v.aspects[k.Field]
		all[i] = sortKey{column: a.column, descending: k.Descending, coarse: a.coarse, grain: a.grain}
	}
	return all
}

// listing is a kind of list: its rows in a SELECT that ends in a condition.
type listing[T any] struct {
	terms

	columns, from string
	scan          func(scanner) (T, error)
	order         query.Terms
}

// page gives a page of what a query finds.
func (l listing[T]) page(ctx context.Context, c Conn, asked query.Query, w page.Window, args ...any) (page.Page[T], error) {
	q := newSelection(c, `SELECT `+l.columns+l.from, args...)
	if err := q.matching(asked.Where, l.terms); err != nil {
		return page.Page[T]{}, err
	}
	q.keyset(w, l.sorted(l.order.Keys(asked))...)
	found, err := collect(ctx, c, l.scan, q.text(), q.args...)
	return page.Cut(w, found), err
}

// count counts what a query finds.
func (l listing[T]) count(ctx context.Context, c Conn, w query.Where, args ...any) (int, error) {
	q := newSelection(c, `SELECT COUNT(*)`+l.from, args...)
	if err := q.matching(w, l.terms); err != nil {
		return 0, err
	}
	n, err := one(ctx, c, nil, number[int64], q.text(), q.args...)
	return int(n), err
}
