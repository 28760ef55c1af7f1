package sqlstore

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// bulk is rows of one table, for as few statements as can be.
type bulk struct {
	sql  string // INSERT INTO table (columns) VALUES, up to the first row
	end  string // after the last row
	args []any
	rows int
	// single wants a statement for each of many rows: FTS5 writes what it gathered
	// before each statement of several.
	single bool
}

const (
	// mostArguments is what SQLite takes in one statement; PostgreSQL takes twice as many.
	mostArguments = 32766
	// manyRows are worth a way of their own.
	manyRows = 1000
	// evenArguments is how many a statement has of which many rows need several: the
	// same each time, so that it is prepared once.
	evenArguments = 600
)

func (b *bulk) add(row ...any) {
	b.args = append(b.args, row...)
	b.rows++
}

func (b *bulk) write(ctx context.Context, c Conn) error {
	switch {
	case b.rows == 0:
		return nil
	case b.rows < manyRows || b.end != "":
		return b.insert(ctx, c, mostArguments, b.args)
	case c.copy != nil:
		return b.copy(ctx, c)
	}
	width := len(b.args) / b.rows
	even := evenArguments / width * width
	if b.single {
		even = width
	}
	whole := len(b.args) / even * even
	if err := b.insert(ctx, c, even, b.args[:whole]); err != nil {
		return err
	}
	return b.insert(ctx, c, width, b.args[whole:])
}

// insert writes rows by statements of so many arguments.
func (b *bulk) insert(ctx context.Context, c Conn, most int, args []any) error {
	if len(args) == 0 {
		return nil
	}
	width := len(b.args) / b.rows
	row := "(" + strings.Repeat("?, ", width-1) + "?)"
	for chunk := range slices.Chunk(args, width*cmp.Or(most/width, 1)) {
		if _, err := c.Exec(ctx, repeated(b.sql+row, row, len(chunk)/width)+b.end, chunk...); err != nil {
			return err
		}
	}
	return nil
}

// copy writes the rows as PostgreSQL's COPY reads them.
func (b *bulk) copy(ctx context.Context, c Conn) error {
	table := strings.TrimSuffix(strings.TrimPrefix(b.sql, "INSERT INTO "), " VALUES ")
	text := make([]byte, 0, 16*len(b.args))
	for row := range slices.Chunk(b.args, len(b.args)/b.rows) {
		for i, v := range row {
			if i > 0 {
				text = append(text, '\t')
			}
			var err error
			if text, err = appendCopied(text, v); err != nil {
				return fmt.Errorf("copy into %s: %w", table, err)
			}
		}
		text = append(text, '\n')
	}
	return c.copy(ctx, "COPY "+table+" FROM STDIN", bytes.NewReader(text))
}

// copyEscaper keeps what would end a value, or a row.
var copyEscaper = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

func appendCopied(to []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(to, `\N`...), nil
	case int64:
		return strconv.AppendInt(to, v, 10), nil
	case string:
		if !strings.ContainsAny(v, "\\\t\n\r") {
			return append(to, v...), nil
		}
	}
	switch v := reflect.ValueOf(value); {
	case v.CanInt():
		return strconv.AppendInt(to, v.Int(), 10), nil
	case v.Kind() == reflect.String:
		return append(to, copyEscaper.Replace(v.String())...), nil
	case v.Kind() == reflect.Bool:
		return strconv.AppendBool(to, v.Bool()), nil
	default:
		return nil, fmt.Errorf("no way to write a %T", value)
	}
}
