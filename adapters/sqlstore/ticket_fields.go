package sqlstore

import (
	"strconv"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// maxFieldText is how much of a text is searched for, in characters: an entry of
// an index holds no more.
const maxFieldText = 200

// fieldRow is a value of a ticket's field, as it is searched for.
type fieldRow struct {
	key, text string
	number    float64
	numeric   bool
	internal  bool
}

// fieldRows gives the values of answers, each once.
func fieldRows(answers []category.Answer) []fieldRow {
	var all []fieldRow
	for _, a := range answers {
		row := fieldRow{key: a.Key, text: clipText(a.Value), internal: a.Internal}
		switch a.Type {
		case category.Choice, category.MultiChoice:
			for _, option := range a.Options {
				row.text = option
				all = append(all, row)
			}
			continue
		case category.Member:
			row.text = strconv.FormatInt(int64(a.Member), 10)
		case category.Number:
			row.number, row.numeric = a.Number, true
		case category.Text, category.Date:
		}
		all = append(all, row)
	}
	return all
}

func clipText(s string) string {
	if r := []rune(s); len(r) > maxFieldText {
		return string(r[:maxFieldText])
	}
	return s
}

const (
	insertFieldsSQL = `INSERT INTO ticket_fields (workspace_id, key, text, ticket_id, number, internal) VALUES `
	fieldArgs       = `(?, ?, ?, ?, ?, ?)`
	insertFieldSQL  = insertFieldsSQL + fieldArgs + `
	ON CONFLICT (workspace_id, key, text, ticket_id) DO UPDATE SET number = excluded.number, internal = excluded.internal`
)

// filled brings the search table of fields from some answers to others.
func filled(t *ticket.Ticket, from, to []category.Answer) []statement {
	var all []statement
	before, after := fieldRows(from), fieldRows(to)
	kept := map[[2]string]bool{}
	for _, row := range after {
		kept[[2]string{row.key, row.text}] = true
	}
	for _, row := range before {
		if kept[[2]string{row.key, row.text}] {
			continue
		}
		all = append(all, statement{
			sql:  `DELETE FROM ticket_fields WHERE workspace_id = ? AND key = ? AND text = ? AND ticket_id = ?`,
			args: []any{int64(t.Workspace), row.key, row.text, int64(t.ID)},
		})
	}
	for _, row := range lacking(after, before) {
		var number any
		if row.numeric {
			number = row.number
		}
		all = append(all, statement{
			sql:  insertFieldSQL,
			args: []any{int64(t.Workspace), row.key, row.text, int64(t.ID), number, row.internal},
		})
	}
	return all
}

// holdable reports whether the condition's values are such as the aspect has.
func holdable(a aspect, c query.Condition) bool {
	for _, value := range c.Values {
		_, isText := value.(string)
		_, isNumber := value.(float64)
		_, isBool := value.(bool)
		fits := isText && a.text || isNumber && !a.text
		if c.Op == query.IsNull {
			fits = isBool && a.nullable
		}
		if !fits {
			return false
		}
	}
	return c.Op != query.IsNull || len(c.Values) == 1
}

// held adds that a field of the ticket t with the condition's key holds what the
// condition says. Fields for staff alone are compared where terms are readable.
func (q *selection) held(a aspect, c query.Condition, v terms) error {
	if !holdable(a, c) {
		return refusal(c)
	}
	text, args := "TRUE", []any(nil)
	if c.Op != query.IsNull {
		if text, args = compare(q.conn, a, c); text == "" {
			return refusal(c)
		}
	}
	rows := func(more string) {
		q.add(`t.id IN (SELECT f.ticket_id FROM ticket_fields f WHERE f.workspace_id = t.workspace_id AND f.key = ? AND `, c.Key)
		q.add(text+more+")", args...)
	}
	null := c.Op == query.IsNull && len(c.Values) == 1 && c.Values[0] == true
	if null {
		q.add("NOT ")
	}
	q.add("(")
	if !v.staffOnly {
		rows("")
	} else {
		rows(" AND NOT f.internal")
		q.add(" OR ")
		rows(" AND f.internal")
		q.add(" AND ")
		v.readable(q)
	}
	q.add(")")
	return nil
}
