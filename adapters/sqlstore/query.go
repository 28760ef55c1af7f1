package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Row is one row of an answer.
type Row interface {
	// Scan reads its columns.
	Scan(into ...any) error
}

// scanner is a Row, or *sql.Rows at one of its rows.
type scanner = Row

// each runs a statement and hands each of its rows to scan.
func (c Conn) each(ctx context.Context, scan func(scanner) error, query string, args ...any) error {
	rows, err := c.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// collect runs a statement and gives what scan makes of its rows.
func collect[T any](ctx context.Context, c Conn, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	var all []T
	err := c.each(ctx, func(row scanner) error {
		one, err := scan(row)
		all = append(all, one)
		return err
	}, query, args...)
	return all, err
}

// one runs a statement of at most one row; missing is what none means.
func one[T any](ctx context.Context, c Conn, missing error, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	found, err := scan(c.QueryRow(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return found, missing
	}
	return found, err
}

// number reads a row of one integer.
func number[T ~int64](row scanner) (T, error) {
	var n int64
	err := row.Scan(&n)
	return T(n), err
}

// among gives a condition that the column is one of the IDs, and its argument.
// Its text is the same for any number of them, so that it stays prepared.
func among[T ~int64](c Conn, column string, ids []T) (string, any) {
	plain := make([]int64, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	return column + c.dialect.amongIDs, c.dialect.list(plain)
}

// amongTexts is among for texts.
func amongTexts[T ~string](c Conn, column string, texts []T) (string, any) {
	plain := make([]string, len(texts))
	for i, text := range texts {
		plain[i] = string(text)
	}
	return column + c.dialect.amongTexts, c.dialect.list(plain)
}

// jsonText writes a value for a JSON column; nothing becomes empty.
func jsonText(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("a stored type can't be JSON: %v", err)) // texts, numbers and structs of them always can
	}
	return string(raw)
}

// fromJSON reads a JSON column.
func fromJSON(text string, into any) error {
	if text == "" || text == "[]" || text == "{}" || text == "null" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// textsFromJSON reads a list of texts, most of which stand there as they are.
func textsFromJSON(text string, into *[]string) error {
	inner, begins := strings.CutPrefix(text, `["`)
	inner, ends := strings.CutSuffix(inner, `"]`)
	if !begins || !ends || strings.Contains(inner, `\`) {
		return fromJSON(text, into)
	}
	*into = strings.Split(inner, `","`)
	return nil
}

// listText is jsonText for a list, which is [] when it is nil.
func listText[T any](list []T) string {
	if len(list) == 0 {
		return "[]"
	}
	return jsonText(list)
}
